"""The units of systemd that make backups by themselves: the files of docs/operate/files with this machine's paths."""

import re
import sys
from pathlib import Path

from ampera.installation import private_files
from ampera.settings import PROJECT, Settings
from ampera.tools.backups.archive_service import BackupError, Keep

FILES = PROJECT / "docs/operate/files/systemd"
UNITS = ("ampera-backup.service", "ampera-backup.timer")
MOMENT = re.compile(r"[\w*:/.,~ -]+")  # what systemd.time(7) writes calendar events with
PLAIN_PATH = re.compile(r"/[\w./@+,=-]+")  # a unit would read blanks, quotes and percent signs as its own


def units(settings: Settings, folder: Path, at: str, keep: Keep) -> dict[str, str]:
    """The text of each unit by its name. Raises BackupError for a path or a moment that no unit can hold."""
    if not MOMENT.fullmatch(at):
        raise BackupError(f"{at} is no calendar event of systemd, like *-*-* 19:30 or *:0/15.")
    instance, program = settings.instance, Path(sys.argv[0]).absolute()
    for path in (folder, instance, program):
        if not PLAIN_PATH.fullmatch(str(path)):
            raise BackupError(f"A unit cannot hold the path {path}: use one without blanks and signs.")
    own = {
        "/srv/ampera/.venv/bin/ampera": str(program),
        "/srv/ampera/instance": str(instance),
        "/var/backups/ampera": str(folder),
        "WorkingDirectory=/srv/ampera": f"WorkingDirectory={instance.parent}",
        "User=ampera": f"User={private_files.owner(instance)}",
        "--days 30 --most 60 --least 7": f"--days {keep.days} --most {keep.most} --least {keep.least}",
        "OnCalendar=*-*-* 19:30:00": f"OnCalendar={at}",
    }
    return {name: _replaced((FILES / name).read_text("utf-8"), own) for name in UNITS}


def _replaced(text: str, own: dict[str, str]) -> str:
    """All at once: what one replacement has written is no business of the next."""
    return re.sub("|".join(map(re.escape, own)), lambda found: own[found[0]], text)
