"""'Find my pickup': the link is sent to the phone or e-mail on record, and the requester learns nothing.

A request only stores the sealed input in one row and reads no book, so right and wrong input take the same time. A
background task opens the row a moment later and decides.
"""

import hashlib
import hmac
import json
from datetime import date, timedelta

import structlog
from sqlalchemy import delete, func, insert, select, update

from ampera import clock, db, tasks
from ampera.db import Unit, transaction
from ampera.installation.data_keys import Unreadable, of_secret
from ampera.notices import outbox
from ampera.notices.link_requests.availability import LINK
from ampera.notices.link_requests.search_input import SearchInput
from ampera.notices.models import LinkRequest
from ampera.offices.models import Office
from ampera.passports.models import Passport
from ampera.pickups.models import PickupCode

CHECK_SECONDS = 5
AT_ONCE = 200  # requests of one round of the task
A_DAY = 3  # requests for one number with one birth date; further requests are ignored
KEPT = timedelta(days=1)
SEALED = "sealed:"
PLACE = "request for a link"
WIDTH = 20  # digits of the longest application number, so that all sealed rows have the same length

log = structlog.get_logger()


@transaction
def submit(unit: Unit, submitted: SearchInput) -> None:
    """Store the sealed request. It is a single row of the same size whether or not such a book exists."""
    text = json.dumps([submitted.application_no.rjust(WIDTH), submitted.birth_date.isoformat()])
    sealed = SEALED + of_secret(unit.settings.secret_key).seal(text, PLACE)
    unit.conn.execute(insert(LinkRequest).values(key=sealed, at=unit.at))


@tasks.every(CHECK_SECONDS)
def process_requests() -> None:
    """Open the waiting requests, one transaction each, and delete requests that no limit needs any more."""
    with db.reading() as session:
        waiting = session.execute(_WAITING).all()
        has_old = session.scalar(select(LinkRequest.id).where(LinkRequest.at < clock.now() - KEPT).limit(1))
    for request_id, sealed in waiting:
        open_request(request_id, sealed)
    if has_old:
        delete_old()


@transaction
def open_request(unit: Unit, request_id: int, sealed: str) -> bool:
    """Write notices when number and birth date match books; returns whether a notice was written.

    The sealed input is replaced by a keyed hash of it, which serves only to limit requests. When another
    process has opened the request already, nothing happens.
    """
    submitted = _opened(unit.settings.secret_key, sealed)
    key = _counted(unit.settings.secret_key, submitted) if submitted else "unreadable"
    opened = update(LinkRequest).where(LinkRequest.id == request_id, LinkRequest.key == sealed).values(key=key)
    if not unit.conn.execute(opened).rowcount or submitted is None:
        return False
    since = unit.at - KEPT
    requests = select(func.count()).where(LinkRequest.key == key, LinkRequest.at > since)
    if (unit.conn.scalar(requests) or 0) > A_DAY:
        return False
    return _write_notice(unit, submitted)


@transaction
def delete_old(unit: Unit) -> int:
    """Delete requests older than a day; returns their number."""
    return unit.conn.execute(delete(LinkRequest).where(LinkRequest.at < unit.at - KEPT)).rowcount


def _write_notice(unit: Unit, submitted: SearchInput) -> bool:
    """Notify the holder of each matching book, at most once a day; False without a match.

    Two offices may have the same number. Each of them writes to the contact that it has, about its own book.
    """
    books = unit.conn.execute(
        select(Passport.id, Passport.office_id, Passport.pickup_id, Passport.birth_date, Office.timezone)
        .distinct()
        .join(Office, Office.id == Passport.office_id)
        .join(PickupCode, PickupCode.pickup_id == Passport.pickup_id)
        .where(
            Passport.application_no == submitted.application_no,
            PickupCode.state != "revoked",
        )
    ).all()
    fitting = [book for book in books if book.birth_date == submitted.birth_date]
    for book in fitting:
        day = clock.local(unit.at, book.timezone).date().isoformat()
        once = f"{LINK}|{book.id}|{day}"
        draft = outbox.NoticeDraft(book.pickup_id, {"passports": [book.id]}, once)
        outbox.write(unit, book.office_id, LINK, [draft])
    return bool(fitting)


def _opened(secret: str, sealed: str) -> SearchInput | None:
    """None when the row was sealed with another secret key."""
    try:
        number, born = json.loads(of_secret(secret).open(sealed.removeprefix(SEALED), PLACE))
    except Unreadable:
        log.warning("link request cannot be read")
        return None
    return SearchInput(number.strip(), date.fromisoformat(born))


def _counted(secret: str, submitted: SearchInput) -> str:
    """A keyed hash, so that a stolen database does not reveal the requested numbers.

    The birth date is in it: a stranger's wrong dates use up nothing of the applicant's own requests.
    """
    text = f"{submitted.application_no}|{submitted.birth_date.isoformat()}"
    return hmac.new(f"find-count\x1f{secret}".encode(), text.encode(), hashlib.sha256).hexdigest()


_WAITING = (
    select(LinkRequest.id, LinkRequest.key)
    .where(LinkRequest.key.startswith(SEALED))
    .order_by(LinkRequest.id)
    .limit(AT_ONCE)
)
