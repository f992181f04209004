"""'Find my pickup': the form takes what people type, and the link goes out once to whom it belongs."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from ampera import clock, create_app, db
from ampera.notices.link_requests import parsing
from ampera.notices.link_requests import service as link_requests_service
from ampera.notices.models import LinkRequest, Notice
from ampera.offices.models import Office
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
    """An installation that could send mail, with one book of one pickup."""
    app = create_app(settings_for(tmp_path, DATABASE_URL=database, MAIL_URL="smtp://127.0.0.1:1"))
    app.testing = True
    with app.app_context():
        builders.office()
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
def test_an_application_number_may_have_gaps(text):
    assert parsing.application_no(text) == NUMBER


@pytest.mark.parametrize("text", ["", "1234567", "9" * 21, "99000000A0000001", "٩٩٠٠٠٠٠٠٠٠", "9" * 9999])
def test_what_is_no_application_number_is_none(text):
    assert parsing.application_no(text) is None


@pytest.mark.parametrize(
    "text", ["02-01-1990", "2/1/1990", " 2.1.1990 ", "02 01 1990", "02011990", "1990-01-02", "2 - 1 - 1990"]
)
def test_a_birth_date_is_read_as_people_write_it(text):
    assert parsing.birth_date(text, TODAY) == date(1990, 1, 2)


@pytest.mark.parametrize("text", ["", "31-02-1990", "1-1-90", "01-01-1899", "26-11-2026", "0101990", "1990", "x" * 999])
def test_a_day_that_cannot_be_is_none(text):
    assert parsing.birth_date(text, TODAY) is None


@on_both
def test_the_link_goes_out_when_number_and_birth_date_belong_together(client):
    answer = ask(client)
    assert (answer.status_code, answer.location) == (303, "/find/noted")
    assert not written() and kept()[0].startswith(link_requests_service.SEALED)
    link_requests_service.look_up()
    (notice,) = written()
    assert (notice.pickup_id, notice.office_id) == (1, 1)
    assert len(kept()[0]) == 64 and NUMBER not in kept()[0]


@on_both
@pytest.mark.parametrize(("number", "born"), [(NUMBER, "03-01-1990"), ("9900000000000002", BORN)])
def test_nothing_goes_out_for_others(client, number, born):
    assert ask(client, number, born).location == "/find/noted"
    link_requests_service.look_up()
    assert not written()


def test_a_pickup_without_a_valid_code_is_not_written_to(client):
    pickups.revoke(builders.actor("supervisor"), 1, "uji")
    ask(client)
    link_requests_service.look_up()
    assert not written()


def test_the_link_goes_out_once_a_day(client, unlimited):
    for _ in range(3):
        ask(client)
        link_requests_service.look_up()
    assert len(written()) == 1


def test_a_fourth_request_for_one_number_changes_nothing(client, unlimited):
    for _ in range(link_requests_service.A_DAY):
        assert ask(client, born="03-01-1990").status_code == 303
    assert ask(client).status_code == 303
    link_requests_service.look_up()
    assert not written()


def test_a_day_later_everything_is_forgotten(client, unlimited):
    for _ in range(4):
        ask(client, born="03-01-1990")
    link_requests_service.look_up()
    older = update(LinkRequest).values(at=clock.now() - timedelta(hours=25))
    db.current().write(lambda unit: unit.conn.execute(older))
    ask(client)
    link_requests_service.look_up()
    assert len(written()) == 1 and len(kept()) == 1


def test_a_request_of_another_secret_is_put_aside(client, app, tmp_path):
    stranger = link_requests_service._seal("another secret").encrypt(b"{}").decode()
    add = LinkRequest(key=link_requests_service.SEALED + stranger, at=clock.now())
    db.current().write(lambda unit: unit.session.add(add))
    link_requests_service.look_up()
    assert kept() == ["unreadable"] and not written()


def test_two_tasks_open_a_request_once(client):
    ask(client)
    with db.reading() as session:
        row = session.execute(link_requests_service._WAITING).one()
    assert link_requests_service.open_request(*row) and not link_requests_service.open_request(*row)


@pytest.mark.parametrize(("number", "born", "wrong"), [("12", BORN, "number"), (NUMBER, "31-02-1990", "born")])
def test_only_a_wrong_shape_is_told_beside_its_field(client, number, born, wrong):
    answer = ask(client, number, born)
    assert answer.status_code == 422 and f'id="find-{wrong}-error"' in answer.text
    assert answer.text.count("-error") == 2  # the sentence and what points to it
    assert f'value="{number}"' in answer.text and f'value="{born}"' in answer.text
    assert answer.text.count("autofocus") == 1 and not kept()


def test_one_address_may_ask_so_often_an_hour_and_no_more(client):
    answers = [ask(client, f"{n:016d}").status_code for n in range(21)]
    assert answers == [303] * 20 + [429]
    assert "satu jam" in ask(client).text and len(kept()) == 20


def test_a_slip_of_the_finger_does_not_count(client):
    assert {ask(client, "12").status_code for _ in range(25)} == {422}
    assert ask(client).status_code == 303


def test_the_front_page_offers_the_form(client):
    assert 'action="/find"' in client.get("/").text


@pytest.mark.parametrize("options", [{"notice_kinds": ["ready"]}, {"notice_channels": ["whatsapp"]}])
def test_where_no_link_could_be_sent_the_counter_is_named_instead(client, options):
    db.current().write(lambda unit: unit.conn.execute(update(Office).values(options=options)))
    for path in ("/", "/find"):
        page = client.get(path).text
        assert 'action="/find"' not in page and "loket dalam" in page
    assert ask(client).location == "/find" and not kept()


def test_one_office_that_sends_links_is_enough(client):
    builders.office("JKT", "Kantor Contoh Jakarta")
    nothing = update(Office).where(Office.id == 1).values(options={"notice_kinds": []})
    db.current().write(lambda unit: unit.conn.execute(nothing))
    page = client.get("/find").text
    assert 'action="/find"' in page and "Kantor Contoh Jakarta" in page
