"""The holder of a book is notified at the earlier addresses when the data of the book change.

One clerk with a right could send the messages of a book to somebody else; the old address is the one that notices. The
deliveries are written in the transaction of the change, because the book forgets the address there; without a channel
none is written. They name neither the new address nor the page of the pickup: a corrected address may be that of a
stranger.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, insert, select

from ampera import clock, events
from ampera.db import Unit
from ampera.notices.channels import registry
from ampera.notices.delivery import recipient_queries, schedule
from ampera.notices.delivery.fan_out_service import EXPANDED
from ampera.notices.delivery.outcome_service import delivery_row
from ampera.notices.delivery.recipient_queries import DETAILS_CHANGED, NoticeRow, Recipient
from ampera.notices.events import NoticesWritten
from ampera.notices.models import Delivery, Notice
from ampera.notices.outbox import insert_new
from ampera.offices.models import Office
from ampera.offices.options.defaults import option
from ampera.passports.events import ContactsChanged, FormerHolder, HolderChanged
from ampera.passports.models import Passport
from ampera.passports.states import ON_SHELF
from ampera.pickups.name_labels import first_name
from ampera.sql.statements import in_batches


@events.during(ContactsChanged)
def notify_old_address(unit: Unit, changed: ContactsChanged) -> None:
    """The telephone number or the e-mail address was replaced or removed."""
    _notify(unit, changed.office_id, changed.former)


@events.during(HolderChanged)
def notify_old_holder(unit: Unit, changed: HolderChanged) -> None:
    """A second person has confirmed another name, birth date or number."""
    _notify(unit, changed.office_id, (changed.former,))


def _notify(unit: Unit, office_id: int, former: Sequence[FormerHolder]) -> None:
    office = unit.conn.execute(_OFFICE, {"office": office_id}).one()
    if DETAILS_CHANGED not in option(office.options, "notice_kinds"):
        return
    reached = {holder.passport_id: holder for holder in former if holder.phone or holder.email}
    available = registry.available(unit.settings)
    for pickup_id, passport_ids in _pickups(unit, list(reached)).items():
        facts = {"passports": passport_ids, "at": clock.iso(unit.at)}
        holders = [reached[passport_id] for passport_id in passport_ids]
        found = _recipients(holders, recipient_queries.order_of(office.options, available), available)
        if found:
            _write(unit, office_id, pickup_id, facts, office, found)


def _pickups(unit: Unit, passport_ids: Sequence[int]) -> dict[int, list[int]]:
    """The pickups of these books, for books on the shelf only: nobody collects another one."""
    found: dict[int, list[int]] = defaultdict(list)
    for batch in in_batches(passport_ids):
        for row in unit.conn.execute(_BOOKS, {"books": batch}):
            found[row.pickup_id].append(row.id)
    return found


def _recipients(holders: Sequence[FormerHolder], order: Sequence[str], needs: Mapping[str, str]) -> list[Recipient]:
    """Every old address once, by the first channel that takes it: also the one that was not changed."""
    found: dict[str, Recipient] = {}
    for holder in holders:
        for channel in order:
            if address := holder.address(needs[channel]):
                found.setdefault(address, Recipient(channel, address, first_name(holder.holder_name)))
    return list(found.values())


def _write(
    unit: Unit, office_id: int, pickup_id: int, facts: dict[str, Any], office: Any, found: Sequence[Recipient]
) -> None:
    values = {"office_id": office_id, "pickup_id": pickup_id, "kind": DETAILS_CHANGED, "facts": facts}
    row = {**values, "state": EXPANDED, "created_at": unit.at}
    notice_id = unit.conn.scalars(insert(Notice).returning(Notice.id), [row]).one()
    notice = NoticeRow(notice_id, office_id, pickup_id, DETAILS_CHANGED, facts, None, office.options, office.timezone)
    due_at = schedule.not_before(DETAILS_CHANGED, office.options, office.timezone, unit.at)
    unit.emit(NoticesWritten())
    insert_new(unit.conn, Delivery, [delivery_row(unit, notice, 0, recipient, due_at) for recipient in found])


_OFFICE = select(Office.options, Office.timezone).where(Office.id == bindparam("office"))
_BOOKS = (
    select(Passport.id, Passport.pickup_id)
    .where(
        Passport.id.in_(bindparam("books", expanding=True)),
        Passport.state.in_(ON_SHELF),
        Passport.pickup_id.is_not(None),
    )
    .order_by(Passport.id)
)
