"""Which process of a parallel run takes which file next: long ones first, those of one world together.

A world costs seconds to make, so all processes but one share the tests that need the browser; the last one starts with
the others, and helps when they are done.
"""

from typing import Any

import pytest

try:
    from xdist.scheduler import LoadFileScheduling
except ImportError:  # one process: nothing to distribute
    LoadFileScheduling = object

BROWSER = ("tests/browser/", "tests/network/")
# These take long: begun late, each would leave the other processes idle at the end.
LONG = (
    "tests/notices/test_outbox_live",
    "tests/notices/test_channels_whole",
    "tests/durability",
    "tests/simulate/test_morning",
    "tests/serving",
    "tests/race",
    "tests/test_bad",
    "tests/access",
)


class ByWorld(LoadFileScheduling):
    """Hands out whole files."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.with_browser: set[Any] = set()

    def _assign_work_unit(self, node: Any) -> None:
        wants_browser = node in self.with_browser or len(self.with_browser) < max(1, len(self.nodes) - 1)
        file = min(self.workqueue, key=lambda file: (_is_browser(file) != wants_browser, _rank(file)))
        if _is_browser(file):
            self.with_browser.add(node)
        self.workqueue.move_to_end(file, last=False)
        super()._assign_work_unit(node)


def _is_browser(file: str) -> bool:
    return file.startswith(BROWSER)


def _rank(file: str) -> int:
    return next((place for place, start in enumerate(LONG) if file.startswith(start)), len(LONG))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    return ByWorld(config, log) if config.getvalue("dist") == "loadfile" else None
