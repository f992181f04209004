"""The counters of `tries.py` in the database: they need no Redis, survive a restart, and hold for all processes."""

from datetime import datetime

from sqlalchemy import Insert, bindparam, case, delete, or_, update

from ampera.accounts.models import SignInTry
from ampera.accounts.sign_in.tries import FORGOTTEN, MOST_OF_ADDRESS, WINDOW, Tries, account_key
from ampera.db import Unit, UtcDateTime
from ampera.sql.statements import upsert


def count_place(unit: Unit, place: str, most: int) -> int | None:
    """The misses of this address or browser with the new one; None when it has missed too often."""
    return _count(unit, _BY_PLACE, place, old=unit.at - WINDOW, most=most)


def count_account(unit: Unit, account: str) -> int | None:
    """The misses of this account with the new one; None while it rests."""
    return _count(unit, _BY_ACCOUNT, account, old=unit.at - FORGOTTEN)


def let_rest(unit: Unit, account: str, until: datetime) -> None:
    unit.conn.execute(_REST, {"of": account, "until": until})


def forgive(unit: Unit, tries: Tries | None) -> None:
    """The proof was right: the account begins again, and the place has not missed. None: nothing was counted."""
    if tries is None:
        return
    unit.conn.execute(delete(SignInTry).where(SignInTry.key == tries.account))
    take_back(unit, tries.place)


def forget_account(unit: Unit, staff_id: int) -> None:
    """The account has a new password."""
    unit.conn.execute(delete(SignInTry).where(SignInTry.key == account_key(staff_id)))


def take_back(unit: Unit, place: str | None) -> None:
    if place:
        unit.conn.execute(_LESS, {"of": place})


def _count(unit: Unit, statement: dict[str, Insert], key: str, **bounds: object) -> int | None:
    """The misses of this key with the new one; None when the key rests."""
    row = {"key": key, "misses": 1, "since": unit.at, "now": unit.at, **bounds}
    return unit.conn.execute(statement[unit.conn.dialect.name], row).scalar()


_NOW, _OLD = bindparam("now", type_=UtcDateTime), bindparam("old", type_=UtcDateTime)
_IS_OLD = SignInTry.since < _OLD
_MORE = case((_IS_OLD, 1), else_=SignInTry.misses + 1)
# An account's time moves with every miss; a place's is the start of its window.
_BY_ACCOUNT = upsert(
    SignInTry,
    ["key"],
    {"misses": _MORE, "since": _NOW},
    where=or_(SignInTry.locked_until.is_(None), SignInTry.locked_until <= _NOW),
    returning=SignInTry.misses,
)
_BY_PLACE = upsert(
    SignInTry,
    ["key"],
    {"misses": _MORE, "since": case((_IS_OLD, _NOW), else_=SignInTry.since)},
    where=or_(_IS_OLD, SignInTry.misses < bindparam("most", value=MOST_OF_ADDRESS)),
    returning=SignInTry.misses,
)
_REST = (
    update(SignInTry).where(SignInTry.key == bindparam("of")).values(locked_until=bindparam("until", type_=UtcDateTime))
)
_LESS = update(SignInTry).where(SignInTry.key == bindparam("of"), SignInTry.misses > 0)
_LESS = _LESS.values(misses=SignInTry.misses - 1)
