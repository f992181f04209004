"""Whether the checkpoints of the history come as often as they should: one definition for the doctor and the pages."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from ampera import clock
from ampera.audit import AuditEntry
from ampera.history import checkpoint_mail, checkpoints
from ampera.settings import Settings

LATEST_MAIL = 3 * checkpoint_mail.EVERY
FOLDER, MAIL = "folder", "mail"


class Late(NamedTuple):
    """A place whose newest checkpoint is too old; `at` is None where there is none at all."""

    place: str
    at: datetime | None


def late(session: Session, settings: Settings) -> list[Late]:
    """The places of the settings whose checkpoint is late. A folder with many files takes some milliseconds."""
    newest: dict[str, dict[str, Any]] = {}
    if settings.checkpoint_dir:
        file = checkpoints.newest(Path(settings.checkpoint_dir))
        newest[FOLDER] = checkpoints.read(file) if file else {}
    if settings.checkpoint_mail:
        newest[MAIL] = checkpoint_mail.last_sent(settings)
    newest = {place: signed if "at" in signed else {} for place, signed in newest.items()}
    allowed = {FOLDER: latest(settings), MAIL: LATEST_MAIL}
    return [
        Late(place, made_at(signed) if signed else None)
        for place, signed in newest.items()
        if (is_late(session, signed, allowed[place]) if signed else has_history(session))
    ]


def latest(settings: Settings) -> timedelta:
    """How old the newest checkpoint of the folder may be while the history grows."""
    return timedelta(minutes=settings.checkpoint_late_minutes)


def is_late(session: Session, signed: dict[str, Any], allowed: timedelta) -> bool:
    """Whether the history has grown since this checkpoint, and the checkpoint is older than allowed."""
    return checkpoints.chains(session) != signed.get("chains") and clock.now() - made_at(signed) > allowed


def made_at(signed: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(signed["at"])


def has_history(session: Session) -> bool:
    return session.scalar(select(AuditEntry.id).limit(1)) is not None
