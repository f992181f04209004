"""axe finds nothing against WCAG 2.2 AA on any page, in any state, in English (a file of its own: it runs beside)."""

import pytest

from tests.browser.scenes import SCENES
from tests.browser.steps import violations


@pytest.mark.usefixtures("town_with_axe")
@pytest.mark.parametrize("name", SCENES)
def test_a_page_is_accessible_in_english(town, name):
    town.lang, town.size = "en", SCENES[name].sizes[0]
    assert violations(SCENES[name].set_up(town)) == []
