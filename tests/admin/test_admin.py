"""Administration: accounts, screens and keys; the office itself stands in test_office_pages."""

import re

import pytest
from sqlalchemy import select

from ampera import db
from ampera.accounts import authentication
from ampera.accounts.models import ApiKey, Device, Staff
from tests import builders

JSON = {"Accept": "application/json"}


def secret(page: str) -> str:
    return re.search(r'class="secret[^>]*>(?:<a href="([^"]+)"|([^<]+))', page).expand(r"\1\2")


def test_each_role_reaches_the_right_administration_page(sign_in):
    assert sign_in("admin").get("/admin").location == "/admin/accounts"
    assert sign_in("supervisor").get("/admin").location == "/admin/office"
    assert sign_in("desk").get("/admin").status_code == 403


def test_a_new_account_gets_a_password_that_is_shown_once_and_works(sign_in):
    admin = sign_in("admin")
    form = {"login": "Baru.Contoh", "name": "Petugas Baru", "role": "officer"}
    assert admin.post("/admin/accounts", data=form).location == "/admin/accounts"
    password = secret(admin.get("/admin/accounts").text)
    assert password not in admin.get("/admin/accounts").text
    assert authentication.check("baru.contoh", password).role == "officer"


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"login": "desk.plg", "name": "X", "role": "desk"}, "Nama masuk ini sudah dipakai."),
        ({"login": "x.y", "name": "X", "role": "raja"}, "Peran ini tidak ada."),
        ({"login": "", "name": "X", "role": "desk"}, "Nama masuk terdiri atas huruf kecil"),
        ({"login": "a b", "name": "X", "role": "desk"}, "Nama masuk terdiri atas huruf kecil"),
        ({"login": "officеr.plg", "name": "X", "role": "desk"}, "Nama masuk ini sudah dipakai."),  # a Cyrillic e
        ({"login": "ä", "name": "X", "role": "desk"}, "Nama masuk terdiri atas huruf kecil"),
    ],
)
def test_a_refused_account_keeps_what_was_typed(sign_in, form, sentence):
    answer = sign_in("admin").post("/admin/accounts", data=form)
    assert answer.status_code == 422 and sentence in answer.text and 'value="X"' in answer.text


def test_a_reset_ends_the_sessions_of_the_account(sign_in):
    officer, admin = sign_in("officer"), sign_in("admin")
    staff = builders.staff("officer.plg")
    assert officer.get("/register").status_code == 200
    asked = admin.get(f"/admin/accounts/{staff.id}/reset").text
    assert staff.name in asked and "langsung keluar" in asked and officer.get("/register").status_code == 200
    assert admin.post(f"/admin/accounts/{staff.id}/reset", data={"identified": "in_person"}).status_code == 303
    assert len(secret(admin.get("/admin/accounts").text)) == 34
    assert officer.get("/register").status_code == 302


def test_a_disabled_account_is_out_at_once_and_can_come_back(sign_in):
    officer, admin = sign_in("officer"), sign_in("admin")
    staff = builders.staff("officer.plg")
    admin.post(f"/admin/accounts/{staff.id}/disable")
    assert officer.get("/register").status_code == 302
    assert "Nonaktif" in admin.get("/admin/accounts").text
    admin.post(f"/admin/accounts/{staff.id}/enable")
    assert builders.staff("officer.plg").is_active
    assert admin.post(f"/admin/accounts/{builders.staff('admin.plg').id}/disable").status_code == 409


def test_enrolment_link_opens_the_board_of_the_screen(sign_in, client):
    admin = sign_in("admin")
    link = secret(admin.post("/admin/devices", data={"name": "Layar gerbang", "place": "lane:2"}).text)
    path, token = link.split("#token=")
    assert path.endswith("/board/PLG/2")
    entered = client.post("/board/enter", json={"token": token}, headers=JSON)
    assert (entered.json["office"], entered.json["lane"], entered.json["path"]) == ("PLG", 2, "/board/PLG/2")
    assert token not in admin.get("/admin/devices").text
    with db.reading() as session:
        device = session.scalars(select(Device)).one()
    assert admin.post(f"/admin/devices/{device.id}/revoke").status_code == 303
    assert client.post("/board/enter", json={"token": token}, headers=JSON).status_code == 404


@pytest.mark.parametrize("place", ["lane:9", "lane:dua", "site:Mal", "", "2"])
def test_a_screen_for_a_place_that_does_not_exist_is_refused(sign_in, place):
    answer = sign_in("admin").post("/admin/devices", data={"name": "Layar", "place": place})
    assert answer.status_code == 422 and "Tempat ini tidak ada di kantor Anda." in answer.text


def test_a_key_is_revoked_at_once(sign_in, api):
    program, admin = api("desk"), sign_in("admin")
    assert program.get("/api/v1/passports?q=a").status_code == 200
    assert "uji" in admin.get("/admin/keys").text
    with db.reading() as session:
        key = session.scalars(select(ApiKey)).one()
    admin.post(f"/admin/keys/{key.id}/revoke")
    assert program.get("/api/v1/passports?q=a").status_code == 401


@pytest.mark.parametrize(
    "path",
    ["/admin/accounts", "/admin/accounts/1/reset", "/admin/accounts/1/disable", "/admin/devices", "/admin/hours/0",
     "/admin/devices/1/revoke", "/admin/keys/1/revoke", "/admin/lanes", "/admin/lanes/1/set",
     "/admin/options/message", "/admin/special-days", "/admin/special-days/2030-01-01/drop"],
)  # fmt: skip
@pytest.mark.parametrize("role", ["officer", "desk", "supervisor"])
def test_nobody_else_administers(sign_in, role, path):
    assert sign_in(role).post(path, data={}).status_code == 403


def test_error_page_keeps_the_masthead_of_staff_only(sign_in, client):
    refused = sign_in("officer").get("/admin/accounts")
    assert refused.status_code == 403 and 'href="/lane"' in refused.text and 'action="/logout"' in refused.text
    assert 'action="/logout"' not in client.get("/tidak-ada").text
    assert '<a href="/login"' not in client.get("/login").text  # a link to where one stands


def test_another_office_s_accounts_screens_and_keys_do_not_exist(sign_in, api):
    builders.office("JKT")
    api("desk", "JKT")
    there = builders.staff("officer.jkt")
    admin = sign_in("admin")
    assert "officer.jkt" not in admin.get("/admin/accounts").text
    assert admin.post(f"/admin/accounts/{there.id}/reset").status_code == 404
    assert admin.post(f"/admin/accounts/{there.id}/disable").status_code == 404
    assert admin.post("/admin/keys/1/revoke").status_code == 404
    with db.reading() as session:
        assert session.get_one(Staff, there.id).is_active
