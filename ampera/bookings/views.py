"""Where applicants choose, move and give back a window: plain forms behind their unguessable link.

The link is the right to do it. No session is looked at, nothing here is cached, and the link is never logged.
"""

from datetime import date, datetime
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from ampera import audit, clock, db
from ampera.bookings import queries, service
from ampera.bookings.queries import Mine
from ampera.bookings.slots import KINDS, Rules, rules_of
from ampera.errors import Problem, Refused, message, raise_refusal, wants_json
from ampera.offices import labels
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
    """`?day=` and `?kind=`: a day's windows with the places left. Nothing to book: back to the applicant's page."""
    known = _card(link)
    if not _may_book(known):
        return redirect(_home(link), 303)
    return _page(link, known, request.args.get("day"), request.args.get("kind"))


@pages.post("/p/<link>/booking")
@by_link
@per_link("20/minute")
@unknown_links
def act(link: str) -> BaseResponse:
    """`kind`: car or motorcycle with `starts_at` (ISO, with its zone), or withdraw. A form gets its page."""
    known, kind = _card(link), request.form.get("kind", "")
    who = audit.applicant(known.office.id)
    told: Any
    if kind == WITHDRAW:
        told = service.give_back(who, known.pickup_id)
    else:
        told = service.book(who, known.pickup_id, _moment(kind), kind)
    if wants_json():
        raise_refusal(told)
        return Response(status=204)
    if isinstance(told, Refused) and _may_book(known):
        day = clock.local(_moment(kind), known.office.timezone).date().isoformat()
        return _page(link, known, day, kind, told)
    return redirect(_home(link), 303)  # which shows the truth


@pages.get("/p/<link>/booking.ics")
@public
@unknown_links
def calendar(link: str) -> BaseResponse:
    """The booked window for the applicant's own calendar."""
    from ampera.bookings.calendar_file import calendar_file  # here: only who wants the file pays for its library

    known = _card(link)
    with db.reading() as session:
        mine = queries.mine(session, known.office, known.pickup_id)
    if mine is None:
        raise Problem("not_found", 404)
    content = calendar_file(known.office, known.pickup_id, mine, clock.now())
    named = {**NOT_INDEXED, "Content-Disposition": 'attachment; filename="jadwal.ics"'}
    return Response(content, mimetype="text/calendar", headers=named)


@pages.app_template_global("booking_of")
def booking_of(card: Card) -> dict[str, Any] | None:
    """What `bookings/_booking.html` says: the office's rules and this pickup's window; None where none are booked."""
    rules = rules_of(card.office.options)
    if not rules.is_on:
        return None
    with db.reading() as session:
        return {"rules": rules, "mine": queries.mine(session, card.office, card.pickup_id), "words": labels}


def _page(link: str, card: Card, day: str | None, kind: str | None, refused: Refused | None = None) -> Response:
    with db.reading() as session:
        calendar = queries.calendar_of(session, card.office, clock.now(), card.deadline)
        own = queries.booking_row(session.connection(), card.pickup_id)
        chosen = _kind(kind, calendar.rules, own)
        days = queries.slots(session, card.office.id, calendar, chosen, own)
        mine = queries.mine(session, card.office, card.pickup_id)
    body = render_template(
        "bookings/choose.html",
        office=card.office,
        link=link,
        rules=calendar.rules,
        kind=chosen,
        days=days,
        day=_day(day, days, mine),
        mine=mine,
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
    """The beginning asked for; a time without its zone would be a guess."""
    if kind not in KINDS:
        raise Problem("invalid", 422, {"kind": ", ".join((*KINDS, WITHDRAW))})
    try:
        moment = datetime.fromisoformat(request.form.get("starts_at", ""))
    except ValueError:
        raise Problem("invalid", 422, {"starts_at": "bad_day"}) from None
    if moment.tzinfo is None:
        raise Problem("invalid", 422, {"starts_at": "bad_day"})
    return moment


def _kind(wanted: str | None, rules: Rules, own: Any) -> str:
    """The vehicle asked for, else the one booked, else the first that the office takes."""
    return next(one for one in (wanted, own and own.kind, *rules.kinds, KINDS[0]) if one in (rules.kinds or KINDS))


def _day(wanted: str | None, days: dict[date, Any], mine: Mine | None) -> date | None:
    """The day asked for, else the booked one, else the first with a place left."""
    asked = [day for day in days if day.isoformat() == wanted]
    booked = [day for day in days if mine and mine.starts_at.date() == day]
    free = [day for day, windows in days.items() if any(one.left for one in windows)]
    return next(iter([*asked, *booked, *free, *days]), None)
