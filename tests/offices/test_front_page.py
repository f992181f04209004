"""The front page and its words: is the office open, when again, what to bring; true at every hour of the week."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from flask_babel import force_locale

from ampera import clock, create_app, db
from ampera.offices import labels
from ampera.offices.calendar import month, timetable
from ampera.offices.calendar.admission import Limits
from ampera.offices.calendar.hours import Span, Special, opening
from ampera.offices.models import Office, OpeningHours, SpecialDay, SpecialHours
from ampera.offices.queries import ServiceHours
from tests import builders
from tests.conftest import settings_for

MORNING, AFTERNOON = Span("08:00", "12:00"), Span("13:00", "15:00")
WEEK = {day: [MORNING, AFTERNOON] for day in range(4)} | {4: [MORNING]}
FRIDAY_HOLIDAY = {date(2026, 11, 27): Special("Hari libur contoh")}


def at(day, hour, minute=0):
    """That moment of the last week of November 2026 (the 23rd is a Monday), on the office's clock."""
    return clock.local(datetime(2026, 11, day, hour - 7, minute, tzinfo=UTC))


def board(moment, week=WEEK, specials=FRIDAY_HOLIDAY, limits=Limits()):  # noqa: B008 - frozen
    """The office's notice board at this moment."""
    return ServiceHours(1, moment, opening(moment, week, specials), [], {}, limits, week, specials)


def shown(hours, taken=0):
    line = hours.admission(taken)
    return labels.now(line, hours), labels.again(line, hours.moment)


@pytest.mark.parametrize(
    ("moment", "now", "again"),
    [
        (at(23, 9), "Buka sampai 12.00 WIB", ""),
        (at(23, 12, 30), "Sedang tutup", "hari ini pukul 13.00 WIB"),
        (at(23, 15), "Sedang tutup", "besok pukul 08.00 WIB"),
        (at(26, 15), "Sedang tutup", "Senin, 30-11-2026 pukul 08.00 WIB"),
        (at(27, 9), "Sedang tutup", "Senin, 30-11-2026 pukul 08.00 WIB"),
    ],
)
def test_front_page_shows_open_or_the_next_opening(app, moment, now, again):
    with app.test_request_context():
        assert shown(board(moment)) == (now, again)


HAND = Limits(closed_by_hand=True)
TWO = Limits(quota=2, last_vehicle_minutes=15)


@pytest.mark.parametrize(
    ("moment", "limits", "taken", "indonesian", "english"),
    [
        (at(23, 9), TWO, 1, ("Buka sampai 12.00 WIB", ""), ("Open until 12:00 WIB", "")),
        (
            at(23, 9),
            TWO,
            2,
            ("Kuota hari ini sudah penuh", "besok pukul 08.00 WIB"),
            ("Today's quota is full", "tomorrow at 08:00 WIB"),
        ),
        (
            at(23, 14, 50),
            TWO,
            0,
            ("Kendaraan terakhir sudah lewat", "besok pukul 08.00 WIB"),
            ("The last vehicle has passed", "tomorrow at 08:00 WIB"),
        ),
        (at(23, 9), HAND, 0, ("Layanan sedang ditutup", ""), ("The service is closed for now", "")),
        (
            at(23, 9),
            replace(HAND, closed_until=at(23, 10, 30)),
            0,
            ("Layanan sedang ditutup sampai 10.30 WIB", "hari ini pukul 10.30 WIB"),
            ("The service is closed until 10:30 WIB", "today at 10:30 WIB"),
        ),
        (
            at(23, 9),
            replace(HAND, closed_until=at(24, 7)),
            0,
            ("Layanan sedang ditutup sampai Selasa, 24-11-2026 pukul 07.00 WIB", "besok pukul 08.00 WIB"),
            ("The service is closed until Tuesday, 24-11-2026 at 07:00 WIB", "tomorrow at 08:00 WIB"),
        ),
    ],
)
def test_every_reason_has_words_in_both_languages(app, moment, limits, taken, indonesian, english):
    with app.test_request_context():
        assert shown(board(moment, limits=limits), taken) == indonesian
        with force_locale("en"):
            assert shown(board(moment, limits=limits), taken) == english


def test_office_without_hours_has_no_next_opening(app):
    with app.test_request_context():
        assert shown(board(at(23, 9), {}, {})) == ("Sedang tutup", "")


def test_round_the_clock_has_no_closing_time(app):
    with app.test_request_context():
        assert shown(board(at(23, 9), {0: [labels.ALL_DAY]}, {}))[0] == "Buka sepanjang hari"


def test_special_day_shows_hours_and_quota(app):
    laksan = Special("Layanan akhir pekan", (MORNING, AFTERNOON), 60)
    with app.test_request_context():
        assert labels.special(laksan, "WIB") == "Layanan akhir pekan: 08.00–12.00, 13.00–15.00 WIB, 60 kendaraan"
        with force_locale("en"):
            assert labels.special(laksan, "WIB").endswith("08:00–12:00, 13:00–15:00 WIB, 60 vehicles")
        assert labels.special(Special("Libur contoh", (), 60), "WIB") == "Libur contoh: Tutup"


@pytest.mark.parametrize(("language", "titles"), [("id", ("Libur contoh", "Cuti")), ("en", ("Holiday", "Cuti"))])
def test_title_of_a_special_day_follows_the_reader(app, language, titles):
    days = Special("Libur contoh", title_en="Holiday"), Special("Cuti")
    with app.test_request_context(), force_locale(language):
        assert tuple(map(labels.title, days)) == titles


def test_days_with_the_same_hours_stand_together_and_closed_ones_last(app):
    rows = timetable.rows({**WEEK, 2: [MORNING], 6: [AFTERNOON]})
    with app.test_request_context():
        shown = [(labels.days(row), labels.spans(row.spans, "WIB")) for row in rows]
    assert shown == [
        ("Senin, Selasa", "08.00–12.00, 13.00–15.00 WIB"),
        ("Rabu", "08.00–12.00 WIB"),
        ("Kamis", "08.00–12.00, 13.00–15.00 WIB"),
        ("Jumat", "08.00–12.00 WIB"),
        ("Minggu", "13.00–15.00 WIB"),
        ("Sabtu", "Tutup"),
    ]


def test_a_run_of_days_is_written_as_one(app):
    with app.test_request_context():
        assert labels.days(timetable.rows({day: [MORNING] for day in range(5)})[0]) == "Senin–Jumat"
        with force_locale("en"):
            assert labels.days(timetable.rows({day: [MORNING] for day in range(7)})[0]) == "Monday–Sunday"
            assert labels.spans((MORNING,), "WIB") == "08:00–12:00 WIB"


def test_checklist_names_documents_for_each_collector_class(app):
    with app.test_request_context():
        shown = {line.who: line.what for line in labels.bring({})}
    assert shown == {
        "Pemohon sendiri": "Bukti pembayaran, identitas asli yang berlaku",
        "Keluarga satu KK": "Bukti pembayaran, salinan Kartu Keluarga, identitas pengambil",
        "Kuasa": "Bukti pembayaran, surat kuasa bermeterai Rp10.000, identitas pengambil",
    }


def test_an_office_may_ask_for_other_documents(app):
    with app.test_request_context():
        shown = labels.bring({"checklists": {"self": ["identity"], "family": [], "proxy": ["proxy_letter"]}})
    assert [line.what for line in shown] == [
        "Identitas asli yang berlaku",
        "",
        "Surat kuasa bermeterai Rp10.000",
    ]


def office_of_the_week(*specials):
    def write(unit):
        unit.session.query(OpeningHours).delete()
        office = unit.session.query(Office).one()
        for day, spans in WEEK.items():
            for span in spans:
                unit.session.add(OpeningHours(office_id=office.id, weekday=day, opens=span.opens, closes=span.closes))
        for day, title, opens, closes in specials:
            hours = [SpecialHours(opens=opens, closes=closes)] if opens else []
            unit.session.add(SpecialDay(office_id=office.id, day=day, title=title, hours=hours))

    db.current().write(write)


def test_front_page_shows_todays_hours_and_the_next_closure(app, client):
    office_of_the_week((date(2026, 11, 27), "Hari libur contoh", None, None), (date(2027, 3, 1), "Jauh", None, None))
    with clock.freeze(at(23, 9)):
        text = client.get("/").text
    assert "Buka sampai 12.00 WIB" in text
    assert "Jumat, 27-11-2026" in text
    assert "Hari libur contoh: Tutup" in text
    assert "Jauh" not in text


def test_front_page_switches_between_several_offices(app, client):
    builders.office("JKT", "Kantor Imigrasi Contoh Jakarta")
    assert "<small>Kantor Imigrasi Contoh Palembang" in client.get("/").text
    assert "<small>Kantor Imigrasi Contoh Jakarta" in client.get("/?office=JKT").text
    assert "<small>Kantor Imigrasi Contoh Palembang" in client.get("/?office=%00").text


def test_the_front_page_stands_before_there_is_an_office(empty_database, tmp_path):
    (tmp_path / "ampera.db").write_bytes(empty_database)
    app = create_app(settings_for(tmp_path))
    assert app.test_client().get("/").status_code == 200
    app.extensions["ampera.db"].dispose()


NOVEMBER = date(2026, 11, 1)
LAKSAN = {date(2026, 11, 28): Special("Layanan akhir pekan", (MORNING,), 100)}


def test_the_calendar_shows_this_month_from_the_present_week_on():
    shown = month.month(date(2026, 11, 24), None, WEEK, FRIDAY_HOLIDAY, Limits(quota=60))
    assert (shown.first, shown.other, shown.is_next, shown.quota) == (NOVEMBER, date(2026, 12, 1), False, 60)
    assert [len(week) for week in shown.weeks] == [7, 7]
    monday, tuesday, *_ = shown.weeks[0]
    assert monday.is_past and not monday.spans and tuesday.is_today and tuesday.spans == (MORNING, AFTERNOON)
    friday = shown.weeks[0][4]
    assert friday.special.title == "Hari libur contoh" and friday.spans == ()
    assert shown.weeks[1] == (shown.weeks[1][0], *[None] * 6)


def test_calendar_shows_the_quota_of_a_special_day():
    shown = month.month(date(2026, 11, 24), None, WEEK, LAKSAN, Limits(quota=60))
    assert [day.quota for day in shown.weeks[0]] == [None] * 5 + [100, None]


@pytest.mark.parametrize("wanted", ["2026-12", "2026-11", "2027-01", "2020-01", "", "x", "2026-1", "9999-99", "\0"])
def test_only_the_next_month_may_be_looked_at_beside_this_one(wanted):
    shown = month.month(date(2026, 11, 24), wanted, WEEK, {}, Limits())
    assert shown.is_next == (wanted == "2026-12")
    assert shown.other == (NOVEMBER if shown.is_next else date(2026, 12, 1))


def test_january_comes_after_december():
    shown = month.month(date(2026, 12, 31), "2027-01", WEEK, {}, Limits())
    assert shown.first == date(2027, 1, 1) and shown.is_next and len(shown.weeks) == 5


def test_the_front_page_s_calendar_speaks_in_words(app, client):
    office_of_the_week(
        (date(2026, 11, 27), "Hari libur contoh", None, None), (date(2026, 11, 28), "Laksan contoh", "08:00", "10:00")
    )
    with clock.freeze(at(24, 9)):
        text = client.get("/").text.split('id="calendar"')[1]
    assert "November 2026" in text and "month=2026-12#calendar" in text
    for shown in ("Hari libur contoh", "Tutup", "Jam khusus", "Laksan contoh", "08.00–10.00", 'aria-current="date"'):
        assert shown in text


def test_the_next_month_needs_no_script_and_keeps_the_office(app, client):
    builders.office("JKT", "Kantor Imigrasi Contoh Jakarta")
    with clock.freeze(at(24, 9)):
        text = client.get("/?office=JKT&month=2026-12").text
    assert "Desember 2026" in text and "office=JKT&amp;month=2026-11#calendar" in text


def test_front_page_shows_directions_help_and_documents(app, client):
    shown = {
        "directions_en": "Enter by the east gate.",
        "directions": "Masuk dari gerbang timur.",
        "geo": "-3.0225,104.7870",
        "contact": "0711 000 0000 (contoh)",
        "access": "Petugas membantu di jendela.",
    }
    db.current().write(lambda unit: setattr(unit.session.query(Office).one(), "options", shown))
    page = client.get("/?lang=en").text
    assert "Enter by the east gate." in page and "geo:-3.0225,104.7870" in page and "tel:07110000000" in page
    assert '<p class="office-note" lang="id">Petugas membantu di jendela.</p>' in page
    assert "Travel document in lieu of a passport" in page
