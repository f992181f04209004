"""How many vehicles, calls and books did not go the ordinary way. Counted from the records, not from the plan."""

from collections import Counter
from collections.abc import Iterator

from ampera.tools.simulate.results.records import Records


def counts(records: Records) -> dict[str, int]:
    """The count of each exception by its name in the report."""
    live = [row for row in records.handovers if not row.is_void]
    classes = {(row.key, row.collector) for row in live}
    calls = Counter(call.decision or call.ended_how or "open" for call in records.supervisor_calls)
    actions = Counter(event.action for event in records.events)
    return {
        "mixed_forms": sum(count > 1 for count in Counter(key for key, _ in classes).values()),
        "without_code": len(records.looked_up),
        "parked": actions["visit.parked"],
        "came_back": actions["visit.resumed"],
        "supervisor_calls": len(records.supervisor_calls),
        "let_go_late": calls["allow_late"],
        "unlocked": calls["unlock"],
        "allowed_unsigned": calls["allow_unsigned"],
        "attended": calls["attend"],
        "refused": calls["refuse"],
        "withdrawn": calls["withdrawn"],
        "ended_with_visit": calls["visit_over"],
        "unsigned_books": sum(row.is_unsigned for row in live),
    }


def lines(found: dict[str, int]) -> Iterator[tuple[str, str]]:
    """The counts as labelled lines."""
    yield "forms with several capacities", str(found["mixed_forms"])
    yield "vehicles without a code", str(found["without_code"])
    yield "vehicles parked", f"{found['parked']}, came back {found['came_back']}"
    yield "calls for a supervisor", str(found["supervisor_calls"])
    yield "  overdue book let go / unlocked", f"{found['let_go_late']} / {found['unlocked']}"
    yield "  allowed without signature", f"{found['allowed_unsigned']} ({found['unsigned_books']} books)"
    yield "  attended / refused", f"{found['attended']} / {found['refused']}"
    yield "  withdrawn / ended with the visit", f"{found['withdrawn']} / {found['ended_with_visit']}"
