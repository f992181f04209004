"""Checking a receipt that somebody shows: what the register says now. Every look is audited, found or not."""

from dataclasses import dataclass

from ampera import audit
from ampera.audit import Actor
from ampera.db import Unit, transaction
from ampera.handovers.receipts import check_code
from ampera.handovers.receipts.queries import Entry, entries_behind
from ampera.pickups.codes import CodeKeys

SHOWN = ("holder_name", "passport_no", "collector")


@dataclass(frozen=True)
class Checked:
    """`verdict` is valid, voided, partly (some books), unknown or malformed; `entries` stand in the register."""

    verdict: str
    entries: tuple[Entry, ...] = ()


@transaction
def check(unit: Unit, actor: Actor, typed: str) -> Checked:
    """Look up what was typed or scanned among the handovers of the actor's office. Nothing is refused."""
    keys = CodeKeys.parse(unit.settings.code_keys)
    entries = tuple(entries_behind(unit.session, actor.office_id or 0, keys, typed))
    checked = Checked(_verdict(typed, entries), entries)
    subject = f"handover:{entries[0].id}" if entries else f"office:{actor.office_id}"
    told = {"fields": SHOWN, "numbers": [one.number for one in entries]} if entries else {}
    audit.record(unit, actor, "receipt.checked", subject, verdict=checked.verdict, **told)
    return checked


def _verdict(typed: str, entries: tuple[Entry, ...]) -> str:
    if not entries:
        return "unknown" if check_code.is_receipt(typed) else "malformed"
    voided = sum(one.voided_at is not None for one in entries)
    if not voided:
        return "valid"
    return "voided" if voided == len(entries) else "partly"
