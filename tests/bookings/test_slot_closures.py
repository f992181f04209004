"""Closed slots: the booking is kept, subscribers get one event, and the administrator sees the number."""

from datetime import timedelta

import pytest

from ampera import db, events
from ampera.bookings import queries
from ampera.bookings.events import BookedSlot, SlotsClosed
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
    """Monday, seven o'clock, in an office with slots."""
    with at("07:00"):
        steps.opens()
        yield


@pytest.fixture
def published(monkeypatch):
    """The events that subscribers receive after the commit."""
    received = []
    monkeypatch.setitem(events._after, SlotsClosed, [*events._after[SlotsClosed], received.append])
    return received


def booked(n, clock_time, day=TUESDAY):
    pickup_id = pickup(n)
    book(pickup_id, clock_time, day=day)
    return pickup_id


def is_off(pickup_id):
    with db.reading() as session:
        return queries.own_booking(session, session.get_one(Office, 1), pickup_id).is_off


@on_both
def test_closed_slot_keeps_the_booking_until_the_office_reopens(app, published):
    pickup_id, other = booked(1, "08:00"), booked(2, "08:00", MONDAY)
    service.set_special_day(builders.actor("admin"), TUESDAY, "Libur (uji)", [])
    assert published == [
        SlotsClosed(1, booking(pickup_id).off_since, (BookedSlot(pickup_id, local("08:00", TUESDAY), 0),))
    ]
    assert booking(pickup_id).off_since == local("07:00") and booking(other).off_since is None
    assert is_off(pickup_id) and not is_off(other)
    service.drop_special_day(builders.actor("admin"), TUESDAY)
    assert booking(pickup_id).off_since is None and not is_off(pickup_id)
    assert len(published) == 1 and steps.counts_are_rows()


def test_moved_booking_is_no_longer_closed(app):
    pickup_id = booked(1, "08:00")
    service.set_special_day(builders.actor("admin"), TUESDAY, "Libur (uji)", [])
    book(pickup_id, "10:00")
    assert booking(pickup_id).off_since is None and not is_off(pickup_id)


def test_rolled_back_change_publishes_no_closure(app, published):
    pickup_id = booked(1, "08:00")

    def fail(_unit, _happened):
        raise RuntimeError("uji")

    events._during[SlotsClosed].append(fail)
    try:
        with pytest.raises(RuntimeError):
            service.set_special_day(builders.actor("admin"), TUESDAY, "Libur (uji)", [])
    finally:
        events._during[SlotsClosed].remove(fail)
    assert published == [] and booking(pickup_id).off_since is None and not is_off(pickup_id)


def test_calendar_shows_how_many_bookings_a_special_day_closes(app, sign_in):
    booked(1, "08:00")
    booked(2, "08:00")
    admin = sign_in("admin")
    page = admin.post("/admin/special-days", data=HOLIDAY, follow_redirects=True).text
    assert "Hari khusus disimpan." in page and f"{TWO} Pemohonnya diberi tahu 10 menit lagi" in page
    assert "kendaraan sudah memesan" not in admin.get("/admin/calendar").text
    again = admin.post("/admin/special-days", data={**HOLIDAY, "title": "Libur lain"}, follow_redirects=True).text
    assert "Hari khusus disimpan." in again and "kendaraan sudah memesan" not in again


def test_last_vehicle_and_manual_closing_show_the_number_of_closed_bookings(app, sign_in):
    booked(1, "14:45")
    booked(2, "10:00", MONDAY)
    booked(3, "10:15", MONDAY)
    limit = sign_in("admin").post("/admin/options/last_vehicle_minutes", data={"value": "15"}, follow_redirects=True)
    assert "1 kendaraan sudah memesan waktu yang tidak dilayani lagi." in limit.text
    closed = sign_in("supervisor").post(
        "/admin/office/close", data={"reason": "Contoh: genset", "until": ""}, follow_redirects=True
    )
    assert TWO in closed.text


def test_calendar_shows_when_applicants_are_not_notified(app, sign_in):
    booked(1, "08:00")
    steps.option("notice_kinds", ["ready"])
    page = sign_in("admin").post("/admin/special-days", data=HOLIDAY, follow_redirects=True).text
    assert "Pemohonnya tidak diberi tahu" in page


@pytest.mark.parametrize(("is_required", "is_shown"), [(False, True), (True, False)])
def test_page_of_a_closed_slot_shows_whether_a_walk_in_is_possible(app, client, is_required, is_shown):
    pickup_id = booked(1, "08:00")
    steps.option("slots_required", is_required)
    service.set_special_day(builders.actor("admin"), TUESDAY, "Libur (uji)", [])
    page = client.get(f"/p/{steps.link_of(pickup_id)}").text
    assert "Kantor tidak lagi melayani pada waktu ini." in page
    assert ("Anda juga boleh datang tanpa jadwal pada jam layanan." in page) is is_shown
