"""What happens to a history in these tests."""

import dataclasses
from typing import Any

from ampera import audit


def entry() -> None:
    """Somebody does something."""
    audit.note_access(audit.command(1), "probe.made", "office:1", {})


def set_to(app: Any, monkeypatch: Any, **values: object) -> None:
    """The app has other settings until the end of the test."""
    changed = dataclasses.replace(app.extensions["ampera.settings"], **values)
    monkeypatch.setitem(app.extensions, "ampera.settings", changed)
