"""The check of a receipt that somebody shows against the register. Every check is audited, found or not."""

from dataclasses import dataclass

from ampera import audit
from ampera.audit import Actor
from ampera.db import Unit, transaction
from ampera.handovers.receipts import check_code
from ampera.handovers.receipts.queries import ReceiptRow, rows_behind
from ampera.pickups.codes import CodeKeys

SHOWN = ("holder_name", "passport_no", "collector")


@dataclass(frozen=True)
class Checked:
    """`verdict` is valid, voided, partly (some books), unknown or malformed. `entries` are rows of the register."""

    verdict: str
    entries: tuple[ReceiptRow, ...] = ()


@transaction
def check(unit: Unit, actor: Actor, typed: str) -> Checked:
    """Look up what was typed or scanned among the handovers of the actor's office. Nothing is refused."""
    keys = CodeKeys.parse(unit.settings.code_keys)
    entries = tuple(rows_behind(unit.session, actor.office_id or 0, keys, typed))
    checked = Checked(_verdict(typed, entries), entries)
    subject = f"handover:{entries[0].id}" if entries else f"office:{actor.office_id}"
    numbers, records = [entry.number for entry in entries], [entry.id for entry in entries]
    shown = {"fields": SHOWN, "numbers": numbers, "records": records} if entries else {}
    audit.record(unit, actor, "receipt.checked", subject, verdict=checked.verdict, **shown)
    return checked


def _verdict(typed: str, entries: tuple[ReceiptRow, ...]) -> str:
    if not entries:
        return "unknown" if check_code.is_receipt(typed) else "malformed"
    voided = sum(entry.voided_at is not None for entry in entries)
    if not voided:
        return "valid"
    return "voided" if voided == len(entries) else "partly"
