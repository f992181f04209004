"""What the clerk sends: the link and a first name, to the phone of who has something to collect, nothing more."""

from urllib.parse import parse_qs, urlsplit

import pytest

from ampera import db
from ampera.passports.models import Passport
from ampera.pickups import messages
from ampera.pickups.codes import CodeKeys
from ampera.pickups.queries import card
from tests import builders
from tests.pickups.test_issuing import pickup_of, take_in

SITE = "https://paspor.contoh.example"


@pytest.fixture
def books(app):
    made = take_in(*["Keluarga Contoh"] * 3)
    for book, name, phone in zip(
        made,
        ("Putri Uji Coba", "Ahmad Contoh", "Siti Contoh"),
        ("+6281200000001", "+6281200000001", "+6281200000003"),
        strict=True,
    ):
        builders.set_columns(Passport, {"id": book}, holder_name=name, phone=phone)
    return made


def sending(app, book):
    keys = CodeKeys.parse(app.extensions["ampera.settings"].code_keys)
    with db.reading() as session, app.test_request_context():
        return messages.sending(card(session, pickup_of(book)[0]), keys, SITE)


def test_each_phone_is_written_to_once_in_the_name_of_its_first_book(app, books):
    found = sending(app, books[0])
    assert [one.first_name for one in found.addressees] == ["Putri", "Siti"]
    assert [urlsplit(one.url)._replace(query="").geturl() for one in found.addressees] == [
        "https://wa.me/6281200000001",
        "https://wa.me/6281200000003",
    ]


def test_the_text_carries_the_link_and_nothing_personal_beyond_a_first_name(app, books):
    found = sending(app, books[0])
    (said,) = parse_qs(urlsplit(found.addressees[0].url).query)["text"]
    assert found.handout.link.startswith(f"{SITE}/p/")
    assert said.endswith(f"\n{found.handout.link}")
    assert "Putri" in said
    said = said.removesuffix(found.handout.link)  # drawn by lot: it may spell anything
    for hidden in ("Uji", "Ahmad", "0812", "X000", "C-00", found.handout.code, found.handout.booking_code):
        assert hidden not in said


def test_collected_and_held_books_are_not_written_about(app, books):
    builders.set_columns(Passport, {"id": books[0]}, state="collected")
    builders.set_columns(Passport, {"id": books[1]}, state="held")
    assert [one.first_name for one in sending(app, books[0]).addressees] == ["Siti"]


@pytest.mark.parametrize("state", ["collected", "held", "cancelled"])
def test_there_is_nothing_to_send_when_nothing_is_ready(app, books, state):
    builders.set_columns(Passport, {}, state=state)
    assert sending(app, books[0]) is None


def test_without_a_phone_there_is_still_a_link_to_copy(app, books):
    builders.set_columns(Passport, {}, phone=None)
    found = sending(app, books[0])
    assert found.addressees == ()
    assert found.handout.link in found.text


def test_no_repr_shows_a_phone_or_a_link(app, books):
    shown = repr(sending(app, books[0]))
    assert "wa.me" not in shown
    assert SITE not in shown
