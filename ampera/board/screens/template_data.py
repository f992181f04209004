"""Which parts of a screen's state its page shows. board.js draws newer states by the same rules."""

from typing import Any

MOST_CALLS = 8
MOST_VISITS = 6
NO_WINDOW = 99  # sorts after every window
State = dict[str, Any]


def calls_of(state: State) -> list[State]:
    """The announced calls, oldest first; `window` only where the lane has several."""
    several = {lane["number"] for lane in state["lanes"] if lane.get("windows", 1) > 1}
    calls = state.get("announcements") or [state["announcement"]]
    return [{**call, "window": call.get("window") if call["lane"] in several else None} for call in calls if call][
        -MOST_CALLS:
    ]


def visits_of(lane: State) -> list[State]:
    """The vehicles at a lane by window, then by time. If there are too many, called vehicles come first."""
    ordered = sorted(lane["visits"], key=lambda visit: (visit["window"] or NO_WINDOW, visit["since"]))
    if len(ordered) > MOST_VISITS:
        ordered.sort(key=lambda visit: visit["state"] != "called")
    return ordered[:MOST_VISITS]
