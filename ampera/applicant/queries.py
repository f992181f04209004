"""Loads the public pages. Each page reads everything in one snapshot; its template only renders."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from ampera.board.pickup_queries import State, Street, pickup_state
from ampera.bookings.collectors.queries import announced_collector
from ampera.bookings.collectors.submission import CollectorDetails
from ampera.bookings.queries import OwnBooking, own_booking
from ampera.bookings.slots import SlotRules, rules_of
from ampera.errors import Problem, Refusal
from ampera.handovers.receipts.check_code import Receipt
from ampera.handovers.receipts.queries import receipts_of
from ampera.live.snapshot_cache import SnapshotCache
from ampera.offices import queries as offices
from ampera.offices.calendar.admission import Admission
from ampera.offices.models import Office
from ampera.offices.queries import ServiceHours
from ampera.pickups import queries as pickups
from ampera.pickups import stages
from ampera.pickups.codes import CodeKeys
from ampera.pickups.queries import Card, CardCode
from ampera.pickups.refusals import PickupRefusal
from ampera.survey import queries as survey
from ampera.visits.admission_queries import admission_today


@dataclass(frozen=True)
class Today:
    """The hours of an office, and whether it admits one more vehicle now."""

    hours: ServiceHours
    line: Admission


@dataclass(frozen=True)
class FrontPage:
    """The offices of this installation and the one that was asked for; None before the first office exists."""

    offices: Sequence[Office]
    office: Office | None
    today: Today | None


@dataclass(frozen=True)
class SlotChoice:
    """The office's rules for slots, and the pickup's own booking, if any."""

    rules: SlotRules
    own: OwnBooking | None


@dataclass(frozen=True)
class ApplicantPage:
    """Everything that the page behind a link shows. A replaced link shows neither slot, receipts nor survey."""

    card: Card
    code: CardCode
    stage: str
    today: Today
    state: State
    collector: CollectorDetails | None
    slot: SlotChoice | None = None
    receipts: Sequence[Receipt] = ()
    survey: str | None = None


def front_page(session: Session, code: str | None) -> FrontPage:
    """The page of the office with this code; of the first office when no office has it."""
    found = list(session.scalars(select(Office).order_by(Office.id)))
    office = next((office for office in found if office.code == code), found[0] if found else None)
    return FrontPage(found, office, _today(session, office) if office else None)


def applicant_page(session: Session, link: str, keys: CodeKeys, streets: SnapshotCache[Street]) -> ApplicantPage:
    """The page behind a link, current or replaced.

    Raises Problem 404 for an unknown link, 503 when the key of its code is missing.
    """
    code = pickups.by_link(session, link)
    card = pickups.card(session, code.pickup_id) if code else None
    if code is None or card is None:
        raise Problem(PickupRefusal.UNKNOWN_LINK, 404)
    if not keys.can_derive(code):
        raise Problem(Refusal.UNAVAILABLE, 503)
    page = ApplicantPage(
        card,
        code,
        card.stage(code.state),
        _today(session, card.office),
        pickup_state(session, card.pickup_id, streets),
        announced_collector(session, card.pickup_id),
    )
    return page if page.stage == stages.REVOKED else _with_parts(session, page, keys)


def _with_parts(session: Session, page: ApplicantPage, keys: CodeKeys) -> ApplicantPage:
    return replace(
        page,
        slot=_slot(session, page.card) if page.stage == stages.READY else None,
        receipts=receipts_of(session, page.card.pickup_id, keys),
        survey=survey.status(session, page.card.pickup_id),
    )


def _today(session: Session, office: Office) -> Today:
    hours = offices.service_hours(session, office)
    return Today(hours, admission_today(session, office, hours))


def _slot(session: Session, card: Card) -> SlotChoice | None:
    rules = rules_of(card.office.options)
    return SlotChoice(rules, own_booking(session, card.office, card.pickup_id)) if rules.is_on else None
