"""When the line takes a vehicle: hours, breaks, special days, quotas, last vehicles and closings by hand, as tables."""

from datetime import UTC, date, datetime, timedelta

import pytest

from ampera import clock
from ampera.offices.calendar.admission import Limits, admission, last_vehicle, limits_of, message_line, split
from ampera.offices.calendar.hours import Span, Special

MORNING, AFTERNOON = Span("08:00", "12:00"), Span("13:00", "15:00")
WEEK = {day: [MORNING, AFTERNOON] for day in range(4)} | {4: [MORNING]}
LAKSAN = {date(2026, 11, 28): Special("Layanan akhir pekan", (Span("09:00", "11:00"), Span("11:30", "13:00")), 60)}
HOLIDAY = {date(2026, 11, 24): Special("Hari libur contoh")}
ROUND_THE_CLOCK = {day: [Span("00:00", "24:00")] for day in range(7)}


def at(day, hour, minute=0):
    """That moment of the last week of November 2026 (the 23rd is a Monday), on the office's clock."""
    return clock.local(datetime(2026, 11, day, tzinfo=UTC) + timedelta(hours=hour - 7, minutes=minute))


def closed(until=None, **more):
    return Limits(closed_by_hand=True, closed_until=until, **more)


def state_at(moment, limits=Limits(), taken=0, specials={}):  # noqa: B006, B008 - both are only read
    now = admission(moment, WEEK, specials, limits, taken)
    return now.reason or "open", now.opens_at or now.until


@pytest.mark.parametrize(
    ("moment", "reason", "when"),
    [
        (at(23, 7, 59), "hours", at(23, 8)),
        (at(23, 8), "open", at(23, 12)),
        (at(23, 12), "hours", at(23, 13)),
        (at(23, 14, 59), "open", at(23, 15)),
        (at(23, 15), "hours", at(24, 8)),
        (at(27, 13), "hours", at(28, 9)),
        (at(28, 10), "open", at(28, 11)),
        (at(28, 11, 15), "hours", at(28, 11, 30)),
        (at(28, 13), "hours", at(30, 8)),
    ],
)
def test_admission_follows_hours_breaks_and_special_days(moment, reason, when):
    assert state_at(moment, specials=LAKSAN) == (reason, when)


@pytest.mark.parametrize(
    ("moment", "minutes", "reason", "when"),
    [
        (at(23, 11, 59), 15, "open", at(23, 12)),  # a break is no last closing
        (at(23, 14, 44), 15, "open", at(23, 15)),
        (at(23, 14, 45), 15, "last_vehicle", at(24, 8)),
        (at(23, 15), 15, "hours", at(24, 8)),
        (at(27, 11, 45), 15, "last_vehicle", at(30, 8)),
        (at(23, 12, 30), 120, "hours", at(24, 8)),  # at 13.00, when it opens again, the last vehicle has passed
        (at(23, 10, 59), 240, "open", at(23, 12)),
        (at(23, 11, 30), 240, "last_vehicle", at(24, 8)),
        (at(23, 12, 30), 240, "last_vehicle", at(24, 8)),
    ],
)
def test_last_vehicle_is_before_the_last_closing_of_the_day(moment, minutes, reason, when):
    assert state_at(moment, Limits(last_vehicle_minutes=minutes)) == (reason, when)


def test_round_the_clock_hours_have_no_last_vehicle():
    now = admission(at(23, 23, 50), ROUND_THE_CLOCK, {}, Limits(last_vehicle_minutes=30))
    assert now.is_open and now.last_vehicle_at is None
    assert last_vehicle(at(23, 9), [Span("18:00", "24:00")], 30) == at(23, 23, 30)


@pytest.mark.parametrize(
    ("moment", "taken", "reason", "left", "when"),
    [
        (at(23, 9), 0, "open", 2, at(23, 12)),
        (at(23, 9), 1, "open", 1, at(23, 12)),
        (at(23, 9), 2, "quota", 0, at(24, 8)),
        (at(23, 9), 3, "quota", 0, at(24, 8)),
        (at(23, 12, 30), 2, "quota", 0, at(24, 8)),  # nobody comes back after the break for nothing
        (at(23, 15, 30), 2, "hours", 0, at(24, 8)),
        (at(23, 7), 2, "quota", 0, at(24, 8)),
        (at(28, 9, 30), 2, "open", 58, at(28, 11)),  # the special day's own quota
        (at(28, 9, 30), 60, "quota", 0, at(30, 8)),
    ],
)
def test_quota_counts_the_vehicles_of_the_day(moment, taken, reason, left, when):
    now = admission(moment, WEEK, LAKSAN, Limits(quota=2), taken)
    assert (now.reason or "open", now.left, now.opens_at or now.until) == (reason, left, when)


def test_zero_quota_closes_the_day():
    special = {date(2026, 11, 24): Special("Hari tanpa kendaraan contoh", (MORNING,), 0)}
    assert state_at(at(23, 16), specials=special) == ("hours", at(25, 8))
    assert state_at(at(24, 9), specials=special) == ("quota", at(25, 8))
    assert admission(at(23, 9), WEEK, {}, Limits(quota=0)).opens_at is None


@pytest.mark.parametrize(
    ("moment", "limits", "reason", "when"),
    [
        (at(23, 9), closed(), "by_hand", None),
        (at(22, 9), closed(), "by_hand", None),  # on a Sunday too: nobody said that it opens on Monday
        (at(23, 9), closed(at(23, 9, 30)), "by_hand", at(23, 9, 30)),
        (at(23, 9, 30), closed(at(23, 9, 30)), "open", at(23, 12)),
        (at(23, 9), closed(at(23, 12, 30)), "by_hand", at(23, 13)),
        (at(23, 9), closed(at(25, 9)), "by_hand", at(25, 9)),
        (at(23, 16), closed(at(24, 9)), "hours", at(24, 9)),
        (at(23, 9), closed(at(23, 14, 50), last_vehicle_minutes=15), "by_hand", at(24, 8)),
        (at(23, 9), closed(at(23, 8, 30)), "open", at(23, 12)),  # long over
    ],
)
def test_closure_by_hand_ends_at_a_known_end(moment, limits, reason, when):
    assert state_at(moment, limits) == (reason, when)


def test_closure_by_hand_gives_the_end_of_the_closure():
    end = datetime(2026, 11, 23, 3, tzinfo=UTC)
    now = admission(at(23, 9), WEEK, {}, closed(end))
    assert (now.until, now.until.hour, now.opens_at) == (end, 10, end)


def test_next_opening_skips_a_holiday():
    assert state_at(at(23, 16), specials=HOLIDAY) == ("hours", at(25, 8))
    assert state_at(at(24, 9), specials=HOLIDAY) == ("hours", at(25, 8))


def test_office_without_hours_has_no_next_opening():
    assert admission(at(23, 9), {}, {}, Limits()) == admission(at(23, 23), {}, {}, Limits(quota=None))
    assert state_at(at(23, 9))[0] == "open" and admission(at(23, 9), {}, {}, Limits()).opens_at is None


def test_limits_are_read_from_the_options():
    options = {
        "last_vehicle_minutes": 15,
        "day_quota": 100,
        "closed_by_hand": {"since": "2026-11-23T02:00:00Z", "reason": "banjir", "until": "2026-11-23T03:00:00Z"},
    }
    assert limits_of(options) == Limits(15, 100, True, datetime(2026, 11, 23, 3, tzinfo=UTC))
    assert limits_of({}) == Limits()
    assert limits_of({"closed_by_hand": {"since": None, "reason": "banjir"}}) == Limits(closed_by_hand=True)


@pytest.mark.parametrize(
    ("quota", "share", "parts"),
    [(100, 60, (60, 40)), (100, 0, (0, 100)), (100, 100, (100, 0)), (5, 50, (2, 3)), (0, 60, (0, 0)), (1, 99, (0, 1))],
)
def test_quota_is_split_without_losing_a_vehicle(quota, share, parts):
    assert split(quota, share) == parts and sum(parts) == quota


def test_standing_message_returns_after_the_banner_ends():
    options = {"message": "Siapkan identitas.", "notice": {"text": "Listrik padam.", "until": "2026-11-23T03:00:00Z"}}
    assert message_line(options, at(23, 9, 59)) == "Listrik padam."
    assert message_line(options, at(23, 10)) == "Siapkan identitas."
    assert message_line({"message": "Siapkan identitas."}, at(23, 9)) == "Siapkan identitas."
