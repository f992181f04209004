"""`/reports/order`: the supervisor's list of everybody who went before or after their turn, and why."""

from flask import Blueprint, render_template, request
from flask_babel import gettext

from ampera import clock, db
from ampera.offices.queries import office_card
from ampera.reports import days
from ampera.reports.order.queries import order_changes
from ampera.security import actor, requires
from ampera.visits import labels

LONGEST = 92  # days

pages = Blueprint("order", __name__)


@pages.get("/reports/order")
@requires("supervisor", "admin")
def order() -> str:
    """`?since=&until=`: today without them."""
    with db.reading() as session:
        office = office_card(session, actor().office_id or 0)
        today = clock.today(office.timezone)
        chosen = days.chosen(request.args.get("since"), request.args.get("until"), today, LONGEST)
        changes = order_changes(session, office.id, chosen)
    return render_template(
        "reports/order.html", office=office, days=chosen, changes=changes, labels=labels,
        title=gettext("Perubahan urutan"),
    )  # fmt: skip
