"""What must hold after a simulated morning: each check finds its violation in records that are broken on purpose."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ampera.tools.simulate.results.invariants import INVARIANTS, judge, summary
from ampera.tools.simulate.results.records import (
    CallRow,
    ChangeRow,
    Compared,
    Event,
    HandoverRow,
    Records,
    ScreenLog,
    SupervisorCallRow,
    VisitRow,
)

AT = datetime(2026, 11, 24, 1, tzinfo=UTC)


def later(seconds: float) -> datetime:
    return AT + timedelta(seconds=seconds)


def visit(number: int, **more: object) -> VisitRow:
    """A car that came at second 10 times its number, and was called and served."""
    opened = later(10 * number)
    row = VisitRow(
        number, "2026-11-24", f"A{number:03d}", "car", "", "done", None, float(number), opened, later(200), later(300)
    )
    return replace(row, **more)  # type: ignore[arg-type]


def event(seq: int, action: str, visit_id: int, **details: object) -> Event:
    return Event(seq, later(100 + seq), f"visit.{action}", visit_id, details)


def supervisor(seq: int, step: str, visit_id: int) -> Event:
    return Event(seq, later(100 + seq), f"supervisor.{step}", visit_id)


def call(number: int, lane: int = 1, at: float = 110.0) -> CallRow:
    return CallRow(number, number, lane, "", later(at), later(at), later(at + 8), None, answered_at=later(at + 0.1))


def screen(
    calls: tuple[int, ...] = (1, 2),
    lane: int | None = None,
    again: tuple[int, ...] = (),
    news_at: tuple[datetime, ...] = (),
) -> ScreenLog:
    return ScreenLog("screen", lane, frozenset(calls), again, news_at)


CLEAN = Records(
    visits=(visit(1), visit(2)),
    events=(
        event(1, "opened", 1),
        event(2, "opened", 2),
        event(3, "called", 1, lane=1),
        event(4, "called", 2, lane=1),
        event(5, "served", 1, lane=1),
        event(6, "served", 2, lane=1),
        event(7, "parked", 1, lane=1),
        event(8, "resumed", 1, lane=1),
        supervisor(9, "called", 1),
        supervisor(10, "called", 2),
        supervisor(11, "decided", 1),
    ),
    calls=(call(1), call(2)),
    supervisor_calls=(
        SupervisorCallRow(1, 1, later(109), "decided", 5, "attend"),
        SupervisorCallRow(2, 2, later(110), "visit_over"),
    ),
    handovers=(HandoverRow(1, 71, 1, False), HandoverRow(2, 72, 2, False)),
    collected=frozenset({71, 72}),
    acknowledged=(71, 72),
    screens=(screen(), screen(lane=1)),
    compared=(Compared("screen", "at the end", True),),
    lanes={1: "mixed"},
)
DECIDED, PARKED = CLEAN.supervisor_calls[0], visit(2, ended_at=None, is_parked=True)
SUPERVISED = tuple(event for event in CLEAN.events if event.action.startswith("supervisor."))
WRONG_ORDER = (
    *(
        event(seq, action, number, lane=1)
        for seq, (action, number) in enumerate((("opened", 1), ("opened", 2), ("called", 2), ("called", 1)), 1)
    ),
    *SUPERVISED,
)
BROKEN = {
    "no two vehicles with one number": [{"visits": (visit(1), visit(2, queue_no="A001"))}],
    "no book out twice": [
        {"handovers": (*CLEAN.handovers, HandoverRow(3, 71, 1, False))},
        {"collected": frozenset({71})},
        {"acknowledged": (71, 72, 73)},
    ],
    "nobody's book taken as another's own": [
        {"handovers": tuple(HandoverRow(n, 70 + n, n, False, "form", "self", holder=n) for n in (1, 2))},
        {"handovers": tuple(HandoverRow(n, 70 + n, n, False, "form", "self", is_named=False) for n in (1, 2))},
    ],
    "every served visit was called": [
        {"calls": (call(1),), "events": (*CLEAN.events[:5], *SUPERVISED)},
        {"calls": (call(1), call(2, at=250)), "events": (*CLEAN.events[:5], *SUPERVISED)},
    ],
    "every screen equal to the database": [{"compared": (Compared("screen", "in between", False, "next"),)}],
    "order changed only with a reason": [
        {"events": WRONG_ORDER},
        {"events": WRONG_ORDER, "changes": (ChangeRow(2, later(103), "called", "not_given"),)},
        {"events": WRONG_ORDER, "changes": (ChangeRow(1, later(103), "called", "kendaraan mogok"),)},
    ],
    "no call lost, none twice": [
        {"screens": (screen(), screen((1,), lane=1))},
        {"screens": (screen(again=(2,)),)},
    ],
    "every call for a supervisor ended": [
        {"supervisor_calls": (replace(DECIDED, ended_how=None, decided_by=None), CLEAN.supervisor_calls[1])},
        {"supervisor_calls": (replace(DECIDED, decided_by=None), CLEAN.supervisor_calls[1])},
        {"supervisor_calls": CLEAN.supervisor_calls[:1]},
        {"events": CLEAN.events[:-1]},
    ],
    "no parked vehicle lost": [
        {"visits": (visit(1), PARKED), "events": (*CLEAN.events, event(12, "parked", 2))},
        {"visits": (visit(1), PARKED)},
        {"events": (*CLEAN.events, event(12, "parked", 2))},
        {
            "visits": (visit(1), PARKED),
            "events": (*CLEAN.events, event(12, "parked", 2), event(13, "resumed", 2), event(14, "undone", 2)),
        },
        {"events": (*CLEAN.events, event(12, "parked", 2), event(13, "served", 2, lane=2), event(14, "resumed", 2))},
    ],
    "history is whole": [{"chain": "this entry was changed (at 7)"}],
    "the server never failed": [{"failed": ("scan: 500",)}],
}


def test_clean_records_break_nothing() -> None:
    assert judge(CLEAN) == {name: [] for name in INVARIANTS}


def test_every_invariant_has_broken_records() -> None:
    assert set(BROKEN) == set(INVARIANTS)


@pytest.mark.parametrize(("name", "change"), [(name, change) for name, changes in BROKEN.items() for change in changes])
def test_invariant_finds_a_violation_and_no_other_does(name, change) -> None:
    found = judge(replace(CLEAN, **change))
    assert found[name] and summary(found)[0].startswith(name)
    assert not [other for other, breaks in found.items() if breaks and other != name]


def test_call_and_stop_just_before_the_lanes_close_are_no_violation() -> None:
    still_open = replace(CLEAN.supervisor_calls[1], ended_how=None)
    parked = (*CLEAN.events, event(12, "parked", 2))
    records = replace(CLEAN, visits=(visit(1), PARKED), events=parked, supervisor_calls=(DECIDED, still_open))
    found = judge(replace(records, closed_at=later(900)))
    assert not any(found.values())
    found = judge(replace(records, closed_at=later(3600)))
    assert found["every call for a supervisor ended"] and found["no parked vehicle lost"]


def test_order_change_with_a_reason_is_no_violation() -> None:
    with_reason = (ChangeRow(2, later(103), "called", "kendaraan mogok"),)
    assert not any(judge(replace(CLEAN, events=WRONG_ORDER, changes=with_reason)).values())


@pytest.mark.parametrize(
    "visits",
    [
        (visit(1), visit(2, priority="elderly")),
        (visit(1, kind="motorcycle"), visit(2)),
        (visit(1, place=2.5), visit(2)),
    ],
    ids=["priority", "a lane for cars", "came back behind"],
)
def test_vehicle_with_a_right_to_go_first_needs_no_reason(visits) -> None:
    came_back = (event(0, "opened", 1), event(0, "no_show", 1), event(1, "returned", 1)) if visits[0].place > 1 else ()
    changed = replace(
        CLEAN, visits=visits, events=(*came_back, *WRONG_ORDER[1 if came_back else 0 :]), lanes={1: "car"}
    )
    assert judge(changed)["order changed only with a reason"] == []


def test_undone_call_restores_the_place_in_the_queue() -> None:
    events = (*CLEAN.events[:3], event(4, "undone", 1, move="call"), event(5, "called", 2, lane=1))
    assert judge(replace(CLEAN, events=events))["order changed only with a reason"]


def test_cancelled_call_need_not_be_seen() -> None:
    cancelled = replace(call(2), cancelled_at=later(111))
    assert not any(judge(replace(CLEAN, calls=(call(1), cancelled), screens=(screen((1,)),))).values())


@pytest.mark.parametrize(("news_at", "is_lost"), [(112.9, False), (115.0, True), (118.5, False)])
def test_fast_call_is_lost_only_when_news_came_during_the_call(news_at, is_lost) -> None:
    seen = screen((1,), news_at=(later(50), later(news_at), later(400)))
    assert bool(judge(replace(CLEAN, speed=60.0, screens=(seen,)))["no call lost, none twice"]) is is_lost
