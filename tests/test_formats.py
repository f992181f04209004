"""Dates, times and figures: the same digits in every table, the reader's language on public pages, both on papers."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from flask_babel import force_locale, gettext

from ampera import formats
from ampera.languages import Bilingual, both, both_in, both_plural, in_both

JAKARTA = "Asia/Jakarta"
MOMENT = datetime(2026, 11, 24, 17, 5, 9, tzinfo=UTC)  # 00.05.09 on the next day in Jakarta
LOCAL = MOMENT.astimezone(ZoneInfo(JAKARTA))


@pytest.mark.parametrize(("language", "mark"), [("id", "."), ("en", ":")])
def test_tables_have_the_same_dates_and_the_reader_s_times(app, language, mark):
    with force_locale(language):
        assert formats.date(date(2026, 11, 24)) == "24-11-2026"
        assert formats.local_date(MOMENT, JAKARTA) == "25-11-2026"
        assert formats.day_month(date(2026, 1, 2)) == "02-01"
        assert formats.timestamp(MOMENT, JAKARTA) == f"25-11-2026 00{mark}05"
        assert formats.timestamp(MOMENT, JAKARTA, formats.PAPER) == "25-11-2026 00.05"
        assert formats.date_time("2026-11-24T17:05:09.000Z", JAKARTA) == f"25-11-2026, 00{mark}05"
        assert formats.time(MOMENT, JAKARTA) == f"00{mark}05"
        assert formats.time_seconds(MOMENT, JAKARTA) == f"00{mark}05{mark}09"
        assert formats.zone(JAKARTA) == "WIB"


@pytest.mark.parametrize(
    ("language", "clock", "day", "month", "figure"),
    [("id", "00.05 WIB", "Rabu, 25-11-2026", "November 2026", "3,25"),
     ("en", "00:05 WIB", "Wednesday, 25-11-2026", "November 2026", "3.25")],
)  # fmt: skip
def test_public_pages_follow_the_language_of_the_reader(app, language, clock, day, month, figure):
    with force_locale(language):
        assert formats.clock_zone(LOCAL) == clock
        assert formats.date_time_zone(MOMENT, JAKARTA) == f"25-11-2026, {clock}"
        assert formats.number(1800) == ("1,800" if language == "en" else "1.800")
        assert formats.rate(0.0) == ("0.0" if language == "en" else "0,0")
        assert formats.weekday_date(LOCAL) == day
        assert (formats.month(LOCAL), formats.decimal(3.25)) == (month, figure)


@pytest.mark.parametrize(("language", "count"), [("id", "1.800 baris"), ("en", "1,800 rows")])
def test_counts_are_grouped_in_python_and_in_templates(app, language, count):
    template = "{{ ngettext('%(num)s baris', '%(num)s baris', 1800) }}"
    with app.test_request_context(), force_locale(language):
        assert formats.ngettext("%(num)s baris", "%(num)s baris", 1800) == count
        assert app.jinja_env.from_string(template).render() == count


@pytest.mark.parametrize(("zone", "offset"), [("Asia/Jakarta", "UTC+7"), ("Asia/Kolkata", "UTC+5:30")])
def test_zone_is_explained_by_the_offset(zone, offset):
    assert formats.utc_offset(MOMENT.astimezone(ZoneInfo(zone))) == offset


def test_midnight_at_the_end_of_a_day_is_written_as_24(app):
    assert formats.wall_time("24:00") == "24.00"


@pytest.mark.parametrize(
    ("seconds", "text"), [(None, "–"), (45, "45 dtk"), (180, "3 mnt"), (185, "3 mnt 05 dtk"), (4800, "1 j 20 mnt")]
)
def test_durations_have_at_most_two_units(app, seconds, text):
    with force_locale("id"):
        assert formats.duration(seconds) == text


def test_bilingual_texts_need_no_app():
    assert both("Tutup") == Bilingual("Tutup", "Closed")
    assert both_in("screen", "Uji suara").en == "Sound test"
    assert both("Silakan masuk jalur {lane}").format(lane=2).en == "Please proceed to lane 2"


def test_bilingual_placeholder_is_filled_in_each_language():
    text = Bilingual("buka {day}", "opens {day}").format(day=Bilingual("besok", "tomorrow"))
    assert text == ("buka besok", "opens tomorrow") and text.beside == "buka besok · opens tomorrow"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 dtk"), (59, "59 dtk"), (372, "6 mnt"), (3599, "59 mnt"), (3972, "1 j 06 mnt"), (183600, "2 hari 03 j")],
)
def test_age_has_units_and_is_never_like_a_time_of_day(app, seconds, words):
    with app.test_request_context():
        assert formats.age(seconds) == words
        assert formats.age(None) == "–"


@pytest.mark.parametrize(("count", "noun"), [(1, "passport"), (2, "passports")])
def test_english_plural_comes_from_the_catalogue(count, noun):
    message = "untuk mengambil {count} paspor di {office} dan menandatangani buku penyerahan, atas nama:"
    assert f"{count} {noun} at" in both_plural(message, count).format(count=count, office="X").en


def test_in_both_runs_under_each_language(app):
    assert in_both(lambda: gettext("Tutup")) == ("Tutup", "Closed")
