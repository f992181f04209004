"""Offices that a module's tests share: one whose windows are at work, and the demo town of the scenes."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from tests.browser.demo_office import Town, demo_town
from tests.browser.steps import AXE
from tests.browser.tablet import Tablet, office_with_windows
from tests.chromium import chromium


@pytest.fixture(scope="module")
def windows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """The office, its server and a browser."""
    with office_with_windows(tmp_path_factory.mktemp("window")) as place:
        yield place


@pytest.fixture
def window(windows: SimpleNamespace) -> Iterator[Tablet]:
    """An officer at a lane that no other test uses."""
    tablet = Tablet(windows)
    yield tablet
    tablet.close()


@pytest.fixture(scope="module")
def whole_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with chromium() as browser, demo_town(tmp_path_factory.mktemp("town"), browser) as town:
        yield town


@pytest.fixture
def town(whole_town: Town) -> Town:
    """The demo town after everybody has left."""
    whole_town.empty()
    return whole_town


@pytest.fixture(scope="module")
def town_with_axe(whole_town: Town) -> Town:
    """Its pages load axe as they open: sending it to each of them anew takes longer than what it does there."""
    for context in whole_town.contexts.values():
        context.add_init_script(AXE)
    return whole_town
