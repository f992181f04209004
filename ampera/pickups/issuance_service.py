"""Codes for new books, issued in the transaction of the intake, so that no book on a shelf is without a code.

Books of one group share a pickup, also with earlier books of the group that are not collected yet.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, exists, func, insert, select, update

from ampera import audit, events
from ampera.audit import Actor
from ampera.db import Unit
from ampera.passports.events import BooksTakenIn
from ampera.passports.models import Passport
from ampera.passports.states import ON_SHELF
from ampera.pickups import codes
from ampera.pickups.events import PickupChanged, PickupsIssued
from ampera.pickups.models import Pickup, PickupCode
from ampera.sql.statements import Write, in_batches, new_ids


@dataclass(frozen=True)
class Seed:
    """The inputs of a new code (a `codes.Generation`)."""

    pickup_id: int
    generation: int
    key_id: str
    nonce: bytes


@events.during(BooksTakenIn)
def issue(unit: Unit, taken: BooksTakenIn) -> None:
    """Assign every book to a pickup and give every new pickup a code. 5,000 books take well under a second."""
    groups = {group for _, group in taken.books if group}
    pickup_of = _open_pickups(unit, taken.office_id, groups)
    alone = [book for book, group in taken.books if not group]
    unknown = [group for group in dict.fromkeys(group for _, group in taken.books) if group and group not in pickup_of]
    issued = _insert_pickups(unit, taken.office_id, [*unknown, *[None] * len(alone)])
    pickup_of |= zip(unknown, issued, strict=False)
    of_book = dict(zip(alone, issued[len(unknown) :], strict=True))
    of_book |= {book: pickup_of[group] for book, group in taken.books if group}
    _ASSIGN.run_all(unit.conn, [{"book": book, "pickup": pickup} for book, pickup in of_book.items()])
    add_codes(unit, [(pickup_id, 1) for pickup_id in issued])
    _record(unit, taken.actor, of_book)
    _close_empty(unit, taken)
    unit.emit(PickupsIssued(taken.office_id, tuple(sorted(set(of_book.values())))))


def add_codes(unit: Unit, wanted: Sequence[tuple[int, int]]) -> None:
    """Insert a current code for each (pickup id, generation) with the newest key.

    A pickup has one current code: call `end_current` first.
    """
    keys = codes.CodeKeys.parse(unit.settings.code_keys)
    rows = [
        _row(unit, keys, Seed(pickup_id, generation, keys.newest_id, codes.new_nonce()), booking_code)
        for (pickup_id, generation), booking_code in zip(wanted, _short_codes(unit, len(wanted)), strict=True)
    ]
    if rows:
        _INSERT_CODES.run_all(unit.conn, rows)


def _open_pickups(unit: Unit, office_id: int, groups: Collection[str]) -> dict[str, int]:
    """The newest pickup of each group that still has a current code and a book on the shelf."""
    found: dict[str, int] = {}
    for batch in in_batches(sorted(groups)):
        rows = unit.conn.execute(_OPEN_PICKUPS, {"office": office_id, "groups": batch})
        found |= {row.group_name: row.id for row in rows}
    return found


def _insert_pickups(unit: Unit, office_id: int, groups: Sequence[str | None]) -> list[int]:
    """Insert one pickup per entry; returns the ids in the same order."""
    if not groups:
        return []
    ids = new_ids(unit.conn, Pickup, len(groups))
    common = {"office_id": office_id, "created_at": unit.at}
    _INSERT_PICKUPS.run_all(
        unit.conn, [{"id": id_, "group_name": group, **common} for id_, group in zip(ids, groups, strict=True)]
    )
    return ids


def _close_empty(unit: Unit, taken: BooksTakenIn) -> None:
    """Revoke the code of a pickup whose last book moved to another group."""
    for pickup_id in taken.left:
        if unit.conn.scalar(_A_BOOK, {"pickup": pickup_id}) is None and end_current(unit, pickup_id):
            audit.record(unit, taken.actor, "pickup.code_revoked", f"pickup:{pickup_id}", reason="regrouped")
            unit.emit(PickupChanged(taken.office_id, pickup_id))


def end_current(unit: Unit, pickup_id: int) -> bool:
    """Revoke the current code; False when there is none."""
    return unit.conn.execute(_END, {"pickup": pickup_id, "at": unit.at}).rowcount == 1


def _row(unit: Unit, keys: codes.CodeKeys, seed: Seed, booking_code: str) -> dict[str, Any]:
    return {
        "pickup_id": seed.pickup_id,
        "generation": seed.generation,
        "key_id": seed.key_id,
        "nonce": seed.nonce,
        "code_hash": codes.fingerprint(keys.code(seed)),
        "link_hash": codes.fingerprint(keys.link(seed)),
        "booking_code": booking_code,
        "state": "current",
        "created_at": unit.at,
    }


def _short_codes(unit: Unit, count: int) -> list[str]:
    """This many unused short codes. 35 random bits would collide among millions, so used codes are excluded."""
    drawn: set[str] = set()
    while len(drawn) < count:
        more = {codes.new_short_code() for _ in range(count - len(drawn))}
        for batch in in_batches(sorted(more)):
            more -= set(unit.conn.scalars(_TAKEN, {"booking_codes": batch}))
        drawn |= more
    return list(drawn)


def _record(unit: Unit, actor: Actor, of_book: dict[int, int]) -> None:
    books: dict[int, list[int]] = {}
    for book, pickup_id in of_book.items():
        books.setdefault(pickup_id, []).append(book)
    for pickup_id, passport_ids in books.items():
        audit.record(unit, actor, "pickup.issued", f"pickup:{pickup_id}", passports=passport_ids)


_OPEN_PICKUPS = (
    select(Pickup.group_name, func.max(Pickup.id).label("id"))
    .where(
        Pickup.office_id == bindparam("office"),
        Pickup.group_name.in_(bindparam("groups", expanding=True)),
        exists().where(PickupCode.pickup_id == Pickup.id, PickupCode.state == "current"),
        exists().where(Passport.pickup_id == Pickup.id, Passport.state.in_(ON_SHELF)),
    )
    .group_by(Pickup.group_name)
)
_INSERT_PICKUPS = Write(insert(Pickup))
_INSERT_CODES = Write(insert(PickupCode))
_A_BOOK = select(Passport.id).where(Passport.pickup_id == bindparam("pickup")).limit(1)
_END = (
    update(PickupCode)
    .where(PickupCode.pickup_id == bindparam("pickup"), PickupCode.state == "current")
    .values(state="revoked", ended_at=bindparam("at"))
)
_TAKEN = select(PickupCode.booking_code).where(PickupCode.booking_code.in_(bindparam("booking_codes", expanding=True)))
_ASSIGN = Write(update(Passport).where(Passport.id == bindparam("book")).values(pickup_id=bindparam("pickup")))
