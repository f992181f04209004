"""The recipients of a notice: the current addresses of a pickup's books, each channel and address once."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, func, select

from ampera.notices.channels.base import EMAIL
from ampera.notices.models import Notice
from ampera.offices.models import Office
from ampera.offices.options.defaults import option
from ampera.passports.models import Passport
from ampera.passports.states import ON_SHELF
from ampera.pickups.models import PickupCode
from ampera.pickups.name_labels import first_name
from ampera.sql.sealed import keyed
from ampera.sql.statements import in_batches

# Notices of these kinds concern only books on the shelf; the other kinds concern all books of the pickup.
ABOUT_THE_SHELF = frozenset({"ready", "reissued", "reminder", "extended", "booked", "slot_reminder", "slot_off"})
ONCE_PER_CODE = frozenset({"ready", "reissued"})
EACH_TIME = frozenset({"link", "details_changed"})
DETAILS_CHANGED = "details_changed"  # goes to the earlier addresses, which no book has any more


class NoticeRow(NamedTuple):
    """A notice and the settings of its office, as read by NOTICE_COLUMNS."""

    id: int
    office_id: int
    pickup_id: int
    kind: str
    facts: dict[str, Any]
    once: str | None
    options: dict[str, Any]
    timezone: str


NOTICE_COLUMNS = (
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
    """The addresses of the holder of one book."""

    passport_id: int
    state: str
    first_name: str
    email: str | None
    phone: str | None

    def address(self, needs: str) -> str | None:
        """The address that a channel needs: EMAIL or PHONE."""
        return self.email if needs == EMAIL else self.phone


class Recipient(NamedTuple):
    """The channel and the address of one message, and the first name that it greets."""

    channel: str
    address: str
    first_name: str


def order_of(options: dict[str, Any], available: Mapping[str, str]) -> list[str]:
    """The channels of an office in its order, without channels that are not available."""
    return [name for name in option(options, "notice_channels") if name in available]


def after(channel: str, options: dict[str, Any], available: Mapping[str, str]) -> list[str]:
    """The channels of an office after this one; empty when the office no longer uses this channel."""
    order = option(options, "notice_channels")
    return [name for name in order[order.index(channel) + 1 :] if name in available] if channel in order else []


def contacts(conn: Connection, pickup_ids: Collection[int]) -> dict[int, list[Contact]]:
    """The contacts of each pickup, in the order in which the books were taken in."""
    found: dict[int, list[Contact]] = {pickup_id: [] for pickup_id in pickup_ids}
    for batch in in_batches(sorted(found)):
        for row in conn.execute(_BOOKS, {"pickups": batch}):
            found[row.pickup_id].append(Contact(row.id, row.state, first_name(row.holder_name), row.email, row.phone))
    return found


def generations(conn: Connection, pickup_ids: Collection[int]) -> dict[int, int]:
    """The newest code generation of each pickup."""
    found: dict[int, int] = {}
    for batch in in_batches(sorted(set(pickup_ids))):
        found |= {row.pickup_id: row.newest for row in conn.execute(_NEWEST, {"pickups": batch})}
    return found


def concerned(notice: NoticeRow, books: Iterable[Contact]) -> list[Contact]:
    """The books that the notice concerns: those in its facts (`passports`), else all books of the pickup."""
    only = notice.facts.get("passports")
    named = [book for book in books if only is None or book.passport_id in only]
    return [book for book in named if notice.kind not in ABOUT_THE_SHELF or book.state in ON_SHELF]


def recipients(books: Iterable[Contact], order: Sequence[str], available: Mapping[str, str]) -> list[Recipient]:
    """For each book the first channel of `order` with an address; each channel and address once."""
    found: dict[tuple[str, str], Recipient] = {}
    for book in books:
        for channel in order:
            if address := book.address(available[channel]):
                found.setdefault((channel, address), Recipient(channel, address, book.first_name))
                break
    return list(found.values())


def once_of(notice: NoticeRow | Notice, generation: int, recipient: Recipient) -> str:
    """The key under which this address gets this notice once (see `outbox.write`)."""
    parts = (notice.kind, str(notice.pickup_id), _qualifier(notice, generation), recipient.channel, recipient.address)
    return keyed(hashlib.sha256("|".join(parts).encode()).hexdigest())  # the inner one is that of older versions


def _qualifier(notice: NoticeRow | Notice, generation: int) -> str:
    if notice.kind in ONCE_PER_CODE:
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
