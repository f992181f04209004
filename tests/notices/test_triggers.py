"""Events that cause notices: written once, in the transaction of the event, and not after a rollback."""

from datetime import date, timedelta

import pytest

from ampera import clock, db
from ampera.audit import command
from ampera.bookings.events import BookingMade, BookingMoved
from ampera.offices.service import set_option
from ampera.passports import service as books
from ampera.passports import service as cancellations
from ampera.passports.events import BookChanged, BooksTakenIn
from ampera.pickups import service as pickups
from tests import builders
from tests.conftest import on_both
from tests.handovers import steps as window
from tests.notices import steps
from tests.visits import steps as lane


def emit(happened):
    db.current().write(lambda unit: unit.emit(happened))


@on_both
def test_new_books_write_one_ready_notice_per_pickup(app):
    steps.take_in(steps.cells(1), steps.cells(2, group="K-1"), steps.cells(3, group="K-1"))
    assert [(notice.kind, notice.facts) for notice in steps.notices()] == [("ready", {}), ("ready", {})]


def test_book_that_joins_a_group_writes_another_ready_notice(app):
    (first,) = steps.take_in(steps.cells(1, group="K-1"))
    steps.take_in(steps.cells(2, group="K-1"))
    assert [notice.pickup_id for notice in steps.notices("ready")] == [first.pickup_id] * 2


def test_kind_that_the_office_does_not_send_is_not_written(app):
    steps.office_has(notice_kinds=["collected"])
    steps.take_in(steps.cells(1))
    assert steps.kinds() == []


def test_rolled_back_event_writes_no_notice(app):
    def failing(unit):
        unit.emit(BooksTakenIn(command(1), 1, ((book_id, None),)))
        raise RuntimeError

    book_id = builders.passport(1)
    with pytest.raises(RuntimeError):
        db.current().write(failing)
    assert steps.kinds() == []


def test_new_address_writes_a_ready_notice_once(app):
    (done,) = steps.take_in(steps.cells(1, email=""))
    steps.delete_notices()
    books.correct(builders.actor("desk"), done.passport_id, "", "baru@surat.example")
    assert steps.kinds() == ["ready"]
    books.correct(builders.actor("desk"), done.passport_id, "", "baru@surat.example")
    assert steps.kinds() == ["ready"]


def test_imported_new_address_writes_a_ready_notice_once(app):
    steps.take_in(steps.cells(1))
    steps.delete_notices()
    steps.take_in(steps.cells(1, email="lain@surat.example"))
    steps.take_in(steps.cells(1, email="lain@surat.example", shelf="B-02"))
    assert steps.kinds() == ["ready"]


def test_released_book_writes_a_ready_notice(app):
    (done,) = steps.take_in(steps.cells(1))
    books.hold(builders.actor("desk"), done.passport_id, "periksa")
    steps.delete_notices()
    books.release(builders.actor("desk"), done.passport_id, "sudah cocok")
    assert steps.kinds() == ["ready"]


def test_reissued_code_writes_a_notice_with_the_generation(app):
    (done,) = steps.take_in(steps.cells(1))
    pickups.reissue(builders.actor("desk"), done.pickup_id)
    (notice,) = steps.notices("reissued")
    assert notice.facts == {"generation": 2} and notice.pickup_id == done.pickup_id


def test_cancelled_passport_writes_a_notice_about_this_book_only(app):
    cancelled, _ = steps.take_in(steps.cells(1, group="K-1"), steps.cells(2, group="K-1"))
    cancellations.cancel(builders.actor("supervisor"), cancelled.passport_id, "BA-01", "e")
    assert [notice.facts for notice in steps.notices("cancelled")] == [{"passports": [cancelled.passport_id]}]


@on_both
def test_deadline_extension_notifies_only_pickups_with_a_later_last_day(app):
    far, near = (clock.today() - timedelta(days=days) for days in (1, 20))
    later, soon = steps.take_in(steps.cells(1, issued_on=far.isoformat()), steps.cells(2, issued_on=near.isoformat()))
    until = clock.today() + timedelta(days=20)
    set_option(builders.actor("admin"), "deadline_extended_until", until.isoformat())
    assert [(notice.pickup_id, notice.facts) for notice in steps.notices("extended")] == [
        (soon.pickup_id, {"deadline": until.isoformat()})
    ]
    set_option(builders.actor("admin"), "deadline_extended_until", None)
    set_option(builders.actor("admin"), "collection_limit", "90 days")
    assert {notice.pickup_id for notice in steps.notices("extended")} == {soon.pickup_id, later.pickup_id}


def test_late_permission_writes_a_notice_with_the_new_day(app):
    (done,) = steps.take_in(steps.cells(1, issued_on=(clock.today() - timedelta(days=60)).isoformat()))
    until = clock.today() + timedelta(days=3)
    books.allow_late(builders.actor("supervisor"), done.passport_id, until, "sakit")
    assert [notice.facts for notice in steps.notices("extended")] == [
        {"deadline": until.isoformat(), "passports": [done.passport_id]}
    ]


@on_both
def test_first_scan_of_each_pickup_writes_a_collecting_notice(app, api):
    officer = api("officer")
    visit = lane.vehicle(officer, 1)
    lane.moved(officer, visit, "call")
    lane.moved(officer, visit, "serve")
    _, code = builders.ready(2)
    window.scan(officer, code, visit_id=visit["id"])
    assert [notice.once for notice in steps.notices("collecting")] == ["collecting:1:1", "collecting:1:2"]


@on_both
def test_diversion_notice_is_due_when_undo_ends(app, api):
    officer = api("officer")
    visit = lane.vehicle(officer, 1)
    lane.moved(officer, visit, "divert")
    (notice,) = steps.notices("diverted")
    assert notice.due_at - notice.created_at == timedelta(seconds=30)
    assert notice.facts["visit"] == visit["id"]


@on_both
def test_handover_writes_a_notice_about_the_collected_books(app, api):
    officer = api("officer")
    ids, code = builders.ready(1, 2)
    visit = window.serving(officer, code)
    answer = officer.post("/api/v1/handovers", json=window.body(visit["id"], window.book(ids[1], 2)))
    assert answer.status_code == 201
    (notice,) = steps.notices("collected")
    assert notice.facts == {
        "books": 1,
        "at": answer.get_json()["handovers"][0]["at"],
        "collector": ["self"],
        "passports": [ids[1]],
    }


@on_both
def test_booking_writes_a_confirmation_and_a_reminder_for_the_day_before(app):
    builders.ready(1)
    starts_at = clock.local(clock.now()).replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=3)
    emit(BookingMade(1, 1, starts_at, "car", 0))
    assert steps.kinds() == ["booked", "slot_reminder"]
    assert steps.notices()[1].due_at == starts_at - timedelta(days=1)
    emit(BookingMoved(1, 1, starts_at + timedelta(minutes=15), "car", 1))
    assert [notice.facts["sequence"] for notice in steps.notices("booked")] == [0, 1]


def test_booking_of_a_near_slot_writes_no_reminder(app):
    builders.ready(1)
    emit(BookingMade(1, 1, clock.now() + timedelta(minutes=20), "car", 0))
    assert steps.kinds() == ["booked"]


def test_other_changes_of_a_book_write_no_notice(app):
    (done,) = steps.take_in(steps.cells(1))
    steps.delete_notices()
    books.move(builders.actor("desk"), done.passport_id, "B-01")
    emit(BookChanged(1, done.passport_id))
    set_option(builders.actor("admin"), "call_seconds", 9)
    set_option(builders.actor("admin"), "deadline_extended_until", date(2020, 1, 1).isoformat())
    assert steps.kinds() == []
