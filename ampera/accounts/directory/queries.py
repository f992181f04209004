"""Reads accounts of a directory, and whom the directory must be asked about."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Integer, String, column, exists, or_, select, table
from sqlalchemy.orm import Session

from ampera import clock
from ampera.accounts.directory.models import DirectoryAccount, DirectoryMark
from ampera.accounts.models import SignIn, Staff
from ampera.accounts.pins.models import DevicePin
from ampera.accounts.queries import is_alive

# The offices slice is to the right of this one, so only its keys are named here, not its models.
_OFFICES = table("offices", column("id", Integer), column("code", String))


class DueAccount(NamedTuple):
    """An account whose sessions run, with what the directory is asked with."""

    id: int
    subject: str
    office_id: int
    role: str
    sealed_tokens: str | None
    checked_at: datetime
    answered_at: datetime


def offices_by_code(session: Session) -> dict[str, int]:
    return {row.code: row.id for row in session.execute(select(_OFFICES))}


def account_of(session: Session, issuer: str, subject: str) -> DirectoryAccount | None:
    """The account of this person. Nothing else names a person: a login or an address may get another owner there."""
    return session.scalar(
        select(DirectoryAccount).where(DirectoryAccount.issuer == issuer, DirectoryAccount.subject == subject)
    )


def has_accounts(session: Session) -> bool:
    return session.scalar(select(DirectoryAccount.id).limit(1)) is not None


def has_marks(session: Session) -> bool:
    return session.scalar(select(DirectoryMark.key).limit(1)) is not None


def due_accounts(session: Session, issuer: str, before: datetime) -> list[DueAccount]:
    """The accounts with a session or a PIN that were last asked about before this time, longest ago first."""
    is_due = (DirectoryAccount.issuer == issuer, DirectoryAccount.checked_at <= before)
    return _running(session, *is_due)


def accounts_elsewhere(session: Session, issuer: str) -> list[DueAccount]:
    """The accounts with a session or a PIN that are of another directory than this one: nobody can ask about them."""
    return _running(session, DirectoryAccount.issuer != issuer)


def _running(session: Session, *where: ColumnElement[bool]) -> list[DueAccount]:
    account = DirectoryAccount
    has_session = exists().where(SignIn.staff_id == account.staff_id, is_alive())
    has_pin = exists().where(DevicePin.staff_id == account.staff_id, DevicePin.expires_at > clock.now())
    query = (
        select(
            account.id,
            account.subject,
            Staff.office_id,
            Staff.role,
            account.sealed_tokens,
            account.checked_at,
            account.answered_at,
        )
        .join(Staff, Staff.id == account.staff_id)
        .where(*where, or_(has_session, has_pin))
        .order_by(account.checked_at)
    )
    return [DueAccount(*row) for row in session.execute(query)]
