"""Reads of pickups. Codes and links are derived here for callers that may see them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from ampera import clock
from ampera.errors import Problem
from ampera.offices.models import Office
from ampera.passports.deadlines import collect_by, is_overdue
from ampera.passports.models import Passport
from ampera.passports.states import ON_SHELF
from ampera.pickups import stages
from ampera.pickups.codes import CodeKeys, fingerprint, is_link, printed
from ampera.pickups.links import pickup_link
from ampera.pickups.models import Pickup, PickupCode
from ampera.pickups.name_labels import first_name, short_names
from ampera.pickups.refusals import PickupRefusal
from ampera.sql.statements import TypedSelect, in_batches


@dataclass(frozen=True)
class Handout:
    """The codes and the link of an applicant. `link` is the full URL of the page."""

    pickup_id: int
    link: str = field(repr=False)
    code: str = field(repr=False)
    booking_code: str = field(repr=False)


class Issued(NamedTuple):
    """The generation of a code, as far as the code and the link are derived from it, and its short code."""

    pickup_id: int
    generation: int
    key_id: str
    nonce: bytes
    booking_code: str


@dataclass(frozen=True)
class CardBook:
    """One book of a pickup. `status` is ready, overdue, held, collected or cancelled; `collected_by` a class.

    A locked book is held: it needs a supervisor. `short_name` tells the holders of one pickup apart.

    `kind` is the kind of document (a key of the office's `document_kinds`).
    """

    passport_id: int
    holder_name: str
    first_name: str
    short_name: str
    phone: str | None = field(repr=False)
    shelf: str
    state: str
    status: str
    deadline: date
    collected_at: datetime | None = None
    collected_by: str | None = None
    kind: str = "passport"
    misses: int = 0
    locked_at: datetime | None = None


@dataclass(frozen=True)
class CardCode:
    """One generation of the code: current, revoked or used."""

    pickup_id: int
    generation: int
    key_id: str
    nonce: bytes = field(repr=False)
    booking_code: str = field(repr=False)
    state: str
    created_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class Card:
    """A pickup with its books and its codes, newest code first."""

    pickup_id: int
    office: Office
    group_name: str | None
    created_at: datetime
    today: date
    books: tuple[CardBook, ...]
    codes: tuple[CardCode, ...]

    @property
    def current(self) -> CardCode | None:
        return next((code for code in self.codes if code.state == "current"), None)

    @property
    def deadline(self) -> date | None:
        """The earliest last day of the books that are ready; None when no book is ready."""
        open_books = [book for book in self.books if book.state == "ready"]
        return min((book.deadline for book in open_books), default=None)

    @property
    def locked(self) -> tuple[CardBook, ...]:
        """The books that only a supervisor may unlock."""
        return tuple(book for book in self.books if book.locked_at and book.state in ON_SHELF)

    @property
    def _is_locked(self) -> bool:
        left = [book for book in self.books if book.state in ON_SHELF]
        return bool(left) and len(self.locked) == len(left)

    def stage(self, code_state: str) -> str:
        """The stage that the page of a code in this state shows."""
        return stages.stage(code_state, self._is_locked, [book.status for book in self.books])


def by_link(session: Session, link: str) -> CardCode | None:
    """The generation of this link, in any state; None for an unknown link."""
    if not is_link(link):
        return None
    row = session.scalar(select(PickupCode).where(PickupCode.link_hash == fingerprint(link)))
    return _card_code(row) if row else None


def card_behind(session: Session, link: str) -> Card:
    """The pickup of this link, also after its last book was collected.

    Raises Problem 404 for an unknown or revoked link.
    """
    code = by_link(session, link)
    found = card(session, code.pickup_id) if code and code.state != stages.REVOKED else None
    if found is None:
        raise Problem(PickupRefusal.UNKNOWN_LINK, 404)
    return found


def card(session: Session, pickup_id: int, office_id: int | None = None) -> Card | None:
    """The pickup when it belongs to this office (None: any office)."""
    pickup = session.get(Pickup, pickup_id)
    if pickup is None or office_id not in (None, pickup.office_id):
        return None
    office = session.get_one(Office, pickup.office_id)
    books = session.scalars(select(Passport).where(Passport.pickup_id == pickup_id).order_by(Passport.id)).all()
    names = short_names([(book.holder_name, book.application_no) for book in books])
    codes = session.scalars(
        select(PickupCode).where(PickupCode.pickup_id == pickup_id).order_by(PickupCode.generation.desc())
    )
    today = clock.today(office.timezone)
    return Card(
        pickup_id,
        office,
        pickup.group_name,
        pickup.created_at,
        today,
        tuple(_card_book(book, name, office, today) for book, name in zip(books, names, strict=True)),
        tuple(map(_card_code, codes)),
    )


def handouts(session: Session, keys: CodeKeys, site: str, pickup_ids: Iterable[int]) -> list[Handout]:
    """Code, link and short code of each pickup that has a current code. `site` as in `Settings.site`."""
    rows: list[Issued] = []
    for batch in in_batches(sorted(set(pickup_ids))):
        rows.extend(_CURRENT.all(session, pickups=batch))
    return [handout(keys, site, row) for row in rows if keys.can_derive(row)]


def handout(keys: CodeKeys, site: str, code: "CardCode | PickupCode | Issued") -> Handout:
    """The codes and the link of this generation."""
    return Handout(code.pickup_id, pickup_link(site, keys.link(code)), keys.code(code), printed(code.booking_code))


def _card_book(book: Passport, short_name: str, office: Office, today: date) -> CardBook:
    last = collect_by(book.issued_on, office.options, book.late_until)
    status = stages.status(book.state, is_overdue(last, today), book.locked_at is not None)
    return CardBook(
        book.id,
        book.holder_name,
        first_name(book.holder_name),
        short_name,
        book.phone,
        book.shelf,
        book.state,
        status,
        last,
        book.collected_at,
        book.collected_by,
        book.kind,
        book.misses,
        book.locked_at,
    )


def _card_code(row: PickupCode) -> CardCode:
    return CardCode(
        row.pickup_id,
        row.generation,
        row.key_id,
        row.nonce,
        row.booking_code,
        row.state,
        row.created_at,
        row.ended_at,
    )


_CURRENT = TypedSelect(
    Issued,
    select(*(getattr(PickupCode, name) for name in Issued._fields))
    .where(PickupCode.state == "current", PickupCode.pickup_id.in_(bindparam("pickups", expanding=True)))
    .order_by(PickupCode.pickup_id),
)
