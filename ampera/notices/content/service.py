"""Set an office's own text of a notice, or reset it to the default. The audit keeps its fields, not the text."""

from dataclasses import dataclass

from sqlalchemy import delete, insert

from ampera import audit
from ampera.audit import Actor
from ampera.db import Unit, transaction
from ampera.errors import Refusal, Refused
from ampera.notices.content import template_rules
from ampera.notices.content.default_texts import STANDARD, Text
from ampera.notices.models import NoticeText


@dataclass(frozen=True)
class CurrentText:
    """The text that is used now. `is_own`: it is the office's text and not the default."""

    text: Text
    is_own: bool


@transaction
def set_text(unit: Unit, actor: Actor, kind: str, language: str, subject: str, body: str) -> CurrentText | Refused:
    """Store this text for one kind and language. The default text needs no row.

    Refused: `not_found`; `invalid` with an error code by place, and in `detail` the field that it concerns.
    """
    if (kind, language) not in STANDARD:
        return Refused(Refusal.NOT_FOUND, 404)
    text = Text(template_rules.normalized(subject), template_rules.normalized(body))
    if problems := template_rules.check(kind, *text):
        codes = {place: problem.code for place, problem in problems.items()}
        audit.record(unit, actor, "notice.text_refused", _subject(actor), kind=kind, language=language, fields=codes)
        return Refused(Refusal.INVALID, 422, codes, {place: problem.field for place, problem in problems.items()})
    is_own = text != STANDARD[kind, language]
    _delete(unit, actor, kind, language)
    if is_own:
        row = {"office_id": actor.office_id, "kind": kind, "language": language, "changed_at": unit.at}
        unit.conn.execute(insert(NoticeText).values(**row, **text._asdict()))
    _record(unit, actor, "notice.text_set", kind, language, fields=sorted(template_rules.fields_in(" ".join(text))))
    return CurrentText(text, is_own)


@transaction
def reset_text(unit: Unit, actor: Actor, kind: str, language: str) -> CurrentText | Refused:
    """Return to the default text. Refused: `not_found`."""
    if (kind, language) not in STANDARD:
        return Refused(Refusal.NOT_FOUND, 404)
    if _delete(unit, actor, kind, language):
        _record(unit, actor, "notice.text_reset", kind, language)
    return CurrentText(STANDARD[kind, language], is_own=False)


@transaction
def record_test_mail(unit: Unit, actor: Actor, reason: str) -> None:
    """Audit a test mail, with the reason of a failure. The address is not kept."""
    audit.record(unit, actor, "notice.test_sent", _subject(actor), reason=reason)


def _delete(unit: Unit, actor: Actor, kind: str, language: str) -> bool:
    chosen = delete(NoticeText).where(
        NoticeText.office_id == actor.office_id, NoticeText.kind == kind, NoticeText.language == language
    )
    return unit.conn.execute(chosen).rowcount > 0


def _record(unit: Unit, actor: Actor, action: str, kind: str, language: str, **details: object) -> None:
    audit.record(unit, actor, action, _subject(actor), kind=kind, language=language, **details)


def _subject(actor: Actor) -> str:
    return f"office:{actor.office_id}"
