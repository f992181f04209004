"""The figures of a morning, for the office and about the server, and their table."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from ampera.tools.bench.figures import percentile
from ampera.tools.simulate.results import exceptions
from ampera.tools.simulate.results.records import Event, Records

READY = "passport.at_window"
GONE = ("passport.shelved", "passport.not_found")
HOUR = 3600.0
SPOILING_SHARE = 0.02  # of a service, for one answer: a service has about five of them, together a tenth of it
USUAL_SERVICE_S = 180.0  # when no vehicle was served


def waits(records: Records) -> list[float]:
    """Seconds from the gate to the beginning of the service, for each served vehicle."""
    return [(visit.served_at - visit.opened_at).total_seconds() for visit in records.visits if visit.served_at]


def services(records: Records) -> list[float]:
    """Seconds from the beginning of the service to the last book."""
    done = [visit for visit in records.visits if visit.state == "done"]
    return [
        (visit.ended_at - visit.served_at).total_seconds() - visit.parked_s
        for visit in done
        if visit.ended_at and visit.served_at
    ]


def in_time_share(served: dict[int, datetime], books: Sequence[Event]) -> float | None:
    """Share of the books that were at the window when the service began.

    `served` has the beginning of the service by book; `books` is their history.
    """
    is_there: dict[int, bool] = {}
    for event in books:
        at = served.get(event.visit_id)
        if at is not None and event.at <= at:
            if event.action == READY:
                is_there[event.visit_id] = True
            elif event.action in GONE:
                is_there[event.visit_id] = False
    return round(sum(is_there.values()) / len(served), 4) if served else None


def busiest_hour(records: Records) -> int:
    """The highest number of vehicles that came within one hour."""
    came = sorted(visit.opened_at.timestamp() for visit in records.visits)
    most = first = 0
    for last, moment in enumerate(came):
        while came[first] <= moment - HOUR:
            first += 1
        most = max(most, last - first + 1)
    return most


def per_hour(records: Records) -> float:
    """Vehicles served an hour, from the first arrival to the last end."""
    ends = [visit.ended_at for visit in records.visits if visit.served_at and visit.ended_at]
    if not ends:
        return 0.0
    hours = (max(ends) - min(visit.opened_at for visit in records.visits)).total_seconds() / HOUR
    return round(len(ends) / hours, 1) if hours else 0.0


def most_waiting(records: Records) -> int:
    """The longest queue of the morning."""
    steps = [(visit.opened_at, 1) for visit in records.visits]
    ends = {event.visit_id: event.at for event in reversed(records.events) if event.action in _TAKEN}
    steps += [(at, -1) for at in ends.values()]
    longest = now = 0
    for _, step in sorted(steps):
        now += step
        longest = max(longest, now)
    return longest


_TAKEN = ("visit.called", "visit.served", "visit.left", "visit.diverted")


def seconds(values: Sequence[float], share: float) -> float | None:
    return round(percentile(values, share), 1) if values else None


def milliseconds(values: Sequence[float], share: float) -> float | None:
    return round(percentile(values, share) * 1000, 1) if values else None


def spoiled(speed: float, service_s: float | None, answer_ms: float, late_ms: float) -> list[str]:
    """Why the waits and services of this run are too long: what takes real time took `speed` times as much of them.

    `answer_ms` is the p50 of the server, `late_ms` the p99 of the simulation's own lateness.
    """
    found = []
    most = (service_s or USUAL_SERVICE_S) * SPOILING_SHARE
    for who, took in (("an answer of the server", answer_ms), ("a step of the simulation itself", late_ms)):
        if (cost := took / 1000 * speed) > most:
            better = max(1, int(speed * most / cost))
            found.append(
                f"At speed {speed:g} {who} ({took:.0f} ms) takes {cost:.0f} simulated seconds: waits and services are "
                f"too long. Try --speed {better}."
            )
    return found


def table(report: dict[str, Any]) -> Iterator[str]:
    """The report of a run as lines of text."""
    for label, text in _lines(report):
        yield f"{label:<44} {text}"
    yield ""
    for name, count in report["invariants"].items():
        yield f"{name:<44} {'ok' if count == 0 else f'BROKEN {count} times'}"
    yield from (f"  {line}" for line in report["broken"])
    yield from (f"TOO FAST  {line}" for line in report["spoiled"])


def _lines(report: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "layout", f"{report['layout']}: {report['lanes']}"
    yield "vehicles", f"{report['vehicles']} came, {report['served']} served, {report['handed_over']} books handed over"
    yield "vehicles in the busiest hour", str(report["busiest_hour"])
    yield "vehicles served per hour", f"{report['vehicles_per_hour']:.1f}"
    yield "wait p50 / p90", f"{_clock(report['wait_p50_s'])} / {_clock(report['wait_p90_s'])}"
    yield "service p50", _clock(report["service_p50_s"])
    yield "longest queue", f"{report['longest_queue']} vehicles"
    share = report["in_time_share"]
    yield "books at the window in time", "-" if share is None else f"{share:.1%}"
    yield "phones that showed the call", f"{report['phones_told']} of {report['phones']}"
    yield from exceptions.lines(report["exceptions"])
    yield from _server_lines(report)
    yield "comparisons of screens", f"{report['screens_compared']} with the database"


def _server_lines(report: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Real time: the server and the simulator are not simulated."""
    halves, delays = report["backlog_halves"], report["loop_delay_p99_ms"]
    requests, rate, took = report["requests"], report["requests_per_s"], report["true_s"]
    yield "server answers p50 / p99", f"{report['answer_p50_ms']} / {report['answer_p99_ms']} ms"
    yield "requests per second", f"{rate:.1f} ({requests} in {took:.0f} s)"
    yield "processor time, server / simulator", f"{report['server_cpu_s']:.0f} / {report['simulator_cpu_s']:.0f} s"
    yield "most requests in flight", f"{report['backlog_max']} (first half {halves[0]}, second half {halves[1]})"
    yield "loop delay p99, first / second half", f"{delays[0]} / {delays[1]} ms"
    yield "calls too short to be seen at this speed", str(report["calls_too_short"])


def _clock(value: float | None) -> str:
    return "-" if value is None else f"{int(value) // 60}:{int(value) % 60:02d} min"
