"""How many vehicles came today, for the pages of the slices before this one that say whether the line takes more."""

from flask import Blueprint

from ampera import clock, db
from ampera.offices.models import Office
from ampera.offices.queries import ServiceHours
from ampera.visits.admission_queries import spoken_for

pages = Blueprint("line", __name__)


@pages.app_template_global("vehicles_today")
def vehicles_today(hours: ServiceHours) -> int:
    """Counted only where today has a quota; places that wait for booked vehicles are no longer free."""
    if hours.quota is None:
        return 0
    with db.reading() as session:
        options = session.get_one(Office, hours.office_id).options
        return spoken_for(session.connection(), hours.office_id, options, hours.moment.date(), clock.now())
