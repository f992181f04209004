"""`/reports/order`: the supervisor's list of everybody who went before or after their turn, and why."""

from flask import Blueprint, Response, render_template
from flask_babel import gettext

from ampera import clock, db
from ampera.offices.queries import office_card
from ampera.reports import day_views, days
from ampera.reports.order.queries import order_changes, out_of_turn_totals
from ampera.security import actor, requires
from ampera.visits import labels

LONGEST = 366  # days

pages = Blueprint("order", __name__)


@pages.get("/reports/order")
@requires("supervisor", "admin")
def order() -> str | Response:
    """`?since=&until=`: today without them."""
    with db.reading() as session:
        office = office_card(session, actor().office_id or 0)
        today = clock.today(office.timezone)
        asked = day_views.asked_days(today, LONGEST)
        if asked.problems:
            return day_views.page_of_problems(office, gettext("Perubahan urutan"), asked)
        changes = order_changes(session, office.id, asked.days)
        totals = out_of_turn_totals(session, office.id, asked.days)
    return render_template(
        "reports/order.html", office=office, days=asked.days, changes=changes, totals=totals,
        labels=labels, title=gettext("Perubahan urutan"), ranges=days.presets(today),
    )  # fmt: skip
