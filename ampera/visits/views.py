"""The page of the lane tablet: scanner, queue and window in one, or the choice of the point for this tablet."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, request

from ampera import db
from ampera.offices.models import Office
from ampera.offices.options.defaults import option
from ampera.offices.options.labels import COLLECTOR_CLASSES
from ampera.offices.queries import LaneCard, lanes_of
from ampera.passports.labels import BOOK_STATES
from ampera.security import LANE, actor, requires

pages = Blueprint("lane", __name__)

SHOWN_TO_THE_PAGE = (
    "lease_seconds",
    "hold_mode",
    "signature_required",
    "may_be_unsigned",
    "checklists",
    "evidence_at_once",
    "max_calls",
    "undo_seconds",
    "recall_pause_seconds",
    "service_target_seconds",
    "service_target_book_seconds",
    "separate_gate",
    "common_queue",
)
BOTH, GATE, WINDOW = "both", "gate", "window"


@pages.get("/lane")
@requires(*LANE)
def lane() -> str:
    """`/lane?lane=N[&window=W][&point=gate|window|both]` works there; without a number the officer chooses."""
    who = actor()
    with db.reading() as session:
        office = session.get_one(Office, who.office_id)
        lanes = lanes_of(session, office.id)
        settings = {name: option(office.options, name) for name in SHOWN_TO_THE_PAGE}
    chosen = next((lane for lane in lanes if lane.number == request.args.get("lane", type=int)), None)
    at = chosen and _at(chosen, _window(chosen), _point(settings["separate_gate"]))
    return render_template(
        "lane/lane.html",
        office=office,
        classes=COLLECTOR_CLASSES,
        book_states=BOOK_STATES,
        lanes=lanes,
        sites=_by_site(lanes, settings["separate_gate"]),
        here=chosen,
        lane=chosen and chosen.number,
        at=at,
        lane_list=[
            {"number": lane.number, "kind": lane.kind, "windows": lane.windows, "site": lane.site} for lane in lanes
        ],
        actor_name=who.name,
        settings=settings,
    )


def points_of(lane: LaneCard, has_gate: bool) -> list[dict[str, Any]]:
    """The points for a tablet at this lane: all in one, and where the gate is separate also a gate or a window."""
    windows = range(1, lane.windows + 1) if lane.windows > 1 else (None,)
    whole = [_at(lane, window, BOTH) for window in windows]
    return [_at(lane, None, GATE), *(_at(lane, window, WINDOW) for window in windows), *whole] if has_gate else whole


def _at(lane: LaneCard, window: int | None, point: str) -> dict[str, Any]:
    """One point and the query of its address, which the tablet stores."""
    query = {"lane": lane.number, "window": window, "point": point if point != BOTH else None}
    return {"point": point, "window": window, "query": urlencode({k: v for k, v in query.items() if v is not None})}


def _by_site(lanes: Iterable[LaneCard], has_gate: bool) -> list[dict[str, Any]]:
    """The office's own site first, each with its lanes and their points."""
    ordered = sorted(lanes, key=lambda lane: (lane.site, lane.number))
    return [
        {"site": site, "lanes": [{"lane": lane, "points": points_of(lane, has_gate)} for lane in group]}
        for site, group in groupby(ordered, key=lambda lane: lane.site)
    ]


def _window(lane: LaneCard) -> int | None:
    """The requested window of a lane with several windows; None lets the server choose the first free one."""
    wanted = request.args.get("window", type=int)
    return wanted if lane.windows > 1 and wanted in range(1, lane.windows + 1) else None


def _point(has_gate: bool) -> str:
    wanted = request.args.get("point", BOTH)
    return wanted if has_gate and wanted in (GATE, WINDOW) else BOTH
