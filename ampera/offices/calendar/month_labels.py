"""The public calendar in words, in the language of the reader."""

from babel.dates import get_day_names
from flask_babel import get_locale, gettext

from ampera.offices import labels
from ampera.offices.calendar.admission import ALL_DAY
from ampera.offices.calendar.hours import Span
from ampera.offices.calendar.month import Day


def short_days() -> list[tuple[str, str]]:
    """The short and the full names of the days, Monday first."""
    short, wide = (get_day_names(width, "stand-alone", get_locale()) for width in ("abbreviated", "wide"))
    return [(short[day], wide[day]) for day in range(7)]


def hours(spans: tuple[Span, ...]) -> list[str]:
    """Each span on a line of its own: 08.00–12.00."""
    if spans == (ALL_DAY,):
        return [gettext("Sepanjang hari")]
    return labels.spans(spans, "").strip().split(", ") if spans else []


def state(day: Day) -> str:
    """The label beside the hours of a day: closed, or special hours; "" for a normal day."""
    if not day.spans:
        return gettext("Tutup")
    return gettext("Jam khusus") if day.special else ""
