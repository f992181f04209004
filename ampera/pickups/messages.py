"""The text that a clerk sends with the WhatsApp of a phone. It holds a first name and the link."""

from dataclasses import dataclass, field
from urllib.parse import quote

from flask_babel import gettext

from ampera.languages import in_both
from ampera.offices import document_labels, filters
from ampera.pickups.codes import CodeKeys
from ampera.pickups.queries import Card, Handout, handout
from ampera.pickups.stages import WITH_QR


@dataclass(frozen=True)
class Addressee:
    """An applicant with a phone. `url` opens WhatsApp with the text filled in; the clerk presses send.

    `name` is another one than that of any other holder of the pickup.
    """

    first_name: str
    name: str
    phone: str = field(repr=False)
    url: str = field(repr=False)


@dataclass(frozen=True)
class MessageLinks:
    """What the desk shows to send a pickup to its applicants."""

    handout: Handout = field(repr=False)
    text: str = field(repr=False)
    addressees: tuple[Addressee, ...]


def message_links(card: Card, keys: CodeKeys, site: str) -> MessageLinks | None:
    """None for a pickup without a collectable book or a current code. `site` as in `Settings.site`."""
    code = card.current
    if code is None or card.stage(code.state) not in WITH_QR or not keys.can_derive(code):
        return None
    given = handout(keys, site, code)
    by_phone = {book.phone: book for book in reversed(card.books) if book.phone and book.state == "ready"}
    addressees = tuple(
        Addressee(book.first_name, book.short_name, phone, whatsapp(phone, _text(book.first_name, given.link, card)))
        for phone, book in by_phone.items()
    )
    return MessageLinks(given, _text("", given.link, card), addressees[::-1])


def whatsapp(phone: str, message: str) -> str:
    """A click-to-chat URL: the E.164 number without the plus, the text percent-encoded."""
    return f"https://wa.me/{phone.lstrip('+')}?text={quote(message, safe='')}"


def _text(first_name: str, link: str, card: Card) -> str:
    """The message in Indonesian and in English, then the link on a separate line."""
    return "\n\n".join((*in_both(lambda: _message(first_name, _documents(card))), link))


def _documents(card: Card) -> str:
    """The ready documents in the current language; empty when all of them are passports."""
    kinds = [book.kind for book in card.books if book.state == "ready"]
    return "" if set(kinds) <= {document_labels.PASSPORT} else filters.documents(kinds, card.office.options)


def _message(first_name: str, documents: str) -> str:
    """The message in the current language."""
    if documents and first_name:
        return gettext(
            "Halo %(name)s, %(documents)s Anda siap diambil tanpa turun dari kendaraan. "
            "Kode QR, batas waktu, dan yang dibawa:",
            name=first_name,
            documents=documents,
        )
    if documents:
        return gettext(
            "Siap diambil dari kendaraan: %(documents)s. Kode QR, batas waktu, dan yang dibawa:", documents=documents
        )
    if not first_name:
        return gettext("Paspor Anda siap diambil tanpa turun dari kendaraan. Kode QR, batas waktu, dan yang dibawa:")
    return gettext(
        "Halo %(name)s, paspor Anda siap diambil tanpa turun dari kendaraan. Kode QR, batas waktu, dan yang dibawa:",
        name=first_name,
    )
