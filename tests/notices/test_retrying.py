"""What an administrator does about messages that nobody could deliver: see them, and try again."""

import pytest
from sqlalchemy import func, select, update

from ampera import db
from ampera.audit import AuditEntry
from ampera.errors import Refused
from ampera.notices.admin import queries
from ampera.notices.channels.base import PHONE
from ampera.notices.delivery import service
from ampera.notices.models import Delivery
from ampera.offices.models import Office
from ampera.passports.models import Passport
from tests import builders
from tests.conftest import on_both, settings_for
from tests.notices import post
from tests.notices.post import BOTH, REFUSED, Postman, mailbox, one_message, states


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
