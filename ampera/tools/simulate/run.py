"""One run: build the office, start the server, let the morning pass, and judge the records."""

import json
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import gevent

from ampera import clock, db
from ampera.tools.bench.installation import serving
from ampera.tools.simulate import plan
from ampera.tools.simulate.http_clients import HttpClient
from ampera.tools.simulate.morning import Morning
from ampera.tools.simulate.options import Options
from ampera.tools.simulate.people.desk import Clerk, Desk
from ampera.tools.simulate.people.gate import Gate, arrive
from ampera.tools.simulate.people.officers import Officer
from ampera.tools.simulate.people.supervisors import Supervisor
from ampera.tools.simulate.people.watchers import Watchers
from ampera.tools.simulate.people.windows_pool import windows_of
from ampera.tools.simulate.processes import own_seconds, processor_seconds
from ampera.tools.simulate.results import figures, invariants, queries, report
from ampera.tools.simulate.world import World, world

OVERTIME = 90 * 60.0  # simulated seconds after the last arrival, then the lanes close
TICK = 0.2  # real seconds
LAST_NEWS = 1.0  # real seconds until all listeners have the last change


def main(wanted: Options, is_json: bool) -> int:
    """Print the report; returns the exit status, 1 when an invariant is violated."""
    found = run(wanted.complete(), is_quiet=is_json)
    click.echo(json.dumps(found, ensure_ascii=False) if is_json else "\n".join(figures.table(found)))
    return 1 if found["broken"] else 0


def run(options: Options, is_quiet: bool = True) -> dict[str, Any]:
    """The report of one morning."""
    vehicles = plan.vehicles(options)
    with (
        tempfile.TemporaryDirectory(prefix="ampera-simulate-") as folder,
        world(Path(folder), options, vehicles) as office,
    ):
        port = free_port()
        with serving(office.environ, port) as server:
            morning = Morning(options, office, HttpClient(port), vehicles)
            watchers = Watchers(morning)
            with everybody(morning, office, watchers):
                _pass(morning, watchers, is_quiet)
                watchers.look_at_the_end()
            watchers.spent = processor_seconds(server), own_seconds()
            return _judged(morning, watchers)


@contextmanager
def everybody(morning: Morning, office: World, watchers: Watchers) -> Iterator[None]:
    """All people of the morning at work, until the block ends."""
    windows = windows_of(office.lanes)
    with closing(Desk(morning)) as desk, ExitStack() as pages:
        supervisors = [
            pages.enter_context(closing(Supervisor(morning, worker, n))) for n, worker in enumerate(office.supervisors)
        ]
        people: list[Callable[[], None]] = [desk.read, *watchers.tasks()]
        people += [task for supervisor in supervisors for task in (supervisor.read, supervisor.work)]
        people += [Officer(morning, worker, n, windows).work for n, worker in enumerate(office.officers)]
        people += [Clerk(morning, desk, worker, n).work for n, worker in enumerate(office.clerks)]
        at_work = [gevent.spawn(work) for work in people]
        at_work += [gevent.spawn(Gate(morning, worker).work) for worker in office.gates]
        at_work += [gevent.spawn(arrive, morning, trip) for trip in morning.all]
        try:
            yield
        finally:
            gevent.killall(at_work)
            watchers.close()


def _pass(morning: Morning, watchers: Watchers, is_quiet: bool) -> None:
    """Wait until all vehicles are gone, or until OVERTIME after the last arrival."""
    end = morning.options.minutes * 60.0
    with click.progressbar(length=int(end), label="Morning", file=sys.stderr, hidden=is_quiet) as bar:
        while not morning.is_over and morning.clock.now() < end + OVERTIME:
            gevent.sleep(TICK)
            watchers.tick()
            bar.update(min(int(end), int(morning.clock.now())) - bar.pos)
    gevent.sleep(LAST_NEWS)


def _judged(morning: Morning, watchers: Watchers) -> dict[str, Any]:
    office_id = morning.world.office_id
    with db.reading() as session:
        found = queries.gather(session, office_id, morning.answered_at)
        books = list(queries.events(session, office_id, "passport:"))
    with db.reading() as session:
        chain = queries.broken_chain(session)
    records = replace(
        found,
        chain=chain,
        speed=morning.options.speed,
        closed_at=None if morning.is_over else clock.now(),
        acknowledged=tuple(morning.handed_over),
        screens=watchers.logs(),
        compared=tuple(watchers.compared),
        failed=tuple(morning.http.failed),
    )
    return report.report(morning, watchers, records, books, invariants.judge(records))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
