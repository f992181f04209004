"""The forms of a book's page. Each does one thing and returns to the page, which the slice `desk` renders."""

from datetime import date

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from ampera.accounts.authentication import is_own_password
from ampera.accounts.refusals import AccountRefusal
from ampera.errors import Problem, Refused, message
from ampera.passports import service
from ampera.security import DESK, SUPERVISOR, actor, requires
from ampera.web import limits

pages = Blueprint("books", __name__)

DONE = {
    "hold": _l("Buku ditahan untuk diperiksa."),
    "release": _l("Buku siap diambil lagi."),
    "move": _l("Rak buku dicatat."),
}


@pages.post("/desk/books/<int:passport_id>/<any(hold, release, move):act>")
@requires(*DESK)
def act(passport_id: int, act: str) -> Response:
    """Hold, release (`reason`) or move (`shelf`)."""
    text = request.form.get("shelf" if act == "move" else "reason", "")
    return _back(passport_id, getattr(service, act)(actor(), passport_id, text), str(DONE[act]))


@pages.post("/desk/books/<int:passport_id>/correct")
@requires(*DESK)
def correct(passport_id: int) -> Response:
    form = request.form
    result = service.correct(actor(), passport_id, form.get("phone", ""), form.get("email", ""))
    return _back(passport_id, result, gettext("Kontak disimpan."))


@pages.post("/desk/books/<int:passport_id>/cancel")
@requires(*SUPERVISOR)
@limits.guesses("20/minute")
def cancel(passport_id: int) -> Response:
    """With the password of the supervisor, typed again."""
    form = request.form
    has_proved = bool(form.get("password"))
    if has_proved and not is_own_password(actor(), form["password"]):
        return _back(passport_id, Refused(AccountRefusal.WRONG_PASSWORD, 403), "")
    minutes, ground = form.get("minutes", ""), form.get("ground", "")
    result = service.cancel(actor(), passport_id, minutes, ground, has_proved)
    return _back(passport_id, result, gettext("Paspor dibatalkan."))


@pages.post("/desk/books/<int:passport_id>/late")
@requires(*SUPERVISOR)
def allow_late(passport_id: int) -> Response:
    """The day as the browser's date field sends it (ISO)."""
    try:
        until = date.fromisoformat(request.form.get("until", ""))
    except ValueError:
        until = date.min
    result = service.allow_late(actor(), passport_id, until, request.form.get("reason", ""))
    return _back(passport_id, result, gettext("Boleh diambil sampai tanggal itu."))


def _back(passport_id: int, result: service.ChangedBook | Refused, done: str) -> Response:
    if isinstance(result, Refused) and result.status == 404:
        raise Problem(result.code, 404)
    if isinstance(result, Refused):
        sentences = [message(code) for code in result.fields.values()] or [message(result.code, result.status)]
        flash(" ".join(sentences), "stop")
    else:
        flash(done, "go")
    return redirect(url_for("desk.book_page", passport_id=passport_id), 303)
