"""Windows that the office no longer serves: the booking stays, subscribers hear once, the administrator sees it."""

from datetime import timedelta

import pytest

from ampera import db, events
from ampera.bookings import queries
from ampera.bookings.events import Window, WindowsOff
from ampera.offices import service
from ampera.offices.models import Office
from tests import builders
from tests.bookings import steps
from tests.bookings.steps import MONDAY, at, book, booking, local, pickup
from tests.conftest import on_both

TUESDAY = MONDAY + timedelta(days=1)
HOLIDAY = {"day": TUESDAY.isoformat(), "title": "Libur (uji)", "hours": ""}
TWO = "2 kendaraan sudah memesan waktu yang tidak dilayani lagi."


@pytest.fixture(autouse=True)
def early(app):
    """Monday, seven o'clock, in an office with windows."""
    with at("07:00"):
        steps.opens()
        yield


@pytest.fixture
def told(monkeypatch):
    """What subscribers hear after the commit."""
    heard = []
    monkeypatch.setitem(events._after, WindowsOff, [*events._after[WindowsOff], heard.append])
    return heard


def booked(n, clock_time, day=TUESDAY):
    one = pickup(n)
    book(one, clock_time, day=day)
    return one


def is_off(pickup_id):
    with db.reading() as session:
        return queries.mine(session, session.get_one(Office, 1), pickup_id).is_off


@on_both
def test_a_booking_falls_away_and_comes_back_and_is_never_lost(app, told):
    one, other = booked(1, "08:00"), booked(2, "08:00", MONDAY)
    service.set_special_day(builders.actor("admin"), TUESDAY, "Libur (uji)", [])
    assert told == [WindowsOff(1, booking(one).off_since, (Window(one, local("08:00", TUESDAY), 0),))]
    assert booking(one).off_since == local("07:00") and booking(other).off_since is None
    assert is_off(one) and not is_off(other)
    service.drop_special_day(builders.actor("admin"), TUESDAY)
    assert booking(one).off_since is None and not is_off(one)
    assert len(told) == 1 and steps.counts_are_rows()


def test_whoever_moves_it_has_a_window_again(app):
    one = booked(1, "08:00")
    service.set_special_day(builders.actor("admin"), TUESDAY, "Libur (uji)", [])
    book(one, "10:00")
    assert booking(one).off_since is None and not is_off(one)


def test_nothing_of_it_is_told_when_the_change_is_rolled_back(app, told):
    one = booked(1, "08:00")

    def fail(_unit, _happened):
        raise RuntimeError("uji")

    events._during[WindowsOff].append(fail)
    try:
        with pytest.raises(RuntimeError):
            service.set_special_day(builders.actor("admin"), TUESDAY, "Libur (uji)", [])
    finally:
        events._during[WindowsOff].remove(fail)
    assert told == [] and booking(one).off_since is None and not is_off(one)


def test_the_calendar_tells_how_many_vehicles_lose_their_time(app, sign_in):
    booked(1, "08:00")
    booked(2, "08:00")
    admin = sign_in("admin")
    page = admin.post("/admin/special-days", data=HOLIDAY, follow_redirects=True).text
    assert "Hari khusus disimpan." in page and f"{TWO} Pemohonnya diberi tahu 10 menit lagi" in page
    assert "kendaraan sudah memesan" not in admin.get("/admin/calendar").text
    again = admin.post("/admin/special-days", data={**HOLIDAY, "title": "Libur lain"}, follow_redirects=True).text
    assert "Hari khusus disimpan." in again and "kendaraan sudah memesan" not in again


def test_so_do_the_last_vehicle_and_the_closing_by_hand(app, sign_in):
    booked(1, "14:45")
    booked(2, "10:00", MONDAY)
    booked(3, "10:15", MONDAY)
    limit = sign_in("admin").post("/admin/options/last_vehicle_minutes", data={"value": "15"}, follow_redirects=True)
    assert "1 kendaraan sudah memesan waktu yang tidak dilayani lagi." in limit.text
    closed = sign_in("supervisor").post(
        "/admin/office/close", data={"reason": "Contoh: genset", "until": ""}, follow_redirects=True
    )
    assert TWO in closed.text


def test_where_nobody_is_told_the_calendar_says_so(app, sign_in):
    booked(1, "08:00")
    steps.option("notice_kinds", ["ready"])
    page = sign_in("admin").post("/admin/special-days", data=HOLIDAY, follow_redirects=True).text
    assert "Pemohonnya tidak diberi tahu" in page


@pytest.mark.parametrize(("is_required", "is_said"), [(False, True), (True, False)])
def test_the_applicant_s_page_says_whether_they_may_come_without_a_time(app, client, is_required, is_said):
    one = booked(1, "08:00")
    steps.option("slots_required", is_required)
    service.set_special_day(builders.actor("admin"), TUESDAY, "Libur (uji)", [])
    page = client.get(f"/p/{steps.link_of(one)}").text
    assert "Kantor tidak lagi melayani pada waktu ini." in page
    assert ("Anda juga boleh datang tanpa jadwal pada jam layanan." in page) is is_said
