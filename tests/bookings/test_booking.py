"""Booking, moving and returning a slot: one place per pickup, never above capacity, every change is an event."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from ampera import audit, clock, db, events
from ampera.bookings.events import BookingMade, BookingMoved, BookingReturned
from ampera.errors import Refused
from ampera.offices.models import SpecialDay, SpecialHours
from ampera.passports.models import Passport
from ampera.passports.service import cancel
from tests import builders
from tests.bookings import steps
from tests.bookings.steps import MONDAY, at, book, booking, local, pickup
from tests.conftest import on_both
from tests.handovers.steps import scan

CAPACITY = {"car": 1, "motorcycle": 1}


@pytest.fixture(autouse=True)
def early(app):
    """Monday, seven o'clock, in an office whose slots have one place."""
    with at("07:00"):
        steps.opens(slot_capacity=CAPACITY)
        yield


@pytest.fixture
def published(monkeypatch):
    """The events that subscribers receive after the commit."""
    received = []
    for kind in (BookingMade, BookingMoved, BookingReturned):
        monkeypatch.setitem(events._after, kind, [*events._after[kind], received.append])
    return received


def code(answer):
    assert isinstance(answer, Refused), answer
    return answer.code


@on_both
def test_booking_takes_a_place_and_publishes_an_event(app, published):
    pickup_id = pickup(1)
    assert book(pickup_id, "10:15") == local("10:15")
    kept = booking(pickup_id)
    assert (kept.starts_at, kept.kind, kept.day, kept.sequence) == (local("10:15"), "car", MONDAY, 0)
    assert published == [BookingMade(1, pickup_id, local("10:15"), "car", 0)]
    assert steps.counts_are_rows()


@on_both
def test_full_slot_is_refused_and_the_old_booking_stays(app, published):
    first, second = pickup(1), pickup(2)
    book(first, "10:15")
    book(second, "11:00")
    assert code(book(second, "10:15")) == "slot_full"
    assert booking(second).starts_at == local("11:00")
    assert len(published) == 2
    assert steps.counts_are_rows()


@on_both
def test_move_frees_the_old_place(app, published):
    first, second = pickup(1), pickup(2)
    book(first, "10:15")
    assert book(first, "11:00") == local("11:00")
    assert book(second, "10:15") == local("10:15")
    assert booking(first).sequence == 1
    assert published[1] == BookingMoved(1, first, local("11:00"), "car", 1)
    assert steps.counts_are_rows()


def test_each_kind_of_vehicle_has_separate_places(app):
    assert book(pickup(1), "10:15", "car") == local("10:15")
    assert book(pickup(2), "10:15", "motorcycle") == local("10:15")
    assert code(book(pickup(3), "10:15", "motorcycle")) == "slot_full"


def test_kind_of_vehicle_can_change_within_a_slot(app):
    pickup_id = pickup(1)
    book(pickup_id, "10:15")
    assert book(pickup_id, "10:15", "motorcycle") == local("10:15")
    assert steps.counts() == {(local("10:15"), "motorcycle"): 1}


def test_booking_the_same_slot_again_changes_nothing(app, published):
    pickup_id = pickup(1)
    book(pickup_id, "10:15")
    assert book(pickup_id, "10:15") == local("10:15")
    assert (len(published), booking(pickup_id).sequence) == (1, 0)


@on_both
def test_returned_place_is_free(app, published):
    pickup_id = pickup(1)
    book(pickup_id, "10:15")
    assert steps.give_back(pickup_id)
    assert booking(pickup_id) is None
    assert published[-1] == BookingReturned(1, pickup_id, local("10:15"), "car", 0)
    assert book(pickup(2), "10:15") == local("10:15")
    assert not steps.give_back(pickup_id)


@on_both
def test_day_accepts_bookings_up_to_a_share_of_the_quota(app):
    steps.option("day_quota", 4)
    steps.option("booked_share", 50)
    first, second, third = pickup(1), pickup(2), pickup(3)
    book(first, "10:15")
    book(second, "10:30", "motorcycle")
    assert code(book(third, "11:00")) == "day_full"
    assert book(first, "11:30") == local("11:30")
    assert book(third, "11:00", day=MONDAY + timedelta(days=1)) == local("11:00", MONDAY + timedelta(days=1))
    assert code(book(third, "11:00")) == "day_full"
    assert booking(third).day == MONDAY + timedelta(days=1)


def test_special_day_has_separate_slots_and_quota(app):
    saturday = MONDAY + timedelta(days=5)

    def weekend(unit):
        day = SpecialDay(office_id=1, day=saturday, title="Layanan contoh", quota=2)
        day.hours = [SpecialHours(opens="19:00", closes="20:00")]
        unit.session.add(day)

    db.current().write(weekend)
    steps.option("booked_share", 50)
    pickup_id, two = pickup(1), pickup(2)
    assert code(book(pickup_id, "10:00", day=saturday)) == "slot_unknown"
    assert book(pickup_id, "19:15", day=saturday) == local("19:15", saturday)
    assert code(book(two, "19:30", day=saturday)) == "day_full"


def test_slot_in_the_past_or_after_the_deadline_is_refused(app):
    pickup_id = pickup(1)
    assert code(book(pickup_id, "10:15", day=MONDAY - timedelta(days=1))) == "slot_over"
    steps.option("collection_limit", "5 days")
    assert code(book(pickup_id, "10:15", day=MONDAY + timedelta(days=3))) == "slot_after_deadline"
    assert booking(pickup_id) is None


def test_office_without_slots_refuses_a_booking(app):
    steps.option("slots", False)
    assert code(book(pickup(1), "10:15")) == "slots_off"


def test_pickup_without_a_ready_book_cannot_book(app):
    (book_id,), _ = steps.ready(1)
    held = steps.pickup_of(book_id)
    db.current().write(lambda unit: unit.conn.execute(update(Passport).values(state="held")))
    assert code(book(held, "10:15")) == "not_needed"


def test_pickup_in_the_queue_cannot_book(app, api):
    with at("09:00"):
        (book_id,), qr = steps.ready(1)
        assert scan(api("officer"), qr, 1).get_json()["verdict"] == "ok"
        assert code(book(steps.pickup_of(book_id), "10:15")) == "already_here"


@on_both
def test_cancelling_the_only_book_returns_the_place(app, published):
    (book_id,), _ = steps.ready(1)
    pickup_id = steps.pickup_of(book_id)
    book(pickup_id, "10:15")
    cancel(builders.actor("supervisor"), book_id, "BA-01/2026", "e", has_proved=True)
    assert booking(pickup_id) is None
    assert published[-1] == BookingReturned(1, pickup_id, local("10:15"), "car", 0)
    assert steps.counts() == {}


def test_family_keeps_the_booking_while_one_book_is_left(app):
    books, _ = builders.ready(1, 2, issued_on=MONDAY)
    pickup_id = steps.pickup_of(books[0])
    book(pickup_id, "10:15")
    cancel(builders.actor("supervisor"), books[0], "BA-01/2026", "e", has_proved=True)
    assert booking(pickup_id) is not None


def test_every_booking_action_is_audited(app):
    pickup_id = pickup(1)
    book(pickup_id, "10:15")
    book(pickup_id, "10:30")
    steps.give_back(pickup_id)
    book(pickup_id, "06:00")
    with db.reading() as session:
        actions = [row.action for row in audit.story(session, [f"pickup:{pickup_id}"])]
    assert actions == [
        "pickup.booked",
        "pickup.booking_moved",
        "pickup.booking_returned",
        "pickup.booking_refused",
    ]


def test_audit_of_a_booking_names_no_person(app):
    pickup_id = pickup(1)
    book(pickup_id, "10:15")
    with db.reading() as session:
        details = session.scalars(select(audit.AuditEntry.details)).all()
    assert not any("Contoh" in text for text in details)
    assert clock.iso(local("10:15")) in details[-1]
