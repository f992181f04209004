"""Where the applicant's page posts who comes for the passports, and the power of attorney for a proxy, ready to sign.

The unguessable link is the right to say it. No session is looked at, and the link is never logged.
"""

from flask import Blueprint, Response, redirect, request, url_for
from flask_babel import force_locale
from werkzeug.wrappers import Response as BaseResponse

from ampera import audit, db
from ampera.bookings.collectors import queries as collectors_queries
from ampera.bookings.collectors import service
from ampera.bookings.collectors.submission import companion
from ampera.errors import Problem, Refused, raise_refusal, wants_json
from ampera.offices import labels
from ampera.pickups import queries, stages
from ampera.pickups.queries import Card
from ampera.security import by_link, public
from ampera.web.limits import per_link, unknown_links

WITHDRAW = "withdraw"
FIELDS = ("name", "relation")

pages = Blueprint("announced", __name__)


@pages.post("/p/<link>/collector")
@by_link
@per_link("12/minute")
@unknown_links
def collector(link: str) -> BaseResponse:
    """`class`: self, family, proxy (with `name`, `relation`) or withdraw. A form gets its page back, a script 204."""
    known = _card(link)
    who, kind = audit.applicant(known.office.id), request.form.get("class", "")
    told = (
        service.withdraw(who, known.pickup_id)
        if kind == WITHDRAW
        else service.announce(who, known.pickup_id, companion(kind, *(request.form.get(one, "") for one in FIELDS)))
    )
    if wants_json():
        raise_refusal(told)
        return Response(status=204)
    wrong = next(iter(told.fields.values()), told.code) if isinstance(told, Refused) else None
    return redirect(url_for("applicant.page", link=link, wrong=wrong, _anchor="companion"), 303)


@pages.get("/p/<link>/surat-kuasa.pdf")
@public
@unknown_links
def letter(link: str) -> Response:
    """The letter for the announced proxy, or with an empty line for the name. It always speaks both languages."""
    from ampera.bookings.collectors import proxy_letter  # here: with it come 20 MB of fonts and drawing

    known = _card(link)
    if known.stage("current") not in stages.WITH_QR:
        raise Problem("not_found", 404)
    with db.reading() as session:
        who = collectors_queries.announced(session, known.pickup_id)
    letter = proxy_letter.Letter(
        office=known.office.name,
        address=known.office.address,
        receiver=who.name if who and who.collector_class == "proxy" else "",
        first_names=tuple(book.first_name for book in known.books if book.state == "ready"),
        bring=_shown_by_proxy(known),
    )
    content = db.run_in_thread(lambda: proxy_letter.pdf(letter))
    return Response(content, mimetype="application/pdf", headers={"X-Robots-Tag": "noindex, nofollow"})


def _card(link: str) -> Card:
    with db.reading() as session:
        return queries.card_behind(session, link)


def _shown_by_proxy(known: Card) -> tuple[str, str]:
    """What a proxy shows at the window, in Indonesian and in English."""
    said = []
    for language in ("id", "en"):
        with force_locale(language):
            said.append(next(line.what for line in labels.bring(known.office.options) if line.icon == "proxy"))
    return said[0], said[1]
