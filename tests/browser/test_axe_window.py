"""axe finds nothing against WCAG 2.2 AA in any state of the tablet's window without its form."""

import pytest

from tests.browser.axe import found, in_indonesian


@pytest.mark.parametrize("name", in_indonesian("window"))
def test_scene_is_accessible(demo_office, name):
    assert found(demo_office, name, "id") == []
