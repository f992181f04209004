"""The text that a clerk sends: link and first name, only to phones of holders with a ready book."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from ampera import db
from ampera.passports.models import Passport
from ampera.pickups import messages
from ampera.pickups.codes import CodeKeys
from ampera.pickups.queries import card
from tests import builders
from tests.pickups.steps import pickup_of, take_in

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


def links_of(app, book):
    keys = CodeKeys.parse(app.extensions["ampera.settings"].code_keys)
    with db.reading() as session, app.test_request_context():
        return messages.message_links(card(session, pickup_of(book)[0]), keys, SITE)


def test_each_phone_appears_once_with_the_first_holder(app, books):
    found = links_of(app, books[0])
    assert [addressee.first_name for addressee in found.addressees] == ["Putri", "Siti"]
    assert [urlsplit(addressee.url)._replace(query="").geturl() for addressee in found.addressees] == [
        "https://wa.me/6281200000001",
        "https://wa.me/6281200000003",
    ]


def test_holders_with_one_first_name_have_different_buttons(app, sign_in, books):
    for place, book in enumerate(books):
        builders.set_columns(Passport, {"id": book}, holder_name="Jemaah Contoh", phone=f"+628120000000{place}")
    names = [addressee.name for addressee in links_of(app, books[0]).addressees]
    assert len(set(names)) == 3 and all(name.startswith("Jemaah") for name in names)
    page = sign_in("desk").get(f"/desk/books/{books[1]}").text
    (primary,) = re.findall(r'class="button button--primary" href="https://wa\.me/(\d+)', page)
    assert primary == "6281200000001" and "WhatsApp ke 2 orang lain" in page


def test_text_contains_the_link_and_nothing_personal_beyond_a_first_name(app, books):
    found = links_of(app, books[0])
    (text,) = parse_qs(urlsplit(found.addressees[0].url).query)["text"]
    assert found.handout.link.startswith(f"{SITE}/p/")
    assert text.endswith(f"\n{found.handout.link}")
    assert "Putri" in text
    text = text.removesuffix(found.handout.link)  # a random link may contain any of these texts
    for hidden in ("Uji", "Ahmad", "0812", "X000", "C-00", found.handout.code, found.handout.booking_code):
        assert hidden not in text


def test_holders_of_collected_and_held_books_get_no_message(app, books):
    builders.set_columns(Passport, {"id": books[0]}, state="collected")
    builders.set_columns(Passport, {"id": books[1]}, state="held")
    assert [addressee.first_name for addressee in links_of(app, books[0]).addressees] == ["Siti"]


@pytest.mark.parametrize("state", ["collected", "held", "cancelled"])
def test_pickup_without_a_ready_book_has_nothing_to_send(app, books, state):
    builders.set_columns(Passport, {}, state=state)
    assert links_of(app, books[0]) is None


def test_pickup_without_a_phone_offers_a_text_to_copy(app, books):
    builders.set_columns(Passport, {}, phone=None)
    found = links_of(app, books[0])
    assert found.addressees == ()
    assert found.handout.link in found.text


def test_repr_shows_no_phone_and_no_link(app, books):
    shown = repr(links_of(app, books[0]))
    assert "wa.me" not in shown
    assert SITE not in shown
