"""What makes applicants hear something: written with its cause, once, or not at all when the cause is rolled back."""

from datetime import date, timedelta

import pytest

from ampera import clock, db
from ampera.audit import command
from ampera.bookings.events import BookingMade, BookingMoved
from ampera.offices.service import set_option
from ampera.passports import service as books
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
def test_books_on_the_shelf_are_told_once_per_pickup(app):
    steps.bring(steps.cells(1), steps.cells(2, group="K-1"), steps.cells(3, group="K-1"))
    assert [(one.kind, one.facts) for one in steps.notices()] == [("ready", {}), ("ready", {})]


def test_a_book_that_joins_a_group_lets_its_pickup_hear_again(app):
    (first,) = steps.bring(steps.cells(1, group="K-1"))
    steps.bring(steps.cells(2, group="K-1"))
    assert [one.pickup_id for one in steps.notices("ready")] == [first.pickup_id] * 2


def test_what_an_office_does_not_tell_is_not_written(app):
    steps.office_has(notice_kinds=["collected"])
    steps.bring(steps.cells(1))
    assert steps.kinds() == []


def test_nothing_is_told_of_what_was_rolled_back(app):
    def failing(unit):
        unit.emit(BooksTakenIn(command(1), 1, ((book_id, None),)))
        raise RuntimeError

    book_id = builders.passport(1)
    with pytest.raises(RuntimeError):
        db.current().write(failing)
    assert steps.kinds() == []


def test_a_new_address_hears_that_the_book_is_ready(app):
    (done,) = steps.bring(steps.cells(1, email=""))
    steps.forget()
    books.correct(builders.actor("desk"), done.passport_id, "", "baru@surat.example")
    assert steps.kinds() == ["ready"]
    books.correct(builders.actor("desk"), done.passport_id, "", "baru@surat.example")
    assert steps.kinds() == ["ready"]


def test_a_file_with_a_new_address_counts_as_well(app):
    steps.bring(steps.cells(1))
    steps.forget()
    steps.bring(steps.cells(1, email="lain@surat.example"))
    steps.bring(steps.cells(1, email="lain@surat.example", shelf="B-02"))
    assert steps.kinds() == ["ready"]


def test_a_book_released_from_its_check_is_told_as_ready(app):
    (done,) = steps.bring(steps.cells(1))
    books.hold(builders.actor("desk"), done.passport_id, "periksa")
    steps.forget()
    books.release(builders.actor("desk"), done.passport_id, "sudah cocok")
    assert steps.kinds() == ["ready"]


def test_a_new_code_is_told_with_its_generation(app):
    (done,) = steps.bring(steps.cells(1))
    pickups.reissue(builders.actor("desk"), done.pickup_id)
    (told,) = steps.notices("reissued")
    assert told.facts == {"generation": 2} and told.pickup_id == done.pickup_id


def test_a_cancelled_passport_is_told_to_its_own_holder(app):
    one, _ = steps.bring(steps.cells(1, group="K-1"), steps.cells(2, group="K-1"))
    books.cancel(builders.actor("supervisor"), one.passport_id, "BA-01")
    assert [told.facts for told in steps.notices("cancelled")] == [{"passports": [one.passport_id]}]


@on_both
def test_an_extension_for_all_is_told_where_the_day_moves(app):
    far, near = (clock.today() - timedelta(days=days) for days in (1, 20))
    later, soon = steps.bring(steps.cells(1, issued_on=far.isoformat()), steps.cells(2, issued_on=near.isoformat()))
    until = clock.today() + timedelta(days=20)
    set_option(builders.actor("admin"), "deadline_extended_until", until.isoformat())
    assert [(told.pickup_id, told.facts) for told in steps.notices("extended")] == [
        (soon.pickup_id, {"deadline": until.isoformat()})
    ]
    set_option(builders.actor("admin"), "deadline_extended_until", None)
    set_option(builders.actor("admin"), "collection_limit", "90 days")
    assert {told.pickup_id for told in steps.notices("extended")} == {soon.pickup_id, later.pickup_id}


def test_more_time_for_one_book_is_told_with_its_day(app):
    (done,) = steps.bring(steps.cells(1, issued_on=(clock.today() - timedelta(days=60)).isoformat()))
    until = clock.today() + timedelta(days=3)
    books.allow_late(builders.actor("supervisor"), done.passport_id, until, "sakit")
    assert [told.facts for told in steps.notices("extended")] == [
        {"deadline": until.isoformat(), "passports": [done.passport_id]}
    ]


@on_both
def test_the_first_scan_asks_whether_it_was_you(app, api):
    officer = api("officer")
    visit = lane.vehicle(officer, 1)
    lane.moved(officer, visit, "call")
    lane.moved(officer, visit, "serve")
    _, code = builders.ready(2)
    window.scan(officer, code, visit_id=visit["id"])
    assert [told.once for told in steps.notices("collecting")] == ["collecting:1:1", "collecting:1:2"]


@on_both
def test_who_is_sent_inside_hears_it_when_nobody_can_undo_it_any_more(app, api):
    officer = api("officer")
    visit = lane.vehicle(officer, 1)
    lane.moved(officer, visit, "divert")
    (told,) = steps.notices("diverted")
    assert told.due_at - told.created_at == timedelta(seconds=30)
    assert told.facts["visit"] == visit["id"]


@on_both
def test_a_handover_is_told_to_the_people_of_its_books(app, api):
    officer = api("officer")
    ids, code = builders.ready(1, 2)
    visit = window.serving(officer, code)
    answer = officer.post("/api/v1/handovers", json=window.body(visit["id"], window.book(ids[1], 2)))
    assert answer.status_code == 201
    (told,) = steps.notices("collected")
    assert told.facts == {
        "books": 1,
        "at": answer.get_json()["handovers"][0]["at"],
        "collector": "self",
        "passports": [ids[1]],
    }


@on_both
def test_a_booked_time_is_confirmed_and_remembered_the_day_before(app):
    builders.ready(1)
    starts_at = clock.local(clock.now()).replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=3)
    emit(BookingMade(1, 1, starts_at, "car", 0))
    assert steps.kinds() == ["booked", "slot_reminder"]
    assert steps.notices()[1].due_at == starts_at - timedelta(days=1)
    emit(BookingMoved(1, 1, starts_at + timedelta(minutes=15), "car", 1))
    assert [told.facts["sequence"] for told in steps.notices("booked")] == [0, 1]


def test_nobody_is_reminded_of_a_time_that_is_too_near(app):
    builders.ready(1)
    emit(BookingMade(1, 1, clock.now() + timedelta(minutes=20), "car", 0))
    assert steps.kinds() == ["booked"]


def test_other_changes_of_a_book_are_nobody_s_news(app):
    (done,) = steps.bring(steps.cells(1))
    steps.forget()
    books.move(builders.actor("desk"), done.passport_id, "B-01")
    emit(BookChanged(1, done.passport_id))
    set_option(builders.actor("admin"), "call_seconds", 9)
    set_option(builders.actor("admin"), "deadline_extended_until", date(2020, 1, 1).isoformat())
    assert steps.kinds() == []
