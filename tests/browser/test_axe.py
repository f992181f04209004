"""axe finds nothing against WCAG 2.2 AA on any page, in any state, in either language."""

from collections.abc import Iterator

import pytest

from tests.browser.demo_town import Town, demo_town
from tests.browser.scenes import SCENES
from tests.browser.steps import violations
from tests.chromium import chromium


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with chromium() as browser, demo_town(tmp_path_factory.mktemp("axe"), browser) as town:
        yield town


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("name", SCENES)
def test_a_page_is_accessible(town, name, lang):
    town.empty()
    town.lang, town.size = lang, SCENES[name].sizes[0]
    assert violations(SCENES[name].set_up(town)) == []
