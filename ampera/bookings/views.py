"""Applicants choose, move and return a slot with plain forms behind their unguessable link.

The link grants the right to do so. The views read no session, nothing is cached, and the link is never logged.
"""

from datetime import date, datetime

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from ampera import audit, clock, db
from ampera.bookings import queries, service
from ampera.bookings.queries import BookingRow, OwnBooking, Slot
from ampera.bookings.slots import KINDS, SlotRules, rules_of
from ampera.errors import Problem, Refusal, Refused, answer_form, message
from ampera.offices import labels
from ampera.offices.refusals import OfficeRefusal
from ampera.pickups import queries as pickups
from ampera.pickups import stages
from ampera.pickups.queries import Card
from ampera.security import by_link, public
from ampera.web.limits import per_link, unknown_links

WITHDRAW = "withdraw"
NOT_INDEXED = {"X-Robots-Tag": "noindex, nofollow"}

pages = Blueprint("bookings", __name__)


@pages.get("/p/<link>/booking")
@public
@unknown_links
def choose(link: str) -> BaseResponse:
    """`?day=` and `?kind=`: the slots of a day with the places left. Redirects when the pickup cannot book."""
    card = _card(link)
    if not _may_book(card):
        return redirect(_home(link), 303)
    return _page(link, card, request.args.get("day"), request.args.get("kind"))


@pages.post("/p/<link>/booking")
@by_link
@per_link("20/minute")
@unknown_links
def act(link: str) -> BaseResponse:
    """`kind`: car or motorcycle with `starts_at` (ISO, with a zone), or withdraw. 303 for a form, 204 for JSON."""
    card, kind = _card(link), request.form.get("kind", "")
    applicant = audit.applicant(card.office.id)
    result: datetime | Refused | bool
    if kind == WITHDRAW:
        result = service.give_back(applicant, card.pickup_id)
    else:
        result = service.book(applicant, card.pickup_id, _moment(kind), kind)
    return answer_form(result, lambda result: _after(link, card, kind, result))


@pages.get("/p/<link>/booking.ics")
@public
@unknown_links
def calendar(link: str) -> BaseResponse:
    """The booking as a file for the applicant's own calendar."""
    from ampera.bookings.calendar_file import calendar_file  # imported late: few requests need the library

    card = _card(link)
    with db.reading() as session:
        own = queries.own_booking(session, card.office, card.pickup_id)
    if own is None:
        raise Problem(Refusal.NOT_FOUND, 404)
    content = calendar_file(card.office, card.pickup_id, own, clock.now())
    headers = {**NOT_INDEXED, "Content-Disposition": 'attachment; filename="jadwal.ics"'}
    return Response(content, mimetype="text/calendar", headers=headers)


def _after(link: str, card: Card, kind: str, result: object) -> BaseResponse:
    """The slots again with the refusal, while the pickup can book; else the applicant's page with the current state."""
    if isinstance(result, Refused) and _may_book(card):
        day = clock.local(_moment(kind), card.office.timezone).date().isoformat()
        return _page(link, card, day, kind, result)
    return redirect(_home(link), 303)


def _page(link: str, card: Card, day: str | None, kind: str | None, refused: Refused | None = None) -> Response:
    with db.reading() as session:
        calendar = queries.calendar_of(session, card.office, clock.now(), card.deadline)
        row = queries.booking_row(session.connection(), card.pickup_id)
        chosen = _kind(kind, calendar.rules, row)
        days = queries.open_slots(session, card.office.id, calendar, chosen, row)
        own = queries.own_booking(session, card.office, card.pickup_id)
    body = render_template(
        "bookings/choose.html",
        office=card.office,
        link=link,
        rules=calendar.rules,
        kind=chosen,
        days=days,
        day=_day(day, days, own),
        own=own,
        words=labels,
        deadline=card.deadline,
        problem=message(refused.code, refused.status) if refused else None,
    )
    return Response(body, refused.status if refused else 200, NOT_INDEXED)


def _card(link: str) -> Card:
    with db.reading() as session:
        return pickups.card_behind(session, link)


def _may_book(card: Card) -> bool:
    is_ready = card.current is not None and card.stage(card.current.state) == stages.READY
    return is_ready and bool(rules_of(card.office.options).is_on)


def _home(link: str) -> str:
    return url_for("applicant.page", link=link, _anchor="booking")


def _moment(kind: str) -> datetime:
    """The requested beginning. A time without a zone is refused, because the zone would be a guess."""
    if kind not in KINDS:
        raise Problem(Refusal.INVALID, 422, {"kind": ", ".join((*KINDS, WITHDRAW))})
    try:
        moment = datetime.fromisoformat(request.form.get("starts_at", ""))
    except ValueError:
        raise Problem(Refusal.INVALID, 422, {"starts_at": OfficeRefusal.BAD_DAY}) from None
    if moment.tzinfo is None:
        raise Problem(Refusal.INVALID, 422, {"starts_at": OfficeRefusal.BAD_DAY})
    return moment


def _kind(requested: str | None, rules: SlotRules, own: BookingRow | None) -> str:
    """The requested kind of vehicle, else the booked kind, else the first kind that the office takes."""
    wanted = (requested, own and own.kind, *rules.kinds, KINDS[0])
    return next(kind for kind in wanted if kind and kind in (rules.kinds or KINDS))


def _day(requested: str | None, days: dict[date, list[Slot]], own: OwnBooking | None) -> date | None:
    """The requested day, else the booked day, else the first day with a place left."""
    exact = [day for day in days if day.isoformat() == requested]
    booked = [day for day in days if own and own.starts_at.date() == day]
    free = [day for day, slots in days.items() if any(slot.left for slot in slots)]
    return next(iter([*exact, *booked, *free, *days]), None)
