"""Which enrolled tablet the browser of this request is, and who may sign in there.

The right is a cookie that no script can read. A session that began on a tablet needs it in every request, so that a
copied session opens nothing elsewhere.
"""

from dataclasses import replace

from flask import Response, current_app

from ampera import db
from ampera.accounts.devices.kinds import ROLES
from ampera.accounts.refusals import AccountRefusal
from ampera.accounts.tablets.queries import EnrolledTablet, tablet_with
from ampera.audit import Actor
from ampera.errors import Refused
from ampera.security import token_hash
from ampera.web import cookies

COOKIE = "ampera_tablet"
MAX_TOKEN = 200


def hash_here() -> str:
    """The hash of this browser's token, as the table of devices has it; "" without one."""
    token = cookies.read(COOKIE)
    return token_hash(token) if token and len(token) <= MAX_TOKEN else ""


def tablet_here() -> EnrolledTablet | None:
    """None when this browser is no tablet, or one that was revoked."""
    if not (hashed := hash_here()):
        return None
    with db.reading() as reading:
        return tablet_with(reading, hashed)


def remember(response: Response, token: str) -> None:
    """Store the right of a tablet in its browser."""
    cookies.keep(response, COOKIE, token, cookies.LONGEST)


def at_work_here(who: Actor) -> Actor | Refused:
    """This member of staff at the tablet that the browser is, or in a browser that is none.

    Refused: `tablet_needed` in a browser that is no tablet, `tablet_of_other_office`, `tablet_not_for_role`.
    """
    here = tablet_here()
    if here is None:
        is_tied = who.role in current_app.extensions["ampera.settings"].tablet_roles
        return Refused(AccountRefusal.TABLET_NEEDED, 403) if is_tied else who
    if here.office_id != who.office_id:
        return Refused(AccountRefusal.TABLET_OF_OTHER_OFFICE, 403)
    if who.role not in ROLES[here.tablet.kind]:
        return Refused(AccountRefusal.TABLET_NOT_FOR_ROLE, 403)
    return replace(who, tablet=here.tablet)
