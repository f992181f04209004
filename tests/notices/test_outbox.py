"""From a notice to its deliveries: each address gets a notice once, by the first channel with an address."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from ampera import clock, db, tasks
from ampera.notices import outbox as notices_outbox
from ampera.notices.delivery import tasks as delivery_tasks
from ampera.notices.models import Notice
from ampera.passports.models import Passport
from tests import builders
from tests.conftest import on_both
from tests.notices import outbox, steps
from tests.notices.outbox import BOTH, MAIL


def addresses():
    return [(delivery.channel, delivery.address) for delivery in outbox.deliveries()]


@on_both
def test_pickup_with_two_addresses_gets_two_messages(app):
    pickup = outbox.family({"email": "satu@contoh.id"}, {"email": "dua@contoh.id"})
    outbox.write(pickup)
    outbox.fan_out()
    assert addresses() == [("mail", "satu@contoh.id"), ("mail", "dua@contoh.id")]
    assert outbox.notice_states() == ["expanded"]


def test_only_a_committed_notice_wakes_the_workers(app, monkeypatch):
    woken = []
    monkeypatch.setattr(tasks, "wake", lambda *names: woken.extend(names))
    pickup = outbox.family({"email": "satu@contoh.id"})

    def write_and_fail(unit):
        notices_outbox.write(unit, 1, "ready", [notices_outbox.NoticeDraft(pickup, {})])
        raise RuntimeError

    with pytest.raises(RuntimeError):
        db.current().write(write_and_fail)
    assert woken == []
    outbox.write(pickup)
    assert delivery_tasks.OUTBOX in woken


@on_both
def test_two_books_with_the_same_number_get_one_message(app):
    pickup = outbox.family({"phone": "+628110000001"}, {"phone": "+628110000001"})
    outbox.write(pickup)
    outbox.fan_out(BOTH)
    assert addresses() == [("whatsapp", "+628110000001")]


@on_both
def test_later_book_of_a_pickup_notifies_only_the_new_address(app):
    pickup = outbox.family({"email": "satu@contoh.id"})
    outbox.write(pickup)
    outbox.fan_out()
    late = builders.passport(9, email="baru@contoh.id", pickup_id=pickup)
    assert late
    outbox.write(pickup)
    outbox.fan_out()
    assert addresses() == [("mail", "satu@contoh.id"), ("mail", "baru@contoh.id")]


@on_both
def test_new_code_notifies_every_address_again(app):
    pickup = outbox.family({"email": "satu@contoh.id"})
    outbox.write(pickup)
    outbox.fan_out()
    db.current().write(lambda unit: unit.conn.exec_driver_sql("UPDATE pickup_codes SET state = 'revoked'"))
    builders.pickup(generation=2, pickup_id=pickup)
    outbox.write(pickup)
    outbox.fan_out()
    assert addresses() == [("mail", "satu@contoh.id")] * 2


def test_each_book_uses_the_first_channel_with_an_address(app):
    pickup = outbox.family({"email": "satu@contoh.id", "phone": "+628110000001"}, {"email": "dua@contoh.id"})
    outbox.write(pickup)
    outbox.fan_out(BOTH)
    assert addresses() == [("whatsapp", "+628110000001"), ("mail", "dua@contoh.id")]


def test_order_of_channels_is_an_option_of_the_office(app):
    steps.office_has(notice_channels=["mail", "whatsapp"])
    outbox.write(outbox.family({"email": "satu@contoh.id", "phone": "+628110000001"}))
    outbox.fan_out(BOTH)
    assert addresses() == [("mail", "satu@contoh.id")]


def test_reminder_goes_only_to_holders_of_books_on_the_shelf(app):
    pickup = outbox.family({"email": "satu@contoh.id", "state": "collected"}, {"email": "dua@contoh.id"})
    outbox.write(pickup, "reminder", {"deadline": "2027-01-01", "days": 7})
    outbox.fan_out()
    assert addresses() == [("mail", "dua@contoh.id")]


@on_both
def test_notice_with_the_same_once_is_written_once(app):
    pickup = outbox.family({"email": "satu@contoh.id"})
    outbox.write(pickup, "collecting", {}, once="collecting:1")
    outbox.write(pickup, "collecting", {}, once="collecting:1")
    assert len(steps.notices()) == 1


def test_notice_with_other_facts_is_sent_again(app):
    pickup = outbox.family({"email": "satu@contoh.id"})
    outbox.write(pickup, "reminder", {"days": 7})
    outbox.write(pickup, "reminder", {"days": 2})
    outbox.fan_out()
    assert len(outbox.deliveries()) == 2


def test_link_is_sent_for_each_request(app):
    pickup = outbox.family({"email": "satu@contoh.id"})
    outbox.write(pickup, "link")
    outbox.write(pickup, "link")
    outbox.fan_out()
    assert len(outbox.deliveries()) == 2


def test_notice_waits_until_due(app):
    pickup = outbox.family({"email": "satu@contoh.id"})
    outbox.write(pickup, due_at=clock.now() + timedelta(hours=1))
    outbox.fan_out()
    assert not outbox.deliveries()
    with clock.shift(timedelta(hours=2)):
        outbox.fan_out()
    assert len(outbox.deliveries()) == 1


def test_notice_without_an_address_is_unaddressed(app):
    outbox.write(outbox.family({}))
    outbox.fan_out()
    assert outbox.notice_states() == ["unaddressed"]


def test_notices_without_a_channel_wait_until_expiry(app):
    pickup = outbox.family({"email": "satu@contoh.id"})
    outbox.write(pickup)
    outbox.write(pickup, "collected", {"at": "now"})
    outbox.send_all(available={})
    assert outbox.notice_states() == ["waiting", "waiting"]
    with clock.shift(timedelta(days=2)):
        outbox.send_all(available={})
        assert outbox.notice_states() == ["waiting", "expired"]
    with clock.shift(timedelta(days=31)):
        outbox.send_all(available={})
        assert outbox.notice_states() == ["expired", "expired"]


def test_stale_notice_is_not_sent_by_a_new_channel(app):
    outbox.write(outbox.family({"email": "satu@contoh.id"}))
    with clock.shift(timedelta(days=31)):
        outbox.fan_out()
    assert outbox.notice_states() == ["expired"] and not outbox.deliveries()


@pytest.mark.parametrize("kind", ["collecting", "diverted"])
def test_notice_of_the_moment_is_dropped_after_minutes(app, kind):
    pickup = outbox.family({"email": "satu@contoh.id"})
    outbox.write(pickup, kind, {"visit": 1})
    with clock.shift(timedelta(minutes=11)):
        outbox.send_all(available={})
        assert outbox.notice_states() == ["expired"]
        outbox.fan_out()
    assert not outbox.deliveries()


def test_quiet_hours_postpone_only_notices_that_can_wait(app):
    steps.office_has(notice_quiet_hours=["20:00", "06:00"])
    pickup = outbox.family({"email": "satu@contoh.id"})
    night = clock.local(clock.now()).replace(hour=23, minute=0, second=0, microsecond=0)
    with clock.freeze(night):
        outbox.write(pickup)
        outbox.write(pickup, "collected", {"at": "now"})
        outbox.fan_out()
    waiting, urgent = outbox.deliveries()
    ends = clock.local(waiting.due_at)
    assert (ends.hour, ends.minute) == (6, 0) and ends - night == timedelta(hours=7)
    assert urgent.due_at <= night


def test_delivery_keeps_only_the_first_name(app):
    outbox.write(outbox.family({"email": "satu@contoh.id", "holder_name": "Siti Contoh Panjang"}))
    outbox.fan_out()
    assert [delivery.first_name for delivery in outbox.deliveries()] == ["Siti"]


def test_notices_of_an_office_without_channels_wait(app):
    steps.office_has(notice_channels=["whatsapp"])
    outbox.write(outbox.family({"email": "satu@contoh.id"}))
    outbox.fan_out(MAIL)
    assert outbox.notice_states() == ["waiting"]
    db.current().write(lambda unit: unit.conn.execute(update(Notice).values(state="waiting")))
    db.current().write(lambda unit: unit.conn.execute(update(Passport).values(phone="+628110000001")))
    outbox.fan_out(BOTH)
    assert addresses() == [("whatsapp", "+628110000001")]
