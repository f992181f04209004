"""The states of a visit and the moves between them: one table, nothing else decides who may do what from where."""

from collections.abc import Mapping
from dataclasses import dataclass

WAITING, CALLED, SERVING = "waiting", "called", "serving"
DONE, DIVERTED, NO_SHOW, LEFT = "done", "diverted", "no_show", "left"

OPEN = (WAITING, CALLED, SERVING)
ENDED = (DONE, DIVERTED, NO_SHOW, LEFT)
AT_LANE = (CALLED, SERVING)
# A vehicle that shows its code again after these goes on with the number it had.
COMES_BACK = (NO_SHOW, DIVERTED)

LANE_STAFF = ("officer", "supervisor")
VEHICLES = ("car", "motorcycle")
# Why somebody goes first. Staff see the reason; screens show no more than the letter of the number.
PRIORITIES = ("elderly", "pregnant", "disabled", "children")
NOT_GIVEN = "not_given"  # the reason of a change of the order when nobody gave one


@dataclass(frozen=True)
class Move:
    """From which state to which, by whom. `needs_claim`: while being served only by the claim's holder or a supervisor.

    `may_be_undone` by the same officer for a short while.
    """

    paths: Mapping[str, str]
    roles: tuple[str, ...] = LANE_STAFF
    needs_claim: bool = False
    may_be_undone: bool = False


MOVES = {
    "call": Move({WAITING: CALLED}, may_be_undone=True),
    "recall": Move({CALLED: CALLED, SERVING: SERVING}, needs_claim=True),
    "serve": Move({WAITING: SERVING, CALLED: SERVING, SERVING: SERVING}, may_be_undone=True),
    "divert": Move(dict.fromkeys(OPEN, DIVERTED), needs_claim=True, may_be_undone=True),
    "no-show": Move({CALLED: NO_SHOW, SERVING: NO_SHOW}, needs_claim=True, may_be_undone=True),
    "leave": Move(dict.fromkeys(OPEN, LEFT), needs_claim=True, may_be_undone=True),
    "return": Move({NO_SHOW: WAITING, DIVERTED: WAITING, LEFT: WAITING}, may_be_undone=True),
    "transfer": Move({CALLED: CALLED, SERVING: CALLED}, needs_claim=True, may_be_undone=True),
    "priority": Move({WAITING: WAITING}, may_be_undone=True),
    "undo": Move({state: state for state in (*OPEN, DIVERTED, NO_SHOW, LEFT)}),  # back to what stood there before
}


def after(move: str, state: str) -> str | None:
    """The state after this move, or None when the move is not allowed from here."""
    return MOVES[move].paths.get(state)


def may(move: str, role: str) -> bool:
    """Whether people in this role make this move at all."""
    return role in MOVES[move].roles


def kinds_at(lane_kind: str) -> tuple[str, ...]:
    """Which vehicles a lane of this kind takes."""
    return VEHICLES if lane_kind == "mixed" else (lane_kind,)
