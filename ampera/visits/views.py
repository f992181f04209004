"""The lane tablet's page: scanner, queue and window in one."""

from flask import Blueprint, render_template, request

from ampera import db
from ampera.offices.models import Office
from ampera.offices.options import option
from ampera.offices.queries import lanes_of
from ampera.security import LANE, actor, requires

pages = Blueprint("lane", __name__)

SHOWN_TO_THE_PAGE = ("lease_seconds", "hold_mode", "signature_required", "may_be_unsigned", "checklists")


@pages.get("/lane")
@requires(*LANE)
def lane() -> str:
    """`/lane?lane=N` works at lane N; without a number the page lets the officer choose."""
    who = actor()
    with db.reading() as session:
        office = session.get_one(Office, who.office_id)
        lanes = lanes_of(session, office.id)
        settings = {name: option(office.options, name) for name in SHOWN_TO_THE_PAGE}
        wanted = request.args.get("lane", type=int)
        chosen = next((one for one in lanes if one.number == wanted), None)
        return render_template(
            "lane/lane.html",
            office=office,
            lanes=lanes,
            lane=chosen and chosen.number,
            actor_name=who.name,
            settings=settings,
        )
