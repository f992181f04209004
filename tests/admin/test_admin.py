"""Administration: accounts, screens, keys and the office; supervisors only lanes and message, nobody an applicant."""

import re

import pytest
from sqlalchemy import select

from ampera import db
from ampera.accounts import signing_in
from ampera.accounts.models import ApiKey, Device, Staff
from ampera.offices.models import Lane, Office
from ampera.offices.options import option
from ampera.offices.queries import specials_of, week_of
from tests import builders

JSON = {"Accept": "application/json"}


def secret(page: str) -> str:
    return re.search(r'class="secret[^>]*>(?:<a href="([^"]+)"|([^<]+))', page).expand(r"\1\2")


def own(session) -> Office:
    return session.get_one(Office, 1)


def test_each_role_comes_to_its_own_part(sign_in):
    assert sign_in("admin").get("/admin").location == "/admin/accounts"
    assert sign_in("supervisor").get("/admin").location == "/admin/office"
    assert sign_in("desk").get("/admin").status_code == 403


def test_a_new_account_gets_a_password_that_is_shown_once_and_works(sign_in):
    admin = sign_in("admin")
    page = admin.post("/admin/accounts", data={"login": "Baru.Contoh", "name": "Petugas Baru", "role": "officer"}).text
    password = secret(page)
    assert password not in admin.get("/admin/accounts").text
    assert signing_in.check("baru.contoh", password).role == "officer"


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"login": "desk.plg", "name": "X", "role": "desk"}, "Nama masuk ini sudah dipakai."),
        ({"login": "x.y", "name": "X", "role": "raja"}, "Peran ini tidak ada."),
        ({"login": "", "name": "X", "role": "desk"}, "Ada isian yang perlu diperbaiki."),
    ],
)
def test_a_refused_account_keeps_what_was_typed(sign_in, form, told):
    answer = sign_in("admin").post("/admin/accounts", data=form)
    assert answer.status_code == 422 and told in answer.text and 'value="X"' in answer.text


def test_a_reset_ends_the_sessions_of_the_account(sign_in):
    officer, admin = sign_in("officer"), sign_in("admin")
    staff = builders.staff("officer.plg")
    assert officer.get("/register").status_code == 200
    assert len(secret(admin.post(f"/admin/accounts/{staff.id}/reset").text)) == 19
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


def test_a_screen_is_enrolled_by_a_link_that_opens_its_board(sign_in, client):
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


@pytest.mark.parametrize("role", ["supervisor", "admin"])
def test_lanes_and_message_are_changed_by_both(sign_in, role):
    who = sign_in(role)
    who.post("/admin/lanes/2/close")
    who.post("/admin/message", data={"message": "  Siapkan\n identitas.  "})
    with db.reading() as session:
        assert not session.scalars(select(Lane).where(Lane.number == 2)).one().is_open
        assert option(own(session).options, "message") == "Siapkan identitas."
    assert who.post("/admin/lanes/7/close").status_code == 404


def test_hours_special_days_lanes_and_options_are_the_administrator_s(sign_in):
    admin = sign_in("admin")
    admin.post("/admin/lanes", data={"number": "3", "kind": "motorcycle", "name": "Motor"})
    admin.post("/admin/hours/0", data={"hours": "08.00–12.00, 13:00 - 24:00"})
    admin.post("/admin/hours/6", data={})
    admin.post("/admin/special-days", data={"day": "2030-01-01", "title": "Tahun Baru (uji)", "hours": ""})
    admin.post("/admin/options/identity_tries", data={"value": "4"})
    admin.post("/admin/options/signature_required", data={"value": "no"})
    admin.post("/admin/options/prefixes", data={"car": "c", "motorcycle": "M", "priority": "P", "mixed": "C"})
    admin.post("/admin/options/checklists", data={"self.payment": "yes", "family.identity": "yes"})
    with db.reading() as session:
        week, options = week_of(session, 1), own(session).options
        assert [(span.opens, span.closes) for span in week[0]] == [("08:00", "12:00"), ("13:00", "24:00")]
        assert 6 not in week
        (special,) = specials_of(session, 1, builders.clock.today()).values()
        assert special.title == "Tahun Baru (uji)" and special.spans == ()
        assert session.scalars(select(Lane).where(Lane.number == 3)).one().kind == "motorcycle"
    assert options["identity_tries"] == 4 and options["signature_required"] is False
    assert options["prefixes"]["car"] == "C"
    assert options["checklists"] == {"self": ["payment"], "family": ["identity"], "proxy": []}
    assert admin.post("/admin/special-days/2030-01-01/drop").status_code == 303
    assert admin.post("/admin/special-days/2030-01-01/drop").status_code == 404


@pytest.mark.parametrize(
    ("path", "form", "told"),
    [
        ("/admin/options/identity_tries", {"value": "banyak"}, "nilainya tidak sesuai"),
        ("/admin/hours/0", {"hours": "12.00-08.00"}, "Tulis jam layanan"),
        ("/admin/hours/0", {"hours": "pagi"}, "Tulis jam layanan"),
        ("/admin/special-days", {"day": "2030-01-01", "title": "x", "hours": "08-09,10-11"}, "Tulis jam layanan"),
        ("/admin/special-days", {"day": "besok", "title": "x"}, "Tanggal ini tidak dapat dibaca."),
        ("/admin/lanes", {"number": "1", "kind": "car"}, "Nomor jalur ini sudah dipakai."),
        ("/admin/lanes", {"number": "x", "kind": "car"}, "Nomor jalur ini sudah dipakai."),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(sign_in, path, form, told):
    admin = sign_in("admin")
    assert admin.post(path, data=form).status_code == 303
    assert told in admin.get("/admin/office").text


def test_an_unknown_option_does_not_exist(sign_in):
    assert sign_in("admin").post("/admin/options/colour", data={"value": "x"}).status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/admin/accounts", "/admin/accounts/1/reset", "/admin/accounts/1/disable", "/admin/devices", "/admin/hours/0",
     "/admin/devices/1/revoke", "/admin/keys/1/revoke", "/admin/lanes", "/admin/options/message",
     "/admin/special-days", "/admin/special-days/2030-01-01/drop"],
)  # fmt: skip
@pytest.mark.parametrize("role", ["officer", "desk", "supervisor"])
def test_nobody_else_administers(sign_in, role, path):
    assert sign_in(role).post(path, data={}).status_code == 403


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
