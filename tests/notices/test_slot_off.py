"""A window that the office does not serve any more is told, ten minutes later, unless it was a slip of the finger."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event

from ampera import clock, db
from ampera.bookings import slot_closures
from ampera.bookings.models import Booking
from ampera.notices.content import template_rules
from ampera.offices import closing_service, service
from ampera.offices.calendar.admission import SECOND_THOUGHTS
from ampera.offices.calendar.hours import Span
from tests import builders
from tests.bookings.steps import MONDAY, at, book, give_back, local, opens, pickup
from tests.conftest import on_both
from tests.notices import steps
from tests.visits.steps import option

TUESDAY = MONDAY + timedelta(days=1)
MORNING = [Span("08:00", "12:00")]


@pytest.fixture(autouse=True)
def office(app):
    """Monday, seven o'clock, in an office with windows."""
    with at("07:00"):
        opens()


def admin():
    return builders.actor("admin")


def closes(day=TUESDAY, spans=()):
    return service.set_special_day(admin(), day, "Libur (uji)", list(spans))


def reopens(day=TUESDAY):
    return service.drop_special_day(admin(), day)


def booked(n, clock_time, day=TUESDAY):
    one = pickup(n)
    assert book(one, clock_time, day=day) == local(clock_time, day)
    return one


def told():
    return steps.notices("slot_off")


@contextmanager
def counted():
    """The statements that speak of bookings meanwhile."""
    found = []

    def see(_conn, _cursor, statement, *_):
        if "bookings" in statement:
            found.append(statement)

    event.listen(db.current().writer, "before_cursor_execute", see)
    yield found
    event.remove(db.current().writer, "before_cursor_execute", see)


@on_both
def test_a_day_that_closes_is_told_to_everybody_who_booked_it(app):
    with at("07:30"):
        ones = [booked(1, "08:00"), booked(2, "14:45")]
        booked(3, "08:00", MONDAY)
        used = booked(4, "09:00")
        db.current().write(lambda unit: Booking.use(unit.conn, used, unit.at))
    with at("09:00"):
        assert closes().vehicles_off == 2
    assert [one.pickup_id for one in told()] == ones
    assert {one.due_at for one in told()} == {local("09:10")} == {local("09:00") + SECOND_THOUGHTS}
    assert told()[0].facts == {
        "starts_at": "2026-12-01T01:00:00.000Z",
        "sequence": 0,
        "since": "2026-11-30T02:00:00.000Z",
    }
    with at("09:10"):
        message = steps.composed(told()[0])
    assert "01-12-2026, 08.00–08.15 WIB" in message.text and "no longer holds" in message.text
    assert steps.current_link(ones[0]) in message.text.split("\n") and message.qr_png is None


def test_what_is_past_is_not_told(app):
    with at("07:30"):
        booked(1, "08:00", MONDAY)
        later = booked(2, "10:00", MONDAY)
    with at("08:05"):
        assert closes(MONDAY).vehicles_off == 1
    assert [one.pickup_id for one in told()] == [later]


def test_hours_the_last_vehicle_and_a_closing_by_hand_take_windows_away_too(app):
    with at("07:30"):
        for n, (clock_time, day) in enumerate([("14:45", TUESDAY), ("13:00", TUESDAY), ("11:00", MONDAY)]):
            booked(n + 1, clock_time, day)
        assert service.set_option(admin(), "last_vehicle_minutes", 15).vehicles_off == 1
        assert service.set_hours(admin(), TUESDAY.weekday(), MORNING).vehicles_off == 1
        assert closing_service.close_now(admin(), "Contoh: genset", local("10:00")).vehicles_off == 0
        assert closing_service.close_now(admin(), "Contoh: genset", local("12:00")).vehicles_off == 1
    assert [one.pickup_id for one in told()] == [1, 2, 3]


def test_other_changes_and_the_same_closing_again_tell_nobody_twice(app):
    with at("07:30"):
        booked(1, "08:00")
        assert service.set_option(admin(), "message", "Selamat pagi").vehicles_off == 0
        closes()
    with at("07:35"):
        assert closes().vehicles_off == 0
        option("call_seconds", 9)
    with at("07:50"):
        assert closes(spans=[Span("13:00", "15:00")]).vehicles_off == 0
    assert len(told()) == 1


def test_who_closes_by_mistake_and_opens_again_in_time_tells_nobody(app):
    with at("07:30"):
        booked(1, "08:00")
        closes()
    with at("07:35"):
        reopens()
        assert len(steps.notices("booked")) == 1, "nobody has heard anything yet"
    with at("07:40"):
        assert steps.told("slot_off") is None


@on_both
def test_a_second_closing_is_told_although_the_first_was_taken_back(app):
    with at("07:30"):
        booked(1, "08:00")
        closes()
    with at("07:34"):
        reopens()
    with at("07:38"):
        assert closes().vehicles_off == 1
    first, second = told()
    assert second.due_at == local("07:48")
    with at("07:49"):
        assert steps.composed(first) is None and steps.composed(second) is not None
    with at("09:00"):
        reopens()
        assert steps.composed(second) is None
    assert len(told()) == 2


@on_both
def test_who_was_told_hears_that_the_time_holds_after_all(app):
    with at("07:30"):
        one = booked(1, "08:00")
        booked(2, "08:00", MONDAY)
        closes()
    with at("07:40"):
        assert len(steps.notices("booked")) == 2
        reopens()
    again = steps.notices("booked")[-1]
    assert len(steps.notices("booked")) == 3 and again.pickup_id == one
    with at("07:41"):
        assert "01-12-2026, 08.00–08.15 WIB" in steps.composed(again).text
        closes()
        assert steps.composed(again) is None
    with at("07:42"):
        reopens()
        assert len(steps.notices("booked")) == 3 and steps.composed(again) is not None


def test_who_was_to_be_reminded_meanwhile_hears_that_the_time_holds(app):
    with at("07:30"):
        booked(1, "08:00")
    (reminder,) = steps.notices("slot_reminder")
    before, after = (reminder.due_at + timedelta(seconds=one) for one in (-60, 60))
    with clock.freeze(before):
        closes()
    with clock.freeze(after):
        reopens()
        assert steps.composed(steps.notices("booked")[-1]) is not None
    assert len(steps.notices("booked")) == 2


@pytest.mark.parametrize("act", [give_back, lambda one: book(one, "10:00", day=MONDAY)])
def test_who_moved_or_gave_back_already_is_not_told(app, act):
    with at("07:30"):
        one = booked(1, "08:00")
        closes()
        act(one)
    with at("07:40"):
        assert steps.told("slot_off") is None


def test_a_moved_window_can_fall_away_again(app):
    with at("07:30"):
        one = booked(1, "08:00")
        closes()
    with at("07:40"):
        book(one, "10:00", day=MONDAY)
    with at("07:45"):
        closes(MONDAY)
    with at("07:55"):
        assert "30-11-2026, 10.00" in steps.told("slot_off").text


def test_who_came_or_whose_window_is_over_is_not_told(app):
    with at("07:30"):
        one, late = booked(1, "08:00", MONDAY), booked(2, "08:00", MONDAY)
        closes(MONDAY)
        db.current().write(lambda unit: Booking.use(unit.conn, one, unit.at))
    first, second = told()
    with at("08:14"):
        assert steps.composed(first) is None and steps.composed(second) is not None
    with at("08:15"):
        assert steps.composed(second) is None
    assert second.pickup_id == late


@on_both
def test_nobody_is_reminded_of_a_window_that_is_off(app):
    with at("07:30"):
        booked(1, "08:00", TUESDAY + timedelta(days=1))
        assert steps.told("booked") is not None
        closes(TUESDAY + timedelta(days=1))
        assert steps.told("booked") is None
    with at("09:00", TUESDAY):
        assert steps.told("slot_reminder") is None
        reopens(TUESDAY + timedelta(days=1))
        assert steps.told("slot_reminder") is not None


def test_a_closing_whose_end_nobody_knows_is_told_for_each_of_its_days(app):
    with at("07:30"):
        booked(1, "08:00")
        booked(2, "10:00", TUESDAY + timedelta(days=1))
        assert closing_service.close_now(admin(), "Contoh: banjir").vehicles_off == 0
        slot_closures.check_daily()
    with at("04:59", TUESDAY):
        slot_closures.check_daily()
        assert told() == []
    for clock_time in ("05:00", "05:01"):
        with at(clock_time, TUESDAY):
            slot_closures.check_daily()
    assert [one.pickup_id for one in told()] == [1]
    with at("05:10", TUESDAY):
        assert steps.told("slot_off") is not None
        closing_service.open_again(admin())
        assert steps.told("slot_off") is None


def test_without_windows_or_bookings_a_change_costs_one_statement(app):
    with at("07:30"), counted() as statements:
        closes()
    assert len(statements) == 1
    with at("07:40"):
        reopens()
        booked(1, "08:00")
        option("slots", False)
    with at("07:50"), counted() as statements:
        assert closes().vehicles_off == 0
    assert len(statements) == 1 and told() == []
    with at("08:00"):
        option("slots", True)
    assert len(told()) == 1


def test_an_office_that_does_not_send_it_writes_none(app):
    with at("07:30"):
        booked(1, "08:00")
        option("notice_kinds", ["ready"])
        assert closes().vehicles_off == 1
    assert told() == []


def test_its_words_know_the_time_and_nothing_else():
    assert template_rules.check("slot_off", "Jadwal", "{slot}\n{link}") == {}
    assert template_rules.check("slot_off", "Jadwal", "{time} {slot}\n{link}") == {
        "body": template_rules.Wrong("text_unknown_field", "time")
    }
    assert template_rules.check("slot_off", "Jadwal", "Halo\n{link}") == {
        "body": template_rules.Wrong("text_field_missing", "slot")
    }
