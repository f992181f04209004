"""How many vehicles came today, for the pages of the slices before this one that say whether the line takes more."""

from flask import Blueprint

from ampera import db
from ampera.offices.queries import ServiceHours
from ampera.visits.line_queries import vehicles

pages = Blueprint("line", __name__)


@pages.app_template_global("vehicles_today")
def vehicles_today(hours: ServiceHours) -> int:
    """Counted only where today has a quota."""
    if hours.quota is None:
        return 0
    with db.reading() as session:
        return vehicles(session.connection(), hours.office_id, hours.moment.date())
