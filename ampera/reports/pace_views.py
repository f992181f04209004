"""`/reports/pace`: how fast each lane and officer serves now. For supervisors; the script fills the page."""

from flask import Blueprint, render_template

from ampera import db
from ampera.offices.queries import office_card
from ampera.security import SUPERVISOR, actor, people_only, requires

pages = Blueprint("pace", __name__)


@pages.get("/reports/pace")
@requires(*SUPERVISOR)
@people_only
def pace() -> str:
    """The figures of officers are no key's and no colleague's."""
    with db.reading() as session:
        office = office_card(session, actor().office_id or 0)
    return render_template("reports/pace.html", office=office)
