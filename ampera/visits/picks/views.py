"""The forms of the pick list, for a desk without scripts: each does one act and returns to its page."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from ampera.errors import Problem, Refusal, Refused, message
from ampera.formats import ngettext
from ampera.security import STAFF, actor, requires, same_site_path
from ampera.visits.picks import service
from ampera.visits.picks.locations import ACTS, MOST

pages = Blueprint("picks", __name__)


@pages.post("/desk/picks")
@requires(*STAFF)
def move() -> Response:
    """`passport_id` (several), `act`, and for `hand` the `place` as LANE/WINDOW; or `take_back` with one book."""
    form = request.form
    is_back = "take_back" in form
    act = "take_back" if is_back else form.get("act", "")
    chosen = form.getlist("take_back" if is_back else "passport_id")[:MOST]
    ids = [number for text in chosen if (number := _number(text))]
    lane, _, window = form.get("place", "").partition("/")
    if act not in ACTS:
        raise Problem(Refusal.INVALID, 422)
    if ids:
        _flash_result(service.pick(actor(), ids, act, _number(lane), _number(window)))
    else:
        flash(gettext("Centang dulu bukunya."), "stop")
    back = url_for("desk.desk", by="vehicle" if form.get("by") == "vehicle" else None)
    return redirect(same_site_path(form.get("next"), back), 303)


def _flash_result(result: service.Picked | Refused) -> None:
    if isinstance(result, service.Picked):
        refused = [(book.holder_name, book.code, book.by) for book in result.refused]
    elif result.status in (403, 404):
        raise Problem(result.code, result.status)
    else:
        refused = [(book["holder_name"], book["code"], book["by"]) for book in result.detail.get("refused", ())]
    for holder_name, code, clerk in refused:
        flash(f"{holder_name}: {message(code, 409)}{' ' + clerk if clerk else ''}", "stop")
    if isinstance(result, service.Picked):
        n = len(result.done)
        flash(ngettext("%(num)s buku tercatat.", "%(num)s buku tercatat.", n), "go")
    elif not refused:
        flash(message(result.code, result.status), "stop")


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
