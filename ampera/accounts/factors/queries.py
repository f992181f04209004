"""Reads the second factors of an account."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ampera.accounts.factors.models import AuthenticatorApp, Passkey, RecoveryCode


@dataclass(frozen=True)
class Factors:
    """What an account has beside its password. `recovery_left` counts the recovery codes that are not used."""

    app: AuthenticatorApp | None
    passkeys: list[Passkey]
    recovery_left: int

    def __bool__(self) -> bool:
        return bool(self.app or self.passkeys)


def factors_of(session: Session, staff_id: int) -> Factors:
    left = select(func.count(RecoveryCode.id)).where(RecoveryCode.staff_id == staff_id, RecoveryCode.used_at.is_(None))
    return Factors(
        app_of(session, staff_id, is_confirmed=True),
        list(session.scalars(select(Passkey).where(Passkey.staff_id == staff_id).order_by(Passkey.id))),
        session.scalar(left) or 0,
    )


def app_of(session: Session, staff_id: int, is_confirmed: bool) -> AuthenticatorApp | None:
    """The app of the account, or the one that waits for its first code."""
    confirmed = AuthenticatorApp.confirmed_at
    state = confirmed.is_not(None) if is_confirmed else confirmed.is_(None)
    query = select(AuthenticatorApp).where(AuthenticatorApp.staff_id == staff_id, state)
    return session.scalar(query.order_by(AuthenticatorApp.id.desc()).limit(1))


def passkey_named(session: Session, credential_id: str) -> Passkey | None:
    return session.scalar(select(Passkey).where(Passkey.credential_id == credential_id))
