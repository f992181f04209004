"""Reads of the register (buku penyerahan): the rows of a range of days, and one record in full.

Names and numbers are the record's own copies, never those of the book or the account as they are today.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from ampera.accounts.models import Device, Staff
from ampera.handovers.models import Handover, Signature
from ampera.handovers.signatures import text_in
from ampera.passports.models import Passport
from ampera.passports.search.queries import matching
from ampera.reports.days import Days
from ampera.typed_text import typed
from ampera.visits.models import Visit

TABLET = select(Device.name).where(Device.id == Handover.device_id).scalar_subquery().label("tablet")
PAGE = 50
BATCH = 500


@dataclass(frozen=True)
class RegisterFilter:
    """The filters of the register: `state` is 'live', 'voided' or '' for both; `lane` is a lane's number."""

    days: Days
    lane: int | None = None
    officer_id: int | None = None
    collector: str = ""
    state: str = ""
    text: str = ""


@dataclass(frozen=True)
class RegisterRow:
    """One handover of the register. Times are UTC."""

    id: int
    number: int
    at: datetime
    holder_name: str
    application_no: str
    passport_no: str
    collector_class: str
    collector_name: str
    collector_document: str | None
    collector_last4: str | None
    officer: str
    lane: int
    queue_no: str
    shown: list[str]
    signature_id: int | None
    unsigned_reason: str | None
    voided_at: datetime | None
    voided_by: str | None
    void_reason: str | None
    void_shelf: str | None
    kind: str = "passport"
    identity_by: str = ""
    book_by: str = ""
    signature_sha256: str | None = None
    office_name: str = ""
    found_by: str | None = None
    tablet: str | None = None


@dataclass(frozen=True)
class Page:
    """One page of rows, newest first. `total` counts all rows that match, `voided` those that are void."""

    rows: list[RegisterRow]
    total: int
    voided: int
    page: int
    first: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "first", (self.page - 1) * PAGE + 1)

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


def register_page(session: Session, office_id: int, timezone: str, filters: RegisterFilter, page: int) -> Page:
    """One page of the rows that match."""
    conditions = _conditions(office_id, timezone, filters)
    counted = _joined(select(func.count(), func.count(Handover.voided_at))).where(*conditions)
    total, voided = session.execute(counted).one()
    page = min(max(page, 1), max(1, -(-total // PAGE)))
    query = _rows(conditions).order_by(Handover.id.desc()).limit(PAGE).offset((page - 1) * PAGE)
    return Page([RegisterRow(*row) for row in session.execute(query)], total, voided, page)


def register_rows(session: Session, office_id: int, timezone: str, filters: RegisterFilter) -> Iterator[RegisterRow]:
    """All rows that match, oldest first, fetched in batches."""
    query = _rows(_conditions(office_id, timezone, filters)).order_by(Handover.id)
    for row in session.execute(query, execution_options={"yield_per": BATCH}):
        yield RegisterRow(*row)


def record(session: Session, office_id: int, handover_id: int) -> dict[str, Any] | None:
    """One handover of this office with its book, visit, checks and void, by the names of the columns."""
    row = session.execute(
        _joined(
            select(
                Handover.__table__,
                Passport.state.label("book_state"),
                Handover.officer_name.label("officer"),
                Handover.lane_number.label("lane"),
                Visit.queue_no,
                Visit.opened_at,
                Visit.called_at,
                Visit.served_at,
                Visit.ended_at,
                Handover.voided_by_name.label("voided_by"),
                TABLET,
            )
        ).where(Handover.id == handover_id, Handover.office_id == office_id)
    ).one_or_none()
    return dict(row._mapping) if row else None


def signed_text(session: Session, office_id: int, handover_id: int) -> str:
    """What the collector of this handover has signed; "" when it was not kept or nobody signed."""
    png = signature_png(session, office_id, handover_id)
    return text_in(png) if png else ""


def signature_png(session: Session, office_id: int, handover_id: int) -> bytes | None:
    """The drawn signature of one handover of this office."""
    query = select(Signature.png).join(Handover, Handover.signature_id == Signature.id)
    return session.scalar(query.where(Handover.id == handover_id, Handover.office_id == office_id))


def signatures(session: Session, office_id: int, handover_ids: list[int]) -> dict[int, bytes]:
    """The drawn signatures of these handovers of the office, by the handover's id."""
    query = select(Handover.id, Signature.png).join(Signature, Handover.signature_id == Signature.id)
    found = session.execute(query.where(Handover.id.in_(handover_ids), Handover.office_id == office_id))
    return {row.id: row.png for row in found}


def officers(session: Session, office_id: int) -> list[tuple[int, str]]:
    """The officers with handovers in this office, for the filter."""
    # Asked for each member of staff: the list of all officers of all records would read the whole register.
    has_served = exists().where(Handover.office_id == office_id, Handover.officer_id == Staff.id)
    query = select(Staff.id, Staff.name).where(Staff.office_id == office_id, has_served).order_by(Staff.name)
    return [(row.id, row.name) for row in session.execute(query)]


def _conditions(office_id: int, timezone: str, filters: RegisterFilter) -> list[ColumnElement[bool]]:
    conditions = [Handover.office_id == office_id, _of_days_and_text(timezone, filters)]
    if filters.lane is not None:
        conditions.append(Handover.lane_number == filters.lane)
    if filters.officer_id is not None:
        conditions.append(Handover.officer_id == filters.officer_id)
    if filters.collector:
        conditions.append(Handover.collector_class == filters.collector)
    if filters.state:
        conditions.append(
            Handover.voided_at.is_not(None) if filters.state == "voided" else Handover.voided_at.is_(None)
        )
    return conditions


def _of_days_and_text(timezone: str, filters: RegisterFilter) -> ColumnElement[bool]:
    """The rows of the days that match the text; the exact number of a record finds it on any day."""
    since, until = filters.days.bounds(timezone)
    found = and_(Handover.at >= since, Handover.at < until)
    if filters.text:
        found = and_(found, _named(filters.text))
    number = record_number(filters.text)
    return found if number is None else or_(Handover.number == number, found)


def _named(text: str) -> ColumnElement[bool]:
    """Matches the holder as today or as recorded, a number of the book, or the collector."""
    words = typed(text).lower().split()
    names = (func.lower(Handover.collector_name), func.lower(Handover.holder_name))
    recorded = [and_(*(name.contains(word, autoescape=True) for word in words)) for name in names if words]
    return or_(matching(text), *recorded)


def record_number(text: str) -> int | None:
    """The number of a record that was typed, with or without its zeros; None for any other text."""
    digits = typed(text)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 9 else None


def _rows(conditions: list[ColumnElement[bool]]) -> Select[Any]:
    return _joined(
        select(
            Handover.id,
            Handover.number,
            Handover.at,
            Handover.holder_name,
            Handover.application_no,
            Handover.passport_no,
            Handover.collector_class,
            Handover.collector_name,
            Handover.collector_document,
            Handover.collector_last4,
            Handover.officer_name,
            Handover.lane_number,
            Visit.queue_no,
            Handover.shown,
            Handover.signature_id,
            Handover.unsigned_reason,
            Handover.voided_at,
            Handover.voided_by_name,
            Handover.void_reason,
            Handover.void_shelf,
            Handover.kind,
            Handover.identity_by,
            Handover.book_by,
            Handover.signature_sha256,
            Handover.office_name,
            Handover.found_by,
            TABLET,
        )
    ).where(*conditions)


def _joined(query: Any) -> Select[Any]:
    return (
        query.select_from(Handover)
        .join(Passport, Passport.id == Handover.passport_id)
        .join(Visit, Visit.id == Handover.visit_id)
    )
