"""The administrator's pages of notices: how the channels do, what nobody could deliver, and the office's own words.

Supervisors look and retry; words are the administrator's. The preview is drawn by the server, with or without scripts.
"""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ampera import db
from ampera.errors import Problem, Refused, message, raise_refusal
from ampera.notices.admin import channel_queries, labels, queries, test_mail
from ampera.notices.channels import registry
from ampera.notices.channels.base import Failed, Message
from ampera.notices.content import compose, facts, template_rules
from ampera.notices.content import service as content_service
from ampera.notices.content.default_texts import STANDARD, Text
from ampera.notices.delivery import service
from ampera.offices.models import Office
from ampera.offices.options.defaults import option
from ampera.passports import fields
from ampera.passports.refusals import PassportRefusal
from ampera.security import ADMIN, SUPERVISOR, actor, may_open, requires
from ampera.web import limits

LONGEST_ADDRESS = 254
LONGEST_FORM = 4000  # characters of one field that are looked at
BOOK = "/desk/books"
ONE_TEXT = f"/<any({', '.join(template_rules.KINDS)}):kind>/<any(id, en):language>"

pages = Blueprint("notices", __name__, url_prefix="/admin/notices")
Page = str | tuple[str, int]


@pages.get("")
@requires(*SUPERVISOR, *ADMIN)
def overview() -> str:
    """`?page=` of the list of failed messages."""
    page = max(1, min(request.args.get("page", 1, int), 10_000))
    settings = current_app.extensions["ampera.settings"]
    ways = registry.ways(settings)
    with db.reading() as session:
        office = session.get_one(Office, actor().office_id)
        dead = queries.dead(session, office.id, page)
        return render_template(
            "admin/notices.html",
            office=office,
            channels=channel_queries.channel_lines(session, office, ways),
            unsent=channel_queries.unsent(session, office),
            dead=dead,
            dead_count=queries.dead_count(session, office.id),
            page=page,
            per_page=queries.PER_PAGE,
            books=channel_queries.books_of(session, {one.pickup_id for one in dead}) if may_open(f"{BOOK}/1") else {},
            kinds=_kinds(session, office),
            admin_words=labels,
        )


@pages.post("/<int:delivery_id>/retry")
@requires(*SUPERVISOR, *ADMIN)
def retry(delivery_id: int) -> Response:
    """One failed message again, with the addresses of today."""
    result = service.retry(actor(), delivery_id)
    if isinstance(result, Refused) and result.status == 404:
        raise Problem(result.code, 404)
    if isinstance(result, Refused):
        flash(message(result.code, result.status), "stop")
    else:
        flash(gettext("Pesan dikirim lagi."), "go")
    return redirect(url_for("notices.overview", _anchor="dead"), 303)


@pages.get("/retry")
@pages.get("/test")
@pages.get("/<int:delivery_id>/retry")
@requires(*SUPERVISOR, *ADMIN)
def back(delivery_id: int = 0) -> Response:
    """An address that only takes forms, asked for as a page (another language was chosen there)."""
    return redirect(url_for("notices.overview", lang=request.args.get("lang")))


@pages.post("/retry")
@requires(*SUPERVISOR, *ADMIN)
def retry_all() -> Response:
    made = service.retry_all_dead(actor())
    told = ngettext("%(num)s pesan dikirim lagi.", "%(num)s pesan dikirim lagi.", made.count)
    flash(told, "go" if made.count else "wait")
    return redirect(url_for("notices.overview", _anchor="dead"), 303)


@pages.post("/test")
@requires(*ADMIN)
@limits.guesses("5/minute")
def test() -> Response:
    """One mail to the address that was typed, now; what the mail server said is the answer."""
    wrong, contact = fields.contact("", request.form.get("address", "")[:LONGEST_ADDRESS])
    address = contact.get("email")
    if wrong or not address:
        flash(message(PassportRefusal.EMAIL_INVALID), "stop")
    else:
        _try_mail(address)
    return redirect(url_for("notices.overview", _anchor="channels"), 303)


@pages.get(ONE_TEXT)
@requires(*ADMIN)
def edit(kind: str, language: str) -> Page:
    return _editor(kind, language)


@pages.post(ONE_TEXT)
@requires(*ADMIN)
def save(kind: str, language: str) -> Page | Response:
    """`act`: save (what is typed becomes the office's words), preview, or standard (back to the product's words)."""
    act, typed = request.form.get("act", "save"), _typed()
    if act == "preview":
        return _editor(kind, language, typed, template_rules.check(kind, *typed))
    if act == "standard":
        raise_refusal(content_service.reset_text(actor(), kind, language))
        flash(gettext("Kata-kata standar berlaku lagi."), "go")
        return redirect(url_for("notices.edit", kind=kind, language=language), 303)
    made = content_service.set_text(actor(), kind, language, *typed)
    if isinstance(made, Refused):
        return _editor(kind, language, typed, template_rules.check(kind, *typed)), made.status
    flash(gettext("Teks tersimpan. Pesan berikutnya memakainya."), "go")
    return redirect(url_for("notices.edit", kind=kind, language=language), 303)


@pages.post(f"{ONE_TEXT}/preview")
@requires(*ADMIN)
def preview(kind: str, language: str) -> str:
    """Only the preview of what is typed, for the page that is open."""
    with db.reading() as session:
        office = session.get_one(Office, actor().office_id)
    typed = _typed()
    wrong = template_rules.check(kind, *typed)
    return render_template("admin/_notice_preview.html", **_shown(office, kind, language, typed, wrong))


def _try_mail(address: str) -> None:
    settings = current_app.extensions["ampera.settings"]
    with db.reading() as session:
        office = session.get_one(Office, actor().office_id)
        words = compose.texts_of(session, office.id)
    outcome = test_mail.send(settings, office, settings.site(request.host_url), words, address)
    reason = outcome.reason if isinstance(outcome, Failed) else ""
    content_service.note_trial(actor(), reason)
    if reason:
        flash(labels.reason(reason), "stop")
    else:
        flash(gettext("Surat uji terkirim. Periksa kotak masuknya."), "go")


def _typed() -> Text:
    values = (request.form.get(name, "")[:LONGEST_FORM] for name in Text._fields)
    return Text(*map(template_rules.tidied, values))


def _editor(
    kind: str, language: str, typed: Text | None = None, wrong: dict[str, template_rules.Wrong] | None = None
) -> str:
    """The form with the preview beside it: of what is typed, else of what holds."""
    with db.reading() as session:
        office = session.get_one(Office, actor().office_id)
        held = compose.texts_of(session, office.id)[kind, language]
    text = typed or held
    return render_template(
        "admin/notice_text.html",
        office=office,
        kind=kind,
        text=text,
        is_own=held != STANDARD[kind, language],
        fields=[(name, labels.FIELDS[name]) for name in template_rules.FIELDS_OF[kind]],
        needed=template_rules.NEEDED.get(kind, ()),
        most=(template_rules.MOST_SUBJECT, template_rules.MOST_BODY),
        admin_words=labels,
        **_shown(office, kind, language, text, wrong or {}),
    )


def _shown(
    office: Office, kind: str, language: str, text: Text, wrong: dict[str, template_rules.Wrong]
) -> dict[str, Any]:
    """What the preview's template draws, for an invented person."""
    site = current_app.extensions["ampera.settings"].site(request.host_url)
    drawn: Message = compose.preview(office, site, kind, language, text)
    return {
        "drawn": drawn,
        "blocks": [block.split("\n") for block in drawn.text.strip().split("\n\n")],
        "wrong": {place: labels.wrong(one) for place, one in wrong.items()},
        "text_language": language,
        "has_qr": kind in facts.WITH_QR,
    }


def _kinds(session: Session, office: Office) -> list[tuple[str, bool, list[tuple[str, bool]]]]:
    """Every kind: its key, whether the office sends it, and for each language whether the words are its own."""
    held = compose.texts_of(session, office.id)
    sent = option(office.options, "notice_kinds")
    return [
        (kind, kind in sent, [(one, held[kind, one] != STANDARD[kind, one]) for one in ("id", "en")])
        for kind in template_rules.KINDS
    ]
