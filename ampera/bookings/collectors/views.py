"""Announcement of a collector from the applicant's page, and the power of attorney for a proxy as a PDF to sign.

The unguessable link grants the right to do so. The views read no session, and the link is never logged.
"""

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from ampera import audit, db
from ampera.bookings.collectors import queries as collectors_queries
from ampera.bookings.collectors import service
from ampera.bookings.collectors.submission import CollectorDetails, collector_details
from ampera.errors import Problem, Refusal, Refused, answer_form
from ampera.languages import Bilingual, in_both
from ampera.offices import labels
from ampera.pickups import queries, stages
from ampera.pickups.queries import Card
from ampera.security import by_link, public
from ampera.web import paper_tasks
from ampera.web.limits import per_link, unknown_links

WITHDRAW = "withdraw"
FIELDS = ("name", "relation")

pages = Blueprint("announced", __name__)


@pages.post("/p/<link>/collector")
@by_link
@per_link("12/minute")
@unknown_links
def collector(link: str) -> BaseResponse:
    """`class`: self, family, proxy (with `name`, `relation`) or withdraw. 303 for a form, 204 for JSON."""
    card, kind = _card(link), request.form.get("class", "")
    applicant = audit.applicant(card.office.id)
    result: CollectorDetails | Refused | bool
    if kind == WITHDRAW:
        result = service.withdraw(applicant, card.pickup_id)
    else:
        name, relation = (request.form.get(field, "") for field in FIELDS)
        result = service.announce(applicant, card.pickup_id, collector_details(kind, name, relation))
    return answer_form(result, lambda result: redirect(_home(link, result), 303))


@pages.get("/p/<link>/surat-kuasa.pdf")
@public
@per_link(paper_tasks.PER_LINK)
@unknown_links
def letter(link: str) -> Response:
    """The letter for the announced proxy, or with an empty line for the name. It is always in both languages."""
    from ampera.bookings.collectors import proxy_letter  # imported late: it loads 20 MB of fonts and drawing

    card = _card(link)
    if card.stage("current") not in stages.WITH_QR:
        raise Problem(Refusal.NOT_FOUND, 404)
    with db.reading() as session:
        collector = collectors_queries.announced_collector(session, card.pickup_id)
    letter = proxy_letter.ProxyLetter(
        office=card.office.name,
        address=card.office.address,
        receiver=collector.name if collector and collector.collector_class == "proxy" else "",
        names=tuple(book.short_name for book in card.books if book.state == "ready"),
        bring=_proxy_brings(card),
    )
    content = paper_tasks.draw("letter", letter, lambda: proxy_letter.pdf(letter))
    return Response(content, mimetype="application/pdf", headers={"X-Robots-Tag": "noindex, nofollow"})


def _home(link: str, result: object) -> str:
    """The applicant's page, with the refusal that it shows, if any."""
    wrong = next(iter(result.fields.values()), result.code) if isinstance(result, Refused) else None
    return url_for("applicant.page", link=link, wrong=wrong, _anchor="companion")


def _card(link: str) -> Card:
    with db.reading() as session:
        return queries.card_behind(session, link)


def _proxy_brings(card: Card) -> Bilingual:
    """The documents that a proxy shows at the window, in Indonesian and in English."""
    bring = in_both(lambda: labels.bring(card.office.options))
    return Bilingual(*(next(line.what for line in lines if line.icon == "proxy") for lines in bring))
