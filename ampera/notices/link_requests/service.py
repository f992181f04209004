"""'Find my pickup': the link goes to the phone or e-mail on record, and whoever asked learns nothing.

The request only seals what was typed into one row and looks at no book, so right and wrong are the same work; the
server's own task opens the row a moment later and decides.
"""

import base64
import hashlib
import hmac
import json
from datetime import date, timedelta
from typing import NamedTuple

import structlog
from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import delete, func, insert, select, update

from ampera import clock, db, tasks
from ampera.db import Unit, transaction
from ampera.notices import outbox
from ampera.notices.link_requests.availability import LINK
from ampera.notices.models import LinkRequest
from ampera.offices.models import Office
from ampera.passports.models import Passport
from ampera.pickups.models import PickupCode

CHECK_SECONDS = 5
AT_ONCE = 200  # requests of one round of the task
A_DAY = 3  # requests for one application number; more change nothing
KEPT = timedelta(days=1)
SEALED = "sealed:"
WIDTH = 20  # digits of the longest application number: every sealed row is as long as any other

log = structlog.get_logger()


class Asked(NamedTuple):
    """What somebody typed, in its right form."""

    application_no: str
    birth_date: date


@transaction
def ask(unit: Unit, asked: Asked) -> None:
    """Keep the request, sealed. It is the same single row whether or not such a book exists."""
    text = json.dumps([asked.application_no.rjust(WIDTH), asked.birth_date.isoformat()])
    sealed = SEALED + _seal(unit.settings.secret_key).encrypt(text.encode()).decode()
    unit.conn.execute(insert(LinkRequest).values(key=sealed, at=unit.at))


@tasks.every(CHECK_SECONDS)
def look_up() -> None:
    """Open what was asked since, one transaction each, and forget what no limit needs any more."""
    with db.reading() as session:
        waiting = session.execute(_WAITING).all()
        is_over = session.scalar(select(LinkRequest.id).where(LinkRequest.at < clock.now() - KEPT).limit(1))
    for request_id, sealed in waiting:
        open_request(request_id, sealed)
    if is_over:
        forget()


@transaction
def open_request(unit: Unit, request_id: int, sealed: str) -> bool:
    """Write the notice when number and birth date belong together; whether one was written.

    The sealed text gives way to a keyed hash of the number, which only counts how often it is asked for. Another
    process that was quicker leaves nothing to do.
    """
    asked = _opened(unit.settings.secret_key, sealed)
    key = _counted(unit.settings.secret_key, asked.application_no) if asked else "unreadable"
    mine = update(LinkRequest).where(LinkRequest.id == request_id, LinkRequest.key == sealed).values(key=key)
    if not unit.conn.execute(mine).rowcount or asked is None:
        return False
    since = unit.at - KEPT
    asked_before = select(func.count()).where(LinkRequest.key == key, LinkRequest.at > since)
    if (unit.conn.scalar(asked_before) or 0) > A_DAY:
        return False
    return _tell(unit, asked)


@transaction
def forget(unit: Unit) -> int:
    """Requests older than a day count for nothing."""
    return unit.conn.execute(delete(LinkRequest).where(LinkRequest.at < unit.at - KEPT)).rowcount


def _tell(unit: Unit, asked: Asked) -> bool:
    """The link of the book's pickup to the address of this one book, once a day."""
    found = unit.conn.execute(
        select(Passport.id, Passport.office_id, Passport.pickup_id, Office.timezone)
        .join(Office, Office.id == Passport.office_id)
        .join(PickupCode, PickupCode.pickup_id == Passport.pickup_id)
        .where(
            Passport.application_no == asked.application_no,
            Passport.birth_date == asked.birth_date,
            PickupCode.state != "revoked",
        )
    ).first()
    if found is None:
        return False
    day = clock.local(unit.at, found.timezone).date().isoformat()
    once = f"{LINK}|{found.id}|{day}"
    outbox.write(unit, found.office_id, found.pickup_id, LINK, {"passports": [found.id]}, once=once)
    return True


def _seal(secret: str) -> Fernet:
    """Authenticated encryption with a key that only this purpose uses."""
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"find-seal\x1f{secret}".encode()).digest()))


def _opened(secret: str, sealed: str) -> Asked | None:
    """None when the row was sealed with another installation's secret."""
    try:
        number, born = json.loads(_seal(secret).decrypt(sealed.removeprefix(SEALED).encode()))
    except InvalidToken:
        log.warning("a request for a link cannot be read")
        return None
    return Asked(number.strip(), date.fromisoformat(born))


def _counted(secret: str, number: str) -> str:
    """Keyed, so that a stolen database does not tell which numbers were asked for."""
    return hmac.new(f"find-count\x1f{secret}".encode(), number.encode(), hashlib.sha256).hexdigest()


_WAITING = (
    select(LinkRequest.id, LinkRequest.key)
    .where(LinkRequest.key.startswith(SEALED))
    .order_by(LinkRequest.id)
    .limit(AT_ONCE)
)
