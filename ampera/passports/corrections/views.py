"""The forms about who a book belongs to, and the supervisors' list of open proposals."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from ampera import audit, db
from ampera.accounts.authentication import is_own_password
from ampera.accounts.refusals import AccountRefusal
from ampera.errors import Problem, Refused, message
from ampera.offices.models import Office
from ampera.passports.corrections import service
from ampera.passports.corrections.labels import lines
from ampera.passports.corrections.models import IDENTITY
from ampera.passports.corrections.queries import open_of
from ampera.security import DESK, SUPERVISOR, actor, people_only, requires
from ampera.web.limits import guesses, limiter

pages = Blueprint("corrections", __name__)


@pages.post("/desk/books/<int:passport_id>/identity")
@requires(*DESK)
@limiter.limit("20/minute")
def propose(passport_id: int) -> Response:
    """Propose what is filled in of `IDENTITY`, with a `reason`."""
    values = {name: request.form.get(name, "") for name in IDENTITY}
    result = service.propose(actor(), passport_id, values, request.form.get("reason", ""))
    _announce(
        result, gettext("Usulan dicatat. Penyelia lain perlu menyetujuinya; sampai saat itu data lama yang berlaku.")
    )
    return redirect(url_for("desk.book_page", passport_id=passport_id), 303)


@pages.get("/desk/corrections")
@requires(*SUPERVISOR)
def corrections() -> str:
    """The open proposals of the office, oldest first."""
    who = actor()
    with db.reading() as session:
        office = session.get_one(Office, who.office_id)
        rows = open_of(session, office.id)
    shown = [row.passport_id for row in rows]
    audit.note_access(who, "corrections.viewed", f"office:{office.id}", {"proposals": len(rows), "shown": shown})
    return render_template("passports/corrections.html", office=office, rows=rows, lines=lines, staff_id=who.staff_id)


@pages.post("/desk/corrections/<int:correction_id>/<any(confirm, reject):act>")
@requires(*SUPERVISOR)
@people_only
@guesses("20/minute")
def decide(correction_id: int, act: str) -> Response:
    """Confirm or reject a proposal of somebody else, with `proof` when the sign-in is not fresh."""
    proof = request.form.get("proof", "")
    if proof and not is_own_password(actor(), proof):
        return _listed(Refused(AccountRefusal.WRONG_PASSWORD, 403), "")
    if act == "confirm":
        return _listed(service.confirm(actor(), correction_id, bool(proof)), gettext("Data buku diperbaiki."))
    return _listed(service.reject(actor(), correction_id, bool(proof)), gettext("Usulan ditolak. Data lama tetap."))


def _listed(result: service.Decided | Refused, done: str) -> Response:
    _announce(result, done)
    return redirect(url_for("corrections.corrections"), 303)


def _announce(result: service.Decided | Refused, done: str) -> None:
    """The result as a message of the next page. Raises Problem 404 for a book or proposal of nobody."""
    if isinstance(result, Refused) and result.status == 404:
        raise Problem(result.code, 404)
    if isinstance(result, Refused):
        flash(" ".join(dict.fromkeys(message(code) for code in (result.code, *result.fields.values()))), "stop")
    else:
        flash(done, "go")
