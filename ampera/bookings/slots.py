"""Slots of fifteen minutes: the slots of a day, who may still book one, and when a booking is valid.

Rules on plain local times, without a database. A slot can be booked until it begins, and never beyond the deadline
of the books.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from ampera import clock, formats
from ampera.bookings.refusals import BookingRefusal
from ampera.offices.calendar import admission
from ampera.offices.calendar.admission import Limits
from ampera.offices.calendar.hours import Specials, Week, at_clock, spans_of
from ampera.offices.options.defaults import option

LENGTH = timedelta(minutes=15)
KINDS = ("car", "motorcycle")


@dataclass(frozen=True)
class SlotRules:
    """An office's options about slots. `capacity` is the number of vehicles of each kind in one slot."""

    is_on: bool
    is_required: bool
    capacity: Mapping[str, int]
    days_ahead: int
    early: timedelta
    late: timedelta
    booked_share: int

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of vehicle that may book."""
        return tuple(kind for kind in KINDS if self.capacity.get(kind, 0) > 0)

    def is_current(self, starts_at: datetime, at: datetime) -> bool:
        """Whether a vehicle that arrives at `at` is within this slot and its tolerances. Both ends are included."""
        return starts_at - self.early <= at <= starts_at + LENGTH + self.late

    def oldest_current(self, at: datetime) -> datetime:
        """The earliest beginning of a slot that is still valid at `at`."""
        return at - LENGTH - self.late


@dataclass(frozen=True)
class SlotCalendar:
    """The days of an office at one local moment. `last_day` is the deadline of the pickup that books."""

    moment: datetime
    week: Week
    specials: Specials
    limits: Limits
    rules: SlotRules
    last_day: date | None = None

    def days(self) -> list[date]:
        """Every day that can be booked, whether the office is open on it or not."""
        today = self.moment.date()
        all_days = (today + timedelta(days=ahead) for ahead in range(self.rules.days_ahead + 1))
        return [day for day in all_days if self.last_day is None or day <= self.last_day]

    def slots(self, day: date) -> list[datetime]:
        """The beginnings of all slots of the day, past ones too. A slot ends before its span and the last vehicle."""
        midnight = datetime.combine(day, time(), tzinfo=self.moment.tzinfo)
        spans = spans_of(day, self.week, self.specials)
        last = admission.last_vehicle(midnight, spans, self.limits.last_vehicle_minutes)
        found = []
        for span in spans:
            closes = at_clock(midnight, span.closes)
            end, start = min(closes, last) if last else closes, at_clock(midnight, span.opens)
            while start + LENGTH <= end:
                found.append(start)
                start += LENGTH
        return found

    def bookable(self, day: date) -> list[datetime]:
        """The slots of the day that have not begun and that no manual closing covers."""
        return [start for start in self.slots(day) if start > self.moment and not self._is_closed_by_hand(start)]

    def is_served(self, start: datetime) -> bool:
        """Whether the office serves the slot that begins at this local time, begun or not."""
        return start in self.slots(start.date()) and not self._is_closed_by_hand(start)

    def places(self, day: date) -> int | None:
        """How many vehicles may book this day, from its quota; None when only the slots limit the number."""
        quota = admission.on_day(self.limits, day, self.specials).quota
        return None if quota is None else admission.split(quota, self.rules.booked_share)[0]

    def refusal(self, starts_at: datetime, kind: str) -> BookingRefusal | None:
        """The error code when this slot cannot be booked for this kind of vehicle, full or not; None when it can."""
        start = starts_at.astimezone(self.moment.tzinfo)
        if not self.rules.is_on:
            return BookingRefusal.SLOTS_OFF
        if start <= self.moment:
            return BookingRefusal.SLOT_OVER
        if self.last_day is not None and start.date() > self.last_day:
            return BookingRefusal.SLOT_AFTER_DEADLINE
        is_known = kind in self.rules.kinds and start.date() in self.days()
        return None if is_known and start in self.bookable(start.date()) else BookingRefusal.SLOT_UNKNOWN

    def _is_closed_by_hand(self, start: datetime) -> bool:
        """A manual closing without a known end covers the rest of the current day."""
        if not self.limits.closed_by_hand:
            return False
        if self.limits.closed_until is None:
            return start.date() == self.moment.date()
        return start < self.limits.closed_until


def audit_details(starts_at: datetime, timezone: str) -> dict[str, str]:
    """The slot for the audit: as an instant, and as the office's wall clock shows it."""
    return {"starts_at": str(clock.iso(starts_at)), "when": formats.timestamp(starts_at, timezone, formats.PAPER)}


def rules_of(options: dict[str, Any]) -> SlotRules:
    """The rules from the options of an office."""
    return SlotRules(
        is_on=option(options, "slots"),
        is_required=option(options, "slots") and option(options, "slots_required"),
        capacity=option(options, "slot_capacity"),
        days_ahead=option(options, "slot_days"),
        early=timedelta(minutes=option(options, "slot_early_minutes")),
        late=timedelta(minutes=option(options, "slot_late_minutes")),
        booked_share=option(options, "booked_share"),
    )
