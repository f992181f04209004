"""What of a screen's state stands where on its page, for the first picture; newer ones are drawn by board.js alike."""

from typing import Any

MOST_CALLS = 8
MOST_VISITS = 6
NO_WINDOW = 99  # stands after all that have one
State = dict[str, Any]


def calls_of(state: State) -> list[State]:
    """The announced calls, oldest first; `window` only where the lane has several."""
    several = {lane["number"] for lane in state["lanes"] if lane.get("windows", 1) > 1}
    calls = state.get("announcements") or [state["announcement"]]
    return [{**call, "window": call.get("window") if call["lane"] in several else None} for call in calls if call][
        -MOST_CALLS:
    ]


def visits_of(lane: State) -> list[State]:
    """The vehicles at a lane, by window, then as they came; should they be too many, those that are called first."""
    ordered = sorted(lane["visits"], key=lambda one: (one["window"] or NO_WINDOW, one["since"]))
    if len(ordered) > MOST_VISITS:
        ordered.sort(key=lambda one: one["state"] != "called")
    return ordered[:MOST_VISITS]
