"""Admission at the lane: a refused scan names the reason and the next opening; vehicles inside are never refused."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest

from ampera import clock, db
from ampera.offices import closing_service, service
from ampera.offices.calendar.hours import Span
from ampera.offices.models import Office
from ampera.visits import admission_queries
from tests import builders
from tests.conftest import on_both
from tests.handovers import steps

MORNING, AFTERNOON = Span("08:00", "12:00"), Span("13:00", "15:00")
WEDNESDAY = date(2026, 11, 25)
numbers = count(1)


def at(hour, minute=0):
    """This time of a Wednesday on the clock of the office."""
    return datetime(2026, 11, 25, hour - 7, minute, tzinfo=UTC)


@pytest.fixture
def officer(app, api):
    boss = builders.actor("admin")
    for weekday in range(7):
        service.set_hours(boss, weekday, [MORNING, AFTERNOON])
    return api("officer")


@pytest.fixture
def boss(app):
    return builders.actor("admin")


def scanned(officer, code, **more):
    return steps.scan(officer, code, **more).get_json()


def code():
    """The code of a new book."""
    return builders.ready(next(numbers))[1]


CASES = {
    "hours": (
        at(12, 30),
        "Di luar jam layanan",
        "Layanan dibuka lagi Rabu, 25-11-2026, pukul 13.00 WIB.",
    ),
    "last_vehicle": (
        at(14, 50),
        "Kendaraan terakhir sudah lewat",
        "Kendaraan terakhir diterima sebelum 14.45 WIB. Layanan dibuka lagi Kamis, 26-11-2026, pukul 08.00 WIB.",
    ),
    "quota": (
        at(9),
        "Kuota hari ini sudah penuh",
        "Banyaknya kendaraan hari ini sudah tercapai. Layanan dibuka lagi Kamis, 26-11-2026, pukul 08.00 WIB.",
    ),
}


@pytest.mark.parametrize("reason", CASES)
def test_closed_verdict_names_the_reason_and_the_next_opening(officer, boss, reason):
    moment, title, advice = CASES[reason]
    service.set_option(boss, "last_vehicle_minutes", 15)
    with clock.freeze(moment):
        if reason == "quota":
            service.set_option(boss, "day_quota", 1)
            assert scanned(officer, code())["verdict"] == "ok"
        answer = scanned(officer, code())
    assert (answer["verdict"], answer["tone"], answer["facts"]["reason"]) == ("closed", "wait", reason)
    assert (answer["title"], answer["advice"]) == (title, advice)
    assert set(answer["texts"]) == {"id", "en"} and answer["visit"] is None


@pytest.mark.parametrize(
    ("minutes", "advice"),
    [
        (30, "Ditutup sementara sampai 09.30 WIB."),
        (
            4 * 60 - 15,
            "Ditutup sementara sampai 12.45 WIB. Layanan dibuka lagi Rabu, 25-11-2026, pukul 13.00 WIB.",
        ),
        (None, "Ditutup sementara; penyelia yang membukanya lagi."),
    ],
)
def test_closed_by_hand_shows_the_end_but_never_the_reason(officer, boss, minutes, advice):
    with clock.freeze(at(9)):
        until = clock.now() + timedelta(minutes=minutes) if minutes else None
        closing_service.close_now(boss, "Contoh: rahasia dapur", until)
        answer = scanned(officer, code())
        assert (answer["title"], answer["advice"]) == ("Layanan sedang ditutup", advice)
        assert "rahasia" not in str(answer)
        closing_service.open_again(boss)
        assert scanned(officer, code())["verdict"] == "ok"


def test_closing_by_hand_ends_at_the_given_time(officer, boss):
    with clock.freeze(at(9)):
        closing_service.close_now(boss, "Contoh", clock.now() + timedelta(minutes=30))
        assert scanned(officer, code())["verdict"] == "closed"
    with clock.freeze(at(9, 30)):
        assert scanned(officer, code())["verdict"] == "ok"


def test_vehicle_that_has_entered_is_never_refused_by_admission(officer, boss):
    service.set_option(boss, "day_quota", 1)
    service.set_option(boss, "last_vehicle_minutes", 15)
    with clock.freeze(at(9)):
        first, second = code(), code()
        visit = scanned(officer, first)["visit"]
        closing_service.close_now(boss, "Contoh")
    with clock.freeze(at(14, 50)):
        assert scanned(officer, first)["verdict"] in ("ok", "repeat")
        joined = scanned(officer, second, visit_id=visit["id"])
        assert joined["verdict"] == "ok" and joined["visit"]["id"] == visit["id"]
        assert scanned(officer, code(), visit_id=999)["verdict"] == "closed"


def test_vehicle_that_comes_back_is_never_refused_by_admission(officer, boss):
    service.set_option(boss, "day_quota", 1)
    with clock.freeze(at(9)):
        came = code()
        visit = scanned(officer, came)["visit"]
        assert officer.post("/api/v1/lanes/1/next", json={}).status_code == 200
        assert officer.post(f"/api/v1/visits/{visit['id']}/no-show", json={}).status_code == 200
        assert scanned(officer, code())["verdict"] == "closed"
        again = scanned(officer, came)
    assert again["verdict"] in ("ok", "repeat") and again["visit"]["queue_no"] == visit["queue_no"]


@on_both
def test_quota_counts_vehicles_not_books(officer, boss):
    service.set_option(boss, "day_quota", 2)
    with clock.freeze(at(9)):
        family = builders.ready(next(numbers), next(numbers), next(numbers))[1]
        assert scanned(officer, family)["verdict"] == "ok"
        assert scanned(officer, code())["verdict"] == "ok"
        assert scanned(officer, code())["verdict"] == "closed"
        with db.reading() as session:
            admission = admission_queries.admission_of(session, session.get_one(Office, 1))
            assert (admission.reason, admission.left) == ("quota", 0)
            assert admission_queries.admission_state(admission)["opens_at"] == "2026-11-26T01:00:00.000Z"
    with clock.freeze(at(9) + timedelta(days=1)):
        assert scanned(officer, code())["verdict"] == "ok"


@on_both
def test_special_day_may_have_a_separate_quota(officer, boss):
    service.set_option(boss, "day_quota", 5)
    service.set_special_day(boss, WEDNESDAY, "Layanan contoh", [MORNING], 1)
    with clock.freeze(at(9)):
        assert scanned(officer, code())["verdict"] == "ok"
        assert scanned(officer, code())["facts"]["reason"] == "quota"


def test_front_page_shows_admission_before_anybody_drives_in(officer, boss, client):
    service.set_option(boss, "day_quota", 2)
    service.set_option(boss, "last_vehicle_minutes", 15)
    with clock.freeze(at(9)):
        scanned(officer, code())
        page = client.get("/").text
        assert "Buka sampai 12.00 WIB" in page and "14.45 WIB" in page and "1 dari 2 kendaraan" in page
        scanned(officer, code())
        page = client.get("/").text
        assert "Kuota hari ini sudah penuh" in page and "besok pukul 08.00 WIB" in page
        assert "14.45 WIB" not in page
