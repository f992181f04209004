"""Encrypts stored values with the newest key. A slice is one transaction, so it may stop anywhere and be run again."""

import base64
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Column, Table, bindparam, select, update
from sqlalchemy.engine.default import DefaultDialect

from ampera import audit
from ampera.accounts.directory.models import DirectoryAccount
from ampera.accounts.directory.service import tokens_place
from ampera.accounts.events import AccessEnded
from ampera.accounts.factors.models import AuthenticatorApp
from ampera.accounts.factors.proofs import secret_place
from ampera.accounts.models import SignIn, Staff
from ampera.accounts.pins.models import DevicePin
from ampera.audit import Actor
from ampera.db import Unit, long_transaction, transaction
from ampera.history import immutability
from ampera.sql.sealed import SealedBytes, SealedDate, SealedJson, keys_in_use
from ampera.sql.sealed_columns import as_stored, key_id

NO_PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)  # one pixel without colour
_DIALECT = DefaultDialect()  # the types ask none


@long_transaction
def seal_again(unit: Unit, table: Table, columns: list[Column[Any]], ids: list[int], *, gives_up: bool = False) -> int:
    """Encrypt the values of these rows that have an older key; returns the number of rows that were written.

    A value whose key is gone raises `Unreadable`; with `gives_up` it becomes empty.
    """
    (key,) = table.primary_key.columns
    ring = keys_in_use()
    written = []
    for row in unit.conn.execute(as_stored(table, columns).where(key.in_(ids)).with_for_update()):
        made_with = {column: key_id(value) for column, value in zip(columns, row[1:], strict=True)}
        if any(id_ not in (None, ring.newest_id) for id_ in made_with.values()):
            lost = {column for column, id_ in made_with.items() if gives_up and id_ and id_ not in ring.secrets}
            written.append({"k": row[0], **_plain(columns, row[1:], lost)})
    if written:
        values = {column.name: bindparam(f"v_{column.name}", type_=column.type) for column in columns}
        with immutability.updates_of(unit.conn, table.name):
            unit.conn.execute(update(table).where(key == bindparam("k")).values(values), written)
    return len(written)


@transaction
def seal_singles_again(unit: Unit, *, gives_up: bool = False) -> int:
    """The same for values that are sealed for their own row; returns the number of rows.

    With `gives_up` one whose key is gone stays. It opens nothing: the owner of an app signs in with a recovery code,
    and a person of a directory signs in there.
    """
    keys, count = keys_in_use(), 0
    for row, name, place in _singles(unit):
        made_with = key_id(getattr(row, name))
        if made_with not in (None, keys.newest_id) and not (gives_up and made_with not in keys.secrets):
            setattr(row, name, keys.seal(keys.open(getattr(row, name), place), place))
            count += 1
    return count


def _singles(unit: Unit) -> Iterator[tuple[Any, str, str]]:
    """Row, attribute and place of every such value."""
    for app in unit.session.scalars(select(AuthenticatorApp).with_for_update()):
        yield app, "sealed_secret", secret_place(app.staff_id)
    for account in unit.session.scalars(select(DirectoryAccount).with_for_update(of=DirectoryAccount)):
        yield account, "sealed_tokens", tokens_place(account.id)


@transaction
def record(unit: Unit, actor: Actor, what: str, rows: int) -> None:
    """Record in the history of the office that its keys were rotated."""
    audit.record(unit, actor, "keys.rotated", f"office:{actor.office_id}", what=what, rows=rows)


@transaction
def end_sessions(unit: Unit, actor: Actor) -> int:
    """End every session and PIN of the office; returns the number of sessions."""
    own = select(Staff.id).where(Staff.office_id == actor.office_id)
    running = update(SignIn).where(SignIn.staff_id.in_(own), SignIn.ended_at.is_(None))
    count = unit.conn.execute(running.values(ended_at=unit.at)).rowcount
    unit.session.query(DevicePin).filter(DevicePin.staff_id.in_(own)).delete(synchronize_session=False)
    audit.record(unit, actor, "keys.rotated", f"office:{actor.office_id}", what="sessions", rows=count)
    unit.emit(AccessEnded(actor.office_id))
    return count


def _plain(columns: list[Column[Any]], stored: Sequence[Any], lost: set[Column[Any]]) -> dict[str, Any]:
    """The readable values of a row, by the name of its parameter."""
    types: list[Any] = [column.type for column in columns]
    return {
        f"v_{column.name}": _empty(column) if column in lost else type_.process_result_value(value, _DIALECT)
        for column, type_, value in zip(columns, types, stored, strict=True)
    }


def _empty(column: Column[Any]) -> Any:
    """What stands for a value that nobody can read any more. No birth date is the first day of the calendar."""
    if isinstance(column.type, SealedDate):
        return date.min
    if isinstance(column.type, SealedBytes):
        return NO_PICTURE
    return {} if isinstance(column.type, SealedJson) else None if column.nullable else ""
