"""Checkpoints as auditors use them: a file, and whether this installation signed it."""

from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from ampera.history import checkpoints
from ampera.history.checkpoints import checkpoint as checkpoint
from ampera.history.checkpoints import is_genuine as is_genuine


def genuine(session: Session, file: Path, secret_key: str) -> dict[str, Any] | None:
    """The content of a checkpoint that this installation signed, with its present secret or an earlier one."""
    signed = checkpoints.read(file)
    return signed if is_genuine(signed, secret_key, checkpoints.pinned_keys(session)) else None
