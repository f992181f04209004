"""Reminders: at the office's time of day, once per pickup and step, and only the nearest after an outage."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ampera import clock, db
from ampera.audit import command
from ampera.notices import reminder_tasks as notices_reminders
from ampera.offices.service import set_option
from ampera.passports import service as books
from ampera.passports import service as cancellations
from tests import builders
from tests.conftest import on_both
from tests.handovers import steps as window
from tests.notices import steps

WIB = ZoneInfo(clock.WIB)
ISSUED = "2026-11-02"  # one month: the last day is 2 December
LAST = date(2026, 12, 2)


def at(day, hour=10):
    return clock.freeze(datetime.combine(day, datetime.min.time(), WIB) + timedelta(hours=hour))


def before(days, hour=10):
    return at(LAST - timedelta(days=days), hour)


@pytest.fixture
def done(app):
    """Two books of one pickup, on the shelf since the issue date."""
    with at(date(2026, 11, 2)):
        found = steps.take_in(*(steps.cells(n, group="K", issued_on=ISSUED) for n in (1, 2)))
    steps.delete_notices()
    return found


def reminders():
    return [(notice.facts["deadline"], notice.facts["days"]) for notice in steps.notices("reminder")]


@on_both
def test_each_step_is_sent_once_on_the_right_day(done):
    for days in (15, 14, 13, 8, 7, 6, 3, 2, 1, 0):
        with before(days):
            notices_reminders.remind_due()
    assert reminders() == [("2026-12-02", 14), ("2026-12-02", 7), ("2026-12-02", 2)]


def test_no_reminder_before_the_time_of_the_office(done):
    with before(7, hour=8):
        notices_reminders.remind_due()
        assert reminders() == []
    with before(7, hour=9):
        notices_reminders.remind_due()
        assert reminders() == [("2026-12-02", 7)]


def test_only_the_nearest_step_is_sent_after_an_outage(done):
    with before(1):
        notices_reminders.remind_due()
    assert reminders() == [("2026-12-02", 2)]
    with before(0):
        notices_reminders.remind_due()
    assert reminders() == [("2026-12-02", 2)]


def test_restart_sends_no_second_reminder(done):
    with before(7):
        notices_reminders.remind_due()
        notices_reminders._checked.clear()
        notices_reminders.remind_due()
    assert reminders() == [("2026-12-02", 7)]


def test_book_that_arrives_after_a_step_is_not_reminded_of_this_step(app):
    with before(5):
        steps.take_in(steps.cells(1, issued_on=ISSUED))
        notices_reminders.remind_due()
    with before(3):
        notices_reminders.remind_due()
    assert reminders() == []
    with before(2):
        notices_reminders.remind_due()
    assert reminders() == [("2026-12-02", 2)]


def test_extension_replaces_the_reminder_of_the_old_day(done):
    with before(1):
        set_option(builders.actor("admin"), "deadline_extended_until", "2026-12-06")
        notices_reminders.remind_due()
        assert reminders() == []
    with at(date(2026, 12, 4)):
        notices_reminders.remind_due()
    assert reminders() == [("2026-12-06", 2)]


def test_changed_steps_count_on_the_same_day(done):
    with before(5):
        notices_reminders.remind_due()
        assert reminders() == [("2026-12-02", 7)]
        steps.office_has(reminder_days=[5])
        notices_reminders.remind_due()
    assert reminders() == [("2026-12-02", 7), ("2026-12-02", 5)]


def test_office_without_reminders_writes_no_reminder(done):
    steps.office_has(notice_kinds=["ready"])
    with before(7):
        notices_reminders.remind_due()
    assert reminders() == []


@on_both
def test_only_ready_books_are_reminded(done, api):
    books.hold(builders.actor("desk"), done[0].passport_id, "periksa")
    cancellations.cancel(builders.actor("supervisor"), done[1].passport_id, "BA-01", "e")
    with before(8):
        ids, code = builders.ready(7, issued_on=date(2026, 11, 2), created_at=clock.now() - timedelta(days=20))
        officer = api("officer")
        visit = window.serving(officer, code)
        answer = officer.post("/api/v1/handovers", json=window.body(visit["id"], window.book(ids[0], 7)))
        assert answer.status_code == 201
    with before(7):
        notices_reminders.remind_due()
    assert reminders() == []


def test_reminder_shows_the_days_left_and_expires_with_the_last_day(done):
    with before(2):
        notices_reminders.remind_due()
        message = steps.newest_message("reminder")
        assert "02-12-2026 (sisa 2 hari)" in message.text and message.qr_png
    with before(1):
        assert "(sisa 1 hari)" in steps.newest_message("reminder").text
    with before(-1):
        assert steps.newest_message("reminder") is None


def test_many_reminders_are_written_in_small_transactions(done):
    found = [notices_reminders.DueReminder(done[0].pickup_id, LAST, days) for days in range(450)]
    notices_reminders.remind(1, found)
    notices_reminders.write_reminders(command(1), found[:3])
    assert len(reminders()) == 450


def test_each_office_is_reminded_in_the_own_zone(done):
    builders.office("JYP", "Kantor Imigrasi Contoh Jayapura")

    def move_east(unit):
        unit.conn.exec_driver_sql("UPDATE offices SET timezone = 'Asia/Jayapura' WHERE code = 'PLG'")

    db.current().write(move_east)
    with before(7, hour=7):
        notices_reminders.remind_due()
    assert reminders() == [("2026-12-02", 7)]
