"""Where a page sends a browser is a path of this site, whatever an address asks for."""

import pytest

from tests.builders import PASSWORD

EVIL = (
    "https://evil.example", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "evil.example",
    "/\t/evil.example", "/\n/evil.example", " //evil.example", "javascript:alert(1)", "data:text/html,x", "",
)  # fmt: skip


@pytest.mark.parametrize("target", EVIL)
def test_sign_in_leads_to_this_site_only(sign_in, target):
    officer = sign_in("officer")
    assert officer.get("/login", query_string={"next": target}).location == "/lane"
    proved = officer.post("/login/confirm", data={"password": PASSWORD, "next": target})
    assert (proved.status_code, proved.location) == (302, "/lane")
    assert "evil" not in officer.post("/login/lock", data={"next": target}).location


def test_sign_in_leads_back_to_the_page_that_was_wanted(sign_in):
    assert sign_in("officer").get("/login?next=/register?lane=1").location == "/register?lane=1"
