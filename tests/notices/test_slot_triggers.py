"""Notices of closed slots: due ten minutes after the closure, and not sent when the office has reopened."""

from contextlib import contextmanager
from datetime import timedelta

import pytest

from ampera import clock, db
from ampera.bookings import slot_closure_service
from ampera.bookings.models import Booking
from ampera.notices.content import template_rules
from ampera.offices import closing_service, service
from ampera.offices.calendar.admission import SECOND_THOUGHTS
from ampera.offices.calendar.hours import Span
from tests import builders
from tests.bookings.steps import MONDAY, at, book, give_back, local, opens, pickup
from tests.conftest import on_both
from tests.notices import steps
from tests.statements import executed
from tests.visits.steps import option

TUESDAY = MONDAY + timedelta(days=1)
MORNING = [Span("08:00", "12:00")]


@pytest.fixture(autouse=True)
def office(app):
    """Monday, seven o'clock, in an office with slots."""
    with at("07:00"):
        opens()


def admin():
    return builders.actor("admin")


def closes(day=TUESDAY, spans=()):
    return service.set_special_day(admin(), day, "Libur (uji)", list(spans))


def reopens(day=TUESDAY):
    return service.drop_special_day(admin(), day)


def booked(n, clock_time, day=TUESDAY):
    pickup_id = pickup(n)
    assert book(pickup_id, clock_time, day=day) == local(clock_time, day)
    return pickup_id


def closures():
    return steps.notices("slot_off")


@contextmanager
def counted():
    """Collects the statements on bookings."""
    found = []
    with executed(db.current().writer) as statements:
        yield found
    found += [statement for statement in statements if "bookings" in statement]


@on_both
def test_closed_day_notifies_every_unused_booking(app):
    with at("07:30"):
        pickup_ids = [booked(1, "08:00"), booked(2, "14:45")]
        booked(3, "08:00", MONDAY)
        used = booked(4, "09:00")
        db.current().write(lambda unit: Booking.use(unit.conn, used, unit.at))
    with at("09:00"):
        assert closes().vehicles_off == 2
    assert [notice.pickup_id for notice in closures()] == pickup_ids
    assert {notice.due_at for notice in closures()} == {local("09:10")} == {local("09:00") + SECOND_THOUGHTS}
    assert closures()[0].facts == {
        "starts_at": "2026-12-01T01:00:00.000Z",
        "sequence": 0,
        "since": "2026-11-30T02:00:00.000Z",
    }
    with at("09:10"):
        message = steps.composed(closures()[0])
    assert "01-12-2026, 08.00–08.15 WIB" in message.text and "no longer holds" in message.text
    assert steps.current_link(pickup_ids[0]) in message.text.split("\n") and message.qr_png is None


def test_closure_ignores_past_slots(app):
    with at("07:30"):
        booked(1, "08:00", MONDAY)
        later = booked(2, "10:00", MONDAY)
    with at("08:05"):
        assert closes(MONDAY).vehicles_off == 1
    assert [notice.pickup_id for notice in closures()] == [later]


def test_hours_last_vehicle_and_manual_closing_close_slots_too(app):
    with at("07:30"):
        for n, (clock_time, day) in enumerate([("14:45", TUESDAY), ("13:00", TUESDAY), ("11:00", MONDAY)]):
            booked(n + 1, clock_time, day)
        assert service.set_option(admin(), "last_vehicle_minutes", 15).vehicles_off == 1
        assert service.set_hours(admin(), TUESDAY.weekday(), MORNING).vehicles_off == 1
        assert closing_service.close_now(admin(), "Contoh: genset", local("10:00")).vehicles_off == 0
        assert closing_service.close_now(admin(), "Contoh: genset", local("12:00")).vehicles_off == 1
    assert [notice.pickup_id for notice in closures()] == [1, 2, 3]


def test_repeated_closure_and_other_changes_write_no_second_notice(app):
    with at("07:30"):
        booked(1, "08:00")
        assert service.set_option(admin(), "message", "Selamat pagi").vehicles_off == 0
        closes()
    with at("07:35"):
        assert closes().vehicles_off == 0
        option("call_seconds", 9)
    with at("07:50"):
        assert closes(spans=[Span("13:00", "15:00")]).vehicles_off == 0
    assert len(closures()) == 1


def test_closure_that_is_undone_in_time_is_not_sent(app):
    with at("07:30"):
        booked(1, "08:00")
        closes()
    with at("07:35"):
        reopens()
        assert len(steps.notices("booked")) == 1, "the closure was not sent yet"
    with at("07:40"):
        assert steps.newest_message("slot_off") is None


@on_both
def test_second_closure_is_sent_after_a_reopening(app):
    with at("07:30"):
        booked(1, "08:00")
        closes()
    with at("07:34"):
        reopens()
    with at("07:38"):
        assert closes().vehicles_off == 1
    first, second = closures()
    assert second.due_at == local("07:48")
    with at("07:49"):
        assert steps.composed(first) is None and steps.composed(second) is not None
    with at("09:00"):
        reopens()
        assert steps.composed(second) is None
    assert len(closures()) == 2


@on_both
def test_reopening_after_a_sent_closure_confirms_the_booking_again(app):
    with at("07:30"):
        pickup_id = booked(1, "08:00")
        booked(2, "08:00", MONDAY)
        closes()
    with at("07:40"):
        assert len(steps.notices("booked")) == 2
        reopens()
    again = steps.notices("booked")[-1]
    assert len(steps.notices("booked")) == 3 and again.pickup_id == pickup_id
    with at("07:41"):
        assert "01-12-2026, 08.00–08.15 WIB" in steps.composed(again).text
        closes()
        assert steps.composed(again) is None
    with at("07:42"):
        reopens()
        assert len(steps.notices("booked")) == 3 and steps.composed(again) is not None


def test_reopening_after_a_missed_reminder_confirms_the_booking_again(app):
    with at("07:30"):
        booked(1, "08:00")
    (reminder,) = steps.notices("slot_reminder")
    before, after = (reminder.due_at + timedelta(seconds=seconds) for seconds in (-60, 60))
    with clock.freeze(before):
        closes()
    with clock.freeze(after):
        reopens()
        assert steps.composed(steps.notices("booked")[-1]) is not None
    assert len(steps.notices("booked")) == 2


@pytest.mark.parametrize("act", [give_back, lambda pickup_id: book(pickup_id, "10:00", day=MONDAY)])
def test_moved_or_returned_booking_gets_no_closure_notice(app, act):
    with at("07:30"):
        pickup_id = booked(1, "08:00")
        closes()
        act(pickup_id)
    with at("07:40"):
        assert steps.newest_message("slot_off") is None


def test_moved_booking_can_be_closed_again(app):
    with at("07:30"):
        pickup_id = booked(1, "08:00")
        closes()
    with at("07:40"):
        book(pickup_id, "10:00", day=MONDAY)
    with at("07:45"):
        closes(MONDAY)
    with at("07:55"):
        assert "30-11-2026, 10.00" in steps.newest_message("slot_off").text


def test_used_or_past_booking_gets_no_closure_notice(app):
    with at("07:30"):
        used, late = booked(1, "08:00", MONDAY), booked(2, "08:00", MONDAY)
        closes(MONDAY)
        db.current().write(lambda unit: Booking.use(unit.conn, used, unit.at))
    first, second = closures()
    with at("08:14"):
        assert steps.composed(first) is None and steps.composed(second) is not None
    with at("08:15"):
        assert steps.composed(second) is None
    assert second.pickup_id == late


@on_both
def test_closed_slot_gets_no_reminder(app):
    with at("07:30"):
        booked(1, "08:00", TUESDAY + timedelta(days=1))
        assert steps.newest_message("booked") is not None
        closes(TUESDAY + timedelta(days=1))
        assert steps.newest_message("booked") is None
    with at("09:00", TUESDAY):
        assert steps.newest_message("slot_reminder") is None
        reopens(TUESDAY + timedelta(days=1))
        assert steps.newest_message("slot_reminder") is not None


def test_closing_without_an_end_is_notified_day_by_day(app):
    with at("07:30"):
        booked(1, "08:00")
        booked(2, "10:00", TUESDAY + timedelta(days=1))
        assert closing_service.close_now(admin(), "Contoh: banjir").vehicles_off == 0
        slot_closure_service.check_daily()
    with at("04:59", TUESDAY):
        slot_closure_service.check_daily()
        assert closures() == []
    for clock_time in ("05:00", "05:01"):
        with at(clock_time, TUESDAY):
            slot_closure_service.check_daily()
    assert [notice.pickup_id for notice in closures()] == [1]
    with at("05:10", TUESDAY):
        assert steps.newest_message("slot_off") is not None
        closing_service.open_again(admin())
        assert steps.newest_message("slot_off") is None


def test_change_without_slots_or_bookings_costs_one_statement(app):
    with at("07:30"), counted() as statements:
        closes()
    assert len(statements) == 1
    with at("07:40"):
        reopens()
        booked(1, "08:00")
        option("slots", False)
    with at("07:50"), counted() as statements:
        assert closes().vehicles_off == 0
    assert len(statements) == 1 and closures() == []
    with at("08:00"):
        option("slots", True)
    assert len(closures()) == 1


def test_office_that_does_not_send_closures_writes_no_notice(app):
    with at("07:30"):
        booked(1, "08:00")
        option("notice_kinds", ["ready"])
        assert closes().vehicles_off == 1
    assert closures() == []


def test_closure_text_has_the_field_slot_and_not_time():
    assert template_rules.check("slot_off", "Jadwal", "{slot}\n{link}") == {}
    assert template_rules.check("slot_off", "Jadwal", "{time} {slot}\n{link}") == {
        "body": template_rules.TextProblem("text_unknown_field", "time")
    }
    assert template_rules.check("slot_off", "Jadwal", "Halo\n{link}") == {
        "body": template_rules.TextProblem("text_field_missing", "slot")
    }
