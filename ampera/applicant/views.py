"""The applicant's page behind an unguessable link: the code, and the place of the vehicle. It works without scripts.

No proxy or browser may cache it, no search engine may index it, and no log may contain its address. The page never
says why a book needs the inside counter.
"""

from flask import Blueprint, Response, current_app, render_template, request

from ampera import db, formats
from ampera.applicant.queries import applicant_page
from ampera.board.pickup_queries import State
from ampera.bookings.refusals import BookingRefusal
from ampera.errors import sentence
from ampera.languages import chosen
from ampera.live import snapshot_cache
from ampera.offices import labels, location
from ampera.passports.labels import APPLICANT_BOOK_STATES
from ampera.pickups import stages
from ampera.pickups.codes import CodeKeys
from ampera.security import public
from ampera.survey import labels as survey_labels
from ampera.web.limits import unknown_links

# Refusals of a plain form that the page shows when the form comes back to it.
WRONG = (
    BookingRefusal.UNKNOWN_CLASS,
    BookingRefusal.NAME_MISSING,
    BookingRefusal.NAME_INVALID,
    BookingRefusal.RELATION_INVALID,
    BookingRefusal.ANNOUNCEMENT_NOT_NEEDED,
)

pages = Blueprint("applicant", __name__)


@pages.get("/p/<link>")
@public
@unknown_links
def page(link: str) -> Response:
    """410 when a newer link has replaced this one."""
    keys = CodeKeys.parse(current_app.extensions["ampera.settings"].code_keys)
    with db.reading() as session:
        page = applicant_page(session, link, keys, snapshot_cache.shared("streets"))
    office, stage = page.card.office, page.stage
    body = render_template(
        "applicant/page.html",
        card=page.card,
        office=office if stage != stages.REVOKED else None,
        code=page.code,
        stage=stage,
        link=link,
        qr=keys.code(page.code) if stage in stages.WITH_QR else None,
        today=page.today,
        labels=labels,
        state=page.state,
        book_states=APPLICANT_BOOK_STATES,
        collector=page.collector,
        slot=page.slot,
        receipts=page.receipts,
        survey=page.survey,
        survey_labels=survey_labels,
        wrong=_wrong(),
        place=location.place(office.options, chosen()),
        times=_times(page.state, office.timezone),
    )
    return Response(body, 410 if stage == stages.REVOKED else 200, {"X-Robots-Tag": "noindex, nofollow"})


def _wrong() -> str | None:
    """The sentence for the refusal that the address names. Any other value of the address is ignored."""
    code = request.args.get("wrong")
    return sentence(code) if code in WRONG else None


def _times(state: State, timezone: str) -> dict[str, str]:
    """The times of the state, as the page's script writes them too; empty where there is none."""
    opens, until = state["line"]["opens_at"], (state["arrival"] or {}).get("until")
    return {
        "opens": formats.date_time(opens, timezone) if opens else "",
        "until": formats.date_time(until, timezone).split(", ")[1] if until else "",
    }
