"""Arrivals: the reports "on my way" and "on site" fetch books early, expire, and give no place in the queue."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from ampera import audit, clock, db
from ampera.board.pickup_queries import pickup_state
from ampera.live import snapshot_cache
from ampera.offices.models import Office
from ampera.passports.models import Passport
from ampera.visits.arrivals import service as arrivals_service
from ampera.visits.models import Arrival, Visit
from tests import applicant, builders
from tests.applicant import code as code
from tests.applicant import path as path
from tests.board import steps as board
from tests.board.conftest import listen as listen
from tests.conftest import on_both
from tests.handovers import steps


@pytest.fixture
def report(client, path):
    """`report("leaving")` sends the form of the page."""
    return lambda kind, **headers: applicant.send(client, f"{path}/arrival", {"kind": kind}, **headers)


def seen():
    with db.reading() as session:
        return pickup_state(session, 1, snapshot_cache.shared("streets"))


def kept():
    with db.reading() as session:
        return [(row.pickup_id, row.office_id, row.kind) for row in session.scalars(select(Arrival))]


def actions():
    with db.reading() as session:
        return list(session.scalars(select(audit.AuditEntry.action).where(audit.AuditEntry.subject == "pickup:1")))


@on_both
def test_arrival_is_stored_renewed_changed_and_withdrawn(report):
    assert report("leaving").status_code == 204
    assert seen()["arrival"]["kind"] == "leaving"
    with clock.shift(timedelta(minutes=20)):
        report("leaving")
        assert until() - clock.now() > timedelta(minutes=59)
    assert report("arrived").status_code == 204
    assert kept() == [(1, 1, "arrived")]
    assert timedelta(minutes=29) < until() - clock.now() < timedelta(minutes=30)
    assert report("withdraw").status_code == 204
    assert report("withdraw").status_code == 204  # twice is no mistake
    assert (kept(), seen()["arrival"]) == ([], None)
    assert actions() == ["pickup.leaving", "pickup.arrived", "pickup.arrival_withdrawn"]


def until():
    return datetime.fromisoformat(seen()["arrival"]["until"])


def test_arrival_expires_without_a_withdrawal(report):
    report("arrived")
    with clock.shift(timedelta(minutes=29)):
        assert seen()["arrival"]
    with clock.shift(timedelta(minutes=31)):
        assert seen()["arrival"] is None


def test_arrival_lasts_as_long_as_the_office_option(report):
    builders.set_columns(Office, {}, options={"leaving_minutes": 5})
    report("leaving")
    assert until() - clock.now() < timedelta(minutes=5)


def test_arrival_gives_no_place_in_the_queue(report, api):
    assert report("arrived").status_code == 204
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Visit)) == 0
    other = builders.ready(5)[1]
    assert steps.scan(api("officer"), other).get_json()["visit"]["queue_no"] == "A001"
    assert seen()["visit"] is None


def test_scan_at_the_lane_deletes_the_arrival(report, api, code):
    report("arrived")
    visit = steps.scan(api("officer"), code).get_json()["visit"]
    assert (kept(), seen()["arrival"]) == ([], None)
    answer = report("leaving")
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "arrival_not_needed")
    api("officer").post(f"/api/v1/visits/{visit['id']}/leave", json={})
    assert report("leaving").status_code == 204


@pytest.mark.parametrize(
    ("trouble", "why"),
    [
        ((Passport, {"state": "held", "held_reason": "uji"}), "arrival_not_needed"),
        ((Passport, {"state": "collected"}), "arrival_not_needed"),
        ((Passport, {"issued_on": clock.today() - timedelta(days=60)}), "arrival_not_needed"),
        ((Passport, {"locked_at": clock.now()}), "arrival_not_needed"),
        ((Office, {"options": {"closed_by_hand": {"since": "2026-01-01T00:00:00Z", "reason": "uji"}}}), "line_closed"),
    ],
)
def test_arrival_is_refused_while_no_book_would_be_fetched(report, trouble, why):
    builders.set_columns(trouble[0], {}, **trouble[1])
    answer = report("leaving")
    assert (answer.status_code, answer.json["error"]["code"]) == (409, why)
    assert (kept(), actions()) == ([], ["pickup.arrival_refused"])


def test_arrival_is_refused_when_the_quota_is_exhausted(report, api):
    builders.set_columns(Office, {}, options={"day_quota": 1})
    steps.scan(api("officer"), builders.ready(5)[1])
    assert report("arrived").json["error"]["code"] == "line_closed"
    assert seen()["line"]["reason"] == "quota"


def test_form_returns_to_the_page_with_the_current_state(client, path):
    answer = client.post(f"{path}/arrival", data={"kind": "leaving"}, headers={"Origin": "null"})
    assert (answer.status_code, answer.location) == (303, path)
    assert "Set-Cookie" not in answer.headers
    page = client.get(path).text
    assert "Anda dalam perjalanan" in page and "berlaku sampai" in page
    builders.set_columns(Passport, {}, state="collected")
    assert client.post(f"{path}/arrival", data={"kind": "leaving"}).status_code == 303


def test_arrival_from_another_origin_is_refused(report):
    assert report("leaving", Origin="https://evil.example").status_code == 400
    assert kept() == []


@pytest.mark.parametrize("kind", ["", "here", "leaving' OR 1"])
def test_unknown_kind_of_arrival_is_refused(report, kind):
    assert report(kind).status_code == 422


def test_unknown_or_replaced_link_is_refused_without_details(client, report, api):
    answers = [client.post(f"/p/{link}/arrival", data={"kind": "leaving"}) for link in ("0" * 26, "x", "A" * 400)]
    api("desk").post("/api/v1/pickups/1/codes")
    answers.append(report("leaving"))
    assert {answer.status_code for answer in answers} == {404}
    assert kept() == []


def test_arrivals_of_one_link_are_rate_limited(report, client):
    codes = [report("leaving").status_code for _ in range(15)]
    assert codes == [204] * 12 + [429] * 3
    assert actions() == ["pickup.leaving"]
    builders.ready(7)
    other = client.post(f"/p/{board.link(2)}/arrival", data={"kind": "leaving"})
    assert other.status_code == 303  # counted per link, because many phones share an address


def test_link_is_in_neither_log_nor_audit(report, path, capfd):
    report("leaving")
    assert path.rpartition("/")[2] not in capfd.readouterr().err
    with db.reading() as session:
        rows = session.scalars(select(audit.AuditEntry)).all()
    assert not [row for row in rows if path.rpartition("/")[2] in f"{row.subject} {row.details} {row.actor}"]


def test_desk_and_page_receive_the_arrival(report, sign_in, listen, path):
    desk, phone = listen("/desk", sign_in("desk")), listen("/pickup", link=path.rpartition("/")[2])
    before = desk.newest()["at"], phone.newest()["at"]
    report("leaving")
    received = phone.newest(lambda state: state["at"] > before[1] and state["arrival"])
    assert received["arrival"]["kind"] == "leaving" and received["visit"] is None
    fetched = desk.newest(lambda state: state["at"] > before[0] and state["picks"])
    assert [(visit["arrival"], visit["queue_no"]) for visit in fetched["picks"]] == [("leaving", None)]


def test_expired_arrivals_of_the_office_are_deleted(report):
    report("leaving")
    builders.ready(7)
    with clock.shift(timedelta(hours=2)):
        arrivals_service.announce(audit.applicant(1), 2, "arrived")
    assert kept() == [(2, 1, "arrived")]


def test_pickup_of_another_office_is_not_found(app, code):
    builders.office("JKT", "Kantor Imigrasi Contoh Jakarta")
    assert arrivals_service.announce(audit.applicant(2), 1, "leaving").code == "not_found"
