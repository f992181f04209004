"""From a notice to its deliveries: each address hears one thing once, by the first channel that reaches it."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from ampera import clock, db, tasks
from ampera.notices import outbox
from ampera.notices.delivery import tasks as delivery_tasks
from ampera.notices.models import Notice
from ampera.passports.models import Passport
from tests import builders
from tests.conftest import on_both
from tests.notices import post, steps
from tests.notices.post import BOTH, MAIL


def addresses():
    return [(one.channel, one.address) for one in post.deliveries()]


@on_both
def test_one_pickup_and_two_addresses_are_two_messages(app):
    pickup = post.family({"email": "satu@contoh.id"}, {"email": "dua@contoh.id"})
    post.tell(pickup)
    post.expand()
    assert addresses() == [("mail", "satu@contoh.id"), ("mail", "dua@contoh.id")]
    assert post.notice_states() == ["expanded"]


def test_what_is_committed_wakes_the_outbox_and_what_is_not_does_not(app, monkeypatch):
    woken = []
    monkeypatch.setattr(tasks, "wake", lambda *names: woken.extend(names))
    pickup = post.family({"email": "satu@contoh.id"})

    def told_and_rolled_back(unit):
        outbox.write(unit, 1, pickup, "ready", {})
        raise RuntimeError

    with pytest.raises(RuntimeError):
        db.current().write(told_and_rolled_back)
    assert woken == []
    post.tell(pickup)
    assert delivery_tasks.OUTBOX in woken


@on_both
def test_two_books_with_the_same_number_are_one_message(app):
    pickup = post.family({"phone": "+628110000001"}, {"phone": "+628110000001"})
    post.tell(pickup)
    post.expand(BOTH)
    assert addresses() == [("whatsapp", "+628110000001")]


@on_both
def test_a_book_that_joins_later_reaches_only_the_new_address(app):
    pickup = post.family({"email": "satu@contoh.id"})
    post.tell(pickup)
    post.expand()
    late = builders.passport(9, email="baru@contoh.id", pickup_id=pickup)
    assert late
    post.tell(pickup)
    post.expand()
    assert addresses() == [("mail", "satu@contoh.id"), ("mail", "baru@contoh.id")]


@on_both
def test_a_new_code_is_told_to_everybody_again(app):
    pickup = post.family({"email": "satu@contoh.id"})
    post.tell(pickup)
    post.expand()
    db.current().write(lambda unit: unit.conn.exec_driver_sql("UPDATE pickup_codes SET state = 'revoked'"))
    builders.pickup(generation=2, pickup_id=pickup)
    post.tell(pickup)
    post.expand()
    assert addresses() == [("mail", "satu@contoh.id")] * 2


def test_each_book_is_told_by_the_first_channel_that_reaches_it(app):
    pickup = post.family({"email": "satu@contoh.id", "phone": "+628110000001"}, {"email": "dua@contoh.id"})
    post.tell(pickup)
    post.expand(BOTH)
    assert addresses() == [("whatsapp", "+628110000001"), ("mail", "dua@contoh.id")]


def test_the_order_of_channels_is_the_offices(app):
    steps.office_has(notice_channels=["mail", "whatsapp"])
    post.tell(post.family({"email": "satu@contoh.id", "phone": "+628110000001"}))
    post.expand(BOTH)
    assert addresses() == [("mail", "satu@contoh.id")]


def test_only_those_whose_book_still_waits_are_reminded(app):
    pickup = post.family({"email": "satu@contoh.id", "state": "collected"}, {"email": "dua@contoh.id"})
    post.tell(pickup, "reminder", {"deadline": "2027-01-01", "days": 7})
    post.expand()
    assert addresses() == [("mail", "dua@contoh.id")]


@on_both
def test_the_same_thing_is_written_once(app):
    pickup = post.family({"email": "satu@contoh.id"})
    post.tell(pickup, "collecting", {}, once="collecting:1")
    post.tell(pickup, "collecting", {}, once="collecting:1")
    assert len(steps.notices()) == 1


def test_other_facts_are_told_again(app):
    pickup = post.family({"email": "satu@contoh.id"})
    post.tell(pickup, "reminder", {"days": 7})
    post.tell(pickup, "reminder", {"days": 2})
    post.expand()
    assert len(post.deliveries()) == 2


def test_a_link_is_sent_each_time_it_is_asked_for(app):
    pickup = post.family({"email": "satu@contoh.id"})
    post.tell(pickup, "link")
    post.tell(pickup, "link")
    post.expand()
    assert len(post.deliveries()) == 2


def test_nobody_is_told_before_it_is_due(app):
    pickup = post.family({"email": "satu@contoh.id"})
    post.tell(pickup, due_at=clock.now() + timedelta(hours=1))
    post.expand()
    assert not post.deliveries()
    with clock.shift(timedelta(hours=2)):
        post.expand()
    assert len(post.deliveries()) == 1


def test_without_an_address_nothing_waits(app):
    post.tell(post.family({}))
    post.expand()
    assert post.notice_states() == ["unaddressed"]


def test_without_a_channel_notices_wait_until_nobody_has_a_use_for_them(app):
    pickup = post.family({"email": "satu@contoh.id"})
    post.tell(pickup)
    post.tell(pickup, "collected", {"at": "now"})
    post.send_all(ways={})
    assert post.notice_states() == ["waiting", "waiting"]
    with clock.shift(timedelta(days=2)):
        post.send_all(ways={})
        assert post.notice_states() == ["waiting", "expired"]
    with clock.shift(timedelta(days=31)):
        post.send_all(ways={})
        assert post.notice_states() == ["expired", "expired"]


def test_what_waited_too_long_for_a_channel_is_not_sent_when_one_comes(app):
    post.tell(post.family({"email": "satu@contoh.id"}))
    with clock.shift(timedelta(days=31)):
        post.expand()
    assert post.notice_states() == ["expired"] and not post.deliveries()


def test_quiet_hours_move_what_can_wait_to_their_end(app):
    steps.office_has(notice_quiet_hours=["20:00", "06:00"])
    pickup = post.family({"email": "satu@contoh.id"})
    night = clock.local(clock.now()).replace(hour=23, minute=0, second=0, microsecond=0)
    with clock.freeze(night):
        post.tell(pickup)
        post.tell(pickup, "collected", {"at": "now"})
        post.expand()
    waiting, urgent = post.deliveries()
    ends = clock.local(waiting.due_at)
    assert (ends.hour, ends.minute) == (6, 0) and ends - night == timedelta(hours=7)
    assert urgent.due_at <= night


def test_the_name_that_is_kept_is_the_first_name_only(app):
    post.tell(post.family({"email": "satu@contoh.id", "holder_name": "Siti Contoh Panjang"}))
    post.expand()
    assert [one.first_name for one in post.deliveries()] == ["Siti"]


def test_an_office_without_channels_holds_nobody_else_up(app):
    steps.office_has(notice_channels=["whatsapp"])
    post.tell(post.family({"email": "satu@contoh.id"}))
    post.expand(MAIL)
    assert post.notice_states() == ["waiting"]
    db.current().write(lambda unit: unit.conn.execute(update(Notice).values(state="waiting")))
    db.current().write(lambda unit: unit.conn.execute(update(Passport).values(phone="+628110000001")))
    post.expand(BOTH)
    assert addresses() == [("whatsapp", "+628110000001")]
