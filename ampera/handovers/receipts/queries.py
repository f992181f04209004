"""Reads for receipts: the receipts of one pickup, and the register rows of a check code."""

from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.orm import Session

from ampera.handovers.digest import COVERED, digest
from ampera.handovers.models import Handover
from ampera.handovers.receipts import check_code
from ampera.handovers.receipts.check_code import Item, Receipt
from ampera.pickups.codes import CodeKeys
from ampera.pickups.name_labels import first_name
from ampera.sql.statements import TypedSelect
from ampera.visits.models import VisitPickup

MAX_ID = 2**31


class ReceiptRow(NamedTuple):
    """A row of the register. It has every column of the digest, so its names are the record's own. Times are UTC."""

    id: int
    office_id: int
    number: int
    key: str
    passport_id: int
    pickup_id: int
    visit_id: int
    lane_id: int
    officer_id: int
    at: datetime
    collector_class: str
    collector_name: str
    collector_document: str | None
    collector_last4: str | None
    shown: list[str]
    identity_by: str
    book_by: str
    signature_sha256: str | None
    unsigned_reason: str | None
    holder_name: str
    application_no: str
    passport_no: str
    kind: str
    officer_name: str
    lane_number: int
    office_name: str
    found_by: str | None
    device_id: int | None
    digest_version: int
    voided_at: datetime | None

    @property
    def lane(self) -> int:
        return self.lane_number

    @property
    def officer(self) -> str:
        return self.officer_name


class ReceiptKey(NamedTuple):
    """What the rows of one receipt share: the key of the handover, and the pickup."""

    key: str
    pickup_id: int


def receipts_of(session: Session, pickup_id: int, keys: CodeKeys) -> list[Receipt]:
    """The receipts of a pickup, newest first: one for all its books that one collector received at once."""
    rows = _rows(session, *of_pickup(pickup_id))
    by_key = [list(group) for _, group in groupby(rows, key=lambda row: row.key)]
    return [_receipt(group, keys) for group in reversed(by_key)]


def of_pickup(pickup_id: int) -> tuple[ColumnElement[bool], ...]:
    """The condition for register rows of a pickup. The visits come first, because only they have an index."""
    visits = select(VisitPickup.visit_id).where(VisitPickup.pickup_id == pickup_id)
    return Handover.visit_id.in_(visits), Handover.pickup_id == pickup_id


def rows_behind(session: Session, office_id: int, keys: CodeKeys, typed: str) -> list[ReceiptRow]:
    """The rows of this office for which the check code was made.

    Empty when the code was not made by this installation, or when one of the rows was changed since.
    """
    for first_id in check_code.candidates(keys, typed):
        if not 0 < first_id < MAX_ID:
            continue
        found = _KEY_OF.first(session, id=first_id, office_id=office_id)
        rows = _rows(session, Handover.key == found.key, Handover.pickup_id == found.pickup_id) if found else []
        if rows and check_code.is_genuine(keys, typed, first_id, _digests(rows)) and rows[0].id == first_id:
            return rows
    return []


def _rows(session: Session, *conditions: ColumnElement[bool]) -> list[ReceiptRow]:
    """Register rows in the order in which they were written; rows of one handover follow each other."""
    return _ROWS.where(*conditions).order_by(Handover.id).all(session)


def _digests(rows: list[ReceiptRow]) -> list[str]:
    return [digest(row._asdict()) for row in rows]


def _receipt(rows: list[ReceiptRow], keys: CodeKeys) -> Receipt:
    first = rows[0]
    code = check_code.check_code(keys, first.id, _digests(rows))
    classes = tuple(dict.fromkeys(row.collector_class for row in rows))
    return Receipt(first.at, first.lane, classes, tuple(map(_item, rows)), code)


def _item(row: ReceiptRow) -> Item:
    last = row.passport_no[-check_code.LAST_DIGITS :]
    return Item(row.id, row.number, first_name(row.holder_name), row.kind, last, row.voided_at is not None)


_KEY_OF = TypedSelect(
    ReceiptKey,
    select(Handover.key, Handover.pickup_id).where(
        Handover.id == bindparam("id"), Handover.office_id == bindparam("office_id")
    ),
)
_ROWS = TypedSelect(
    ReceiptRow,
    select(
        Handover.id,
        *(getattr(Handover, name) for name in COVERED),
        Handover.digest_version,
        Handover.voided_at,
    ),
)
