"""An office's own words: set, or given up for the product's. The history keeps the fields of a text, not the text."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert

from ampera import audit
from ampera.audit import Actor
from ampera.db import Unit, transaction
from ampera.errors import Refusal, Refused
from ampera.notices.content import template_rules
from ampera.notices.content.default_texts import STANDARD, Text
from ampera.notices.models import NoticeText


@dataclass(frozen=True)
class Worded:
    """The text that holds now; `is_own` when it is the office's."""

    text: Text
    is_own: bool


@transaction
def set_text(unit: Unit, actor: Actor, kind: str, language: str, subject: str, body: str) -> Worded | Refused:
    """These words for one kind in one language. The product's own words need no row.

    Refused: `not_found`; `invalid` with the place's code, and the field that it is about in `detail` (see `texts`).
    """
    if (kind, language) not in STANDARD:
        return Refused(Refusal.NOT_FOUND, 404)
    text = Text(template_rules.tidied(subject), template_rules.tidied(body))
    if wrong := template_rules.check(kind, *text):
        codes = {place: one.code for place, one in wrong.items()}
        audit.record(unit, actor, "notice.text_refused", _subject(actor), kind=kind, language=language, fields=codes)
        return Refused(Refusal.INVALID, 422, codes, {place: one.field for place, one in wrong.items()})
    is_own = text != STANDARD[kind, language]
    _forget(unit, actor, kind, language)
    if is_own:
        row = {"office_id": actor.office_id, "kind": kind, "language": language, "changed_at": unit.at}
        unit.conn.execute(insert(NoticeText).values(**row, **text._asdict()))
    _record(unit, actor, "notice.text_set", kind, language, fields=sorted(template_rules.fields_in(" ".join(text))))
    return Worded(text, is_own)


@transaction
def reset_text(unit: Unit, actor: Actor, kind: str, language: str) -> Worded | Refused:
    """Back to the product's words. Refused: `not_found`."""
    if (kind, language) not in STANDARD:
        return Refused(Refusal.NOT_FOUND, 404)
    if _forget(unit, actor, kind, language):
        _record(unit, actor, "notice.text_reset", kind, language)
    return Worded(STANDARD[kind, language], is_own=False)


@transaction
def note_trial(unit: Unit, actor: Actor, reason: str) -> None:
    """A test mail was sent, or failed for this reason. Its address is nobody's business."""
    audit.record(unit, actor, "notice.test_sent", _subject(actor), reason=reason)


def _forget(unit: Unit, actor: Actor, kind: str, language: str) -> bool:
    chosen = delete(NoticeText).where(
        NoticeText.office_id == actor.office_id, NoticeText.kind == kind, NoticeText.language == language
    )
    return unit.conn.execute(chosen).rowcount > 0


def _record(unit: Unit, actor: Actor, action: str, kind: str, language: str, **details: Any) -> None:
    audit.record(unit, actor, action, _subject(actor), kind=kind, language=language, **details)


def _subject(actor: Actor) -> str:
    return f"office:{actor.office_id}"
