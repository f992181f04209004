"""`/reports/access`: who has looked at whom, what is unusual about it, and each look of one member of staff."""

from flask import Blueprint, Response, abort, render_template
from flask_babel import gettext

from ampera import audit, clock, db
from ampera.accounts.queries import staff_member
from ampera.offices.queries import office_card
from ampera.reports import day_views, days
from ampera.reports.access import labels
from ampera.reports.access.queries import looks, people, summaries
from ampera.reports.access.unusual import bounds_of
from ampera.security import SUPERVISOR, actor, requires

LONGEST = 31  # days
MOST = 1000  # looks on the page of one account

pages = Blueprint("access", __name__)


@pages.get("/reports/access")
@requires(*SUPERVISOR)
def access() -> str | Response:
    """`?since=&until=`: today without them."""
    with db.reading() as session:
        office = office_card(session, actor().office_id or 0)
    today = clock.today(office.timezone)
    asked = day_views.asked_days(today, LONGEST)
    if asked.problems:
        return day_views.page_of_problems(office, gettext("Siapa melihat"), asked)
    rows = db.long_read_in_thread(summaries, office, asked.days)
    return render_template(
        "reports/access.html", office=office, days=asked.days, rows=rows, labels=labels,
        bounds=bounds_of(office.options), ranges=days.presets(today),
    )  # fmt: skip


@pages.get("/reports/access/<int:staff_id>")
@requires(*SUPERVISOR)
def access_of(staff_id: int) -> str | Response:
    """Each look of one account, newest first. The supervisor's own look at this page is recorded too."""
    with db.reading() as session:
        office = office_card(session, actor().office_id or 0)
        staff = staff_member(session, office.id, staff_id)
    if staff is None:
        abort(404)
    asked = day_views.asked_days(clock.today(office.timezone), LONGEST)
    if asked.problems:
        return day_views.page_of_problems(office, gettext("Siapa melihat"), asked)
    found = db.long_read_in_thread(looks, office, asked.days, staff.id)[::-1]
    with db.reading() as session:
        names = people(session, {person for look in found[:MOST] for person in look.people})
    seen = {"since": asked.days.since, "until": asked.days.until, "rows": len(found)}
    audit.note_access(actor(), "access.viewed", f"staff:{staff.id}", seen)
    return render_template(
        "reports/access_of.html", office=office, staff=staff, days=asked.days, looks=found[:MOST], total=len(found),
        people=names, labels=labels,
    )  # fmt: skip
