"""When the last proved backup was made. The archives may lie on another machine; the note of it stays here."""

from datetime import timedelta

from ampera import clock
from ampera.settings import Settings

NOTE = "last-backup.json"  # in the instance folder


def age(settings: Settings) -> timedelta | None:
    """How old the last proved backup is; None when none was made here. Copies that others make are not known."""
    note = settings.instance / NOTE
    if not note.exists():
        return None
    return timedelta(seconds=clock.now().timestamp() - note.stat().st_mtime)


def is_late(settings: Settings) -> bool:
    """Whether the last one is older than the settings allow. Where none was made there is no rhythm to miss."""
    found = age(settings)
    return found is not None and found > timedelta(hours=settings.backup_late_hours)
