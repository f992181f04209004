"""The administrator's options: one form of all of them below sensible headings, saved together or not at all."""

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext

from ampera import db
from ampera.errors import Problem, Refusal
from ampera.offices import form_views, service
from ampera.offices.calendar import views as calendar_views
from ampera.offices.form_views import Answer, Typed
from ampera.offices.models import Office
from ampera.offices.options import forms, labels, row_views
from ampera.offices.options.defaults import CHECKLISTS, DEFAULTS, GRAVE, option
from ampera.offices.options.validation import NUMBERS
from ampera.security import ADMIN, actor, requires

ONE_MONTH = "1 month"
LIMIT_DAYS = {14, 30, 45, 60, 90}

pages = Blueprint("office_options", __name__, url_prefix="/admin")


@pages.get("/options")
@requires(*ADMIN)
def options() -> str:
    """`?saved=NAME` says so beside that option."""
    return _page(Typed())


@pages.post("/options")
@requires(*ADMIN)
def set_options() -> Answer:
    """Save every changed option, or none. `default=NAME` only fills in that option's default (no JavaScript)."""
    if "default" in request.form:
        return _page(Typed(form=row_views.with_default(request.form["default"], request.form)))
    return row_views.save(request.form, url_for("office_options.options"), _page)


@pages.post("/options/<name>")
@requires(*ADMIN)
def set_option(name: str) -> Answer:
    """Set one option. Those of the line's limits lead back to the calendar, where they are shown."""
    if name not in DEFAULTS or name in forms.OWN_FORMS:
        raise Problem(Refusal.NOT_FOUND, 404)
    refused = form_views.why_not_proved() if name in GRAVE else None
    made = refused or service.set_option(actor(), name, forms.read(name, request.form))
    is_limit = name in labels.LIMITS
    there = "office_calendar.calendar" if is_limit else "office_options.options"
    back = url_for(there, saved=name, _anchor=f"option-{name}")
    again = calendar_views.page if is_limit else _page
    typed = row_views.one_option(name, request.form)
    return form_views.answer(made, back, again, sentences=row_views.sentences([name]), typed=typed)


def _page(typed: Typed) -> str:
    with db.reading() as session:
        own = session.get_one(Office, actor().office_id)
    groups = [
        (heading, [row_views.option_row(own.options, name, typed) for name in names])
        for heading, names in forms.groups()
    ]
    return render_template(
        "admin/options.html",
        office=own,
        typed=typed,
        groups=groups,
        count=sum(row.is_changed for _, rows in groups for row in rows),
        **row_views.words(),
        checklists=CHECKLISTS,
        limits=_limits(option(own.options, "collection_limit")),
    )


def _limits(present: str) -> list[tuple[str, str]]:
    """The limits to choose from, the present one among them."""
    days = LIMIT_DAYS | ({int(present.split()[0])} if present != ONE_MONTH else set())
    choices = [(f"{count} days", gettext("%(days)s hari", days=count)) for count in sorted(days)]
    return [(ONE_MONTH, gettext("1 bulan (Pasal 30)")), *choices]


@pages.app_template_global("bounds")
def bounds(name: str) -> tuple[int, int]:
    """The least and the most of an option that is a number."""
    return NUMBERS[name]
