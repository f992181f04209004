"""The generated pages are those that the code would write now."""

import pytest

from ampera.settings import PROJECT
from tests.docs.generated import PAGES


@pytest.mark.parametrize("name", PAGES)
def test_generated_page_matches_the_code(app, name):
    committed = (PROJECT / "docs" / name).read_text("utf-8")
    assert committed == PAGES[name](app), "run scripts/docs"
