"""Taking books in: compare rows with the shelf first, then write everything in one transaction, or nothing.

The comparison is a plain read; the transaction has only inserts and conditional updates. If the shelf has changed in
between (`ShelfChanged`), nothing is written and `bring_in` compares again.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from ampera import audit, db, errors
from ampera.audit import Actor
from ampera.db import Unit, long_transaction, transaction
from ampera.errors import Refusal
from ampera.offices.document_labels import PASSPORT
from ampera.passports.corrections.models import Correction
from ampera.passports.events import BookChanged, BooksTakenIn, ContactsChanged, FormerHolder
from ampera.passports.fields import Record, name_key
from ampera.passports.imports import intake_plan
from ampera.passports.imports.intake_plan import IntakePlan, KnownBook, RowOutcome, counts
from ampera.passports.imports.row import CheckedRow
from ampera.passports.models import ImportedFile, Passport, Source
from ampera.passports.states import ON_SHELF, State
from ampera.sql.statements import Write, in_batches, new_ids
from ampera.web import guess_counter

TRIES = 5


class ShelfChanged(errors.Problem):
    """The shelf has changed since the plan was made. Nothing was written."""

    def __init__(self) -> None:
        super().__init__(Refusal.CONFLICT, 409)


def bring_in(
    actor: Actor, rows: Sequence[CheckedRow], source: Source | None = None, *, needs_new: bool = False
) -> list[RowOutcome]:
    """Compare and take in; commits everything or nothing. `source` is the file of the rows.

    With `needs_new` a row about an application that has a book is refused (`application_known`).
    Repeated when the shelf changes meanwhile. Raises ShelfChanged (409 `conflict`) after TRIES attempts, and
    Problem 429 `numbers_exhausted` for too many answers about numbers.
    """
    guess_counter.need_right(actor, intake_plan.NUMBERS)
    for _ in range(TRIES):
        plan = db.long_read_in_thread(intake_plan.compare, actor.office_id or 0, rows, needs_new=needs_new)
        guess_counter.need_answers(actor, intake_plan.NUMBERS, intake_plan.number_answers(plan))
        try:
            return take_in(actor, plan, source)
        except (ShelfChanged, IntegrityError):  # unique application and passport numbers decide a race
            continue
    raise ShelfChanged


@long_transaction
def take_in(unit: Unit, actor: Actor, plan: IntakePlan, source: Source | None = None) -> list[RowOutcome]:
    """Write the plan: books, their pickups and codes (by subscribers), audit rows, the file. Raises ShelfChanged."""
    ids = _insert(unit, actor, plan.new)
    _update(unit, plan.changed)
    _propose(unit, actor, plan.proposed)
    moved = [(book, new) for book, new in plan.changed if book.record.group_name != new.group_name]
    books = [*zip(ids, (book.group_name for book in plan.new), strict=True)]
    books += [(book.id, new.group_name) for book, new in moved]
    if books:
        left = {book.pickup_id for book, _ in moved if book.pickup_id}
        unit.emit(BooksTakenIn(actor, actor.office_id or 0, tuple(books), tuple(sorted(left))))
    for passport_id in dict.fromkeys((*(book.id for book, _ in plan.changed), *plan.asked)):
        unit.emit(BookChanged(actor.office_id or 0, passport_id))
    if former := tuple(_former(book) for book, new in plan.changed if _contact(book.record) != _contact(new)):
        contacts = tuple(holder.passport_id for holder in former)
        unit.emit(ContactsChanged(actor.office_id or 0, contacts, former))
    id_of = dict(zip((book.application_no for book in plan.new), ids, strict=True))
    outcomes = _settled(unit, plan.outcomes, id_of)
    _record(unit, actor, outcomes)
    if source:
        ImportedFile.add(unit, actor, source, counts(outcomes))
    for passport_id, answer in plan.asked.items():
        mark = audit.mark(unit, "identity", answer)
        audit.record(unit, actor, "passport.correction_asked", f"passport:{passport_id}", mark=mark)
    return outcomes


@transaction
def refuse_file(unit: Unit, actor: Actor, codes: Sequence[str]) -> None:
    """Audit a file that could not be read. No book was taken in."""
    audit.record(unit, actor, "passports.file_refused", f"office:{actor.office_id}", codes=sorted(set(codes)))


def _contact(record: Record) -> tuple[str | None, str | None]:
    return record.phone, record.email


def _former(book: KnownBook) -> FormerHolder:
    return FormerHolder(book.id, book.record.holder_name, *_contact(book.record))


def _insert(unit: Unit, actor: Actor, records: Sequence[Record]) -> list[int]:
    """The ids of the new books, in the same order."""
    if not records:
        return []
    common = {"office_id": actor.office_id, "state": "ready", "created_at": unit.at, "updated_at": unit.at}
    ids = new_ids(unit.conn, Passport, len(records))
    rows = [
        {"id": id_, **book._asdict(), **common, "kind": book.kind or PASSPORT, "name_key": name_key(book.holder_name)}
        for id_, book in zip(ids, records, strict=True)
    ]
    _INSERT.run_all(unit.conn, rows)
    return ids


def _propose(unit: Unit, actor: Actor, proposed: Sequence[tuple[KnownBook, dict[str, Any]]]) -> None:
    """Keep the proposals for a second person. A race of two intakes for one book is decided by the unique index."""
    common = {"office_id": actor.office_id, "reason": "", "proposed_by": actor.staff_id, "proposed_at": unit.at}
    rows = [{**common, "passport_id": book.id, "proposed": wanted} for book, wanted in proposed]
    Correction.open_all(unit.conn, rows)


def _update(unit: Unit, changed: Sequence[tuple[KnownBook, Record]]) -> None:
    """Update each book unless it was changed, collected or cancelled since the comparison."""
    if not changed:
        return
    rows = [
        {
            **{f"new_{name}": value for name, value in new._asdict().items()},
            "new_name_key": name_key(new.holder_name),
            "new_updated_at": unit.at,
            "new_is_old_twin": book.is_old_twin if book.number(new) == book.number(book.record) else None,
            "book": book.id,
            "seen": book.updated_at,
        }
        for book, new in changed
    ]
    if unit.conn.execute(_UPDATE, rows).rowcount != len(rows):
        raise ShelfChanged


def _settled(unit: Unit, outcomes: Sequence[RowOutcome], id_of: dict[str, int]) -> list[RowOutcome]:
    """The outcomes with the ids that books and pickups have now."""
    book_of = [
        row.passport_id or (id_of.get(row.application_no) if row.outcome != "refused" else None) for row in outcomes
    ]
    wanted = sorted({book for book in book_of if book})
    pickup_of: dict[int, int] = {}
    for some in in_batches(wanted):
        rows = unit.conn.execute(_PICKUPS, {"books": some})
        pickup_of |= {row.id: row.pickup_id for row in rows}
    return [
        replace(row, passport_id=book, pickup_id=pickup_of[book]) if book else row
        for row, book in zip(outcomes, book_of, strict=True)
    ]


def _record(unit: Unit, actor: Actor, outcomes: Sequence[RowOutcome]) -> None:
    """An audit row about the whole (counts, and codes of errors), and one about each new or changed book."""
    codes = Counter(problem.code for row in outcomes for problem in row.problems)
    audit.record(
        unit, actor, "passports.taken_in", f"office:{actor.office_id}", **counts(outcomes), problems=dict(codes)
    )
    for row in outcomes:
        if row.outcome == "created":
            audit.record(unit, actor, "passport.taken_in", f"passport:{row.passport_id}")
        elif row.outcome == "updated":
            fields = [name for name, _, _ in row.changes]
            audit.record(unit, actor, "passport.updated", f"passport:{row.passport_id}", fields=fields)


_PICKUPS = select(Passport.id, Passport.pickup_id).where(Passport.id.in_(bindparam("books", expanding=True)))
_INSERT = Write(insert(Passport))
_UPDATE = (
    update(Passport.__table__)  # type: ignore[arg-type]
    .where(
        Passport.id == bindparam("book"),
        Passport.updated_at == bindparam("seen"),
        *(Passport.state != state for state in State if state not in ON_SHELF),
    )
    .values(
        **{name: bindparam(f"new_{name}") for name in (*Record._fields, "name_key", "updated_at", "is_old_twin")},
    )
)
