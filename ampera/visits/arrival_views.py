"""Where the applicant's page posts "on my way" and "I am here": a plain form, or the same form sent by a script.

The unguessable link is the right to say it. No session is looked at, and the link is never logged.
"""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from ampera import audit, db, limits
from ampera.errors import Problem, Refused, settle, wants_json
from ampera.limits import limiter
from ampera.pickups import queries
from ampera.pickups.codes import fingerprint
from ampera.security import by_link
from ampera.visits import arrivals

WITHDRAW = "withdraw"
KINDS = (*arrivals.LASTS, WITHDRAW)

pages = Blueprint("arrivals", __name__)


def _link() -> str:
    """Counted by link: many phones share the address of one mobile network."""
    return fingerprint(str((request.view_args or {}).get("link")))


@pages.post("/p/<link>/arrival")
@by_link
@limiter.limit("12/minute", key_func=_link)
@limits.unknown_links
def signal(link: str) -> Response:
    """`kind`: leaving, arrived or withdraw. A form gets its page back (303), a script 204 and the news."""
    kind = request.form.get("kind", "")
    if kind not in KINDS:
        raise Problem("invalid", 422, {"kind": ", ".join(KINDS)})
    with db.reading() as session:
        code = queries.by_link(session, link)
        known = queries.card(session, code.pickup_id) if code and code.state != "revoked" else None
    if known is None:
        raise Problem("unknown_link", 404)
    who = audit.applicant(known.office.id)
    told = (
        arrivals.withdraw(who, known.pickup_id) if kind == WITHDRAW else arrivals.announce(who, known.pickup_id, kind)
    )
    if wants_json():
        if isinstance(told, Refused):
            settle(told)
        return Response(status=204)
    return redirect(url_for("applicant.page", link=link), 303)  # which shows the truth, also after a refusal
