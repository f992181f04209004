"""The applicant's page behind an unguessable link: the code, and where the vehicle stands, also without scripts.

It may not be cached, indexed or logged by address, and it never tells why a book needs the inside counter.
"""

from datetime import datetime

from flask import Blueprint, Response, current_app, render_template, request

from ampera import clock, db
from ampera.board.applicant.queries import pickup_state
from ampera.board.live import streets
from ampera.bookings.collectors.queries import announced_collector
from ampera.errors import MESSAGES, Problem
from ampera.languages import chosen
from ampera.offices import labels, location
from ampera.offices import queries as offices
from ampera.pickups import queries, stages
from ampera.pickups.codes import CodeKeys
from ampera.security import public
from ampera.web.limits import unknown_links

# What a plain form could not keep, told on the page it comes back to.
WRONG = ("unknown_class", "name_missing", "name_invalid", "relation_invalid", "announcement_not_needed")

pages = Blueprint("applicant", __name__)


@pages.get("/p/<link>")
@public
@unknown_links
def page(link: str) -> Response:
    with db.reading() as session:
        code = queries.by_link(session, link)
        card = queries.card(session, code.pickup_id) if code else None
        if code is None or card is None:
            raise Problem("unknown_link", 404)
        hours = offices.service_hours(session, card.office)
        state = pickup_state(session, card.pickup_id, streets())
        who = announced_collector(session, card.pickup_id)
    keys = CodeKeys.parse(current_app.extensions["ampera.settings"].code_keys)
    if not keys.can_derive(code):
        raise Problem("unavailable", 503)
    stage = card.stage(code.state)
    body = render_template(
        "pickups/page.html",
        card=card,
        office=card.office if stage != stages.REVOKED else None,
        code=code,
        stage=stage,
        link=link,
        qr=keys.code(code) if stage in stages.WITH_QR else None,
        hours=hours,
        words_of=labels,
        state=state,
        who=who,
        wrong=_wrong(),
        place=location.place(card.office.options, chosen()),
        moment=lambda at: f"{clock.local(at, card.office.timezone):%d-%m-%Y, %H.%M}",
        times={
            "opens": _local(state["line"]["opens_at"], card.office.timezone, "%d-%m-%Y, %H.%M"),
            "until": _local((state["arrival"] or {}).get("until"), card.office.timezone, "%H.%M"),
        },
    )
    return Response(body, 410 if stage == stages.REVOKED else 200, {"X-Robots-Tag": "noindex, nofollow"})


def _wrong() -> str | None:
    """The sentence about a form that came back, one of a few and never the address's own words."""
    code = request.args.get("wrong")
    return str(MESSAGES[code]) if code in WRONG else None


def _local(moment: str | None, timezone: str, form: str) -> str:
    """A time of the state as the page's script writes it too."""
    return clock.local(datetime.fromisoformat(moment), timezone).strftime(form) if moment else ""
