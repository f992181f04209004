"""`/admin/documents`: the kinds of documents on the shelves, their names, and what to bring in addition."""

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from ampera import db
from ampera.errors import Problem, Refusal, Refused, message
from ampera.offices.document_labels import PASSPORT, kinds_of
from ampera.offices.models import Office
from ampera.offices.options.validation import MOST_DOCUMENT_KINDS
from ampera.passports.kinds import service
from ampera.security import ADMIN, actor, requires

NEW = ""  # the key of the form for a new kind

pages = Blueprint("document_kinds", __name__, url_prefix="/admin")
Answer = str | Response | tuple[str, int]


@pages.get("/documents")
@requires(*ADMIN)
def documents() -> str:
    return _page()


@pages.post("/documents")
@requires(*ADMIN)
def add() -> Answer:
    return _answer(service.add_kind(actor(), _words()), NEW, gettext("Jenis dokumen ditambahkan."))


@pages.post("/documents/<name>")
@requires(*ADMIN)
def change(name: str) -> Answer:
    return _answer(service.change_kind(actor(), name, _words()), name, gettext("Jenis dokumen disimpan."))


@pages.post("/documents/<name>/drop")
@requires(*ADMIN)
def drop(name: str) -> Answer:
    return _answer(service.drop_kind(actor(), name), name, gettext("Jenis dokumen dikeluarkan."))


def _words() -> dict[str, str]:
    return {field: request.form.get(field, "") for field in service.FIELDS}


def _answer(made: service.SavedKinds | Refused, key: str, done: str) -> Answer:
    if not isinstance(made, Refused):
        flash(done, "go")
        return redirect("/admin/documents", 303)
    if made.status == 404:
        raise Problem(Refusal.NOT_FOUND, 404)
    if not made.fields:
        flash(message(made.code), "stop")
        return redirect("/admin/documents", 303)
    return _page(key, {name: message(code) for name, code in made.fields.items()}), made.status


def _page(wrong: str | None = None, errors: dict[str, str] | None = None) -> str:
    """The page; the form with the key `wrong` was refused and shows its input with `errors`."""
    with db.reading() as session:
        office = session.get_one(Office, actor().office_id)
        used = service.used(session, office.id)
    known = kinds_of(office.options)
    return render_template(
        "admin/documents.html",
        office=office,
        kinds=known | ({wrong: _words()} if wrong else {}),
        fresh=_words() if wrong == NEW else dict.fromkeys(service.FIELDS, ""),
        wrong=wrong,
        errors=errors or {},
        used=used,
        needed=PASSPORT,
        may_add=len(known) < MOST_DOCUMENT_KINDS,
    )
