"""Checkpoints as auditors use them: a file, and whether this installation signed it."""

from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from ampera.history import checkpoints
from ampera.history.checkpoints import checkpoint as checkpoint
from ampera.history.checkpoints import is_genuine as is_genuine


def is_there(given: str) -> bool:
    """Whether this is the text of a checkpoint, or the name of a file that exists."""
    return _is_text(given) or Path(given).is_file()


def read(given: str) -> dict[str, Any]:
    """The checkpoint in a text or a file; empty when there is none."""
    return checkpoints.parsed(given) if _is_text(given) else checkpoints.read(Path(given))


def _is_text(given: str) -> bool:
    return given.lstrip().startswith("{")


def genuine(session: Session, signed: dict[str, Any], secret_key: str) -> dict[str, Any] | None:
    """The content of a checkpoint that this installation signed, with its present secret or an earlier one."""
    return signed if is_genuine(signed, secret_key, checkpoints.pinned_keys(session)) else None
