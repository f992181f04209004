"""Where the applicant's page posts "on my way" and "I am here": a plain form, or the same form sent by a script.

The unguessable link is the permission. No session is used, and the link is never logged.
"""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from ampera import audit, db
from ampera.errors import Problem, Refusal, Refused, raise_refusal, wants_json
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
        known = queries.card_behind(session, link)
    who = audit.applicant(known.office.id)
    result = (
        service.withdraw(who, known.pickup_id) if kind == WITHDRAW else service.announce(who, known.pickup_id, kind)
    )
    if wants_json():
        if isinstance(result, Refused):
            raise_refusal(result)
        return Response(status=204)
    return redirect(url_for("applicant.page", link=link), 303)  # the page shows the state, also after a refusal
