"""The administrator's pages of notices: figures of the channels, dead messages, and the texts of the office.

Supervisors can read and retry; only administrators change texts. The server renders the preview, with or without
scripts.
"""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ampera import clock, db
from ampera.errors import Problem, Refused, message, raise_refusal
from ampera.formats import ngettext
from ampera.notices.admin import channel_queries, labels, queries, test_mail
from ampera.notices.channels import registry
from ampera.notices.channels.base import Failed, Message
from ampera.notices.content import compose, facts, template_rules
from ampera.notices.content import service as content_service
from ampera.notices.content.default_texts import STANDARD, Text
from ampera.notices.content.template_rules import TextProblem
from ampera.notices.delivery import backlog_service, service
from ampera.offices.models import Office
from ampera.offices.options.defaults import option
from ampera.passports import fields
from ampera.passports.refusals import PassportRefusal
from ampera.security import ADMIN, SUPERVISOR, actor, may_open, requires, same_site_path
from ampera.web import limits

LONGEST_ADDRESS = 254
LONGEST_FORM = 4000  # characters of one field that are read
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
    available = registry.available(settings)
    with db.reading() as session:
        office = session.get_one(Office, actor().office_id)
        dead = queries.dead(session, office.id, page)
        pickups = {message.pickup_id for message in dead}
        return render_template(
            "admin/notices.html",
            office=office,
            channels=channel_queries.channel_statuses(session, office, available),
            unsent=channel_queries.unsent(session, office),
            held=backlog_service.held(session, office.id, clock.now()),
            dead=dead,
            dead_count=queries.dead_count(session, office.id),
            page=page,
            per_page=queries.PER_PAGE,
            books=channel_queries.books_of(session, pickups) if may_open(f"{BOOK}/1") else {},
            kinds=_kinds(session, office),
            labels=labels,
        )


@pages.post("/<int:delivery_id>/retry")
@requires(*SUPERVISOR, *ADMIN)
def retry(delivery_id: int) -> Response:
    """Send one dead message again, to the current addresses."""
    result = service.retry(actor(), delivery_id)
    if isinstance(result, Refused) and result.status == 404:
        raise Problem(result.code, 404)
    if isinstance(result, Refused):
        flash(message(result.code, result.status), "stop")
    else:
        flash(gettext("Pesan dikirim lagi."), "go")
    return redirect(same_site_path(request.form.get("next"), url_for("notices.overview", _anchor="dead")), 303)


@pages.post("/backlog/<any(all, day, none):choice>")
@requires(*SUPERVISOR, *ADMIN)
def decide(choice: str) -> Response:
    """What happens with the notices that waited for a channel longer than a day."""
    result = backlog_service.decide(actor(), choice)
    if result.dropped:
        flash(ngettext("%(num)s pesan dibuang.", "%(num)s pesan dibuang.", result.dropped), "go")
    else:
        flash(ngettext("%(num)s pesan dikirim.", "%(num)s pesan dikirim.", result.released), "go")
    return redirect(url_for("notices.overview"), 303)


@pages.get("/backlog/<any(all, day, none):choice>")
@pages.get("/retry")
@pages.get("/test")
@pages.get("/<int:delivery_id>/retry")
@requires(*SUPERVISOR, *ADMIN)
def back(delivery_id: int = 0, choice: str = "") -> Response:
    """A URL that accepts only POST was requested with GET, after a change of language: redirect to the page."""
    return redirect(url_for("notices.overview", lang=request.args.get("lang")))


@pages.post("/retry")
@requires(*SUPERVISOR, *ADMIN)
def retry_all() -> Response:
    """Send all dead messages of the office again."""
    count = service.retry_all_dead(actor()).count
    flash(ngettext("%(num)s pesan dikirim lagi.", "%(num)s pesan dikirim lagi.", count), "go" if count else "wait")
    return redirect(url_for("notices.overview", _anchor="dead"), 303)


@pages.post("/test")
@requires(*ADMIN)
@limits.guesses("5/minute")
def test() -> Response:
    """Send one mail to the submitted address and show the outcome at the mail server."""
    wrong, contact = fields.contact("", request.form.get("address", "")[:LONGEST_ADDRESS])
    address = contact.get("email")
    if wrong or not address:
        flash(message(PassportRefusal.EMAIL_INVALID), "stop")
    else:
        _send_test_mail(address)
    return redirect(url_for("notices.overview", _anchor="channels"), 303)


@pages.get(ONE_TEXT)
@requires(*ADMIN)
def edit(kind: str, language: str) -> Page:
    """The editor of one text."""
    return _editor(kind, language)


@pages.post(ONE_TEXT)
@requires(*ADMIN)
def save(kind: str, language: str) -> Page | Response:
    """`act`: save (store the submitted text), preview, or standard (return to the default text)."""
    act, submitted = request.form.get("act", "save"), _submitted()
    if act == "preview":
        return _editor(kind, language, submitted, template_rules.check(kind, *submitted))
    if act == "standard":
        raise_refusal(content_service.reset_text(actor(), kind, language))
        flash(gettext("Teks bawaan berlaku lagi."), "go")
        return redirect(url_for("notices.edit", kind=kind, language=language), 303)
    result = content_service.set_text(actor(), kind, language, *submitted)
    if isinstance(result, Refused):
        return _editor(kind, language, submitted, template_rules.check(kind, *submitted)), result.status
    flash(gettext("Teks tersimpan. Pesan berikutnya memakainya."), "go")
    return redirect(url_for("notices.edit", kind=kind, language=language), 303)


@pages.post(f"{ONE_TEXT}/preview")
@requires(*ADMIN)
def preview(kind: str, language: str) -> str:
    """Only the preview of the submitted text, for a script of the open page."""
    with db.reading() as session:
        office = session.get_one(Office, actor().office_id)
    submitted = _submitted()
    problems = template_rules.check(kind, *submitted)
    return render_template("admin/_notice_preview.html", **_preview_data(office, kind, language, submitted, problems))


def _send_test_mail(address: str) -> None:
    settings = current_app.extensions["ampera.settings"]
    with db.reading() as session:
        office = session.get_one(Office, actor().office_id)
        texts = compose.texts_of(session, office.id)
    outcome = test_mail.send(settings, office, settings.site(request.host_url), texts, address)
    reason = outcome.reason if isinstance(outcome, Failed) else ""
    content_service.record_test_mail(actor(), reason)
    if reason:
        flash(labels.reason(reason), "stop")
    else:
        flash(gettext("Surat uji terkirim. Periksa kotak masuknya."), "go")


def _submitted() -> Text:
    values = (request.form.get(name, "")[:LONGEST_FORM] for name in Text._fields)
    return Text(*map(template_rules.normalized, values))


def _editor(
    kind: str, language: str, submitted: Text | None = None, problems: dict[str, TextProblem] | None = None
) -> str:
    """The form and its preview, with the submitted text or else the current text."""
    with db.reading() as session:
        office = session.get_one(Office, actor().office_id)
        current = compose.texts_of(session, office.id)[kind, language]
    text = submitted or current
    return render_template(
        "admin/notice_text.html",
        office=office,
        kind=kind,
        text=text,
        is_own=current != STANDARD[kind, language],
        fields=[(name, labels.FIELDS[name]) for name in template_rules.FIELDS_OF[kind]],
        needed=template_rules.NEEDED.get(kind, ()),
        most=(template_rules.MOST_SUBJECT, template_rules.MOST_BODY),
        labels=labels,
        **_preview_data(office, kind, language, text, problems or {}),
    )


def _preview_data(
    office: Office, kind: str, language: str, text: Text, problems: dict[str, TextProblem]
) -> dict[str, Any]:
    """The data of the preview, for an invented person."""
    site = current_app.extensions["ampera.settings"].site(request.host_url)
    drawn: Message = compose.preview(office, site, kind, language, text)
    return {
        "drawn": drawn,
        "blocks": [block.split("\n") for block in drawn.text.strip().split("\n\n")],
        "wrong": {place: labels.problem(problem) for place, problem in problems.items()},
        "text_language": language,
        "has_qr": kind in facts.WITH_QR,
    }


def _kinds(session: Session, office: Office) -> list[tuple[str, bool, list[tuple[str, bool]]]]:
    """Every kind: its key, whether the office sends it, and for each language whether the office has its own text."""
    texts = compose.texts_of(session, office.id)
    sent = option(office.options, "notice_kinds")
    return [
        (
            kind,
            kind in sent,
            [(language, texts[kind, language] != STANDARD[kind, language]) for language in ("id", "en")],
        )
        for kind in template_rules.KINDS
    ]
