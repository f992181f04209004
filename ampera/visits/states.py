"""The states of a visit and the moves between them: one table, nothing else decides."""

WAITING, CALLED, SERVING = "waiting", "called", "serving"
DONE, DIVERTED, NO_SHOW, LEFT = "done", "diverted", "no_show", "left"

OPEN = (WAITING, CALLED, SERVING)
ENDED = (DONE, DIVERTED, NO_SHOW, LEFT)

# move -> {from state: to state}
MOVES = {
    "call": {WAITING: CALLED},
    "recall": {CALLED: CALLED, SERVING: SERVING},
    "serve": {WAITING: SERVING, CALLED: SERVING, SERVING: SERVING},
    "divert": {WAITING: DIVERTED, CALLED: DIVERTED, SERVING: DIVERTED},
    "no-show": {CALLED: NO_SHOW, SERVING: NO_SHOW},
    "leave": {WAITING: LEFT, CALLED: LEFT, SERVING: LEFT},
}
# Moves that only the holder of a live claim (or a supervisor) may make while the visit is being served.
NEED_CLAIM = ("recall", "divert", "no-show", "leave")


def kinds_at(lane_kind: str) -> tuple[str, ...]:
    """Which kinds of vehicles a lane of this kind takes; priority goes everywhere."""
    return ("car", "motorcycle", "priority") if lane_kind == "mixed" else (lane_kind, "priority")


def after(move: str, state: str) -> str | None:
    """The state after this move, or None when the move is not allowed from here."""
    return MOVES[move].get(state)
