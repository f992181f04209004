"""The slots of a day and the slots that can be booked: calendar, deadline, closings and tolerance."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ampera.bookings.slots import LENGTH, SlotCalendar, rules_of
from ampera.offices.calendar.admission import Limits
from ampera.offices.calendar.hours import Span, Special

MONDAY = date(2026, 11, 30)
WIT = ZoneInfo("Asia/Jayapura")
MORNING, AFTERNOON = Span("08:00", "09:00"), Span("13:00", "13:40")


def calendar(moment="07:00", specials=None, limits=None, last_day=None, zone=WIT, **options):
    hour, minute = map(int, moment.split(":"))
    now = datetime(2026, 11, 30, hour, minute, tzinfo=zone)
    week = {day: [MORNING, AFTERNOON] for day in range(5)}
    return SlotCalendar(now, week, specials or {}, limits or Limits(), rules_of({"slots": True, **options}), last_day)


def clocks(found):
    return [f"{start:%H:%M}" for start in found]


def at(clock, day=MONDAY, zone=WIT):
    hour, minute = map(int, clock.split(":"))
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)


def test_slots_are_whole_quarters_within_the_hours():
    assert clocks(calendar().slots(MONDAY)) == ["08:00", "08:15", "08:30", "08:45", "13:00", "13:15"]


def test_closed_day_has_no_slots():
    assert calendar().slots(MONDAY + timedelta(days=5)) == []


def test_special_day_has_separate_slots():
    specials = {MONDAY: Special("Layanan contoh", (Span("10:00", "10:30"),))}
    assert clocks(calendar(specials=specials).slots(MONDAY)) == ["10:00", "10:15"]


def test_slot_ends_before_the_last_vehicle():
    limits = Limits(last_vehicle_minutes=20)
    assert clocks(calendar(limits=limits).slots(MONDAY)) == ["08:00", "08:15", "08:30", "08:45", "13:00"]


def test_slot_can_be_booked_until_the_beginning():
    assert clocks(calendar("08:14").bookable(MONDAY))[0] == "08:15"
    assert clocks(calendar("08:15").bookable(MONDAY))[0] == "08:30"
    assert calendar("08:15").refusal(at("08:15"), "car") == "slot_over"
    assert calendar("08:14").refusal(at("08:15"), "car") is None


def test_moment_between_slots_is_unknown():
    assert calendar().refusal(at("08:05"), "car") == "slot_unknown"
    assert calendar().refusal(at("09:00"), "car") == "slot_unknown"


def test_kind_of_vehicle_without_capacity_is_unknown():
    rules = {"slot_capacity": {"car": 2, "motorcycle": 0}}
    assert calendar(**rules).refusal(at("08:15"), "motorcycle") == "slot_unknown"
    assert calendar(**rules).rules.kinds == ("car",)


def test_same_instant_in_another_zone_is_the_same_slot():
    assert calendar().refusal(at("08:15").astimezone(ZoneInfo("UTC")), "car") is None
    assert calendar().refusal(at("08:15", zone=ZoneInfo("Asia/Jakarta")), "car") == "slot_unknown"


def test_slot_beyond_the_days_ahead_is_unknown():
    ahead = calendar(slot_days=2)
    assert ahead.days() == [MONDAY + timedelta(days=n) for n in range(3)]
    assert ahead.refusal(at("08:00", MONDAY + timedelta(days=2)), "car") is None
    assert ahead.refusal(at("08:00", MONDAY + timedelta(days=3)), "car") == "slot_unknown"


def test_days_end_at_the_deadline():
    until = calendar(last_day=MONDAY + timedelta(days=1))
    assert until.days() == [MONDAY, MONDAY + timedelta(days=1)]
    assert until.refusal(at("08:00", MONDAY + timedelta(days=2)), "car") == "slot_after_deadline"


def test_manual_closing_covers_slots_until_the_reopening():
    limits = Limits(closed_by_hand=True, closed_until=at("08:30"))
    assert clocks(calendar(limits=limits).bookable(MONDAY))[0] == "08:30"


def test_manual_closing_without_an_end_covers_the_rest_of_the_day():
    closed = calendar(limits=Limits(closed_by_hand=True))
    assert closed.bookable(MONDAY) == []
    assert clocks(closed.bookable(MONDAY + timedelta(days=1)))[0] == "08:00"


def test_office_without_slots_refuses():
    assert calendar(slots=False).refusal(at("08:15"), "car") == "slots_off"


@pytest.mark.parametrize(
    ("moment", "is_current"),
    [("09:44", False), ("09:45", True), ("10:00", True), ("10:35", True), ("10:36", False)],
)
def test_slot_includes_both_tolerances(moment, is_current):
    rules = rules_of({"slot_early_minutes": 15, "slot_late_minutes": 20})
    assert rules.is_current(at("10:00"), at(moment)) is is_current


def test_tolerance_includes_the_last_instant():
    rules = rules_of({"slot_late_minutes": 0})
    end = at("10:00") + LENGTH
    assert rules.is_current(at("10:00"), end)
    assert not rules.is_current(at("10:00"), end + timedelta(microseconds=1))


@pytest.mark.parametrize(("quota", "share", "places"), [(10, 60, 6), (3, 50, 1), (10, 0, 0), (7, 100, 7), (0, 60, 0)])
def test_booked_places_are_the_share_of_the_quota(quota, share, places):
    assert calendar(limits=Limits(quota=quota), booked_share=share).places(MONDAY) == places


def test_special_day_splits_a_separate_quota():
    specials = {MONDAY: Special("Layanan contoh", (MORNING,), quota=100)}
    weekend = calendar(specials=specials, limits=Limits(quota=10))
    assert weekend.places(MONDAY) == 60
    assert weekend.places(MONDAY + timedelta(days=1)) == 6
    assert calendar().places(MONDAY) is None


def test_begun_slot_is_served_until_a_manual_closing():
    assert calendar("08:20").is_served(at("08:15")) and not calendar("08:20").is_served(at("09:00"))
    shut = Limits(closed_by_hand=True, closed_until=at("08:30"))
    assert not calendar(limits=shut).is_served(at("08:15")) and calendar(limits=shut).is_served(at("08:30"))
