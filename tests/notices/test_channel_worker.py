"""Claims, retries, pauses and the next channel: each message is sent once, and a failing channel delays no other."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from ampera import clock, db, tasks
from ampera.notices.channels.base import PHONE, Failed
from ampera.notices.delivery import lease_service, schedule
from ampera.passports.models import Passport
from tests.conftest import on_both
from tests.notices import outbox, steps
from tests.notices.outbox import BOTH, MAIL, REFUSED, FakeChannel, fake_mail, one_message, states
from tests.race.crowd import at_once

LATER = Failed("smtp 451")
DOWN = Failed("ConnectionRefusedError", is_down=True)


@on_both
def test_eight_workers_claim_every_delivery_once(app):
    for n in range(1, 41):
        outbox.write(outbox.family({"email": f"contoh{n}@contoh.id"}, first=n))
    outbox.fan_out()

    def claim_all(number):
        with app.app_context():
            claimed, misses = [], 0
            while misses < 3:  # another worker may have locked the next delivery
                claim = lease_service.finish_and_claim(f"worker {number}", "mail", MAIL)
                misses = 0 if claim.delivery_id else misses + 1
                claimed += [claim.delivery_id] if claim.delivery_id else []
            return claimed

    found = [claimed for ids in at_once([lambda n=n: claim_all(n) for n in range(8)]) for claimed in ids]
    assert sorted(found) == [delivery.id for delivery in outbox.deliveries()]


@on_both
def test_concurrent_fan_out_writes_every_delivery_once(app):
    for n in range(1, 31):
        outbox.write(outbox.family({"email": f"contoh{n}@contoh.id"}, first=n))

    def fan_out():
        with app.app_context():
            outbox.fan_out()

    at_once([fan_out] * 4)
    outbox.fan_out()
    assert len(outbox.deliveries("waiting")) == 30 and set(outbox.notice_states()) == {"expanded"}


@on_both
def test_sent_message_is_marked_as_sent(app):
    one_message()
    channel = fake_mail()
    outbox.send_all(outbox.worker(channel))
    (sent,) = outbox.deliveries()
    assert (sent.state, sent.tries, sent.provider_id) == ("sent", 1, "id-1") and sent.ended_at
    assert [address for address, _key in channel.tried] == ["satu@contoh.id"]
    assert "http" in channel.messages[0].text and channel.messages[0].qr_png


def test_temporary_failure_is_retried_with_growing_pauses(app):
    one_message()
    channel, waits = fake_mail(*[LATER] * 8), []
    worker = outbox.worker(channel)
    moment = clock.now()
    for _ in range(8):
        with clock.freeze(moment):
            outbox.send_all(worker)
            (waiting,) = outbox.deliveries("waiting")
        waits.append((waiting.due_at - moment).total_seconds())
        moment = waiting.due_at
    assert waits == [2, 4, 8, 16, 32, 60, 60, 60]
    with clock.freeze(moment):
        outbox.send_all(worker)
    assert states() == [("mail", "sent")]
    assert len({key for _address, key in channel.tried}) == 1, "every try has the same key"


def test_temporary_failure_becomes_permanent_after_a_day(app):
    one_message()
    worker = outbox.worker(fake_mail(*[LATER] * 3))
    for hours in (0, 12, 25):
        with clock.shift(timedelta(hours=hours)):
            outbox.send_all(worker)
    assert [(delivery.state, delivery.reason, delivery.tries) for delivery in outbox.deliveries()] == [
        ("dead", "smtp 451", 3)
    ]


@on_both
def test_refused_message_passes_to_the_next_channel(app):
    one_message(phone="+628110000001")
    outbox.send_all(
        outbox.worker(FakeChannel("whatsapp", PHONE, REFUSED), BOTH), outbox.worker(fake_mail(), BOTH), available=BOTH
    )
    assert states() == [("whatsapp", "passed"), ("mail", "sent")]


@on_both
def test_message_refused_by_every_channel_is_dead_with_a_reason(app):
    one_message()
    outbox.send_all(outbox.worker(fake_mail(REFUSED)))
    assert [(delivery.state, delivery.reason) for delivery in outbox.deliveries()] == [("dead", "smtp 550")]


def test_number_of_two_books_passes_to_the_address_of_each(app):
    phone = "+628110000001"
    outbox.write(outbox.family({"phone": phone, "email": "satu@contoh.id"}, {"phone": phone, "email": "dua@contoh.id"}))
    mails = fake_mail()
    outbox.send_all(
        outbox.worker(FakeChannel("whatsapp", PHONE, REFUSED), BOTH), outbox.worker(mails, BOTH), available=BOTH
    )
    assert [address for address, _key in mails.tried] == ["satu@contoh.id", "dua@contoh.id"]


def test_channel_that_is_down_pauses_and_other_channels_continue(app, monkeypatch):
    assert schedule.pause_after(1) == 2
    monkeypatch.setattr(schedule, "pause_after", lambda _failures: 200)  # longer than this test
    for n in range(1, 11):
        outbox.write(outbox.family({"phone": f"+62811000000{n}"}, first=n))
    outbox.write(outbox.family({"email": "satu@contoh.id"}, first=20))
    down = FakeChannel("whatsapp", PHONE, *[DOWN] * 20)
    whatsapp, mail = outbox.worker(down, BOTH), outbox.worker(fake_mail(), BOTH)
    outbox.send_all(whatsapp, mail, available=BOTH)
    assert len(down.tried) == 1 and 0 < whatsapp.step() <= 200
    assert ("mail", "sent") in states()
    assert not outbox.deliveries("sending"), "nothing stays claimed during a pause"


def test_worker_respects_the_rate(app):
    for n in range(1, 4):
        outbox.write(outbox.family({"email": f"contoh{n}@contoh.id"}, first=n))
    outbox.fan_out()
    worker = outbox.worker(fake_mail(rate=0.01))
    assert worker.step() == 0
    assert 90 < worker.step() <= 100


@on_both
def test_delivery_claimed_by_a_dead_server_is_sent_within_a_minute(app):
    one_message()
    outbox.fan_out()
    assert lease_service.finish_and_claim("a server that dies", "mail", MAIL).delivery_id
    channel = fake_mail()
    outbox.send_all(outbox.worker(channel))
    assert not channel.tried
    with clock.shift(timedelta(seconds=55)):
        outbox.send_all(outbox.worker(channel))
    assert len(channel.tried) == 1 and states() == [("mail", "sent")]


@on_both
def test_stopped_worker_releases_an_untried_delivery(app, monkeypatch):
    one_message()
    outbox.fan_out()
    channel = fake_mail()
    stopped = outbox.worker(channel)
    stopped._finish_and_claim()
    monkeypatch.setattr(tasks, "is_stopping", lambda: True)
    assert stopped.step() == 0
    assert not channel.tried and states() == [("mail", "waiting")]
    monkeypatch.undo()
    outbox.send_all(outbox.worker(channel))
    assert len(channel.tried) == 1 and states() == [("mail", "sent")]


@on_both
def test_delivery_of_a_removed_channel_passes_to_the_next_channel(app):
    one_message(phone="+628110000001")
    outbox.fan_out(BOTH)
    outbox.send_all(outbox.worker(fake_mail()))
    assert states() == [("whatsapp", "passed"), ("mail", "sent")]


@on_both
def test_worker_that_lost_the_lease_writes_no_result(app):
    one_message()
    outbox.fan_out()
    slow, quick = outbox.worker(fake_mail()), outbox.worker(fake_mail(LATER))
    slow._finish_and_claim()
    with clock.shift(timedelta(seconds=55)):
        outbox.send_all(quick)
        slow.result = slow._try(slow.claimed)
        slow._finish_and_claim()
    assert states() == [("mail", "waiting")]


def test_unwritten_result_is_written_by_the_next_step(app, monkeypatch):
    one_message()
    outbox.fan_out()
    channel = fake_mail()
    worker = outbox.worker(channel)
    worker._finish_and_claim()
    monkeypatch.setattr(lease_service, "finish_and_claim", _broken)
    with pytest.raises(RuntimeError):
        worker.step()
    monkeypatch.undo()
    outbox.send_all(worker)
    assert len(channel.tried) == 1 and states() == [("mail", "sent")]


def _broken(*_arguments):
    raise RuntimeError("the disk is full")


def test_beginning_quiet_hours_postpone_waiting_deliveries(app):
    steps.office_has(notice_quiet_hours=["20:00", "06:00"])
    evening = clock.local(clock.now()).replace(hour=19, minute=59)
    with clock.freeze(evening):
        one_message()
        outbox.fan_out()
    channel = fake_mail()
    with clock.freeze(evening.replace(hour=21)):
        outbox.send_all(outbox.worker(channel))
    assert not channel.tried
    assert clock.local(outbox.deliveries()[0].due_at).hour == 6


def test_untrue_notice_is_dropped(app):
    one_message()
    outbox.fan_out()
    db.current().write(lambda unit: unit.conn.execute(update(Passport).values(state="cancelled")))
    db.current().write(lambda unit: unit.conn.exec_driver_sql("UPDATE pickup_codes SET state = 'revoked'"))
    channel = fake_mail()
    outbox.send_all(outbox.worker(channel))
    assert not channel.tried and states() == [("mail", "dropped")]


def test_broken_channel_loses_no_message(app):
    one_message()
    channel = fake_mail()
    channel.answers = [None]  # an invalid outcome
    worker = outbox.worker(channel)
    outbox.fan_out()
    with pytest.raises(AttributeError):
        worker.step()
    with clock.shift(timedelta(seconds=60)):
        outbox.send_all(worker)
    assert states() == [("mail", "sent")]
