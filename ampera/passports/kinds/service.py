"""The office's kinds of documents: add, rename, and remove while no book is of the kind.

This module belongs to `passports` and not to the options of offices, because only books show which kinds are in use.
"""

import re
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ampera import audit
from ampera.audit import Actor
from ampera.db import Unit, transaction
from ampera.errors import Refusal, Refused
from ampera.offices.document_labels import PASSPORT, Kinds, kinds_of, recognised
from ampera.offices.events import OfficeChanged
from ampera.offices.models import Office
from ampera.offices.options.validation import MOST_DOCUMENT_KINDS, is_option
from ampera.passports.models import Passport
from ampera.passports.refusals import PassportRefusal

FIELDS = ("name", "name_en", "bring", "bring_en")
NAMES = FIELDS[:2]
KEY_LENGTH = 32

_NOT_LETTERS = re.compile(r"[^a-z]+")


@dataclass(frozen=True)
class SavedKinds:
    """The kinds of the office after the change."""

    kinds: Kinds


def used(session: Session, office_id: int) -> dict[str, int]:
    """Kind -> number of books, handed-over books included."""
    query = select(Passport.kind, func.count().label("books")).where(Passport.office_id == office_id)
    return {row.kind: row.books for row in session.execute(query.group_by(Passport.kind))}


@transaction
def add_kind(unit: Unit, actor: Actor, words: dict[str, str]) -> SavedKinds | Refused:
    """Add a kind; its key is made from the English name. Refused: `kind_name_missing`, `kind_taken`, `kinds_full`."""
    office = _office(unit, actor)
    kinds, clean = kinds_of(office.options), _clean(words)
    key = _NOT_LETTERS.sub("_", clean["name_en"].lower()).strip("_")[:KEY_LENGTH].rstrip("_")
    if len(kinds) >= MOST_DOCUMENT_KINDS:
        return Refused(PassportRefusal.KINDS_FULL, 422, {"name": PassportRefusal.KINDS_FULL})
    return _refusal(kinds, key, clean) or _save(unit, actor, office, {**kinds, key: clean})


@transaction
def change_kind(unit: Unit, actor: Actor, key: str, words: dict[str, str]) -> SavedKinds | Refused:
    """Rename a kind; books keep their kind. Refused: `not_found`, `kind_name_missing`, `kind_taken`."""
    office = _office(unit, actor)
    kinds, clean = kinds_of(office.options), _clean(words)
    if key not in kinds:
        return Refused(Refusal.NOT_FOUND, 404)
    others = {name: texts for name, texts in kinds.items() if name != key}
    return _refusal(others, key, clean) or _save(unit, actor, office, {**kinds, key: clean})


@transaction
def drop_kind(unit: Unit, actor: Actor, key: str) -> SavedKinds | Refused:
    """Remove a kind without books. Refused: `not_found`, `kind_needed` (the kind passport), `kind_used`."""
    office = _office(unit, actor)
    kinds = kinds_of(office.options)
    if key not in kinds:
        return Refused(Refusal.NOT_FOUND, 404)
    if key == PASSPORT:
        return Refused(PassportRefusal.KIND_NEEDED, 409)
    if unit.session.scalar(select(Passport.id).where(Passport.office_id == office.id, Passport.kind == key).limit(1)):
        return Refused(PassportRefusal.KIND_USED, 409)
    return _save(unit, actor, office, {name: texts for name, texts in kinds.items() if name != key})


def _office(unit: Unit, actor: Actor) -> Office:
    return unit.session.get_one(Office, actor.office_id, with_for_update=True)


def _clean(words: dict[str, str]) -> dict[str, str]:
    return {field: " ".join(words.get(field, "").split()) for field in FIELDS}


def _refusal(others: Kinds, key: str, clean: dict[str, str]) -> Refused | None:
    """Files name kinds in words, so no two kinds may have the same name."""
    if missing := {name: PassportRefusal.KIND_NAME_MISSING for name in NAMES if not clean[name]}:
        return Refused(PassportRefusal.KIND_NAME_MISSING, 422, missing)
    if taken := {
        name: PassportRefusal.KIND_TAKEN for name in NAMES if recognised(others, clean[name]) not in (None, key)
    }:
        return Refused(PassportRefusal.KIND_TAKEN, 422, taken)
    if key in others:
        return Refused(PassportRefusal.KIND_TAKEN, 422, {"name_en": PassportRefusal.KIND_TAKEN})
    return None if is_option("document_kinds", {**others, PASSPORT: clean, key: clean}) else _unreadable()


def _unreadable() -> Refused:
    return Refused(PassportRefusal.KIND_UNREADABLE, 422, {"name_en": PassportRefusal.KIND_UNREADABLE})


def _save(unit: Unit, actor: Actor, office: Office, kinds: Kinds) -> SavedKinds:
    office.options = {**office.options, "document_kinds": kinds}
    unit.session.flush()
    Office.raise_revision(unit.conn, office.id)
    audit.record(unit, actor, "office.option_set", f"office:{office.id}", option="document_kinds", value=kinds)
    unit.emit(OfficeChanged(office.id))
    return SavedKinds(kinds)
