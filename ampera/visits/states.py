"""The states of a visit and the moves between them: one table decides who may do what from which state."""

from collections.abc import Mapping
from dataclasses import dataclass

WAITING, CALLED, SERVING = "waiting", "called", "serving"
DONE, DIVERTED, NO_SHOW, LEFT = "done", "diverted", "no_show", "left"

OPEN = (WAITING, CALLED, SERVING)
ENDED = (DONE, DIVERTED, NO_SHOW, LEFT)
AT_LANE = (CALLED, SERVING)
# A vehicle that scans its code again after these ends waits with its old number.
COMES_BACK = (NO_SHOW, DIVERTED)

LANE_STAFF = ("officer", "supervisor")
VEHICLES = ("car", "motorcycle")
# Why a vehicle has priority. Staff see the reason; screens show only the letter of the number.
PRIORITIES = ("elderly", "pregnant", "disabled", "children")
NOT_GIVEN = "not_given"  # the reason of a change of the order for which nobody gave a reason


@dataclass(frozen=True)
class Move:
    """`paths` maps the state before to the state after.

    `needs_claim`: while the visit is served, only the holder of the claim or a supervisor may make the move.
    `may_be_undone`: the same officer may undo the move for a short time.
    `is_for_parked`: the move is possible while the vehicle is parked; all others first need `resume`.
    """

    paths: Mapping[str, str]
    roles: tuple[str, ...] = LANE_STAFF
    needs_claim: bool = False
    may_be_undone: bool = False
    is_for_parked: bool = False


MOVES = {
    "call": Move({WAITING: CALLED}, may_be_undone=True),
    "recall": Move({CALLED: CALLED, SERVING: SERVING}, needs_claim=True),
    "serve": Move({WAITING: SERVING, CALLED: SERVING, SERVING: SERVING}, may_be_undone=True),
    "park": Move({SERVING: SERVING}, needs_claim=True, may_be_undone=True, is_for_parked=True),
    "resume": Move({SERVING: SERVING}, may_be_undone=True, is_for_parked=True),
    "divert": Move(dict.fromkeys(OPEN, DIVERTED), needs_claim=True, may_be_undone=True, is_for_parked=True),
    "no-show": Move({CALLED: NO_SHOW, SERVING: NO_SHOW}, needs_claim=True, may_be_undone=True, is_for_parked=True),
    "leave": Move(dict.fromkeys(OPEN, LEFT), needs_claim=True, may_be_undone=True, is_for_parked=True),
    "return": Move({NO_SHOW: WAITING, DIVERTED: WAITING, LEFT: WAITING}, may_be_undone=True),
    "transfer": Move({CALLED: CALLED, SERVING: CALLED}, needs_claim=True, may_be_undone=True),
    "direct": Move({WAITING: WAITING}, may_be_undone=True),
    "priority": Move({WAITING: WAITING}, may_be_undone=True),
    # restores the state before
    "undo": Move({state: state for state in (*OPEN, DIVERTED, NO_SHOW, LEFT)}, is_for_parked=True),
}


def after(move: str, state: str) -> str | None:
    """The state after this move, or None when the move is not allowed from here."""
    return MOVES[move].paths.get(state)


def may(move: str, role: str) -> bool:
    """Whether this role may make this move at all."""
    return role in MOVES[move].roles


def kinds_at(lane_kind: str) -> tuple[str, ...]:
    """The kinds of vehicle that a lane of this kind serves."""
    return VEHICLES if lane_kind == "mixed" else (lane_kind,)
