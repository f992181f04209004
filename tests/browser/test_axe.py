"""axe finds nothing against WCAG 2.2 AA: in every state of every page in Indonesian, on every page in English too."""

from collections.abc import Iterator

import pytest

from tests.browser.demo_town import Town, demo_town
from tests.browser.scenes import SCENES
from tests.browser.steps import violations
from tests.chromium import chromium

# One state of each page; the others differ in their state and share its words and parts.
IN_ENGLISH = (
    *("index", "index-quota-full", "login", "not-found", "pass-ready", "pass-waiting", "pass-called", "pass-no-show"),
    *("lane-choice", "lane-scan", "lane-ok", "lane-moves", "lane-edit", "lane-out-of-turn", "gate-ready"),
    *("gate-directs", "window-visit", "window-form", "window-forty", "window-recorded", "window-taken-over"),
    *("desk", "desk-pick-list", "desk-returns", "shelves", "shelf-check", "book-ready", "import", "import-preview"),
    *("register", "record", "reports", "board", "board-code", "admin-accounts", "admin-devices", "admin-keys"),
    *("admin-office", "admin-calendar", "admin-options"),
)
CASES = [*((name, "id") for name in SCENES), *((name, "en") for name in IN_ENGLISH)]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with chromium() as browser, demo_town(tmp_path_factory.mktemp("axe"), browser) as town:
        yield town


@pytest.mark.parametrize(("name", "lang"), CASES)
def test_a_page_is_accessible(town, name, lang):
    town.empty()
    town.lang, town.size = lang, SCENES[name].sizes[0]
    assert violations(SCENES[name].set_up(town)) == []
