"""What the desk does with a book: hold, release, move, correct, cancel. A refusal is audited like a change.

The state changes in one conditional UPDATE, so only one of two people who act at the same moment succeeds.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select, update

from ampera import audit, clock, events
from ampera.accounts.refusals import AccountRefusal
from ampera.audit import Actor
from ampera.db import Unit, transaction
from ampera.errors import Refusal, Refused
from ampera.offices.models import Office
from ampera.passports import fields, queries
from ampera.passports.deadlines import GROUNDS, NOT_COLLECTED, collect_by, is_overdue
from ampera.passports.events import (
    BookCancelled,
    BookChanged,
    BookReleased,
    CancellationAsked,
    ContactsChanged,
    FormerHolder,
    LateAllowed,
    LateDecided,
    UnlockDecided,
)
from ampera.passports.fields import MAX_MINUTES, MAX_REASON
from ampera.passports.models import Passport
from ampera.passports.refusals import PassportRefusal
from ampera.passports.states import MOVES, ON_SHELF, State


@dataclass(frozen=True)
class ChangedBook:
    """A book after the change."""

    id: int
    state: str
    shelf: str
    held_reason: str | None


@transaction
def hold(unit: Unit, actor: Actor, passport_id: int, reason: str) -> ChangedBook | Refused:
    """Keep a ready book for a check at the inside counter. Refused: `reason_missing`, `wrong_state`, `not_found`."""
    return _move(unit, actor, passport_id, "hold", reason, held_reason=_line(reason, MAX_REASON))


@transaction
def release(unit: Unit, actor: Actor, passport_id: int, reason: str) -> ChangedBook | Refused:
    """Make a held book ready again. Refused: `reason_missing`, `wrong_state`, `not_found`."""
    return _move(unit, actor, passport_id, "release", reason)


@transaction
def cancel(
    unit: Unit, actor: Actor, passport_id: int, minutes: str, ground: str = "", has_proved: bool = False
) -> ChangedBook | Refused:
    """Cancel a passport on `ground` with the number of the berita acara.

    `has_proved` means that this request contained the right password. Refused: `forbidden`, `not_found`,
    `minutes_missing`, `ground_missing`, `fresh_sign_in_needed`, `wrong_state`, `being_served`, `ground_not_due`.
    """
    clean = _line(minutes, MAX_MINUTES)
    if refusal := _cancel_refusal(unit, actor, passport_id, clean, ground, has_proved):
        return _refuse(unit, actor, passport_id, "cancel", refusal)
    allowed, target = MOVES["cancel"]
    if not _update(unit, actor, passport_id, allowed, state=target, held_reason=None):
        return _refuse(unit, actor, passport_id, "cancel", Refused(Refusal.WRONG_STATE, 409))
    audit.record(unit, actor, "passport.cancelled", f"passport:{passport_id}", ground=ground, minutes=clean)
    unit.emit(BookCancelled(actor.office_id or 0, passport_id))
    return _changed(unit, actor, passport_id)


@transaction
def allow_late(unit: Unit, actor: Actor, passport_id: int, until: date, reason: str) -> ChangedBook | Refused:
    """Allow a ready book to be collected until this day after its deadline: a supervisor's decision, with a reason.

    Refused: `forbidden`, `reason_missing`, `day_passed`, `wrong_state`, `not_found`.
    """
    return _allow_late(unit, actor, passport_id, until, reason)


@events.during(LateDecided)
def late_decided(unit: Unit, decided: LateDecided) -> None:
    """The decision of a supervisor at the lane, inside the transaction of the call."""
    result = _allow_late(unit, decided.actor, decided.passport_id, decided.until, decided.reason)
    if isinstance(result, Refused):
        decided.refusals.append(result)


def _allow_late(unit: Unit, actor: Actor, passport_id: int, until: date, reason: str) -> ChangedBook | Refused:
    clean = _line(reason, MAX_REASON)
    if actor.role != "supervisor":
        return _refuse(unit, actor, passport_id, "late", Refused(Refusal.FORBIDDEN, 403))
    if not clean:
        return _refuse(unit, actor, passport_id, "late", _empty("reason"))
    if until < clock.today():
        return _refuse(
            unit,
            actor,
            passport_id,
            "late",
            Refused(PassportRefusal.DAY_PASSED, 422, {"until": PassportRefusal.DAY_PASSED}),
        )
    if not _update(unit, actor, passport_id, frozenset({State.READY}), late_until=until):
        return _refuse(unit, actor, passport_id, "late", _why_not(unit, actor, passport_id))
    audit.record(unit, actor, "passport.late_allowed", f"passport:{passport_id}", until=until.isoformat(), reason=clean)
    unit.emit(LateAllowed(actor.office_id or 0, passport_id, until))
    return _changed(unit, actor, passport_id)


@transaction
def move(unit: Unit, actor: Actor, passport_id: int, shelf: str) -> ChangedBook | Refused:
    """Record another shelf. Refused: `shelf_missing`, `shelf_invalid`, `wrong_state`, `not_found`."""
    place = fields.place(shelf)
    if not place:
        code = PassportRefusal.SHELF_MISSING if place == "" else PassportRefusal.SHELF_INVALID
        return _refuse(unit, actor, passport_id, "move", Refused(code, 422, {"shelf": code}))
    before = unit.session.scalar(select(Passport.shelf).where(*_own(actor, passport_id)))
    if not _update(unit, actor, passport_id, ON_SHELF, shelf=place):
        return _refuse(unit, actor, passport_id, "move", _why_not(unit, actor, passport_id))
    audit.record(unit, actor, "passport.moved", f"passport:{passport_id}", before=before, shelf=place)
    return _changed(unit, actor, passport_id)


@transaction
def correct(unit: Unit, actor: Actor, passport_id: int, phone: str, email: str) -> ChangedBook | Refused:
    """Set contact data ("" removes it). The audit row names the changed fields, never their content.

    Refused: `invalid` with `phone_invalid` or `email_invalid` by field; `not_found`.
    """
    wrong, values = fields.contact(phone, email)
    if wrong:
        return _refuse(unit, actor, passport_id, "correct", Refused(Refusal.INVALID, 422, wrong))
    known = select(Passport.phone, Passport.email, Passport.holder_name).where(*_own(actor, passport_id))
    before = unit.session.execute(known).one_or_none()
    if before is None or not _update(unit, actor, passport_id, frozenset(State), **values):
        return _refuse(unit, actor, passport_id, "correct", Refused(Refusal.NOT_FOUND, 404))
    changed = [name for name in values if values[name] != getattr(before, name)]
    audit.record(unit, actor, "passport.corrected", f"passport:{passport_id}", fields=changed)
    if changed:
        former = FormerHolder(passport_id, before.holder_name, before.phone, before.email)
        unit.emit(ContactsChanged(actor.office_id or 0, (passport_id,), (former,)))
    return _changed(unit, actor, passport_id)


@transaction
def unlock(unit: Unit, actor: Actor, passport_id: int, reason: str = "") -> ChangedBook | Refused:
    """Unlock a book that misses locked, on the shelf or (by wrong numbers at a void) handed over.

    Refused: `forbidden`, `not_found`, `wrong_state`, `too_many_requests`.
    """
    return _unlock(unit, actor, passport_id, reason)


@events.during(UnlockDecided)
def unlock_decided(unit: Unit, decided: UnlockDecided) -> None:
    """The decision of a supervisor at the lane, inside the transaction of the call."""
    result = _unlock(unit, decided.actor, decided.passport_id, decided.reason)
    if isinstance(result, Refused):
        decided.refusals.append(result)


def _unlock(unit: Unit, actor: Actor, passport_id: int, reason: str) -> ChangedBook | Refused:
    if actor.role != "supervisor":
        return _refuse(unit, actor, passport_id, "unlock", Refused(Refusal.FORBIDDEN, 403))
    locked = select(Passport.id).where(
        *_own(actor, passport_id), Passport.locked_at.is_not(None), Passport.state != State.CANCELLED
    )
    if unit.conn.scalar(locked) is None:
        return _refuse(unit, actor, passport_id, "unlock", _why_not(unit, actor, passport_id))
    if not queries.may_unlock(unit.conn, passport_id, unit.at):
        return _refuse(unit, actor, passport_id, "unlock", Refused(Refusal.TOO_MANY_REQUESTS, 429))
    Passport.unlock(unit.conn, passport_id)
    audit.record(unit, actor, "passport.unlocked", f"passport:{passport_id}", reason=_line(reason, MAX_REASON))
    return _changed(unit, actor, passport_id)


def _cancel_refusal(
    unit: Unit, actor: Actor, passport_id: int, minutes: str, ground: str, has_proved: bool
) -> Refused | None:
    if actor.role != "supervisor":
        return Refused(Refusal.FORBIDDEN, 403)
    found = select(Passport).where(Passport.id == passport_id, Passport.office_id == actor.office_id)
    book = unit.session.scalar(found)
    if book is None:
        return Refused(Refusal.NOT_FOUND, 404)
    lacking = {} if minutes else {"minutes": PassportRefusal.MINUTES_MISSING}
    if ground not in GROUNDS:
        lacking["ground"] = PassportRefusal.GROUND_MISSING
    if lacking:
        return Refused(next(iter(lacking.values())), 422, dict(lacking))
    if not (has_proved or actor.is_fresh(unit.at)):
        return Refused(AccountRefusal.FRESH_SIGN_IN_NEEDED, 403)
    return _not_now(unit, book, ground)


def _not_now(unit: Unit, book: Passport, ground: str) -> Refused | None:
    """The month of Pasal 30 d ends with the last day to collect, extensions included."""
    if book.state not in ON_SHELF:
        return Refused(Refusal.WRONG_STATE, 409)
    asked = CancellationAsked(book.id, book.pickup_id)
    unit.emit(asked)
    if asked.objections:
        return Refused(asked.objections[0], 409)
    office = unit.session.get_one(Office, book.office_id)
    today = clock.local(unit.at, office.timezone).date()
    if ground == NOT_COLLECTED and not is_overdue(collect_by(book.issued_on, office.options, book.late_until), today):
        return Refused(PassportRefusal.GROUND_NOT_DUE, 422, {"ground": PassportRefusal.GROUND_NOT_DUE})
    return None


# Move -> the field that must have a text, and its longest length.
NEEDED = {"hold": ("reason", MAX_REASON), "release": ("reason", MAX_REASON)}
DONE = {"hold": "held", "release": "released"}
EVENTS = {"release": BookReleased}


def _move(
    unit: Unit, actor: Actor, passport_id: int, verb: str, text: str, held_reason: str | None = None
) -> ChangedBook | Refused:
    """Make the move `verb` if the state of the book allows it. `text` is the content of the move's needed field."""
    field, longest = NEEDED[verb]
    text = _line(text, longest)
    if not text:
        return _refuse(unit, actor, passport_id, verb, _empty(field))
    allowed, target = MOVES[verb]
    if not _update(unit, actor, passport_id, allowed, state=target, held_reason=held_reason):
        return _refuse(unit, actor, passport_id, verb, _why_not(unit, actor, passport_id))
    audit.record(unit, actor, f"passport.{DONE[verb]}", f"passport:{passport_id}", **{field: text})
    if event := EVENTS.get(verb):
        unit.emit(event(actor.office_id or 0, passport_id))
    return _changed(unit, actor, passport_id)


def _update(unit: Unit, actor: Actor, passport_id: int, states: frozenset[State], **values: object) -> bool:
    done = update(Passport).where(*_own(actor, passport_id), Passport.state.in_(states))
    return unit.conn.execute(done.values(updated_at=unit.at, **values)).rowcount == 1


def _own(actor: Actor, passport_id: int) -> tuple[Any, ...]:
    return Passport.id == passport_id, Passport.office_id == actor.office_id


def _changed(unit: Unit, actor: Actor, passport_id: int) -> ChangedBook:
    Office.raise_revision(unit.conn, actor.office_id or 0)
    unit.emit(BookChanged(actor.office_id or 0, passport_id))
    found = select(Passport.id, Passport.state, Passport.shelf, Passport.held_reason)
    return ChangedBook(*unit.conn.execute(found.where(Passport.id == passport_id)).one())


def _why_not(unit: Unit, actor: Actor, passport_id: int) -> Refused:
    is_known = unit.session.scalar(select(Passport.id).where(*_own(actor, passport_id)))
    return Refused(Refusal.WRONG_STATE, 409) if is_known else Refused(Refusal.NOT_FOUND, 404)


def _refuse(unit: Unit, actor: Actor, passport_id: int, verb: str, refusal: Refused) -> Refused:
    audit.record(unit, actor, f"passport.{verb}_refused", f"passport:{passport_id}", code=refusal.code)
    return refusal


def _empty(field: str) -> Refused:
    return Refused(Refusal.REASON_MISSING, 422, {field: Refusal.REASON_MISSING})


def _line(text: str, longest: int) -> str:
    """One line with single spaces, cut at `longest`."""
    return " ".join(text.split())[:longest]
