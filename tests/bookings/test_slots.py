"""Which windows a day has and which may still be booked: the calendar, the deadline, closings and tolerance."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ampera.bookings.slots import LENGTH, Calendar, rules_of
from ampera.offices.calendar.admission import Limits
from ampera.offices.calendar.hours import Span, Special

MONDAY = date(2026, 11, 30)
WIT = ZoneInfo("Asia/Jayapura")
MORNING, AFTERNOON = Span("08:00", "09:00"), Span("13:00", "13:40")


def calendar(moment="07:00", specials=None, limits=None, last_day=None, zone=WIT, **options):
    hour, minute = map(int, moment.split(":"))
    now = datetime(2026, 11, 30, hour, minute, tzinfo=zone)
    week = {day: [MORNING, AFTERNOON] for day in range(5)}
    return Calendar(now, week, specials or {}, limits or Limits(), rules_of({"slots": True, **options}), last_day)


def clocks(found):
    return [f"{start:%H:%M}" for start in found]


def at(clock, day=MONDAY, zone=WIT):
    hour, minute = map(int, clock.split(":"))
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)


def test_windows_are_quarters_that_fit_whole_into_the_hours():
    assert clocks(calendar().windows(MONDAY)) == ["08:00", "08:15", "08:30", "08:45", "13:00", "13:15"]


def test_a_closed_day_has_none():
    assert calendar().windows(MONDAY + timedelta(days=5)) == []


def test_a_special_day_has_its_own():
    specials = {MONDAY: Special("Layanan contoh", (Span("10:00", "10:30"),))}
    assert clocks(calendar(specials=specials).windows(MONDAY)) == ["10:00", "10:15"]


def test_a_window_ends_before_the_last_vehicle():
    limits = Limits(last_vehicle_minutes=20)
    assert clocks(calendar(limits=limits).windows(MONDAY)) == ["08:00", "08:15", "08:30", "08:45", "13:00"]


def test_a_window_may_be_booked_until_it_begins():
    assert clocks(calendar("08:14").bookable(MONDAY))[0] == "08:15"
    assert clocks(calendar("08:15").bookable(MONDAY))[0] == "08:30"
    assert calendar("08:15").why_not(at("08:15"), "car") == "slot_over"
    assert calendar("08:14").why_not(at("08:15"), "car") is None


def test_a_moment_between_windows_is_none():
    assert calendar().why_not(at("08:05"), "car") == "slot_unknown"
    assert calendar().why_not(at("09:00"), "car") == "slot_unknown"


def test_other_vehicles_than_the_office_takes_are_unknown():
    rules = {"slot_capacity": {"car": 2, "motorcycle": 0}}
    assert calendar(**rules).why_not(at("08:15"), "motorcycle") == "slot_unknown"
    assert calendar(**rules).rules.kinds == ("car",)


def test_the_same_instant_in_another_zone_is_the_same_window():
    assert calendar().why_not(at("08:15").astimezone(ZoneInfo("UTC")), "car") is None
    assert calendar().why_not(at("08:15", zone=ZoneInfo("Asia/Jakarta")), "car") == "slot_unknown"


def test_only_so_many_days_ahead_can_be_booked():
    ahead = calendar(slot_days=2)
    assert ahead.days() == [MONDAY + timedelta(days=n) for n in range(3)]
    assert ahead.why_not(at("08:00", MONDAY + timedelta(days=2)), "car") is None
    assert ahead.why_not(at("08:00", MONDAY + timedelta(days=3)), "car") == "slot_unknown"


def test_nothing_after_the_deadline_is_offered():
    until = calendar(last_day=MONDAY + timedelta(days=1))
    assert until.days() == [MONDAY, MONDAY + timedelta(days=1)]
    assert until.why_not(at("08:00", MONDAY + timedelta(days=2)), "car") == "slot_after_deadline"


def test_a_closing_by_hand_takes_its_windows_away():
    limits = Limits(closed_by_hand=True, closed_until=at("08:30"))
    assert clocks(calendar(limits=limits).bookable(MONDAY))[0] == "08:30"


def test_a_closing_without_an_end_takes_the_rest_of_its_day():
    closed = calendar(limits=Limits(closed_by_hand=True))
    assert closed.bookable(MONDAY) == []
    assert clocks(closed.bookable(MONDAY + timedelta(days=1)))[0] == "08:00"


def test_an_office_without_windows_refuses():
    assert calendar(slots=False).why_not(at("08:15"), "car") == "slots_off"


@pytest.mark.parametrize(
    ("moment", "is_current"),
    [("09:44", False), ("09:45", True), ("10:00", True), ("10:35", True), ("10:36", False)],
)
def test_the_tolerances_belong_to_the_window(moment, is_current):
    rules = rules_of({"slot_early_minutes": 15, "slot_late_minutes": 20})
    assert rules.is_current(at("10:00"), at(moment)) is is_current


def test_the_last_instant_of_the_tolerance_counts():
    rules = rules_of({"slot_late_minutes": 0})
    end = at("10:00") + LENGTH
    assert rules.is_current(at("10:00"), end)
    assert not rules.is_current(at("10:00"), end + timedelta(microseconds=1))


@pytest.mark.parametrize(("quota", "share", "places"), [(10, 60, 6), (3, 50, 1), (10, 0, 0), (7, 100, 7), (0, 60, 0)])
def test_booked_places_are_their_share_of_the_quota(quota, share, places):
    assert calendar(limits=Limits(quota=quota), booked_share=share).places(MONDAY) == places


def test_a_special_day_splits_its_own_quota():
    specials = {MONDAY: Special("Layanan contoh", (MORNING,), quota=100)}
    weekend = calendar(specials=specials, limits=Limits(quota=10))
    assert weekend.places(MONDAY) == 60
    assert weekend.places(MONDAY + timedelta(days=1)) == 6
    assert calendar().places(MONDAY) is None


def test_a_window_is_served_after_it_has_begun_until_a_closing_takes_it_away():
    assert calendar("08:20").is_served(at("08:15")) and not calendar("08:20").is_served(at("09:00"))
    shut = Limits(closed_by_hand=True, closed_until=at("08:30"))
    assert not calendar(limits=shut).is_served(at("08:15")) and calendar(limits=shut).is_served(at("08:30"))
