"""The front page: what the service promises, whether it is open today, how it goes and what to bring."""

from flask import Blueprint, render_template, request
from sqlalchemy import select

from ampera import db
from ampera.offices import queries, wording
from ampera.offices.models import Office
from ampera.security import public

pages = Blueprint("offices", __name__)


@pages.get("/")
@public
def index() -> str:
    """`?office=CODE` where one installation serves several."""
    with db.reading() as session:
        offices = list(session.scalars(select(Office).order_by(Office.id)))
        wanted = request.args.get("office")
        office = next((one for one in offices if one.code == wanted), offices[0] if offices else None)
        hours = queries.service_hours(session, office) if office else None
    return render_template("offices/index.html", office=office, offices=offices, hours=hours, words_of=wording)
