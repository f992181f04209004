"""Columns whose values are encrypted in the database: a stolen file shows none of them.

A program reads and writes the plain values; the driver gets what `DataKeys` has sealed for the column. Such a column is
never compared in SQL, except with NULL and "". Where a whole value must be found, a keyed mark of it stands before it.
"""

import hmac
import json
from datetime import date
from typing import Any

from sqlalchemy import JSON, ColumnElement, LargeBinary, String, and_, or_, type_coerce
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from ampera.installation.data_keys import DataKeys
from ampera.sql.statements import BYTEWISE, LAST_CHAR

MARK = 32  # hex digits
AFTER_MARK = "|"

_used: list[tuple[DataKeys, bytes]] = []


def use(keys: DataKeys, secret: str) -> None:
    """Set the keys of this process, and the secret of what is only compared, which no rotation changes."""
    _used[:] = [(keys, secret.encode())]


def keys_in_use() -> DataKeys:
    """The keys of this process. Raises RuntimeError before the first app is made."""
    return _in_use()[0]


def keyed(text: str) -> str:
    """A fingerprint that only this installation can make: nobody finds a telephone number by trying all of them."""
    return hmac.digest(_in_use()[1], f"keyed {text}".encode(), "sha256").hex()


class Sealed(TypeDecorator[Any]):
    """What the kinds of such columns share. `place` is the table and the column, like `passports.nik`."""

    impl: Any = String
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def coerce_compared_value(self, op: Any, value: Any) -> Any:
        """Every sealed value is another text, so a comparison would find nothing. Raises TypeError."""
        if value not in (None, ""):
            raise TypeError(f"{self.place} is encrypted: SQL cannot compare it with a value")
        return super().coerce_compared_value(op, value)


class SealedText(Sealed):
    """A text. "" stays as it is: it means that there is no value any more."""

    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return keys_in_use().seal(value, self.place) if value else value

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return keys_in_use().open(value, self.place) if value else value


class FoundText(SealedText):
    """A sealed text that is found by its whole value: its keyed mark stands before it, and the index begins with that.

    It is searched with `is_value`, or compared as plain text with the results of `marks`.
    """

    impl = BYTEWISE
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        sealed = super().process_bind_param(value, dialect)
        return f"{_mark(keys_in_use().newest, value, self.place)}{AFTER_MARK}{sealed}" if value else sealed

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return super().process_result_value(value.partition(AFTER_MARK)[2] if value else value, dialect)


class SealedDate(Sealed):
    """A day; the database has a sealed text."""

    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:
        return None if value is None else keys_in_use().seal(value.isoformat(), self.place)

    def process_result_value(self, value: str | None, dialect: Dialect) -> date | None:
        return None if value is None else date.fromisoformat(keys_in_use().open(value, self.place))


class SealedJson(Sealed):
    """A JSON value; the database has a JSON text that is sealed. {} stays as it is: nothing is left in it."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return keys_in_use().seal(json.dumps(value), self.place) if value else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return json.loads(keys_in_use().open(value, self.place)) if isinstance(value, str) else value


class SealedBytes(Sealed):
    """Bytes, like those of a picture."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        return None if value is None else keys_in_use().seal_bytes(value, self.place)

    def process_result_value(self, value: Any, dialect: Dialect) -> bytes | None:
        return None if value is None else keys_in_use().open_bytes(bytes(value), self.place)


def is_value(column: Any, value: str) -> ColumnElement[bool]:
    """The condition that a column of `FoundText` has this value."""
    stored: Any = type_coerce(column, BYTEWISE)
    begins = marks(value, column.type.place)
    return or_(*(and_(stored >= beginning, stored < beginning + LAST_CHAR) for beginning in begins))


def marks(value: str, place: str) -> list[str]:
    """The beginnings that a stored value may have: its mark by every key, while a rotation is not over."""
    return [f"{_mark(secret, value, place)}{AFTER_MARK}" for secret in keys_in_use().secrets.values()]


def _mark(secret: bytes, value: str, place: str) -> str:
    """Equal values of one installation have equal marks, and nothing else shows."""
    return hmac.digest(secret, f"mark {place} {value}".encode(), "sha256").hex()[:MARK]


def _in_use() -> tuple[DataKeys, bytes]:
    if not _used:
        raise RuntimeError("no app has set the keys of the database yet")
    return _used[0]
