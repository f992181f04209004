"""Who is told by which channel: the addresses of a pickup's books as they are now, each distinct one once."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, func, select

from ampera.db import in_batches
from ampera.notices.channels.base import EMAIL
from ampera.notices.models import Notice
from ampera.offices.models import Office
from ampera.offices.options.defaults import option
from ampera.passports.models import Passport
from ampera.passports.states import ON_SHELF
from ampera.pickups.models import PickupCode
from ampera.pickups.stages import first_name

# These are for people whose book still waits; the others for everybody of the pickup.
ABOUT_THE_SHELF = frozenset({"ready", "reissued", "reminder", "extended", "booked", "slot_reminder", "slot_off"})
OF_A_CODE = frozenset({"ready", "reissued"})
EACH_TIME = frozenset({"link"})
# What has to be read of a notice, and of its office, to know whom it is for; `notice` below has these.
WHOLE = (
    Notice.id,
    Notice.office_id,
    Notice.pickup_id,
    Notice.kind,
    Notice.facts,
    Notice.once,
    Office.options,
    Office.timezone,
)


class Contact(NamedTuple):
    """One book's way to its owner."""

    passport_id: int
    state: str
    first_name: str
    email: str | None
    phone: str | None

    def address(self, needs: str) -> str | None:
        """`needs` is what the channel needs: EMAIL or PHONE."""
        return self.email if needs == EMAIL else self.phone


class Target(NamedTuple):
    """One message's way: by which channel to which address, and whom it greets."""

    channel: str
    address: str
    first_name: str


def order_of(options: dict[str, Any], ways: Mapping[str, str]) -> list[str]:
    """The office's channels in its order, as far as they are there (`ways`: what each channel needs)."""
    return [name for name in option(options, "notice_channels") if name in ways]


def after(channel: str, options: dict[str, Any], ways: Mapping[str, str]) -> list[str]:
    """The office's channels behind this one; none when it is not one of the office's any more."""
    wanted = option(options, "notice_channels")
    return [name for name in wanted[wanted.index(channel) + 1 :] if name in ways] if channel in wanted else []


def contacts(conn: Connection, pickup_ids: Collection[int]) -> dict[int, list[Contact]]:
    """The books of each pickup, in the order they were taken in."""
    found: dict[int, list[Contact]] = {one: [] for one in pickup_ids}
    for some in in_batches(sorted(found)):
        for row in conn.execute(_BOOKS, {"pickups": some}):
            found[row.pickup_id].append(Contact(row.id, row.state, first_name(row.holder_name), row.email, row.phone))
    return found


def generations(conn: Connection, pickup_ids: Collection[int]) -> dict[int, int]:
    """The newest generation of each pickup's code."""
    found: dict[int, int] = {}
    for some in in_batches(sorted(set(pickup_ids))):
        found |= {row.pickup_id: row.newest for row in conn.execute(_NEWEST, {"pickups": some})}
    return found


def concerned(notice: Any, books: Iterable[Contact]) -> list[Contact]:
    """The books whose owners this notice is for: those that its facts name (`passports`), else all of the pickup."""
    only = notice.facts.get("passports")
    named = [book for book in books if only is None or book.passport_id in only]
    return [book for book in named if notice.kind not in ABOUT_THE_SHELF or book.state in ON_SHELF]


def targets(books: Iterable[Contact], order: Sequence[str], ways: Mapping[str, str]) -> list[Target]:
    """For each book the first channel of `order` that it has an address for; each channel and address once."""
    found: dict[tuple[str, str], Target] = {}
    for book in books:
        for channel in order:
            if address := book.address(ways[channel]):
                found.setdefault((channel, address), Target(channel, address, book.first_name))
                break
    return list(found.values())


def once_of(notice: Any, generation: int, target: Target) -> str:
    """The same for everything that would tell this address the same thing again (see `outbox.write`)."""
    told = "|".join(
        (notice.kind, str(notice.pickup_id), _qualifier(notice, generation), target.channel, target.address)
    )
    return hashlib.sha256(told.encode()).hexdigest()


def _qualifier(notice: Any, generation: int) -> str:
    if notice.kind in OF_A_CODE:
        return f"generation {generation}"
    if notice.kind in EACH_TIME:
        return f"notice {notice.id}"
    return notice.once or json.dumps(notice.facts, sort_keys=True)


_BOOKS = (
    select(Passport.id, Passport.pickup_id, Passport.state, Passport.holder_name, Passport.email, Passport.phone)
    .where(Passport.pickup_id.in_(bindparam("pickups", expanding=True)))
    .order_by(Passport.id)
)
_NEWEST = (
    select(PickupCode.pickup_id, func.max(PickupCode.generation).label("newest"))
    .where(PickupCode.pickup_id.in_(bindparam("pickups", expanding=True)))
    .group_by(PickupCode.pickup_id)
)
