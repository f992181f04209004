"""Reads of the administrator's page: the figures of each channel today, and the book of a message."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, case, func, select
from sqlalchemy.orm import Session

from ampera import clock
from ampera.notices.channels.registry import NAMES
from ampera.notices.models import Delivery, Notice
from ampera.offices.models import Office
from ampera.offices.options.defaults import option
from ampera.passports.models import Passport

RATE_OVER = timedelta(minutes=5)


@dataclass(frozen=True)
class ChannelStatus:
    """One channel: whether it is set up, its place in the office's order (None: not used), and its figures of today.

    `oldest_s` is the age of the oldest waiting delivery in seconds; `a_minute` is the rate of the last five minutes.
    """

    name: str
    is_there: bool
    place: int | None
    waiting: int
    oldest_s: int | None
    sent: int
    delivered: int
    passed: int
    dead: int
    a_minute: float


class ChannelFigures(NamedTuple):
    """The counted deliveries of one channel. `recent` are deliveries sent within RATE_OVER."""

    channel: str
    waiting: int
    oldest: datetime | None
    sent: int
    delivered: int
    passed: int
    dead: int
    recent: int


@dataclass(frozen=True)
class Unsent:
    """Notices without a delivery: how many wait for a channel, and how many had no address today."""

    waiting: int
    oldest_s: int | None
    unaddressed: int


def channel_statuses(session: Session, office: Office, available: Mapping[str, str]) -> list[ChannelStatus]:
    """All channels: the office's channels in their order, then the others."""
    now, figures = clock.now(), _figures(session, office)
    order = option(office.options, "notice_channels")
    used = [name for name in order if name in available]
    names = sorted(NAMES, key=lambda name: order.index(name) if name in order else len(order))
    return [_status(name, name in available, used, figures.get(name), now) for name in names]


def unsent(session: Session, office: Office) -> Unsent:
    """The notices of this office without a delivery."""
    now = clock.now()
    found = {"office": office.id, "now": now, "midnight": _midnight(office, now)}
    waiting, oldest = session.execute(_WAITING, found).one()
    return Unsent(waiting, _age(oldest, now), session.scalar(_UNADDRESSED, found) or 0)


def books_of(session: Session, pickup_ids: Collection[int]) -> dict[int, int]:
    """One book of each pickup. The page of the book has the history of the pickup."""
    rows = session.execute(_BOOKS, {"pickups": sorted(pickup_ids)})
    return {row.pickup_id: row.book for row in rows}


def _figures(session: Session, office: Office) -> dict[str, ChannelFigures]:
    now = clock.now()
    since = {"office": office.id, "now": now, "midnight": _midnight(office, now), "recent": now - RATE_OVER}
    rows = (ChannelFigures._make(row) for row in session.execute(_FIGURES, since))
    return {row.channel: row for row in rows}


def _status(name: str, is_there: bool, used: list[str], row: ChannelFigures | None, now: datetime) -> ChannelStatus:
    place = used.index(name) + 1 if name in used else None
    if row is None:
        return ChannelStatus(name, is_there, place, 0, None, 0, 0, 0, 0, 0.0)
    rate = row.recent / (RATE_OVER.total_seconds() / 60)
    oldest = _age(row.oldest, now)
    figures = (row.sent, row.delivered, row.passed, row.dead)
    return ChannelStatus(name, is_there, place, row.waiting, oldest, *figures, round(rate, 1))


def _age(since: datetime | None, now: datetime) -> int | None:
    return None if since is None else max(0, int((now - since).total_seconds()))


def _midnight(office: Office, now: datetime) -> datetime:
    return clock.local(now, office.timezone).replace(hour=0, minute=0, second=0, microsecond=0)


def _count(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((and_(*conditions), 1), else_=0)), 0)


_is_waiting = Delivery.state.in_(("waiting", "sending")) & (Delivery.due_at <= bindparam("now"))
_is_today = Delivery.ended_at >= bindparam("midnight")
_went = Delivery.state.in_(("sent", "delivered"))
_FIGURES = (
    select(
        Delivery.channel,
        _count(_is_waiting).label("waiting"),
        func.min(case((_is_waiting, Delivery.due_at))).label("oldest"),
        _count(_went, _is_today).label("sent"),
        _count(Delivery.state == "delivered", _is_today).label("delivered"),
        _count(Delivery.state == "passed", _is_today).label("passed"),
        _count(Delivery.state == "dead").label("dead"),
        _count(_went, Delivery.ended_at >= bindparam("recent")).label("recent"),
    )
    .where(
        Delivery.office_id == bindparam("office"),
        (Delivery.ended_at >= bindparam("midnight")) | Delivery.state.in_(("waiting", "sending", "dead")),
    )
    .group_by(Delivery.channel)
)
_ready_since = func.coalesce(Notice.due_at, Notice.created_at)
_WAITING = select(func.count(), func.min(Notice.created_at)).where(
    Notice.office_id == bindparam("office"), Notice.state == "waiting", _ready_since <= bindparam("now")
)
_UNADDRESSED = select(func.count()).where(
    Notice.office_id == bindparam("office"),
    Notice.state == "unaddressed",
    Notice.created_at >= bindparam("midnight"),
)
_BOOKS = (
    select(Passport.pickup_id, func.min(Passport.id).label("book"))
    .where(Passport.pickup_id.in_(bindparam("pickups", expanding=True)))
    .group_by(Passport.pickup_id)
)
