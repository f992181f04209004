"""Where the applicant's page posts "on my way" and "I am here": a plain form, or the same form sent by a script.

The unguessable link is the permission. No session is used, and the link is never logged.
"""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from ampera import audit, db
from ampera.errors import Problem, Refusal, answer_form
from ampera.pickups import queries
from ampera.security import by_link
from ampera.visits.arrivals import service
from ampera.web.limits import per_link, unknown_links

WITHDRAW = "withdraw"
KINDS = (*service.LASTS, WITHDRAW)

pages = Blueprint("arrivals", __name__)


@pages.post("/p/<link>/arrival")
@by_link
@per_link("12/minute")
@unknown_links
def signal(link: str) -> Response:
    """`kind`: leaving, arrived or withdraw. A form gets its page back (303), a script 204 and the news."""
    kind = request.form.get("kind", "")
    if kind not in KINDS:
        raise Problem(Refusal.INVALID, 422, {"kind": ", ".join(KINDS)})
    with db.reading() as session:
        card = queries.card_behind(session, link)
    actor = audit.applicant(card.office.id)
    withdraws = kind == WITHDRAW
    result = service.withdraw(actor, card.pickup_id) if withdraws else service.announce(actor, card.pickup_id, kind)
    return answer_form(result, lambda _: redirect(url_for("applicant.page", link=link), 303))
