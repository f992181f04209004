"""Dates, times and figures as people read them. Templates use these functions as filters of the same name.

A page writes a time of day as the reader's language does: 15.00, in English 15:00. A paper, and a screen with two
languages, names the language of each text. Zones are IANA names; a moment may be a datetime or the ISO text of a state.
"""

import datetime as dt
from collections.abc import Callable
from typing import cast

from babel.dates import format_date, format_datetime, get_day_names
from babel.numbers import format_decimal
from flask import Flask
from flask_babel import get_locale, get_translations, gettext
from jinja2 import pass_context
from jinja2.runtime import Context

from ampera import clock

LOCALE = "id"  # for patterns of digits, which are the same in every language
DATE, DAY_MONTH = "dd-MM-yyyy", "dd-MM"
TIME, TIME_SECONDS = "HH.mm", "HH.mm.ss"
PAPER = "id"  # the language of the register and of what is kept for ever

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


def time(moment: Moment, timezone: str, language: str | None = None) -> str:
    """14.32, in English 14:32."""
    return _local(moment, timezone, TIME, language)


def time_seconds(moment: Moment, timezone: str, language: str | None = None) -> str:
    """14.32.08, in English 14:32:08."""
    return _local(moment, timezone, TIME_SECONDS, language)


def timestamp(moment: Moment, timezone: str, language: str | None = None) -> str:
    """24-11-2026 14.32, in tables and on papers."""
    return _local(moment, timezone, f"{DATE} {TIME}", language)


def date_time(moment: Moment, timezone: str, language: str | None = None) -> str:
    """24-11-2026, 14.32, in sentences."""
    return _local(moment, timezone, f"{DATE}, {TIME}", language)


def date_time_zone(moment: Moment, timezone: str) -> str:
    """24-11-2026, 15.00 WIB, in English 24-11-2026, 15:00 WIB."""
    local = clock.local(_parsed(moment), timezone)
    return f"{date(local.date())}, {clock_zone(local)}"


def zone(timezone: str) -> str:
    """The Indonesian name of the zone (WIB, WITA or WIT), else the abbreviation that the system knows."""
    return clock.local(clock.now(), timezone).tzname() or ""


def clock_time(local: dt.datetime, language: str | None = None) -> str:
    """15.00, in English 15:00. The moment is local; the language is the reader's unless it is given."""
    return _written(local, TIME, language)


def clock_zone(local: dt.datetime) -> str:
    """15.00 WIB, in English 15:00 WIB."""
    return f"{clock_time(local)} {local.tzname()}"


def utc_offset(local: dt.datetime) -> str:
    """UTC+7 of a local moment: what a visitor needs who does not know the zone's name."""
    hours, minutes = divmod(int((local.utcoffset() or dt.timedelta()).total_seconds()) // 60, 60)
    return f"UTC{hours:+d}" + (f":{minutes:02d}" if minutes else "")


def wall_time(text: str) -> str:
    """The HH:MM of an opening hour (24:00 too) as the reader's language writes it."""
    return text if _language() == "en" else text.replace(":", ".")


def weekday(number: int) -> str:
    """Senin for 0."""
    return get_day_names("wide", context="stand-alone", locale=get_locale())[number]


def weekday_date(day: dt.date) -> str:
    """Senin, 30-11-2026."""
    return f"{weekday(day.weekday())}, {date(day)}"


def full_date(day: dt.date, language: str | None = None) -> str:
    """Selasa, 1 Desember 2026."""
    return format_date(day, "EEEE, d MMMM yyyy", locale=language or get_locale())


def month(first: dt.date) -> str:
    """November 2026."""
    return format_date(first, "MMMM yyyy", locale=get_locale())


def month_short(first: dt.date) -> str:
    """Nov 26."""
    return format_date(first, "MMM yy", locale=get_locale())


def decimal(value: float | None) -> str:
    """3,25 (in English 3.25); empty when there is no figure."""
    return "" if value is None else format_decimal(value, "0.00", locale=get_locale())


def number(value: int, language: str | None = None) -> str:
    """5.017, in English 5,017."""
    if 0 <= value < 999.5:  # both languages write them without a separator
        return f"{value:.0f}"
    return format_decimal(value, "#,##0", locale=language or get_locale() or LOCALE)


def rate(value: float) -> str:
    """0,5 (in English 0.5), for counts a minute."""
    return format_decimal(value, "#,##0.0", locale=get_locale())


def ngettext(singular: str, plural: str, num: int, **variables: object) -> str:
    """The text for so many things, with `num` as the reader's language writes it: 1.200 pesan."""
    text = str(get_translations().ungettext(singular, plural, num))
    return text % {"num": number(num), **variables}


def duration(seconds: int | None) -> str:
    """45 dtk, 3 mnt 05 dtk, 3 mnt or 1 j 20 mnt; a dash when it is unknown. `lib/clock.js` writes them like this."""
    rest = (seconds or 0) % 60
    if seconds is None or not 60 <= seconds < 3600 or not rest:
        return age(seconds)
    return gettext("%(minutes)s mnt %(seconds)s dtk", minutes=seconds // 60, seconds=f"{rest:02d}")


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
    """After the languages: the numbers of `ngettext` in templates are grouped, too."""
    app.jinja_env.filters.update({filter.__name__: filter for filter in FILTERS})
    app.jinja_env.globals["ngettext"] = _grouping(cast(Callable[..., str], app.jinja_env.globals["ngettext"]))


def _grouping(plain: Callable[..., str]) -> Callable[..., str]:
    """Jinja's `ngettext` with its `num` as the reader's language writes it."""

    @pass_context
    def grouped(context: Context, singular: str, plural: str, num: int, **variables: object) -> str:
        return plain(context, singular, plural, num, **{"num": number(num), **variables})

    return grouped


def _language() -> str:
    return str(get_locale())


def _parsed(moment: Moment) -> dt.datetime:
    return dt.datetime.fromisoformat(moment) if isinstance(moment, str) else moment


def _local(moment: Moment, timezone: str, pattern: str, language: str | None = None) -> str:
    return _written(clock.local(_parsed(moment), timezone), pattern, language)


def _written(local: dt.datetime, pattern: str, language: str | None) -> str:
    is_english = (language or _language()) == "en"
    return format_datetime(local, pattern.replace(".", ":") if is_english else pattern, local.tzinfo, LOCALE)


FILTERS = (
    date,
    local_date,
    day_month,
    time,
    time_seconds,
    timestamp,
    date_time,
    date_time_zone,
    zone,
    utc_offset,
    clock_time,
    clock_zone,
    weekday,
    weekday_date,
    full_date,
    month,
    month_short,
    decimal,
    number,
    rate,
    duration,
    age,
)
