"""An office whose windows are at work, for the tests of the window; each module has one of its own."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from tests.browser.at_window import AtLane, office_with_windows


@pytest.fixture(scope="module")
def windows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """The office, its server and a browser."""
    with office_with_windows(tmp_path_factory.mktemp("window")) as place:
        yield place


@pytest.fixture
def window(windows: SimpleNamespace) -> Iterator[AtLane]:
    """An officer at a lane that no other test uses."""
    at_window = AtLane(windows)
    yield at_window
    at_window.close()
