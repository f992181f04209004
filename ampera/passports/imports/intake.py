"""Taking books in: compare rows with the shelf first, then write everything in one transaction or nothing.

The comparison is a plain read; the transaction holds only inserts and conditional updates. When the shelf changed in
between (`Stale`), nothing is written and `bring_in` compares again.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ampera import audit, db, errors
from ampera.audit import Actor
from ampera.db import Unit, transaction
from ampera.errors import Refusal
from ampera.offices.document_labels import kinds_of
from ampera.offices.models import Office
from ampera.passports.events import BookChanged, BooksTakenIn, ContactsChanged
from ampera.passports.fields import JSON_NAME, FieldError, Record, folded
from ampera.passports.imports.row import Row, of_kinds
from ampera.passports.models import Passport
from ampera.passports.states import ON_SHELF, State

OUTCOMES = ("created", "updated", "unchanged", "refused")
TRIES = 5
KIND = "passport"  # when a row does not tell


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one row. `changes` are (JSON name, old, new) of a known book."""

    number: int
    application_no: str
    holder_name: str
    outcome: str
    problems: tuple[FieldError, ...] = ()
    changes: tuple[tuple[str, Any, Any], ...] = ()
    passport_id: int | None = None
    pickup_id: int | None = None


class Known(NamedTuple):
    """A book as the database has it."""

    id: int
    office_id: int
    pickup_id: int | None
    state: str
    updated_at: datetime
    record: Record


@dataclass(frozen=True)
class Plan:
    """The outcomes of all rows, and what has to be written for them."""

    outcomes: list[Outcome]
    new: list[Record]
    changed: list[tuple[Known, Record]]


class Stale(errors.Problem):
    """The shelf is not what the plan was made for; nothing was written."""

    def __init__(self) -> None:
        super().__init__(Refusal.CONFLICT, 409)


def compare(session: Session, office_id: int, rows: Sequence[Row]) -> Plan:
    """What taking these rows in at this office would do. Writes nothing; 5,000 rows take about 0.2 s."""
    kinds = kinds_of(session.get_one(Office, office_id).options)
    rows = [of_kinds(row, kinds) for row in rows]
    known = _known(session, {row.record.application_no for row in rows if row.record})
    plan = Plan([], [], [])
    seen: dict[str, tuple[int, Record, int]] = {}
    for row in rows:
        plan.outcomes.append(_outcome(plan, office_id, row, known, seen))
    return plan


def counts(outcomes: Sequence[Outcome]) -> dict[str, int]:
    """How many rows there are, and how many of each outcome."""
    found = Counter(one.outcome for one in outcomes)
    return {"rows": len(outcomes)} | {outcome: found[outcome] for outcome in OUTCOMES}


def bring_in(actor: Actor, rows: Sequence[Row]) -> list[Outcome]:
    """Compare and take in, again when somebody else changed the shelf meanwhile. Commits everything or nothing."""
    for _ in range(TRIES):
        plan = db.long_read_in_thread(compare, actor.office_id or 0, rows)
        try:
            return take_in(actor, plan)
        except (Stale, IntegrityError):  # the unique application number is the last word
            continue
    raise Stale


@transaction
def take_in(unit: Unit, actor: Actor, plan: Plan) -> list[Outcome]:
    """Write the plan: books, their pickups and codes (by subscribers), audit rows. Raises Stale."""
    ids = _insert(unit, actor, plan.new)
    _update(unit, plan.changed)
    moved = [(book, new) for book, new in plan.changed if book.record.group_name != new.group_name]
    books = [*zip(ids, (book.group_name for book in plan.new), strict=True)]
    books += [(book.id, new.group_name) for book, new in moved]
    if books:
        left = {book.pickup_id for book, _ in moved if book.pickup_id}
        unit.emit(BooksTakenIn(actor, actor.office_id or 0, tuple(books), tuple(sorted(left))))
    for book, _ in plan.changed:
        unit.emit(BookChanged(book.office_id, book.id))
    if contacts := tuple(book.id for book, new in plan.changed if _contact(book.record) != _contact(new)):
        unit.emit(ContactsChanged(actor.office_id or 0, contacts))
    id_of = dict(zip((book.application_no for book in plan.new), ids, strict=True))
    outcomes = _settled(unit, plan.outcomes, id_of)
    _record(unit, actor, outcomes)
    return outcomes


@transaction
def refuse_file(unit: Unit, actor: Actor, codes: Sequence[str]) -> None:
    """Nothing was taken in, because the file as a whole could not be read."""
    audit.record(unit, actor, "passports.file_refused", f"office:{actor.office_id}", codes=sorted(set(codes)))


def _contact(record: Record) -> tuple[str | None, str | None]:
    return record.phone, record.email


def _outcome(
    plan: Plan, office_id: int, row: Row, known: dict[str, Known], seen: dict[str, tuple[int, Record, int]]
) -> Outcome:
    """The outcome of one row, after those before it: the first of several rows about one application counts."""
    result = Outcome(row.number, row.application_no, row.holder_name, "refused", row.problems)
    if row.record is None:
        return result
    new = row.record
    if earlier := seen.get(new.application_no):
        first, same, place = earlier
        if same == new:
            twin = plan.outcomes[place]
            return replace(result, outcome="unchanged", passport_id=twin.passport_id, pickup_id=twin.pickup_id)
        return _refuse(result, "application_no", "duplicate_conflict", new.application_no, row=first)
    seen[new.application_no] = row.number, new, len(plan.outcomes)
    book = known.get(new.application_no)
    if book is None:
        plan.new.append(new)
        return replace(result, outcome="created")
    return _against(plan, office_id, replace(result, passport_id=book.id, pickup_id=book.pickup_id), book, new)


def _against(plan: Plan, office_id: int, result: Outcome, book: Known, new: Record) -> Outcome:
    """The outcome for an application that has a book. What the row does not tell stays as it is."""
    if book.office_id != office_id:
        hidden = replace(result, passport_id=None, pickup_id=None)
        return _refuse(hidden, "application_no", "other_office", new.application_no)
    if book.record.passport_no != new.passport_no:
        return _refuse(result, "passport_no", "other_passport_no", new.passport_no)
    told = {name: value for name, value in new._asdict().items() if value is not None}
    merged = book.record._replace(**told)
    if merged == book.record:
        return replace(result, outcome="unchanged")
    if book.state not in ON_SHELF:
        return _refuse(result, "application_no", str(book.state), new.application_no)
    plan.changed.append((book, merged))
    return replace(result, outcome="updated", changes=tuple(_changes(book.record, merged)))


def _refuse(result: Outcome, field: str, code: str, content: str, **params: Any) -> Outcome:
    return replace(result, outcome="refused", problems=(FieldError(field, code, params, content),))


def _changes(old: Record, new: Record) -> Iterator[tuple[str, Any, Any]]:
    for name, before, now in zip(Record._fields, old, new, strict=True):
        if before != now:
            yield JSON_NAME.get(name, name), _plain(before), _plain(now)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _known(session: Session, application_nos: Iterable[str]) -> dict[str, Known]:
    found = {}
    for some in db.in_batches(sorted(application_nos)):
        for id_, office_id, pickup_id, state, updated_at, *fields in session.execute(_KNOWN, {"numbers": some}):
            found[fields[0]] = Known(id_, office_id, pickup_id, state, updated_at, Record(*fields))
    return found


def _insert(unit: Unit, actor: Actor, records: Sequence[Record]) -> list[int]:
    """The ids of the new books, in the same order."""
    if not records:
        return []
    common = {"office_id": actor.office_id, "state": "ready", "created_at": unit.at, "updated_at": unit.at}
    rows = [
        {**one._asdict(), **common, "kind": one.kind or "passport", "name_key": folded(one.holder_name)}
        for one in records
    ]
    return list(unit.conn.scalars(_INSERT, rows))


def _update(unit: Unit, changed: Sequence[tuple[Known, Record]]) -> None:
    """Each book only as it was compared: not if it was changed, collected or cancelled since."""
    if not changed:
        return
    rows = [
        {
            **{f"new_{name}": value for name, value in new._asdict().items()},
            "new_name_key": folded(new.holder_name),
            "new_updated_at": unit.at,
            "book": book.id,
            "seen": book.updated_at,
        }
        for book, new in changed
    ]
    if unit.conn.execute(_UPDATE, rows).rowcount != len(rows):
        raise Stale


def _settled(unit: Unit, outcomes: Sequence[Outcome], id_of: dict[str, int]) -> list[Outcome]:
    """The outcomes with the ids that books and pickups have now."""
    settled = [
        replace(one, passport_id=one.passport_id or id_of.get(one.application_no)) if one.outcome != "refused" else one
        for one in outcomes
    ]
    wanted = sorted({one.passport_id for one in settled if one.passport_id})
    pickup_of: dict[int, int] = {}
    for some in db.in_batches(wanted):
        rows = unit.conn.execute(_PICKUPS, {"books": some})
        pickup_of |= {row.id: row.pickup_id for row in rows}
    return [replace(one, pickup_id=pickup_of[one.passport_id]) if one.passport_id else one for one in settled]


def _record(unit: Unit, actor: Actor, outcomes: Sequence[Outcome]) -> None:
    """One row about the whole (counts, and codes of what was refused), one about each book that is new or changed."""
    codes = Counter(problem.code for one in outcomes for problem in one.problems)
    audit.record(
        unit, actor, "passports.taken_in", f"office:{actor.office_id}", **counts(outcomes), problems=dict(codes)
    )
    for one in outcomes:
        if one.outcome == "created":
            audit.record(unit, actor, "passport.taken_in", f"passport:{one.passport_id}")
        elif one.outcome == "updated":
            fields = [name for name, _, _ in one.changes]
            audit.record(unit, actor, "passport.updated", f"passport:{one.passport_id}", fields=fields)


_COLUMNS = [getattr(Passport, name) for name in Record._fields]
_KNOWN = select(
    Passport.id, Passport.office_id, Passport.pickup_id, Passport.state, Passport.updated_at, *_COLUMNS
).where(Passport.application_no.in_(bindparam("numbers", expanding=True)))
_PICKUPS = select(Passport.id, Passport.pickup_id).where(Passport.id.in_(bindparam("books", expanding=True)))
_INSERT = insert(Passport).returning(Passport.id, sort_by_parameter_order=True)
_UPDATE = (
    update(Passport.__table__)  # type: ignore[arg-type]
    .where(
        Passport.id == bindparam("book"),
        Passport.updated_at == bindparam("seen"),
        *(Passport.state != state for state in State if state not in ON_SHELF),
    )
    .values(
        **{name: bindparam(f"new_{name}") for name in (*Record._fields, "name_key", "updated_at")},
    )
)
