"""The administrator's options: one small form each, by the type of the option, below sensible headings."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext

from ampera import db
from ampera.errors import Problem, Refusal, message
from ampera.offices import form_views, service
from ampera.offices.calendar import views as calendar_views
from ampera.offices.form_views import Answer, Typed
from ampera.offices.models import Office
from ampera.offices.options import forms, labels
from ampera.offices.options.defaults import CHECKLISTS, DEFAULTS, option
from ampera.offices.options.validation import NUMBERS
from ampera.offices.refusals import OfficeRefusal
from ampera.security import ADMIN, actor, requires

ONE_MONTH = "1 month"
LIMIT_DAYS = {14, 30, 45, 60, 90}

pages = Blueprint("office_options", __name__, url_prefix="/admin")


@pages.get("/options")
@requires(*ADMIN)
def options() -> str:
    """`?saved=NAME` says so beside that option."""
    return _page(Typed())


@pages.post("/options/<name>")
@requires(*ADMIN)
def set_option(name: str) -> Answer:
    """Set one option. Those of the line's limits lead back to the calendar, where they stand."""
    if name not in DEFAULTS or name in forms.OWN_FORMS:
        raise Problem(Refusal.NOT_FOUND, 404)
    made = service.set_option(actor(), name, forms.read(name, request.form))
    is_limit = name in labels.LIMITS
    there = "office_calendar.calendar" if is_limit else "office_options.options"
    back = url_for(there, saved=name, _anchor=f"option-{name}")
    return form_views.answer(made, back, calendar_views.page if is_limit else _page, sentences={name: _what_fits(name)})


def _what_fits(name: str) -> str:
    """A better sentence than that the value does not suit."""
    if name not in NUMBERS:
        return message(OfficeRefusal.BAD_OPTION)
    least, most = NUMBERS[name]
    return gettext("Isi bilangan dari %(least)s sampai %(most)s.", least=least, most=most)


def _page(typed: Typed) -> str:
    with db.reading() as session:
        own = session.get_one(Office, actor().office_id)
    return render_template(
        "admin/options.html",
        office=own,
        typed=typed,
        groups=forms.groups(),
        value=lambda name: _shown(own, name, typed),
        shape=forms.shape,
        is_optional=forms.is_optional,
        checklists=CHECKLISTS,
        limits=_limits(option(own.options, "collection_limit")),
        option_words=labels,
    )


def _shown(office: Office, name: str, typed: Typed) -> Any:
    """What was typed for this option just now, else what the office has."""
    is_typed = typed.path == f"{pages.url_prefix}/options/{name}"
    return forms.read(name, typed.form) if is_typed else option(office.options, name)


def _limits(present: str) -> list[tuple[str, str]]:
    """The limits to choose from, the present one among them."""
    days = LIMIT_DAYS | ({int(present.split()[0])} if present != ONE_MONTH else set())
    choices = [(f"{count} days", gettext("%(days)s hari", days=count)) for count in sorted(days)]
    return [(ONE_MONTH, gettext("1 bulan (Pasal 30)")), *choices]


@pages.app_template_global("bounds")
def bounds(name: str) -> tuple[int, int]:
    """The least and the most of an option that is a number."""
    return NUMBERS[name]
