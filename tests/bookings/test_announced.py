"""Who comes for the passports: said behind the link, replaced, taken back, seen by the officer, replacing no check."""

import pytest
from sqlalchemy import select

from ampera import audit, clock, db
from ampera.bookings.collectors import service as collectors_service
from ampera.bookings.collectors.submission import Companion, companion
from ampera.bookings.models import Announced
from ampera.passports import service as passports
from ampera.passports.models import Passport
from ampera.pickups.models import Pickup
from tests import builders
from tests.board import steps as board
from tests.conftest import on_both
from tests.handovers import steps
from tests.pickups.test_issuing import set_state

JSON = {"Accept": "application/json"}
AUNT = {"class": "family", "name": "Bibi Contoh", "relation": "bibi"}
NAMES = ("Bibi Contoh", "Kuasa Contoh")


@pytest.fixture
def code(app):
    """A pickup with two ready books."""
    return builders.ready(1, 2)[1]


@pytest.fixture
def path(code):
    return f"/p/{board.link(1)}"


@pytest.fixture
def say(client, path):
    """`say(class=…)` as the page's script says it."""
    return lambda **form: client.post(f"{path}/collector", data=form, headers=JSON)


def kept():
    with db.reading() as session:
        return [(row.collector_class, row.name, row.relation) for row in session.scalars(select(Announced))]


def rows():
    with db.reading() as session:
        return session.scalars(select(audit.AuditEntry).where(audit.AuditEntry.subject == "pickup:1")).all()


@on_both
def test_it_is_kept_replaced_and_withdrawn(say):
    assert say(**AUNT).status_code == 204
    assert kept() == [("family", "Bibi Contoh", "bibi")]
    assert say(**{"class": "proxy", "name": " Kuasa  Contoh "}).status_code == 204
    assert kept() == [("proxy", "Kuasa Contoh", "")]
    assert say(**{"class": "self", "name": "tidak disimpan"}).status_code == 204
    assert kept() == [("self", "", "")]
    assert say(**{"class": "withdraw"}).status_code == 204
    assert say(**{"class": "withdraw"}).status_code == 204  # twice is no mistake
    assert kept() == []
    actions = ["pickup.announced"] * 3 + ["pickup.announcement_withdrawn"]
    assert [row.action for row in rows()] == actions
    assert not [row for row in rows() if any(name in row.details for name in NAMES)]


@pytest.mark.parametrize(
    ("form", "field", "sentence"),
    [
        ({"class": "calo", "name": "X"}, "class", "Pilih siapa yang datang."),
        ({}, "class", "Pilih siapa yang datang."),
        ({"class": "family", "name": "  "}, "name", "Tulis nama yang datang."),
        ({"class": "proxy", "name": "A" * 121}, "name", "lebih dari 120 huruf"),
        ({"class": "proxy", "name": "Contoh\u0007Bel"}, "name", "tidak dapat dibaca"),
        ({"class": "proxy", "name": "Contoh\u202eKanan"}, "name", "tidak dapat dibaca"),
        ({"class": "family", "name": "Contoh", "relation": "i" * 61}, "relation", "lebih dari 60 huruf"),
    ],
)
def test_what_cannot_be_kept_is_told_by_field(say, form, field, sentence):
    answer = say(**form)
    assert answer.status_code == 422
    assert sentence in answer.json["error"]["fields"][field]
    assert kept() == []
    assert [row.action for row in rows()] == ["pickup.announcement_refused"]


@pytest.mark.parametrize("name", ["Sukarno", "N.", "María José d'Él-Contoh", "محمد", "Contoh, S.Kom."])
def test_names_are_taken_as_people_have_them(say, name):
    assert say(**{"class": "proxy", "name": name}).status_code == 204
    assert kept() == [("proxy", name, "")]


@pytest.mark.parametrize(
    "trouble",
    [
        (Passport, {"state": "collected"}),
        (Passport, {"state": "held", "held_reason": "uji"}),
        (Pickup, {"locked_at": clock.now()}),
    ],
)
def test_it_is_refused_while_there_is_nothing_to_collect(say, trouble):
    set_state(trouble[0], {}, **trouble[1])
    answer = say(**AUNT)
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "announcement_not_needed")
    assert kept() == []


def test_a_form_gets_its_page_back_with_what_was_said(client, path):
    answer = client.post(f"{path}/collector", data=AUNT, headers={"Origin": "null"})
    assert (answer.status_code, answer.location) == (303, f"{path}#companion")
    assert "Set-Cookie" not in answer.headers
    page = client.get(path).text
    assert "Bibi Contoh" in page and "bibi" in page
    wrong = client.post(f"{path}/collector", data={"class": "family", "name": ""})
    assert wrong.location == f"{path}?wrong=name_missing#companion"
    assert "Tulis nama yang datang." in client.get(wrong.location).text
    assert "Tulis nama" not in client.get(f"{path}?wrong=anything").text


def test_the_page_puts_the_list_of_the_announced_class_first(client, path, say):
    assert "Keluarga satu KK" in client.get(path).text
    say(**AUNT)
    page = client.get(path).text
    assert page.index("Kartu Keluarga") < page.index("Bila yang datang orang lain")
    assert "surat-kuasa.pdf" not in page
    say(**{"class": "proxy", "name": "Kuasa Contoh"})
    page = client.get(path).text
    assert page.index("surat kuasa bermeterai") < page.index("Bila yang datang orang lain")
    assert f"{path}/surat-kuasa.pdf" in page


def test_a_name_is_never_markup(client, path, say):
    say(**{"class": "proxy", "name": "<img src=x>", "relation": '"><b>'})
    page = client.get(path).text
    assert "<img src=x>" not in page and "&lt;img src=x&gt;" in page


def test_the_officer_sees_it_beside_the_books(say, api, code):
    say(**AUNT)
    visit = steps.scan(api("officer"), code).get_json()["visit"]
    assert [book["announced"] for book in visit["passports"]] == [
        {"class": "family", "name": "Bibi Contoh", "relation": "bibi"}
    ] * 2
    say(**{"class": "withdraw"})
    (again,) = api("officer").get("/api/v1/visits").get_json()["visits"]
    assert [book["announced"] for book in again["passports"]] == [None, None]


def test_it_replaces_no_check(say, api, code):
    """The announced relative still shows everything; somebody else may come as well."""
    say(**AUNT)
    officer = api("officer")
    visit = steps.serving(officer, code)
    body = steps.body(visit["id"], steps.book(1, 1))
    body["collector"] = {"class": "family", "name": "Bibi Contoh", "shown": []}
    answer = officer.post("/api/v1/handovers", json=body)
    assert answer.status_code == 422 and "shown" in answer.get_json()["error"]["fields"]
    assert officer.post("/api/v1/handovers", json=steps.body(visit["id"], steps.book(1, 1))).status_code == 201


def test_it_is_forgotten_when_the_last_book_is_out_and_the_page_tells_the_class(say, api, code, client, path):
    say(**AUNT)
    officer = api("officer")
    visit = steps.serving(officer, code)
    officer.post("/api/v1/handovers", json=steps.body(visit["id"], steps.book(1, 1)))
    assert len(kept()) == 1
    assert "Diambil oleh pemohon sendiri" in client.get(path).text
    officer.post("/api/v1/handovers", json=steps.body(visit["id"], steps.book(2, 2)))
    assert kept() == []
    page = client.get(path).text
    assert "Diambil oleh pemohon sendiri" in page and "Bibi Contoh" not in page


@on_both
def test_it_is_forgotten_when_the_last_book_is_cancelled(say):
    say(**AUNT)
    for book, left in ((1, 1), (2, 0)):
        assert passports.cancel(builders.actor("supervisor"), book, "BA-01")
        assert len(kept()) == left


def test_an_unknown_or_replaced_link_is_told_nothing(client, say, api, path):
    links = ("0" * 26, "x", "A" * 400)
    answers = [client.post(f"/p/{link}/collector", data=AUNT) for link in links]
    answers += [client.get(f"/p/{link}/surat-kuasa.pdf") for link in links]
    api("desk").post("/api/v1/pickups/1/codes")
    answers += [say(**AUNT), client.get(f"{path}/surat-kuasa.pdf")]
    assert {answer.status_code for answer in answers} == {404}
    assert kept() == []


def test_another_site_cannot_say_it(client, path):
    answer = client.post(f"{path}/collector", data=AUNT, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 400 and kept() == []


def test_another_offices_applicant_is_nobody_here(app, code):
    builders.office("JKT", "Kantor Imigrasi Contoh Jakarta")
    assert collectors_service.announce(audit.applicant(2), 1, Companion("self")).code == "not_found"
    collectors_service.announce(audit.applicant(1), 1, companion("self", "", ""))
    assert collectors_service.withdraw(audit.applicant(2), 1) is False
    assert kept() == [("self", "", "")]


def test_a_page_may_not_be_pressed_for_ever(say):
    assert [say(**AUNT).status_code for _ in range(14)] == [204] * 12 + [429] * 2
