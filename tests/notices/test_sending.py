"""Claims, back-off, pauses and the next channel: everything leaves once, and a failing channel holds nobody up."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from ampera import clock, db
from ampera.audit import AuditEntry
from ampera.errors import Refused
from ampera.notices import claiming, queries, service
from ampera.notices.channels import EMAIL, PHONE, Failed
from ampera.notices.models import Delivery
from ampera.offices.models import Office
from ampera.passports.models import Passport
from tests import builders
from tests.conftest import on_both, settings_for
from tests.notices import post, steps
from tests.notices.post import BOTH, MAIL, Postman
from tests.race.crowd import at_once

REFUSED = Failed("smtp 550", is_permanent=True)
LATER = Failed("smtp 451")
DOWN = Failed("ConnectionRefusedError", is_down=True)


def mailbox(*answers, **more):
    return Postman("mail", EMAIL, *answers, **more)


def one_message(**book):
    post.tell(post.family({"email": "satu@contoh.id", **book}))


def states():
    return [(one.channel, one.state) for one in post.deliveries()]


@on_both
def test_eight_senders_claim_every_delivery_once(app):
    for n in range(1, 41):
        post.tell(post.family({"email": f"contoh{n}@contoh.id"}, first=n))
    post.expand()

    def claim_all(number):
        with app.app_context():
            claimed, misses = [], 0
            while misses < 3:  # others may hold the next one for a moment
                turn = claiming.take_turn(f"sender {number}", "mail", MAIL)
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


def test_a_channel_that_is_down_rests_and_the_others_go_on(app):
    for n in range(1, 11):
        post.tell(post.family({"phone": f"+62811000000{n}"}, first=n))
    post.tell(post.family({"email": "satu@contoh.id"}, first=20))
    down = Postman("whatsapp", PHONE, *[DOWN] * 20)
    whatsapp, mail = post.sender(down, BOTH), post.sender(mailbox(), BOTH)
    post.send_all(whatsapp, mail, ways=BOTH)
    assert len(down.tried) == 1 and 0 < whatsapp.step() <= 2
    assert ("mail", "sent") in states()
    assert not post.deliveries("sending"), "nothing stays claimed while it rests"


def test_a_rate_is_kept(app):
    for n in range(1, 4):
        post.tell(post.family({"email": f"contoh{n}@contoh.id"}, first=n))
    post.expand()
    sender = post.sender(mailbox(rate=4))
    assert sender.step() == 0
    assert 0.15 < sender.step() <= 0.25


@on_both
def test_what_a_dead_server_had_claimed_is_sent_within_a_minute(app):
    one_message()
    post.expand()
    assert claiming.take_turn("a server that dies", "mail", MAIL).claimed
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
    monkeypatch.setattr(claiming, "take_turn", _broken)
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


# What an administrator does


@pytest.fixture
def with_mail(tmp_path, app):
    """Mail is set up, so that the services know of it."""
    settings = settings_for(tmp_path, MAIL_URL="smtp://127.0.0.1:1", MAIL_FROM=post.SENDER)
    app.extensions["ampera.settings"] = settings


def a_dead_one(**book):
    one_message(**book)
    post.send_all(post.sender(mailbox(REFUSED)))
    return post.deliveries("dead")[0].id


@on_both
def test_a_dead_message_is_tried_again(app, with_mail):
    found = service.retry(builders.actor("admin"), a_dead_one())
    assert found == service.Retried(1)
    postman = mailbox()
    post.send_all(post.sender(postman))
    assert states() == [("mail", "sent")]
    with db.reading() as session:
        assert session.scalar(select(func.count()).where(AuditEntry.action == "notice.retried")) == 1


@on_both
def test_a_corrected_address_is_used(app, with_mail):
    dead = a_dead_one()
    db.current().write(lambda unit: unit.conn.execute(update(Passport).values(email="benar@contoh.id")))
    assert service.retry(builders.actor("admin"), dead) == service.Retried(1)
    postman = mailbox()
    post.send_all(post.sender(postman))
    assert [address for address, _key in postman.tried] == ["benar@contoh.id"]
    assert states() == [("mail", "passed"), ("mail", "sent")]


def test_without_an_address_there_is_nothing_to_try(app, with_mail):
    dead = a_dead_one()
    db.current().write(lambda unit: unit.conn.execute(update(Passport).values(email=None)))
    assert service.retry(builders.actor("admin"), dead) == Refused("no_address")


def test_only_dead_messages_of_the_own_office_are_tried_again(app, with_mail):
    dead = a_dead_one()
    builders.office("JKT", "Kantor Contoh Lain")
    assert service.retry(builders.actor("admin", "JKT"), dead) == Refused("not_found", 404)
    service.retry(builders.actor("admin"), dead)
    assert service.retry(builders.actor("admin"), dead) == Refused("wrong_state")


def test_all_dead_messages_are_tried_again_at_once(app, with_mail):
    for n in range(1, 4):
        post.tell(post.family({"email": f"contoh{n}@contoh.id"}, first=n))
    post.send_all(post.sender(mailbox(*[REFUSED] * 3)))
    assert service.retry_all_dead(builders.actor("admin")) == service.Retried(3)
    post.send_all(post.sender(mailbox()))
    assert states() == [("mail", "sent")] * 3


@on_both
def test_the_administrator_sees_what_went_and_what_did_not(app):
    for n in range(1, 4):
        post.tell(post.family({"email": f"contoh{n}@surat.contoh.id"}, first=n))
    post.send_all(post.sender(mailbox(REFUSED)))
    post.tell(post.family({"email": "lagi@contoh.id"}, first=9))
    with db.reading() as session:
        found = queries.overview(session, session.get_one(Office, 1))
        (line,) = queries.dead(session, 1)
    assert found.today == found.week == {"mail": {"sent": 2, "dead": 1}}
    assert (found.waiting, found.dead) == (1, 1) and found.oldest_at
    assert (line.address, line.reason, line.kind, line.tries) == ("c•••@s•••.id", "smtp 550", "ready", 1)


def test_a_telephone_number_is_masked(app):
    post.tell(post.family({"phone": "+628110001234"}))
    post.send_all(post.sender(Postman("whatsapp", PHONE, REFUSED), BOTH), ways=BOTH)
    with db.reading() as session:
        assert queries.dead(session, 1)[0].address == "+62•••1234"
        assert session.scalar(select(Delivery.address)) == "+628110001234"
