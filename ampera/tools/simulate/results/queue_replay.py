"""The queue replayed from the history: a vehicle that was taken before its turn needs a reason.

The sequence of the history is the order of the events. The place of a vehicle is its id until it comes back.
"""

from collections.abc import Iterator

from ampera.tools.simulate.results.records import Event, Records, VisitRow

TAKEN = ("visit.called", "visit.served")
ENDED = ("visit.left", "visit.diverted", "visit.no_show", "visit.done")
WENT_AHEAD = ("called", "served")  # kinds of logged changes that explain being taken early
NO_REASON = ("", "not_given")
Key = tuple[int, float, int]


class Queue:
    """The waiting vehicles, each with its sort key."""

    def __init__(self, records: Records) -> None:
        self.visits = {visit.id: visit for visit in records.visits}
        self.lanes = records.lanes
        self.waiting: dict[int, Key] = {}
        self.has_priority = _first_priority(records)
        self.before: dict[int, Key | None] = {}

    def apply(self, event: Event) -> int:
        """Change the queue; returns the number of vehicles that this vehicle passed when it was taken, else 0."""
        visit = self.visits.get(event.visit_id)
        if visit is None:
            return 0
        if event.action == "visit.opened":
            self.waiting[visit.id] = (self._rank(visit), float(visit.id), visit.id)
        elif event.action == "visit.returned":
            self.waiting[visit.id] = (self._rank(visit), visit.place, visit.id)
        elif event.action == "visit.priority_set":
            self._prefer(visit, bool(event.details.get("reason")))
        elif event.action == "visit.undone":
            self._restore(visit)
        elif event.action in TAKEN or event.action in ENDED:
            return self._take(visit, event)
        return 0

    def _take(self, visit: VisitRow, event: Event) -> int:
        self.before[visit.id] = key = self.waiting.pop(visit.id, None)
        if key is None or event.action in ENDED:
            return 0
        kind = self.lanes.get(int(event.details.get("lane", 0)), "mixed")
        return sum(
            other < key and kind in ("mixed", self.visits[visit_id].kind) for visit_id, other in self.waiting.items()
        )

    def _prefer(self, visit: VisitRow, is_first: bool) -> None:
        self.has_priority[visit.id] = is_first
        if visit.id in self.waiting:
            _, place, number = self.waiting[visit.id]
            self.waiting[visit.id] = (self._rank(visit), place, number)

    def _rank(self, visit: VisitRow) -> int:
        """Priority first, then vehicles with a booking, then all others."""
        if self.has_priority[visit.id]:
            return 0
        return 1 if visit.is_booked else 2

    def _restore(self, visit: VisitRow) -> None:
        key = self.before.get(visit.id)
        if key:
            self.waiting[visit.id] = key


def broken_order(records: Records) -> Iterator[str]:
    """One sentence for each vehicle that went before others without a logged reason."""
    queue = Queue(records)
    reasons = [
        (row.visit_id, row.at) for row in records.changes if row.kind in WENT_AHEAD and row.reason not in NO_REASON
    ]
    for event in sorted(records.events, key=lambda event: event.seq):
        passed = queue.apply(event)
        if passed and (event.visit_id, event.at) not in reasons:
            yield f"visit {event.visit_id} passed {passed} others without a reason"


def _first_priority(records: Records) -> dict[int, bool]:
    """Whether each vehicle came with priority: its last state, unless a priority was set later."""
    found = {visit.id: visit.priority is not None for visit in records.visits}
    for event in sorted(records.events, key=lambda event: -event.seq):
        if event.action == "visit.priority_set" and event.visit_id in found:
            found[event.visit_id] = False
    return found
