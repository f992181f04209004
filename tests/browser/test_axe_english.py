"""axe finds nothing against WCAG 2.2 AA in the staff's pages in English; `scripts/prove english` asks everywhere.

The suite asks about dialogs and long texts.
"""

import pytest

from tests.browser.axe import ALSO_IN_ENGLISH, found, in_english
from tests.browser.scenes import SCENES


@pytest.mark.parametrize("name", in_english("lane", "scan", "window", "form", "admin", "reports", ""))
def test_scene_is_accessible_in_english(demo_office, name):
    assert found(demo_office, name, "en") == []


def test_scenes_that_are_asked_in_english_exist():
    assert set(SCENES) >= ALSO_IN_ENGLISH
