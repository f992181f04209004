"""Dead messages: the administrator sees them and retries."""

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
from tests.notices import outbox
from tests.notices.outbox import BOTH, REFUSED, FakeChannel, fake_mail, one_message, states


@pytest.fixture
def with_mail(tmp_path, app):
    """Settings with a mail channel."""
    settings = settings_for(tmp_path, MAIL_URL="smtp://127.0.0.1:1", MAIL_FROM=outbox.SENDER)
    app.extensions["ampera.settings"] = settings


def dead_message(**book):
    one_message(**book)
    outbox.send_all(outbox.worker(fake_mail(REFUSED)))
    return outbox.deliveries("dead")[0].id


@on_both
def test_dead_message_is_sent_again(app, with_mail):
    found = service.retry(builders.actor("admin"), dead_message())
    assert found == service.Retried(1)
    channel = fake_mail()
    outbox.send_all(outbox.worker(channel))
    assert states() == [("mail", "sent")]
    with db.reading() as session:
        assert session.scalar(select(func.count()).where(AuditEntry.action == "notice.retried")) == 1


@on_both
def test_retry_uses_a_corrected_address(app, with_mail):
    dead = dead_message()
    db.current().write(lambda unit: unit.conn.execute(update(Passport).values(email="benar@contoh.id")))
    assert service.retry(builders.actor("admin"), dead) == service.Retried(1)
    channel = fake_mail()
    outbox.send_all(outbox.worker(channel))
    assert [address for address, _key in channel.tried] == ["benar@contoh.id"]
    assert states() == [("mail", "passed"), ("mail", "sent")]


def test_retry_without_an_address_is_refused(app, with_mail):
    dead = dead_message()
    db.current().write(lambda unit: unit.conn.execute(update(Passport).values(email=None)))
    assert service.retry(builders.actor("admin"), dead) == Refused("no_address")


def test_only_dead_messages_of_the_own_office_can_be_retried(app, with_mail):
    dead = dead_message()
    builders.office("JKT", "Kantor Contoh Lain")
    assert service.retry(builders.actor("admin", "JKT"), dead) == Refused("not_found", 404)
    service.retry(builders.actor("admin"), dead)
    assert service.retry(builders.actor("admin"), dead) == Refused("wrong_state")


def test_all_dead_messages_are_retried_at_once(app, with_mail):
    for n in range(1, 4):
        outbox.write(outbox.family({"email": f"contoh{n}@contoh.id"}, first=n))
    outbox.send_all(outbox.worker(fake_mail(*[REFUSED] * 3)))
    assert service.retry_all_dead(builders.actor("admin")) == service.Retried(3)
    outbox.send_all(outbox.worker(fake_mail()))
    assert states() == [("mail", "sent")] * 3


@on_both
def test_overview_counts_sent_waiting_and_dead_messages(app):
    for n in range(1, 4):
        outbox.write(outbox.family({"email": f"contoh{n}@surat.contoh.id"}, first=n))
    outbox.send_all(outbox.worker(fake_mail(REFUSED)))
    outbox.write(outbox.family({"email": "lagi@contoh.id"}, first=9))
    with db.reading() as session:
        found = queries.overview(session, session.get_one(Office, 1))
        (line,) = queries.dead(session, 1)
    assert found.today == found.week == {"mail": {"sent": 2, "dead": 1}}
    assert (found.waiting, found.dead) == (1, 1) and found.oldest_at
    assert (line.address, line.reason, line.kind, line.tries) == ("c•••@s•••.id", "smtp 550", "ready", 1)


def test_telephone_number_of_a_dead_message_is_masked(app):
    outbox.write(outbox.family({"phone": "+628110001234"}))
    outbox.send_all(outbox.worker(FakeChannel("whatsapp", PHONE, REFUSED), BOTH), available=BOTH)
    with db.reading() as session:
        assert queries.dead(session, 1)[0].address == "+62•••1234"
        assert session.scalar(select(Delivery.address)) == "+628110001234"
