"""`/desk/books/new`: one book typed at the desk. It is checked and taken in like a row of `POST /passports`.

An application that has a book already is refused: the form adds, it never changes.
"""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import get_locale, gettext
from werkzeug.wrappers import Response

from ampera import clock, db
from ampera.errors import Problem, message
from ampera.offices.document_labels import kinds_of, name
from ampera.offices.models import Office
from ampera.passports.fields import READERS, FieldError
from ampera.passports.imports import intake_service
from ampera.passports.imports.messages import sentence
from ampera.passports.imports.row import checked
from ampera.security import DESK, actor, requires

pages = Blueprint("entry", __name__)
Answer = str | Response | tuple[str, int]


@pages.get("/desk/books/new")
@requires(*DESK)
def form() -> str:
    return _page({})


@pages.post("/desk/books/new")
@requires(*DESK)
def add() -> Answer:
    """Take the book in, or show every problem at its field. `is_compared`: the clerk has looked at a doubt again."""
    typed = {field: request.form.get(field, "") for field in READERS}
    (row,) = checked([(0, typed)], clock.today(_office().timezone))
    if row.record and row.problems and "is_compared" not in request.form:
        return _page(typed, row.problems, has_doubt=True), 422
    try:
        (outcome,) = intake_service.bring_in(actor(), [row], needs_new=True)
    except Problem as refused:  # the page keeps what was typed
        return _page(typed, refusal=message(refused.code, refused.status)), refused.status
    if outcome.outcome == "refused":
        return _page(typed, outcome.problems, known=outcome.passport_id), 422
    flash(gettext("Buku dicatat dan siap diambil. Kirim tautannya, atau cetak slipnya."), "go")
    return redirect(url_for("desk.book_page", passport_id=outcome.passport_id), 303)


def _page(
    typed: dict[str, str],
    problems: Sequence[FieldError] = (),
    refusal: str = "",
    has_doubt: bool = False,
    known: int | None = None,
) -> str:
    """The form with what was typed. `known` is the book that the application has already."""
    office = _office()
    return render_template(
        "passports/entry.html",
        office=office,
        typed=typed,
        errors={problem.field: sentence(problem) for problem in problems},
        refusal=refusal,
        has_doubt=has_doubt,
        known=known,
        kinds=[(key, name(office.options, key, str(get_locale()))) for key in kinds_of(office.options)],
    )


def _office() -> Office:
    with db.reading() as session:
        return session.get_one(Office, actor().office_id)
