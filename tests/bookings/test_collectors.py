"""The announced collector: stored, replaced, withdrawn, shown to the officer, and no substitute for a check."""

import pytest
from sqlalchemy import select

from ampera import audit, clock, db
from ampera.bookings.collectors import service as collectors_service
from ampera.bookings.collectors.submission import CollectorDetails, collector_details
from ampera.bookings.models import AnnouncedCollector
from ampera.passports import service as cancellations
from ampera.passports.models import Passport
from tests import applicant, builders
from tests.applicant import code as code
from tests.applicant import path as path
from tests.conftest import on_both
from tests.handovers import steps

AUNT = {"class": "family", "name": "Bibi Contoh", "relation": "bibi"}
NAMES = ("Bibi Contoh", "Kuasa Contoh")


@pytest.fixture
def announce(client, path):
    """`announce(class=…, name=…)` sends the form of the page."""
    return lambda **form: applicant.send(client, f"{path}/collector", form)


def kept():
    with db.reading() as session:
        return [(row.collector_class, row.name, row.relation) for row in session.scalars(select(AnnouncedCollector))]


def rows():
    with db.reading() as session:
        return session.scalars(select(audit.AuditEntry).where(audit.AuditEntry.subject == "pickup:1")).all()


@on_both
def test_announcement_is_stored_replaced_and_withdrawn(announce):
    assert announce(**AUNT).status_code == 204
    assert kept() == [("family", "Bibi Contoh", "bibi")]
    assert announce(**{"class": "proxy", "name": " Kuasa  Contoh "}).status_code == 204
    assert kept() == [("proxy", "Kuasa Contoh", "")]
    assert announce(**{"class": "self", "name": "tidak disimpan"}).status_code == 204
    assert kept() == [("self", "", "")]
    assert announce(**{"class": "withdraw"}).status_code == 204
    assert announce(**{"class": "withdraw"}).status_code == 204  # a second withdrawal is accepted
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
def test_invalid_announcement_is_refused_by_field(announce, form, field, sentence):
    answer = announce(**form)
    assert answer.status_code == 422
    assert sentence in answer.json["error"]["fields"][field]
    assert kept() == []
    assert [row.action for row in rows()] == ["pickup.announcement_refused"]


@pytest.mark.parametrize("name", ["Sukarno", "N.", "María José d'Él-Contoh", "محمد", "Contoh, S.Kom."])
def test_announcement_accepts_any_real_name(announce, name):
    assert announce(**{"class": "proxy", "name": name}).status_code == 204
    assert kept() == [("proxy", name, "")]


@pytest.mark.parametrize(
    "trouble",
    [
        (Passport, {"state": "collected"}),
        (Passport, {"state": "held", "held_reason": "uji"}),
        (Passport, {"locked_at": clock.now()}),
    ],
)
def test_announcement_is_refused_while_no_book_can_be_collected(announce, trouble):
    builders.set_columns(trouble[0], {}, **trouble[1])
    answer = announce(**AUNT)
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "announcement_not_needed")
    assert kept() == []


def test_plain_form_redirects_to_the_page_with_the_announcement(client, path):
    answer = client.post(f"{path}/collector", data=AUNT, headers={"Origin": "null"})
    assert (answer.status_code, answer.location) == (303, f"{path}#companion")
    assert "Set-Cookie" not in answer.headers
    page = client.get(path).text
    assert "Bibi Contoh" in page and "bibi" in page
    wrong = client.post(f"{path}/collector", data={"class": "family", "name": ""})
    assert wrong.location == f"{path}?wrong=name_missing#companion"
    assert "Tulis nama yang datang." in client.get(wrong.location).text
    assert "Tulis nama" not in client.get(f"{path}?wrong=anything").text


def test_page_shows_the_documents_of_the_announced_class_first(client, path, announce):
    assert "Keluarga satu KK" in client.get(path).text
    announce(**AUNT)
    page = client.get(path).text
    assert page.index("Kartu Keluarga") < page.index("Bila yang datang orang lain")
    assert "surat-kuasa.pdf" not in page
    announce(**{"class": "proxy", "name": "Kuasa Contoh"})
    page = client.get(path).text
    assert page.index("surat kuasa bermeterai") < page.index("Bila yang datang orang lain")
    assert f"{path}/surat-kuasa.pdf" in page


def test_announced_name_is_escaped(client, path, announce):
    announce(**{"class": "proxy", "name": "<img src=x>", "relation": '"><b>'})
    page = client.get(path).text
    assert "<img src=x>" not in page and "&lt;img src=x&gt;" in page


def test_officer_sees_the_announced_collector_beside_the_books(announce, api, code):
    announce(**AUNT)
    visit = steps.scan(api("officer"), code).get_json()["visit"]
    assert [book["announced"] for book in visit["passports"]] == [
        {"class": "family", "name": "Bibi Contoh", "relation": "bibi"}
    ] * 2
    announce(**{"class": "withdraw"})
    (again,) = api("officer").get("/api/v1/visits").get_json()["visits"]
    assert [book["announced"] for book in again["passports"]] == [None, None]


def test_announcement_replaces_no_check(announce, api, code):
    """The announced relative still shows every document, and another person may collect instead."""
    announce(**AUNT)
    officer = api("officer")
    visit = steps.serving(officer, code)
    body = steps.body(visit["id"], steps.book(1, 1))
    body["collector"] = {"class": "family", "name": "Bibi Contoh", "shown": []}
    answer = officer.post("/api/v1/handovers", json=body)
    assert answer.status_code == 422 and "shown" in answer.get_json()["error"]["fields"]
    assert officer.post("/api/v1/handovers", json=steps.body(visit["id"], steps.book(1, 1))).status_code == 201


def test_handover_of_the_last_book_deletes_the_announcement(announce, api, code, client, path):
    announce(**AUNT)
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
def test_cancelling_the_last_book_deletes_the_announcement(announce):
    announce(**AUNT)
    for book, left in ((1, 1), (2, 0)):
        assert cancellations.cancel(builders.actor("supervisor"), book, "BA-01", "e")
        assert len(kept()) == left


def test_unknown_or_replaced_link_answers_404(client, announce, api, path):
    links = ("0" * 26, "x", "A" * 400)
    answers = [client.post(f"/p/{link}/collector", data=AUNT) for link in links]
    answers += [client.get(f"/p/{link}/surat-kuasa.pdf") for link in links]
    api("desk").post("/api/v1/pickups/1/codes")
    answers += [announce(**AUNT), client.get(f"{path}/surat-kuasa.pdf")]
    assert {answer.status_code for answer in answers} == {404}
    assert kept() == []


def test_announcement_from_another_site_is_refused(client, path):
    answer = client.post(f"{path}/collector", data=AUNT, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 400 and kept() == []


def test_applicant_of_another_office_cannot_announce_or_withdraw(app, code):
    builders.office("JKT", "Kantor Imigrasi Contoh Jakarta")
    assert collectors_service.announce(audit.applicant(2), 1, CollectorDetails("self")).code == "not_found"
    collectors_service.announce(audit.applicant(1), 1, collector_details("self", "", ""))
    assert collectors_service.withdraw(audit.applicant(2), 1) is False
    assert kept() == [("self", "", "")]


def test_announcements_of_one_link_are_rate_limited(announce):
    assert [announce(**AUNT).status_code for _ in range(14)] == [204] * 12 + [429] * 2
