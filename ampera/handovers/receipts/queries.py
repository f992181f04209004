"""Reads for receipts: those of one pickup, and the register rows behind a check code."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from ampera.accounts.models import Staff
from ampera.handovers.digest import COLUMNS, digest
from ampera.handovers.models import Handover
from ampera.handovers.receipts import check_code
from ampera.handovers.receipts.check_code import Item, Receipt
from ampera.offices.models import Lane
from ampera.passports.models import Passport
from ampera.pickups.codes import CodeKeys
from ampera.pickups.stages import first_name
from ampera.visits.models import VisitPickup

MAX_ID = 2**31


@dataclass(frozen=True)
class Entry:
    """One register row as an officer sees it who holds a receipt of it. Times are UTC."""

    id: int
    number: int
    at: datetime
    holder_name: str
    kind: str
    passport_no: str
    collector_class: str
    collector_name: str
    officer: str
    lane: int
    voided_at: datetime | None


def receipts_of(session: Session, pickup_id: int, keys: CodeKeys) -> list[Receipt]:
    """The receipts of a pickup, newest first: one for all books of it that one collector took at once."""
    rows = _rows(session, *of_pickup(pickup_id))
    by_key = [list(some) for _, some in groupby(rows, key=lambda row: row.key)]
    return [_receipt(some, keys) for some in reversed(by_key)]


def of_pickup(pickup_id: int) -> tuple[ColumnElement[bool], ...]:
    """The register rows of a pickup, found by the vehicles it came in: only these have an index."""
    visits = select(VisitPickup.visit_id).where(VisitPickup.pickup_id == pickup_id)
    return Handover.visit_id.in_(visits), Handover.pickup_id == pickup_id


def entries_behind(session: Session, office_id: int, keys: CodeKeys, typed: str) -> list[Entry]:
    """The rows of this office that the code was made for; none when it was not made here or a row was changed since."""
    for first_id in check_code.candidates(keys, typed):
        if not 0 < first_id < MAX_ID:
            continue
        first = select(Handover.key, Handover.pickup_id).where(Handover.id == first_id, Handover.office_id == office_id)
        found = session.execute(first).one_or_none()
        rows = _rows(session, Handover.key == found.key, Handover.pickup_id == found.pickup_id) if found else []
        if rows and check_code.is_genuine(keys, typed, first_id, _digests(rows)) and rows[0].id == first_id:
            return [_entry(row) for row in rows]
    return []


def _rows(session: Session, *conditions: ColumnElement[bool]) -> list[Any]:
    """Register rows in the order they were written; those of one handover stand together."""
    query = (
        select(
            Handover.id,
            *(getattr(Handover, name) for name in COLUMNS),
            Handover.voided_at,
            Passport.holder_name,
            Passport.kind,
            Passport.passport_no,
            Lane.number.label("lane"),
            Staff.name.label("officer"),
        )
        .join(Passport, Passport.id == Handover.passport_id)
        .join(Lane, Lane.id == Handover.lane_id)
        .join(Staff, Staff.id == Handover.officer_id)
        .where(*conditions)
        .order_by(Handover.id)
    )
    return list(session.execute(query))


def _digests(rows: list[Any]) -> list[str]:
    return [digest(row._mapping) for row in rows]


def _receipt(rows: list[Any], keys: CodeKeys) -> Receipt:
    first = rows[0]
    code = check_code.check_code(keys, first.id, _digests(rows))
    return Receipt(first.at, first.lane, first.collector_class, tuple(map(_item, rows)), code)


def _item(row: Any) -> Item:
    last = row.passport_no[-check_code.LAST_DIGITS :]
    return Item(row.id, row.number, first_name(row.holder_name), row.kind, last, row.voided_at is not None)


def _entry(row: Any) -> Entry:
    return Entry(
        row.id,
        row.number,
        row.at,
        row.holder_name,
        row.kind,
        row.passport_no,
        row.collector_class,
        row.collector_name,
        row.officer,
        row.lane,
        row.voided_at,
    )
