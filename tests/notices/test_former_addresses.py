"""A change of the holder of a book, or of the addresses of its messages, is notified to the earlier addresses."""

import dataclasses

import pytest
from sqlalchemy import select, update

from ampera import db
from ampera.notices.content.compose import compose
from ampera.notices.delivery import service as delivery_service
from ampera.notices.models import Delivery
from ampera.passports import service as books
from ampera.passports.corrections import service as corrections
from ampera.passports.models import Passport
from tests import builders
from tests.conftest import on_both
from tests.notices import outbox, steps

OLD, NEW = "contoh1@surat.example", "baru@surat.example"
PHONE = "+6281200000001"


@pytest.fixture
def book(app):
    """The id of a book on the shelf with both addresses, at an office that sends mail and WhatsApp."""
    known = app.extensions["ampera.settings"]
    app.extensions["ampera.settings"] = dataclasses.replace(
        known, mail_url="smtp://127.0.0.1:9", whatsapp_url="https://token@127.0.0.1:9/1"
    )
    (done,) = steps.take_in(steps.cells(1, phone=PHONE))
    return done.passport_id


def notified() -> dict[str, str]:
    """Address -> channel of the deliveries about changed data."""
    return {delivery.address: delivery.channel for delivery in outbox.deliveries()}


def correct(book_id, phone=PHONE, email=OLD):
    books.correct(builders.actor("desk"), book_id, phone, email)


def by_hand(book_id):
    correct(book_id, email=NEW)


def by_import(book_id):
    steps.take_in(steps.cells(1, phone=PHONE, email=NEW))


def removed(book_id):
    correct(book_id, phone="", email="")


def by_proposal(book_id):
    corrections.propose(builders.actor("desk"), book_id, {"holder_name": "Contoh Lain"}, "salah tulis")
    with db.reading() as session:
        proposal = session.scalars(select(corrections.Correction.id)).one()
    assert not notified(), "a proposal changes nothing yet"
    assert isinstance(corrections.confirm(builders.actor("supervisor"), proposal), corrections.Decided)


@pytest.mark.parametrize("change", [by_hand, by_import, removed, by_proposal])
@on_both
def test_old_addresses_are_notified_without_the_new_data(app, book, change):
    change(book)
    assert notified() == {OLD: "mail", PHONE: "whatsapp"}
    with db.reading() as session:
        for delivery in session.scalars(select(Delivery)):
            message = compose(session, app.extensions["ampera.settings"], delivery)
            assert message.kind == "details_changed" and delivery.first_name == "Contoh1" and message.qr_png is None
            whole = f"{message.subject}{message.text}{message.html}"
            assert "/p/" not in whole and NEW not in whole and "Lain" not in whole and "X0000001" not in whole
            assert "tidak meminta perubahan" in message.text and "did not ask for" in message.text


def test_each_change_is_notified_once(book):
    by_hand(book)
    by_import(book)
    assert len(outbox.deliveries()) == 2
    correct(book, email="ketiga@surat.example")
    assert set(notified()) == {OLD, NEW, PHONE} and len(outbox.deliveries()) == 4


def test_first_address_of_a_book_changes_nothing_of_anybody(app, book):
    (bare,) = steps.take_in(steps.cells(2, email=""))
    correct(bare.passport_id, phone="", email=NEW)
    assert not notified()


def test_office_without_this_notice_and_a_collected_book_write_none(book):
    steps.office_has(notice_kinds=["ready"])
    by_hand(book)
    steps.office_has(notice_kinds=["details_changed"])
    db.current().write(lambda unit: unit.conn.execute(update(Passport).values(state="collected")))
    correct(book)
    assert not notified()


def test_failed_message_is_repeated_to_the_old_address_only(app, book):
    by_hand(book)
    db.current().write(lambda unit: unit.conn.execute(update(Delivery).values(state="dead")))
    assert delivery_service.retry_all_dead(builders.actor("admin")).count == 2
    assert notified() == {OLD: "mail", PHONE: "whatsapp"} and {row.state for row in outbox.deliveries()} == {"waiting"}
