"""axe finds nothing against WCAG 2.2 AA in applicants' and public pages in English; the suite asks about long texts."""

import pytest

from tests.browser.axe import found, in_english


@pytest.mark.parametrize("name", in_english("applicant", "public"))
def test_scene_is_accessible_in_english(demo_office, name):
    assert found(demo_office, name, "en") == []
