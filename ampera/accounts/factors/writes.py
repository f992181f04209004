"""What the services of accounts share about factors: of two uses of one proof at the same moment, one counts."""

from dataclasses import dataclass

from sqlalchemy import delete, update

from ampera.accounts.factors.models import AuthenticatorApp, Passkey, RecoveryCode
from ampera.accounts.models import Staff
from ampera.accounts.queries import DIRECTORY
from ampera.db import Unit

APP, PASSKEY, RECOVERY = "app", "passkey", "recovery"


@dataclass(frozen=True)
class AppCode:
    """A right code of an authenticator app, of this half minute."""

    app_id: int
    step: int
    kind: str = APP


@dataclass(frozen=True)
class PasskeyAnswer:
    """A proved answer to a challenge that was made at this microsecond."""

    credential_id: str
    challenge: int
    sign_count: int
    kind: str = PASSKEY


@dataclass(frozen=True)
class TypedRecovery:
    """Something that looks like a recovery code, as its hash."""

    code_hash: str
    kind: str = RECOVERY


@dataclass(frozen=True)
class DirectoryFactor:
    """The directory has asked for a second factor itself; its answer was judged and used up before."""

    kind: str = DIRECTORY


Factor = AppCode | PasskeyAnswer | TypedRecovery | DirectoryFactor


def use(unit: Unit, staff_id: int, factor: Factor) -> bool:
    """Use up this proof of the account. False when it is another account's, was used before, or never existed."""
    match factor:
        case DirectoryFactor():
            return unit.session.get_one(Staff, staff_id).is_of_directory
        case AppCode(app_id, step):
            spent = update(AuthenticatorApp).where(
                AuthenticatorApp.id == app_id, AuthenticatorApp.staff_id == staff_id, AuthenticatorApp.last_step < step
            )
            spent = spent.values(last_step=step)
        case PasskeyAnswer(credential_id, challenge, sign_count):
            spent = update(Passkey).where(
                Passkey.credential_id == credential_id, Passkey.staff_id == staff_id, Passkey.last_challenge < challenge
            )
            spent = spent.values(last_challenge=challenge, sign_count=sign_count, used_at=unit.at)
        case TypedRecovery(code_hash):
            spent = update(RecoveryCode).where(
                RecoveryCode.code_hash == code_hash, RecoveryCode.staff_id == staff_id, RecoveryCode.used_at.is_(None)
            )
            spent = spent.values(used_at=unit.at)
    return unit.conn.execute(spent).rowcount == 1


def forget_factors(unit: Unit, staff: Staff) -> None:
    """The account begins again with a new password and no factor."""
    for model in (AuthenticatorApp, Passkey, RecoveryCode):
        unit.session.execute(delete(model).where(model.staff_id == staff.id))
    staff.has_factor = False
