"""'Find my pickup': the form accepts usual spellings, and the link is sent once to the holder of the book."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from ampera import clock, create_app, db
from ampera.installation.data_keys import of_secret
from ampera.notices.link_requests import search_input
from ampera.notices.link_requests import service as link_requests_service
from ampera.notices.models import LinkRequest, Notice
from ampera.offices.models import Office
from ampera.passports.models import Passport
from ampera.pickups import service as pickups
from ampera.web.limits import limiter
from tests import builders
from tests.conftest import on_both, settings_for

TODAY = date(2026, 11, 25)
NUMBER = "9900000000000001"
BORN = "02-01-1990"


@pytest.fixture
def unlimited(app, monkeypatch):
    monkeypatch.setattr(limiter, "enabled", False)


@pytest.fixture
def app(tmp_path, database, morning):
    """An installation with a mail channel and one book of one pickup."""
    app = create_app(settings_for(tmp_path, DATABASE_URL=database, MAIL_URL="smtp://127.0.0.1:1"))
    app.testing = True
    with app.app_context():
        builders.ready(1, email="contoh@contoh.example")
        yield app
    app.extensions["ampera.db"].dispose()


def ask(client, number=NUMBER, born=BORN):
    return client.post("/find", data={"number": number, "born": born})


def written() -> list[Notice]:
    with db.reading() as session:
        return list(session.scalars(select(Notice).where(Notice.kind == "link")))


def kept() -> list[str]:
    with db.reading() as session:
        return list(session.scalars(select(LinkRequest.key)))


@pytest.mark.parametrize("text", ["9900000000000001", " 9900 0000 0000 0001 ", "9900.0000-0000/0001"])
def test_application_number_may_have_separators(text):
    assert search_input.application_no(text) == NUMBER


@pytest.mark.parametrize("text", ["", "1234567", "9" * 21, "99000000A0000001", "٩٩٠٠٠٠٠٠٠٠", "9" * 9999])
def test_text_of_another_form_is_no_application_number(text):
    assert search_input.application_no(text) is None


@pytest.mark.parametrize(
    "text", ["02-01-1990", "2/1/1990", " 2.1.1990 ", "02 01 1990", "02011990", "1990-01-02", "2 - 1 - 1990"]
)
def test_birth_date_is_read_in_usual_spellings(text):
    assert search_input.birth_date(text, TODAY) == date(1990, 1, 2)


@pytest.mark.parametrize("text", ["", "31-02-1990", "1-1-90", "01-01-1899", "26-11-2026", "0101990", "1990", "x" * 999])
def test_impossible_birth_date_is_none(text):
    assert search_input.birth_date(text, TODAY) is None


@on_both
def test_link_is_sent_when_number_and_birth_date_match(client):
    answer = ask(client)
    assert (answer.status_code, answer.location) == (303, "/find/noted")
    assert not written() and kept()[0].startswith(link_requests_service.SEALED)
    link_requests_service.process_requests()
    (notice,) = written()
    assert (notice.pickup_id, notice.office_id) == (1, 1)
    assert len(kept()[0]) == 64 and NUMBER not in kept()[0]


def test_all_offices_with_the_number_and_the_birth_date_write(client):
    other = builders.office("JKT")
    builders.ready(1, office_id=other, passport_no="X7654321", email="lain@contoh.example")
    ask(client)
    link_requests_service.process_requests()
    assert sorted((notice.office_id, notice.pickup_id) for notice in written()) == [(1, 1), (other, 2)]


@on_both
@pytest.mark.parametrize(("number", "born"), [(NUMBER, "03-01-1990"), ("9900000000000002", BORN)])
def test_no_link_is_sent_without_a_match(client, number, born):
    assert ask(client, number, born).location == "/find/noted"
    link_requests_service.process_requests()
    assert not written()


def test_no_link_is_sent_for_a_revoked_code(client):
    pickups.revoke(builders.actor("supervisor"), 1, "uji")
    ask(client)
    link_requests_service.process_requests()
    assert not written()


def test_link_is_sent_once_a_day(client, unlimited):
    for _ in range(3):
        ask(client)
        link_requests_service.process_requests()
    assert len(written()) == 1


def test_wrong_birth_dates_of_a_stranger_use_up_nothing_of_the_applicant(client, unlimited):
    for day in range(3, 9):
        assert ask(client, born=f"0{day}-01-1990").status_code == 303
    assert ask(client).status_code == 303
    link_requests_service.process_requests()
    assert len(written()) == 1


def test_fourth_request_of_a_day_is_ignored(client, unlimited):
    builders.passport(2, pickup_id=None)
    number = "9900000000000002"
    for _ in range(link_requests_service.A_DAY):
        assert ask(client, number, "03-01-1990").status_code == 303
    link_requests_service.process_requests()
    db.current().write(lambda unit: unit.session.get_one(Passport, 2).__setattr__("pickup_id", 1))
    ask(client, number, "03-01-1990")
    link_requests_service.process_requests()
    assert not written()


def test_all_applicants_behind_one_address_are_served(client):
    answers = [ask(client, f"99{n:014d}").status_code for n in range(60)]
    assert set(answers) == {303}


def test_one_number_is_not_asked_for_without_end(client):
    answers = [ask(client).status_code for _ in range(12)]
    assert answers == [303] * 10 + [429] * 2
    assert ask(client, "9900000000000009").status_code == 303


def test_requests_are_deleted_after_a_day(client, unlimited):
    for _ in range(4):
        ask(client, born="03-01-1990")
    link_requests_service.process_requests()
    older = update(LinkRequest).values(at=clock.now() - timedelta(hours=25))
    db.current().write(lambda unit: unit.conn.execute(older))
    ask(client)
    link_requests_service.process_requests()
    assert len(written()) == 1 and len(kept()) == 1


def test_request_sealed_with_another_secret_is_unreadable(client, app, tmp_path):
    stranger = of_secret("another secret").seal("{}", link_requests_service.PLACE)
    add = LinkRequest(key=link_requests_service.SEALED + stranger, at=clock.now())
    db.current().write(lambda unit: unit.session.add(add))
    link_requests_service.process_requests()
    assert kept() == ["unreadable"] and not written()


def test_concurrent_tasks_open_a_request_once(client):
    ask(client)
    with db.reading() as session:
        row = session.execute(link_requests_service._WAITING).one()
    assert link_requests_service.open_request(*row) and not link_requests_service.open_request(*row)


@pytest.mark.parametrize(("number", "born", "wrong"), [("12", BORN, "number"), (NUMBER, "31-02-1990", "born")])
def test_only_an_unreadable_input_gets_a_message_beside_the_field(client, number, born, wrong):
    answer = ask(client, number, born)
    assert answer.status_code == 422 and f'id="find-{wrong}-error"' in answer.text
    assert answer.text.count("-error") == 2  # the message and the attribute that points to it
    assert f'value="{number}"' in answer.text and f'value="{born}"' in answer.text
    assert answer.text.count("autofocus") == 1 and not kept()


def test_unreadable_requests_do_not_count_towards_the_limit(client):
    assert {ask(client, "12").status_code for _ in range(25)} == {422}
    assert ask(client).status_code == 303


def test_front_page_offers_the_form(client):
    assert 'action="/find"' in client.get("/").text


@pytest.mark.parametrize("options", [{"notice_kinds": ["ready"]}, {"notice_channels": ["whatsapp"]}])
def test_pages_name_the_counter_when_no_link_can_be_sent(client, options):
    db.current().write(lambda unit: unit.conn.execute(update(Office).values(options=options)))
    for path in ("/", "/find"):
        page = client.get(path).text
        assert 'action="/find"' not in page and "loket dalam" in page
    assert ask(client).location == "/find" and not kept()


def test_form_is_offered_when_one_office_sends_links(client):
    builders.office("JKT", "Kantor Contoh Jakarta")
    nothing = update(Office).where(Office.id == 1).values(options={"notice_kinds": []})
    db.current().write(lambda unit: unit.conn.execute(nothing))
    page = client.get("/find").text
    assert 'action="/find"' in page and "Kantor Contoh Jakarta" in page
