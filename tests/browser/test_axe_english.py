"""axe finds nothing against WCAG 2.2 AA in English: dialogs and long texts; `scripts/prove english` asks everywhere."""

import pytest

from tests.browser.axe import ALSO_IN_ENGLISH, found
from tests.browser.scenes import SCENES

EVERY_SCENE = [pytest.param(name, marks=() if name in ALSO_IN_ENGLISH else pytest.mark.proof) for name in SCENES]


@pytest.mark.parametrize("name", EVERY_SCENE)
def test_scene_is_accessible_in_english(demo_office, name):
    assert found(demo_office, name, "en") == []


def test_scenes_that_are_asked_in_english_exist():
    assert set(SCENES) >= ALSO_IN_ENGLISH
