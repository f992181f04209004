"""The server's checkpoints: one every five minutes in which something happened, in the folder of the settings."""

from pathlib import Path

import structlog

from ampera import db, tasks
from ampera.history import checkpoints

SECONDS = 300

log = structlog.get_logger()


@tasks.every(SECONDS)
def write_checkpoint() -> None:
    """Write a checkpoint when the history has grown. A folder that cannot be written is logged; the doctor sees it."""
    settings = db.current_settings()
    if not settings.checkpoint_dir:
        return
    with db.reading() as session:
        try:
            checkpoints.write(session, settings.secret_key, Path(settings.checkpoint_dir))
        except OSError as error:
            log.error("no checkpoint was written", kind=type(error).__name__)
