"""The report of a morning as one flat object: the promised fields first, then those that explain them."""

from typing import Any

from ampera.tools.bench import loop_delay
from ampera.tools.simulate.morning import Morning
from ampera.tools.simulate.people.watchers import Watchers
from ampera.tools.simulate.results import exceptions, figures, invariants
from ampera.tools.simulate.results.records import Event, Records


def report(
    morning: Morning, watchers: Watchers, records: Records, books: list[Event], breaks: dict[str, list[str]]
) -> dict[str, Any]:
    waits, services = figures.waits(records), figures.services(records)
    service_p50_s, server = figures.seconds(services, 0.5), _server(morning, watchers)
    paces = server["answer_p50_ms"] or 0.0, server["simulator_late_p99_ms"]
    return {
        "vehicles": len(morning.all),
        "served": len(waits),
        "handed_over": sum(not row.is_void for row in records.handovers),
        "wait_p50_s": figures.seconds(waits, 0.5),
        "wait_p90_s": figures.seconds(waits, 0.9),
        "service_p50_s": service_p50_s,
        "spoiled": figures.spoiled(morning.options.speed, service_p50_s, *paces),
        "in_time_share": figures.in_time_share(_served_books(records), books),
        "backlog_max": max(watchers.backlogs),
        "broken": invariants.summary(breaks),
        "invariants": {name: len(found) for name, found in breaks.items()},
        "busiest_hour": figures.busiest_hour(records),
        "vehicles_per_hour": figures.per_hour(records),
        "longest_queue": figures.most_waiting(records),
        "calls_too_short": sum(len(invariants.unseen(records, screen)) for screen in records.screens),
        "turned_away": len(morning.turned_away),
        "exceptions": exceptions.counts(records),
        **_office(morning),
        **server,
    }


def _served_books(records: Records) -> dict[int, Any]:
    served = {visit.id: visit.served_at for visit in records.visits}
    return {row.passport_id: served[row.visit_id] for row in records.handovers if not row.is_void}


def _office(morning: Morning) -> dict[str, Any]:
    options = morning.options
    return {
        "seed": options.seed,
        "minutes": options.minutes,
        "speed": options.speed,
        "layout": options.layout,
        "lanes": ", ".join(f"{lane.number} {lane.kind} x{lane.windows}" for lane in morning.world.lanes),
        "officers": options.officers,
        "clerks": options.clerks,
        "supervisors": options.supervisors,
        "shares": options.shares,
        "phones": len(morning.phone_results),
        "phones_told": sum(morning.phone_results),
    }


def _server(morning: Morning, watchers: Watchers) -> dict[str, Any]:
    http, real_seconds = morning.http, morning.clock.now() / morning.clock.speed
    answers = [seconds for kind, took in http.took.items() if kind != "metrics" for seconds in took]
    delays = [round(loop_delay.p99(*pair) * 1000, 1) for pair in zip(watchers.loops, watchers.loops[1:], strict=False)]
    return {
        "answer_p50_ms": figures.milliseconds(answers, 0.5),
        "answer_p99_ms": figures.milliseconds(answers, 0.99),
        "answers": {
            kind: [len(took), figures.milliseconds(took, 0.5), figures.milliseconds(took, 0.99)]
            for kind, took in sorted(http.took.items())
        },
        "refused": dict(http.refused),
        "requests": len(answers),
        "true_s": round(real_seconds, 1),
        "requests_per_s": round(len(answers) / real_seconds, 1),
        "server_cpu_s": round(watchers.spent[0], 1),
        "simulator_cpu_s": round(watchers.spent[1], 1),
        "simulator_late_p99_ms": figures.milliseconds(watchers.late, 0.99) or 0.0,
        "backlog_halves": watchers.backlogs,
        "loop_delay_p99_ms": delays,
        "screens_compared": len(watchers.compared),
    }
