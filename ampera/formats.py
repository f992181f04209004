"""Dates, times and figures as people read them. Templates use these functions as filters of the same name.

Public pages write a time of day as the reader's language does (15.00, in English 15:00). The tables and papers of an
office always use a dot. Zones are IANA names; a moment may be a datetime or the ISO text of a state.
"""

import datetime as dt

from babel.dates import format_date, format_datetime, get_day_names
from babel.numbers import format_decimal
from flask import Flask
from flask_babel import get_locale, gettext, ngettext

from ampera import clock

LOCALE = "id"  # for patterns of digits, which are the same in every language
DATE, DAY_MONTH = "dd-MM-yyyy", "dd-MM"
TIME, TIME_SECONDS = "HH.mm", "HH.mm.ss"
CLOCK = {"id": "HH.mm", "en": "HH:mm"}  # by the reader's language

Moment = dt.datetime | str


def date(value: dt.date) -> str:
    """24-11-2026."""
    return format_date(value, DATE, LOCALE)


def local_date(moment: Moment, timezone: str) -> str:
    """24-11-2026, on the calendar of the zone."""
    return _local(moment, timezone, DATE)


def day_month(value: dt.date) -> str:
    """24-11."""
    return format_date(value, DAY_MONTH, LOCALE)


def time(moment: Moment, timezone: str) -> str:
    """14.32."""
    return _local(moment, timezone, TIME)


def time_seconds(moment: Moment, timezone: str) -> str:
    """14.32.08."""
    return _local(moment, timezone, TIME_SECONDS)


def timestamp(moment: Moment, timezone: str) -> str:
    """24-11-2026 14.32, in tables and on papers."""
    return _local(moment, timezone, f"{DATE} {TIME}")


def date_time(moment: Moment, timezone: str) -> str:
    """24-11-2026, 14.32, in sentences."""
    return _local(moment, timezone, f"{DATE}, {TIME}")


def date_clock(moment: Moment, timezone: str) -> str:
    """24-11-2026, 15.00, in English 24-11-2026, 15:00: in sentences of public pages."""
    local = clock.local(_parsed(moment), timezone)
    return f"{date(local.date())}, {clock_time(local)}"


def date_time_zone(moment: Moment, timezone: str) -> str:
    """24-11-2026, 15.00 WIB, in English 24-11-2026, 15:00 WIB."""
    local = clock.local(_parsed(moment), timezone)
    return f"{date(local.date())}, {clock_zone(local)}"


def zone(timezone: str) -> str:
    """The Indonesian name of the zone (WIB, WITA or WIT), else the abbreviation that the system knows."""
    return clock.local(clock.now(), timezone).tzname() or ""


def clock_time(local: dt.datetime, language: str | None = None) -> str:
    """15.00, in English 15:00. The moment is local; the language is the reader's unless it is given."""
    return format_datetime(local, CLOCK[language or _language()], local.tzinfo, LOCALE)


def clock_zone(local: dt.datetime) -> str:
    """15.00 WIB, in English 15:00 WIB."""
    return f"{clock_time(local)} {local.tzname()}"


def wall_time(text: str) -> str:
    """The HH:MM of an opening hour (24:00 too) as the reader's language writes it."""
    return text if _language() == "en" else text.replace(":", ".")


def weekday(number: int) -> str:
    """Senin for 0."""
    return get_day_names("wide", context="stand-alone", locale=get_locale())[number]


def weekday_date(day: dt.date) -> str:
    """Senin, 30-11-2026."""
    return f"{weekday(day.weekday())}, {date(day)}"


def month(first: dt.date) -> str:
    """November 2026."""
    return format_date(first, "MMMM yyyy", locale=get_locale())


def month_short(first: dt.date) -> str:
    """Nov 26."""
    return format_date(first, "MMM yy", locale=get_locale())


def decimal(value: float | None) -> str:
    """3,25 (in English 3.25); empty when there is no figure."""
    return "" if value is None else format_decimal(value, "0.00", locale=get_locale())


def number(value: int) -> str:
    """5.017, in English 5,017."""
    return format_decimal(value, "#,##0", locale=get_locale())


def rate(value: float) -> str:
    """0,5 (in English 0.5), for counts a minute."""
    return format_decimal(value, "#,##0.0", locale=get_locale())


def duration(seconds: int | None) -> str:
    """45 dtk, 3 mnt 05 or 1 jam 20; a dash when it is unknown."""
    if seconds is None:
        return "–"
    if seconds < 60:
        return gettext("%(n)s dtk", n=seconds)
    if seconds < 3600:
        return gettext("%(n)s mnt", n=seconds // 60) + _rest(seconds % 60)
    return gettext("%(n)s jam", n=seconds // 3600) + _rest(seconds // 60 % 60)


def age(seconds: int | None) -> str:
    """36 dtk, 9 mnt, 1 j 05 mnt or 2 hari 03 j; a dash when it is unknown. `lib/clock.js` writes ages like this."""
    if seconds is None:
        return "–"
    if seconds < 60:
        return gettext("%(n)s dtk", n=max(0, seconds))
    if seconds < 3600:
        return gettext("%(n)s mnt", n=seconds // 60)
    hours = seconds // 3600
    if hours < 24:
        return gettext("%(hours)s j %(minutes)s mnt", hours=hours, minutes=f"{seconds // 60 % 60:02d}")
    return ngettext("%(num)s hari %(hours)s j", "%(num)s hari %(hours)s j", hours // 24, hours=f"{hours % 24:02d}")


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update({filter.__name__: filter for filter in FILTERS})


def _rest(number: int) -> str:
    return f" {number:02d}" if number else ""


def _language() -> str:
    return str(get_locale())


def _parsed(moment: Moment) -> dt.datetime:
    return dt.datetime.fromisoformat(moment) if isinstance(moment, str) else moment


def _local(moment: Moment, timezone: str, pattern: str) -> str:
    local = clock.local(_parsed(moment), timezone)
    return format_datetime(local, pattern, local.tzinfo, LOCALE)


FILTERS = (
    date,
    local_date,
    day_month,
    time,
    time_seconds,
    timestamp,
    date_time,
    date_clock,
    date_time_zone,
    zone,
    clock_time,
    clock_zone,
    weekday,
    weekday_date,
    month,
    month_short,
    decimal,
    number,
    rate,
    duration,
    age,
)
