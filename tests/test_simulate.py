"""The simulator: a seed draws one morning, each invariant finds a violation, and a short run has none."""

import json
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from ampera.tools.simulate import plan
from ampera.tools.simulate.options import Options, lanes_of
from ampera.tools.simulate.results import figures
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
from tests.services import AMPERA, wait_until

AT = datetime(2026, 11, 24, 1, tzinfo=UTC)
FIELDS = (
    "vehicles served handed_over wait_p50_s wait_p90_s service_p50_s in_time_share backlog_max broken "
    "invariants answer_p50_ms answer_p99_ms loop_delay_p99_ms requests_per_s server_cpu_s"
)


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
    ),
    calls=(call(1), call(2)),
    supervisor_calls=(SupervisorCallRow(1, 1, "decided", True), SupervisorCallRow(2, 2, "visit_over", False)),
    handovers=(HandoverRow(1, 71, 1, False), HandoverRow(2, 72, 2, False)),
    collected=frozenset({71, 72}),
    acknowledged=(71, 72),
    screens=(screen(), screen(lane=1)),
    compared=(Compared("screen", "at the end", True),),
    lanes={1: "mixed"},
)
WRONG_ORDER = tuple(
    event(seq, action, number, lane=1)
    for seq, (action, number) in enumerate((("opened", 1), ("opened", 2), ("called", 2), ("called", 1)), 1)
)
BROKEN = {
    "no two vehicles with one number": [{"visits": (visit(1), visit(2, queue_no="A001"))}],
    "no book out twice": [
        {"handovers": (*CLEAN.handovers, HandoverRow(3, 71, 1, False))},
        {"collected": frozenset({71})},
        {"acknowledged": (71, 72, 73)},
    ],
    "nobody's book taken as another's own": [
        {"handovers": tuple(HandoverRow(n, 70 + n, n, False, "form", "self", holder=n) for n in (1, 2))}
    ],
    "every served visit was called": [
        {"calls": (call(1),), "events": CLEAN.events[:5]},
        {"calls": (call(1), call(2, at=250)), "events": CLEAN.events[:5]},
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
        {"supervisor_calls": (SupervisorCallRow(1, 1, None, False),)},
        {"supervisor_calls": (SupervisorCallRow(1, 1, "decided", False),)},
    ],
    "no parked vehicle lost": [
        {"visits": (visit(1), visit(2, ended_at=None)), "events": (*CLEAN.events, event(9, "parked", 2))},
        {"events": (*CLEAN.events, event(9, "parked", 2), event(10, "served", 2, lane=2))},
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


def test_same_seed_draws_the_same_people() -> None:
    assert plan.vehicles(7, 60, 60) == plan.vehicles(7, 60, 60) != plan.vehicles(8, 60, 60)


def test_long_morning_has_the_shares_of_the_plan() -> None:
    found = plan.vehicles(1, 600, 600)
    assert 0.4 < sum(vehicle.kind == "motorcycle" for vehicle in found) / len(found) < 0.5
    assert max(vehicle.books for vehicle in found) == plan.LARGEST_GROUP
    assert 120 < figures.percentile([vehicle.service for vehicle in found if vehicle.books == 1], 0.5) < 180
    for wanted in (*plan.EVENTS, None):
        assert any(vehicle.event == wanted for vehicle in found)


def test_arrivals_reach_the_full_rate_in_the_middle_only() -> None:
    came = list(plan.arrivals(Random(3), 4 * 3600.0, 6000))
    hours = [sum(hour * 3600 <= at < (hour + 1) * 3600 for at in came) for hour in range(4)]
    middle = sum(5400 <= at < 9000 for at in came)
    assert 5700 < middle < 6300 and hours[0] < hours[1] and hours[3] < hours[2]


@pytest.mark.parametrize("wanted", [Options(), Options(vehicles_per_hour=600), Options(lanes=1, windows=1)])
def test_separate_lanes_have_as_many_windows_as_mixed_lanes(wanted) -> None:
    mixed, separate = wanted.complete(), replace(wanted, layout="separate").complete()
    windows = [sum(lane.windows for lane in lanes_of(options)) for options in (mixed, separate)]
    assert windows[0] == windows[1] or wanted.lanes == 1
    assert {lane.kind for lane in lanes_of(separate)} == {"car", "motorcycle"}


def test_book_at_the_window_before_the_service_is_in_time() -> None:
    history = [
        Event(1, later(1), "passport.at_window", 71),
        Event(2, later(1), "passport.at_window", 72),
        Event(3, later(2), "passport.shelved", 72),
        Event(4, later(9), "passport.at_window", 73),
    ]
    assert figures.in_time_share({71: later(5), 72: later(5), 73: later(5), 74: later(5)}, history) == 0.25


@pytest.mark.parametrize(
    ("speed", "answer_ms", "late_ms", "reasons"),
    [
        (60, 20, 5, []),
        (60, 400, 5, ["an answer of the server (400 ms) takes 24 simulated seconds"]),
        (1000, 3, 40, ["a step of the simulation itself (40 ms) takes 40 simulated seconds"]),
        (1000, 90, 90, ["an answer", "a step"]),
    ],
)
def test_speed_that_makes_waits_too_long_is_reported_with_a_better_one(speed, answer_ms, late_ms, reasons) -> None:
    found = figures.spoiled(speed, 200.0, answer_ms, late_ms)
    assert len(found) == len(reasons)
    for sentence, reason in zip(found, reasons, strict=True):
        assert reason in sentence
        better = float(sentence.rpartition("--speed ")[2].rstrip("."))
        took = answer_ms if "answer" in sentence else late_ms
        assert figures.spoiled(better, 200.0, took, 0) == [], "the speed that it names is slow enough"


def test_short_morning_has_no_violation(new_server) -> None:
    found = json.loads(new_server().program("simulate", "--minutes", "4", "--speed", "120", "--seed", "3", "--json"))
    assert found["broken"] == [] and set(found["invariants"].values()) == {0}
    assert set(FIELDS.split()) <= set(found)
    assert found["vehicles"] == len(plan.vehicles(3, 4, 60)) and found["served"] > 0
    assert found["handed_over"] >= found["served"] - 1 and found["screens_compared"] >= 3


def test_terminated_simulation_stops_the_server(new_server, tmp_path: Path) -> None:
    environ = new_server().environ | {"TMPDIR": str(tmp_path)}
    with subprocess.Popen([AMPERA, "simulate", "--speed", "20", "--json"], env=environ) as process:
        try:
            wait_until(lambda: any(children(server) for server in children(process.pid)), "no server", 60)
            (server,) = children(process.pid)
        finally:
            process.terminate()
        assert process.wait(30) == 143
    wait_until(lambda: not Path(f"/proc/{server}").exists(), "the server still runs")
    assert not list(tmp_path.glob("ampera-simulate-*"))


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
