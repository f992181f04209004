"""An office gives and takes the rights to search and to take files of the register, per role; supervisors keep them."""

from datetime import timedelta

import pytest

from ampera import clock
from ampera.offices.models import Office
from tests import builders

TODAY_AS_FILE = ("/register/buku-penyerahan.pdf", "/register/buku-penyerahan.xlsx")
SEARCHES = (
    ("GET", "/api/v1/passports?q=contoh", None),
    ("POST", "/api/v1/passports/search", {"json": {"q": "contoh"}}),
    ("GET", "/desk?q=contoh", None),
    ("POST", "/desk", {"data": {"q": "contoh"}}),
    ("GET", "/register?q=contoh", None),
    ("POST", "/register", {"data": {"q": "contoh"}}),
)


def set_options(**options):
    builders.set_columns(Office, {"id": 1}, options=options)


def statuses(client, requests=SEARCHES):
    return {client.open(path, method=method, **(body or {})).status_code for method, path, body in requests}


@pytest.mark.parametrize("role", ["officer", "desk"])
def test_role_without_the_right_to_search_finds_nobody_anywhere(sign_in, role):
    builders.ready(1)
    client = sign_in(role)
    assert statuses(client) <= {200, 303}
    set_options(search_roles=[other for other in ("officer", "desk") if other != role])
    assert statuses(client) == {403}
    answer = client.post("/api/v1/passports/search", json={"q": "contoh"}).get_json()
    assert answer["error"]["code"] == "right_not_given"
    assert client.get("/desk").status_code == client.get("/register").status_code == 200
    assert 'name="q"' not in client.get("/register").text
    assert statuses(sign_in("supervisor")) <= {200, 303}


def test_key_of_a_role_without_the_right_finds_nobody(app):
    set_options(search_roles=[])
    key = builders.with_key(app, "desk")
    assert key.get("/api/v1/passports?q=contoh").status_code == 403
    assert builders.with_key(app, "supervisor").get("/api/v1/passports?q=contoh").status_code == 200


@pytest.mark.parametrize("role", ["officer", "desk"])
def test_role_without_the_right_to_export_takes_no_file(sign_in, role):
    client = sign_in(role)
    assert {client.get(path).status_code for path in TODAY_AS_FILE} == {200}
    set_options(export_roles=[])
    assert {client.get(path).status_code for path in TODAY_AS_FILE} == {403}
    page = client.get("/register").text
    assert not any(path in page for path in TODAY_AS_FILE) and "dicetak oleh penyelia" in page
    assert {sign_in("supervisor").get(path).status_code for path in TODAY_AS_FILE} == {200}


def test_office_limits_how_far_back_officers_and_clerks_see_the_register(sign_in):
    set_options(register_days=7)
    today = clock.today()
    for role, ages in (("officer", {6: 200, 7: 403}), ("desk", {6: 200, 7: 403}), ("supervisor", {7: 200, 300: 200})):
        client = sign_in(role)
        for days, status in ages.items():
            path = f"/register?since={today - timedelta(days=days)}&until={today}"
            assert client.get(path).status_code == status, (role, days)


def test_lane_goes_on_without_the_right_to_search(sign_in):
    """A code and a lookup by number and birth date are the work in hand, no search."""
    set_options(search_roles=[])
    _, code = builders.ready(1)
    officer = sign_in("officer")
    body = {"scan_id": "00000000-0000-4000-8000-000000000001", "lane": 1, "input": code}
    assert officer.post("/api/v1/scans", json=body).get_json()["verdict"] == "ok"
