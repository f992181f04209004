"""The office during the day, for supervisors too: admission, the screens' message, the lanes."""

from datetime import datetime

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from ampera import clock, db
from ampera.errors import Refused, message
from ampera.offices import closing_service, form_views, labels, queries, service
from ampera.offices.calendar.admission import banner_of
from ampera.offices.changes import Changed
from ampera.offices.form_views import Answer, Typed
from ampera.offices.identity import service as identity_service
from ampera.offices.identity.service import Identity
from ampera.offices.models import Office
from ampera.offices.options import labels as options_labels
from ampera.offices.options.defaults import option
from ampera.offices.options.validation import KINDS, MESSAGE_LENGTH
from ampera.offices.refusals import OfficeRefusal
from ampera.security import ADMIN, actor, requires

OFFICE = ("supervisor", "admin")

pages = Blueprint("office_admin", __name__, url_prefix="/admin")


@pages.get("")
@requires(*OFFICE)
def admin() -> Response:
    """Where this role's administration begins."""
    return redirect(url_for("accounts_admin.accounts" if actor().role in ADMIN else "office_admin.office"))


@pages.get("/office")
@requires(*OFFICE)
def office() -> str:
    return _page(Typed())


@pages.post("/office/identity")
@requires(*ADMIN)
def set_identity() -> Answer:
    """Name, English name, address and time zone. A field that is missing stays as it is."""
    wanted = Identity(**{name: request.form.get(name) for name in ("name", "name_en", "address", "timezone")})
    return _answer(identity_service.set_identity(actor(), wanted), gettext("Identitas kantor disimpan."))


@pages.post("/office/close")
@requires(*OFFICE)
def close() -> Answer:
    """Take no new vehicle; with an empty `until` until the office is opened again."""
    until = form_views.moment(_zone())
    made = (
        until
        if isinstance(until, Refused)
        else closing_service.close_now(actor(), request.form.get("reason", ""), until)
    )
    return _answer(made, gettext("Layanan ditutup sementara."))


@pages.post("/office/open")
@requires(*OFFICE)
def open_again() -> Answer:
    return _answer(closing_service.open_again(actor()), gettext("Layanan dibuka lagi."))


@pages.post("/message")
@requires(*OFFICE)
def set_message() -> Answer:
    """The standing message of the screens."""
    made = service.set_option(actor(), "message", " ".join(request.form.get("message", "").split()))
    return _answer(made, gettext("Pesan di layar diganti."), OfficeRefusal.BAD_LINE)


@pages.post("/notice")
@requires(*OFFICE)
def set_banner() -> Answer:
    """A text that replaces the standing message until its end."""
    text, until = " ".join(request.form.get("message", "").split()), form_views.moment(_zone())
    if until is None:
        until = Refused(OfficeRefusal.BAD_UNTIL, 422, {"until": OfficeRefusal.BAD_UNTIL})
    made = until if isinstance(until, Refused) else closing_service.set_banner(actor(), text, until)
    return _answer(made, gettext("Pesan sementara ditampilkan."))


@pages.post("/notice/drop")
@requires(*OFFICE)
def drop_banner() -> Answer:
    return _answer(closing_service.drop_banner(actor()), gettext("Pesan sementara dihapus."))


@pages.post("/lanes/<int:number>/<any(open, close):act>")
@requires(*OFFICE)
def switch_lane(number: int, act: str) -> Answer:
    done = gettext("Jalur %(number)s dibuka.") if act == "open" else gettext("Jalur %(number)s ditutup.")
    return _answer(service.set_lane_open(actor(), number, act == "open"), done % {"number": number})


@pages.post("/lanes")
@requires(*ADMIN)
def add_lane() -> Answer:
    number = form_views.number("number")
    made = service.add_lane(actor(), number, _lane_settings())
    return _answer(made, gettext("Jalur %(number)s ditambahkan.", number=number))


@pages.post("/lanes/<int:number>/set")
@requires(*ADMIN)
def set_lane(number: int) -> Answer:
    made = service.set_lane(actor(), number, _lane_settings())
    return _answer(made, gettext("Jalur %(number)s disimpan.", number=number))


def _lane_settings() -> service.LaneSettings:
    form = request.form
    windows = form_views.number("windows", 1)
    return service.LaneSettings(form.get("kind", ""), form.get("name", ""), form.get("site", ""), windows)


def _page(typed: Typed) -> str:
    with db.reading() as session:
        own = session.get_one(Office, actor().office_id)
        lanes = queries.lanes_of(session, own.id)
        hours = queries.service_hours(session, own)
        line = current_app.extensions["ampera.admission_today"](session, own, hours)
    return render_template(
        "admin/office.html",
        office=own,
        lanes=lanes,
        hours=hours,
        line=line,
        typed=typed,
        closing=option(own.options, "closed_by_hand") if hours.limits.is_shut(hours.moment) else None,
        message=option(own.options, "message"),
        banner=banner_of(own.options, hours.moment),
        local=lambda text: clock.local(datetime.fromisoformat(text), own.timezone),
        longest=MESSAGE_LENGTH,
        kinds=[(kind, options_labels.KINDS[kind]) for kind in KINDS],
        option_words=options_labels,
        hours_words=labels,
        zones=[(zone, f"{word} ({zone})") for zone, word in clock.ZONES.items()],
        is_admin=actor().role in ADMIN,
    )


def _answer(result: Changed | Refused, done: str, better: str = "") -> Answer:
    sentences = {"message": message(better)} if better else {}
    return form_views.answer(result, url_for("office_admin.office"), _page, done, sentences)


def _zone() -> str:
    with db.reading() as session:
        return session.get_one(Office, actor().office_id).timezone
