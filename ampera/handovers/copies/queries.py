"""What a record says by itself: its own copy of the holder, the book, the officer, the lane and the office.

The law's register (Pasal 23) is a book, not a view: a name that is corrected later, or changed behind the product's
back, must not change a page that was signed. The record's digest covers the copy.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select

from ampera.accounts.models import Staff
from ampera.handovers import digest
from ampera.offices.models import Lane, Office
from ampera.passports.models import Passport
from ampera.sql.statements import TypedSelect


class Copy(NamedTuple):
    """The columns of a record that are copied from other tables (`digest.COPIED`), and the book they belong to."""

    passport_id: int
    holder_name: str
    application_no: str
    passport_no: str
    kind: str
    officer_name: str
    lane_number: int
    office_name: str


def copies(
    conn: Connection, passport_ids: Sequence[int], officer_id: int | None, lane_id: int | None
) -> dict[int, Any]:
    """By the id of each book, the columns that its record keeps of the book, the officer, the lane and the office."""
    found = _COPIES.all(conn, ids=list(passport_ids), officer=officer_id, lane=lane_id)
    return {copy.passport_id: copy._asdict() for copy in found}


def void_columns(conn: Connection, at: datetime, staff_id: int | None, reason: str, shelf: str) -> dict[str, Any]:
    """The columns that a void writes once, with its own copy of the supervisor's name."""
    name = conn.execute(_NAME, {"id": staff_id}).scalar_one()
    return {
        "voided_at": at,
        "voided_by_id": staff_id,
        "voided_by_name": name,
        "void_reason": reason,
        "void_shelf": shelf,
    }


_COPIES = TypedSelect(
    Copy,
    select(
        Passport.id.label("passport_id"),
        Passport.holder_name,
        Passport.application_no,
        Passport.passport_no,
        Passport.kind,
        Staff.name.label("officer_name"),
        Lane.number.label("lane_number"),
        Office.name.label("office_name"),
    )
    .select_from(Passport)
    .join(Staff, Staff.id == bindparam("officer"))
    .join(Lane, Lane.id == bindparam("lane"))
    .join(Office, Office.id == Lane.office_id)
    .where(Passport.id.in_(bindparam("ids", expanding=True))),
)
_NAME = select(Staff.name).where(Staff.id == bindparam("id"))

if Copy._fields[1:] != digest.COPIED:
    raise TypeError("the digest must cover exactly what a record copies")
