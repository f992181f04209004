"""Claims, back-off, pauses and the next channel: everything leaves once, and a failing channel holds nobody up."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from ampera import clock, db
from ampera.notices.channels.base import PHONE, Failed
from ampera.notices.delivery import leases, schedule
from ampera.passports.models import Passport
from tests.conftest import on_both
from tests.notices import post, steps
from tests.notices.post import BOTH, MAIL, REFUSED, Postman, mailbox, one_message, states
from tests.race.crowd import at_once

LATER = Failed("smtp 451")
DOWN = Failed("ConnectionRefusedError", is_down=True)


@on_both
def test_eight_senders_claim_every_delivery_once(app):
    for n in range(1, 41):
        post.tell(post.family({"email": f"contoh{n}@contoh.id"}, first=n))
    post.expand()

    def claim_all(number):
        with app.app_context():
            claimed, misses = [], 0
            while misses < 3:  # others may hold the next one for a moment
                turn = leases.take_turn(f"sender {number}", "mail", MAIL)
                misses = 0 if turn.claimed else misses + 1
                claimed += [turn.claimed] if turn.claimed else []
            return claimed

    found = [one for claimed in at_once([lambda n=n: claim_all(n) for n in range(8)]) for one in claimed]
    assert sorted(found) == [one.id for one in post.deliveries()]


@on_both
def test_two_expanding_servers_write_every_delivery_once(app):
    for n in range(1, 31):
        post.tell(post.family({"email": f"contoh{n}@contoh.id"}, first=n))

    def expand():
        with app.app_context():
            post.expand()

    at_once([expand] * 4)
    post.expand()
    assert len(post.deliveries("waiting")) == 30 and set(post.notice_states()) == {"expanded"}


@on_both
def test_a_message_leaves_and_is_marked(app):
    one_message()
    postman = mailbox()
    post.send_all(post.sender(postman))
    (sent,) = post.deliveries()
    assert (sent.state, sent.tries, sent.provider_id) == ("sent", 1, "id-1") and sent.ended_at
    assert [address for address, _key in postman.tried] == ["satu@contoh.id"]
    assert "http" in postman.messages[0].text and postman.messages[0].qr_png


def test_a_failure_that_may_pass_is_tried_again_later_and_later(app):
    one_message()
    postman, waits = mailbox(*[LATER] * 8), []
    sender = post.sender(postman)
    moment = clock.now()
    for _ in range(8):
        with clock.freeze(moment):
            post.send_all(sender)
            (waiting,) = post.deliveries("waiting")
        waits.append((waiting.due_at - moment).total_seconds())
        moment = waiting.due_at
    assert waits == [2, 4, 8, 16, 32, 60, 60, 60]
    with clock.freeze(moment):
        post.send_all(sender)
    assert states() == [("mail", "sent")]
    assert len({key for _address, key in postman.tried}) == 1, "every try has the same key"


def test_after_a_day_a_failure_that_may_pass_is_one_for_good(app):
    one_message()
    sender = post.sender(mailbox(*[LATER] * 3))
    for hours in (0, 12, 25):
        with clock.shift(timedelta(hours=hours)):
            post.send_all(sender)
    assert [(one.state, one.reason, one.tries) for one in post.deliveries()] == [("dead", "smtp 451", 3)]


@on_both
def test_what_a_channel_refuses_goes_by_the_next_one(app):
    one_message(phone="+628110000001")
    post.send_all(post.sender(Postman("whatsapp", PHONE, REFUSED), BOTH), post.sender(mailbox(), BOTH), ways=BOTH)
    assert states() == [("whatsapp", "passed"), ("mail", "sent")]


@on_both
def test_what_no_channel_can_deliver_is_dead_with_its_reason(app):
    one_message()
    post.send_all(post.sender(mailbox(REFUSED)))
    assert [(one.state, one.reason) for one in post.deliveries()] == [("dead", "smtp 550")]


def test_a_number_of_two_books_goes_on_to_the_address_of_each(app):
    phone = "+628110000001"
    post.tell(post.family({"phone": phone, "email": "satu@contoh.id"}, {"phone": phone, "email": "dua@contoh.id"}))
    mails = mailbox()
    post.send_all(post.sender(Postman("whatsapp", PHONE, REFUSED), BOTH), post.sender(mails, BOTH), ways=BOTH)
    assert [address for address, _key in mails.tried] == ["satu@contoh.id", "dua@contoh.id"]


def test_a_channel_that_is_down_rests_and_the_others_go_on(app, monkeypatch):
    assert schedule.pause_after(1) == 2
    monkeypatch.setattr(schedule, "pause_after", lambda _failures: 200)  # longer than this test
    for n in range(1, 11):
        post.tell(post.family({"phone": f"+62811000000{n}"}, first=n))
    post.tell(post.family({"email": "satu@contoh.id"}, first=20))
    down = Postman("whatsapp", PHONE, *[DOWN] * 20)
    whatsapp, mail = post.sender(down, BOTH), post.sender(mailbox(), BOTH)
    post.send_all(whatsapp, mail, ways=BOTH)
    assert len(down.tried) == 1 and 0 < whatsapp.step() <= 200
    assert ("mail", "sent") in states()
    assert not post.deliveries("sending"), "nothing stays claimed while it rests"


def test_a_rate_is_kept(app):
    for n in range(1, 4):
        post.tell(post.family({"email": f"contoh{n}@contoh.id"}, first=n))
    post.expand()
    sender = post.sender(mailbox(rate=0.01))
    assert sender.step() == 0
    assert 90 < sender.step() <= 100


@on_both
def test_what_a_dead_server_had_claimed_is_sent_within_a_minute(app):
    one_message()
    post.expand()
    assert leases.take_turn("a server that dies", "mail", MAIL).claimed
    postman = mailbox()
    post.send_all(post.sender(postman))
    assert not postman.tried
    with clock.shift(timedelta(seconds=55)):
        post.send_all(post.sender(postman))
    assert len(postman.tried) == 1 and states() == [("mail", "sent")]


@on_both
def test_what_waits_for_a_channel_that_was_taken_away_goes_by_the_next(app):
    one_message(phone="+628110000001")
    post.expand(BOTH)
    post.send_all(post.sender(mailbox()))
    assert states() == [("whatsapp", "passed"), ("mail", "sent")]


@on_both
def test_who_lost_a_lease_writes_nothing(app):
    one_message()
    post.expand()
    slow, quick = post.sender(mailbox()), post.sender(mailbox(LATER))
    slow._take_turn()
    with clock.shift(timedelta(seconds=55)):
        post.send_all(quick)
        slow.ended = slow._try(slow.claimed)
        slow._take_turn()
    assert states() == [("mail", "waiting")]


def test_a_result_that_could_not_be_written_is_written_by_the_next_step(app, monkeypatch):
    one_message()
    post.expand()
    postman = mailbox()
    sender = post.sender(postman)
    sender._take_turn()
    monkeypatch.setattr(leases, "take_turn", _broken)
    with pytest.raises(RuntimeError):
        sender.step()
    monkeypatch.undo()
    post.send_all(sender)
    assert len(postman.tried) == 1 and states() == [("mail", "sent")]


def _broken(*_arguments):
    raise RuntimeError("the disk is full")


def test_quiet_hours_that_begin_hold_back_what_waits(app):
    steps.office_has(notice_quiet_hours=["20:00", "06:00"])
    evening = clock.local(clock.now()).replace(hour=19, minute=59)
    with clock.freeze(evening):
        one_message()
        post.expand()
    postman = mailbox()
    with clock.freeze(evening.replace(hour=21)):
        post.send_all(post.sender(postman))
    assert not postman.tried
    assert clock.local(post.deliveries()[0].due_at).hour == 6


def test_what_is_no_longer_true_is_dropped(app):
    one_message()
    post.expand()
    db.current().write(lambda unit: unit.conn.execute(update(Passport).values(state="cancelled")))
    db.current().write(lambda unit: unit.conn.exec_driver_sql("UPDATE pickup_codes SET state = 'revoked'"))
    postman = mailbox()
    post.send_all(post.sender(postman))
    assert not postman.tried and states() == [("mail", "dropped")]


def test_a_channel_that_breaks_loses_nothing(app):
    one_message()
    postman = mailbox()
    postman.answers = [None]  # no answer that a channel may give
    sender = post.sender(postman)
    post.expand()
    with pytest.raises(AttributeError):
        sender.step()
    with clock.shift(timedelta(seconds=60)):
        post.send_all(sender)
    assert states() == [("mail", "sent")]
