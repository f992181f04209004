"""The office's own settings: lanes and the screens' message for supervisors, everything for administrators."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import format_date, gettext
from werkzeug.wrappers import Response

from ampera import clock, db
from ampera.errors import Problem, Refused, message
from ampera.offices import option_words, service
from ampera.offices.checks import KINDS, MESSAGE_LENGTH
from ampera.offices.hours import Span
from ampera.offices.models import Office
from ampera.offices.options import CHECKLISTS, DEFAULTS, OPTIONS, option
from ampera.offices.queries import lanes_of, specials_of, week_of
from ampera.security import ADMIN, actor, requires

OFFICE = ("supervisor", "admin")
LAST = 9999  # the highest lane number
ONE_MONTH = "1 month"
MONDAY = date(2024, 1, 1)
_AS_STORED = str.maketrans({".": ":", "–": "-", "—": "-", " ": None})

pages = Blueprint("office_admin", __name__, url_prefix="/admin")


@pages.get("")
@requires(*OFFICE)
def admin() -> Response:
    """Where this role's administration begins."""
    return redirect(url_for("accounts_admin.accounts" if actor().role in ADMIN else "office_admin.office"))


@pages.get("/office")
@requires(*OFFICE)
def office() -> str:
    """Lanes, message, hours, special days and options of the caller's office."""
    with db.reading() as session:
        own = session.get_one(Office, actor().office_id)
        today = clock.today(own.timezone)
        return render_template(
            "admin/office.html",
            office=own,
            lanes=lanes_of(session, own.id),
            week=week_of(session, own.id),
            specials=specials_of(session, own.id, today),
            options=[(one, option(own.options, one.name)) for one in OPTIONS if one.name != "message"],
            message=option(own.options, "message"),
            longest=MESSAGE_LENGTH,
            kinds=KINDS,
            checklists=CHECKLISTS,
            day_names=[format_date(MONDAY + timedelta(weekday), "EEEE") for weekday in range(7)],
            option_words=option_words,
            is_admin=actor().role in ADMIN,
            spans=_printed,
            limits=_limits(option(own.options, "collection_limit")),
            today=today,
        )


@pages.post("/lanes/<int:number>/<any(open, close):act>")
@requires(*OFFICE)
def switch_lane(number: int, act: str) -> Response:
    done = gettext("Jalur %(number)s dibuka.") if act == "open" else gettext("Jalur %(number)s ditutup.")
    return _back(service.set_lane_open(actor(), number, act == "open"), done % {"number": number})


@pages.post("/message")
@requires(*OFFICE)
def set_message() -> Response:
    text = " ".join(request.form.get("message", "").split())
    return _back(service.set_option(actor(), "message", text), gettext("Pesan di layar diganti."))


@pages.post("/lanes")
@requires(*ADMIN)
def add_lane() -> Response:
    form = request.form
    number = form.get("number", 0, type=int)
    made = service.add_lane(
        actor(), number if number <= LAST else 0, form.get("kind", ""), form.get("name", "").strip()
    )
    return _back(made, gettext("Jalur %(number)s ditambahkan.", number=number))


@pages.post("/hours/<int:weekday>")
@requires(*ADMIN)
def set_hours(weekday: int) -> Response:
    """The spans of one weekday on one line; an empty line is a closed day."""
    return _back(service.set_hours(actor(), weekday, _spans()), gettext("Jam layanan disimpan."))


@pages.post("/special-days")
@requires(*ADMIN)
def set_special_day() -> Response:
    """A day with its own hours, or closed when they are empty."""
    day, spans = _day(request.form.get("day", "")), _spans()
    if day is None:
        return _back(Refused("bad_day", 422), "")
    made = service.set_special_day(actor(), day, request.form.get("title", ""), spans)
    return _back(made, gettext("Hari khusus disimpan."))


@pages.post("/special-days/<day>/drop")
@requires(*ADMIN)
def drop_special_day(day: str) -> Response:
    found = _day(day)
    if found is None:
        raise Problem("not_found", 404)
    return _back(service.drop_special_day(actor(), found), gettext("Hari khusus dihapus."))


@pages.post("/options/<name>")
@requires(*ADMIN)
def set_option(name: str) -> Response:
    if name not in DEFAULTS:
        raise Problem("not_found", 404)
    return _back(service.set_option(actor(), name, _value(name)), gettext("Pilihan kantor disimpan."))


def _value(name: str) -> Any:
    """What the form of this option says, in the type of the option's default."""
    form, default = request.form, DEFAULTS[name]
    if name == "checklists":
        return {
            kind: [item for item in items if form.get(f"{kind}.{item}")] for kind, items in _all_documents().items()
        }
    if isinstance(default, dict):
        return {kind: form.get(kind, "").strip().upper() for kind in default}
    if isinstance(default, bool):
        return form.get("value") == "yes"
    if isinstance(default, int):
        return form.get("value", type=int)
    return form.get("value", "").strip() or None


def _all_documents() -> dict[str, list[str]]:
    documents = sorted({item for items in CHECKLISTS.values() for item in items})
    return dict.fromkeys(CHECKLISTS, documents)


def _printed(spans: Iterable[Span]) -> str:
    """`08.00–12.00, 13.00–15.00`, as people write it."""
    return ", ".join(f"{span.opens}–{span.closes}" for span in spans).replace(":", ".")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _limits(present: str) -> list[tuple[str, str]]:
    """The limits to choose from, the present one among them."""
    days = {14, 30, 45, 60, 90} | ({int(present.split()[0])} if present != ONE_MONTH else set())
    choices = [(f"{count} days", gettext("%(days)s hari", days=count)) for count in sorted(days)]
    return [(ONE_MONTH, gettext("1 bulan (Pasal 30)")), *choices]


def _spans() -> list[Span]:
    """What was typed as `08.00–12.00, 13.00–15.00`; whatever cannot be read stays in it and is refused."""
    typed = request.form.get("hours", "").translate(_AS_STORED)
    return [Span(*part.strip().partition("-")[::2]) for part in typed.split(",") if part.strip()]


def _back(result: service.Changed | Refused, done: str) -> Response:
    if isinstance(result, Refused) and result.status == 404:
        raise Problem(result.code, 404)
    if isinstance(result, Refused):
        flash(message(result.code, result.status), "stop")
    else:
        flash(done, "go")
    return redirect(url_for("office_admin.office"), 303)
