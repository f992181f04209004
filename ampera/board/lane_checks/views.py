"""`/lane/check`: the opening check of a lane on one page."""

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from ampera import db
from ampera.offices.models import Office
from ampera.offices.queries import lane_numbered
from ampera.pickups.qr import picture
from ampera.security import LANE, actor, people_only, requires

TEST_CODE = "TESJALURLOKET"  # no pickup code and no booking code: it can never open a visit

pages = Blueprint("lane_check", __name__)


@pages.get("/lane/check")
@requires(*LANE)
@people_only
def check() -> str | BaseResponse:
    """`?lane=N`; without a lane the choice opens. The code is on the slip, and on this page for another device."""
    number = request.args.get("lane", default=0, type=int)
    with db.reading() as session:
        office = session.get_one(Office, actor().office_id)
        lane = lane_numbered(session, office.id, number)
    if lane is None:
        return redirect("/lane?choose=1")
    return render_template(
        "lane/check.html", office=office, lane=lane, test_code=TEST_CODE, test_qr=picture.svg(TEST_CODE)
    )
