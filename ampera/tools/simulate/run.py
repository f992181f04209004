"""One run: the office is built, the server starts, the morning passes, and what it left is judged."""

import json
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import click
import gevent

from ampera import db
from ampera.tools.bench.installation import serving
from ampera.tools.simulate import plan
from ampera.tools.simulate.http_clients import Doors
from ampera.tools.simulate.morning import Morning
from ampera.tools.simulate.options import Options
from ampera.tools.simulate.people.desk import Clerk, Desk
from ampera.tools.simulate.people.gate import come, scan_for_ever
from ampera.tools.simulate.people.officers import Officer
from ampera.tools.simulate.people.watchers import Watch
from ampera.tools.simulate.people.windows_pool import seats_of
from ampera.tools.simulate.processes import own_seconds, processor_seconds
from ampera.tools.simulate.results import collection, figures, invariants, report
from ampera.tools.simulate.results.records import Records
from ampera.tools.simulate.sim_clock import Pace
from ampera.tools.simulate.world import Town, town

OVERTIME = 90 * 60.0  # simulated seconds after the last arrival, then the lanes close
TICK = 0.2  # true seconds
LAST_NEWS = 1.0  # true seconds until everybody heard the last change


def main(wanted: Options, is_json: bool) -> int:
    """The exit status: 1 when an invariant broke."""
    told = run(wanted.complete(), is_quiet=is_json)
    click.echo(json.dumps(told, ensure_ascii=False) if is_json else "\n".join(figures.table(told)))
    return 1 if told["broken"] else 0


def run(options: Options, is_quiet: bool = True) -> dict[str, Any]:
    """Everything that is told about one morning."""
    vehicles = plan.vehicles(options.seed, options.minutes, options.vehicles_per_hour, not options.is_separate)
    with tempfile.TemporaryDirectory(prefix="ampera-simulate-") as folder, town(Path(folder), options, vehicles) as at:
        port = free_port()
        with serving(at.environ, port) as server:
            morning = Morning(options, at, Doors(port), Pace(options.speed), vehicles)
            watch = Watch(morning)
            with everybody(morning, at, watch):
                _pass(morning, watch, is_quiet)
                watch.look_for_the_last_time()
            watch.spent = processor_seconds(server), own_seconds()
            return _judged(morning, watch)


@contextmanager
def everybody(morning: Morning, at: Town, watch: Watch) -> Iterator[None]:
    """All people of the morning at work, until it is over."""
    seats = seats_of(at.lanes)
    with closing(Desk(morning)) as desk:
        people: list[Callable[[], None]] = [desk.read, *watch.tasks()]
        people += [Officer(morning, worker, n, seats).work for n, worker in enumerate(at.officers)]
        people += [Clerk(morning, desk, worker, n).work for n, worker in enumerate(at.clerks)]
        at_work = [gevent.spawn(work) for work in people]
        at_work += [gevent.spawn(scan_for_ever, morning, worker) for worker in at.gates]
        at_work += [gevent.spawn(come, morning, trip) for trip in morning.all]
        try:
            yield
        finally:
            gevent.killall(at_work)
            watch.close()


def _pass(morning: Morning, watch: Watch, is_quiet: bool) -> None:
    """Let the morning pass: until all are gone, or far behind the last arrival."""
    end = morning.options.minutes * 60.0
    with click.progressbar(length=int(end), label="Morning", file=sys.stderr, hidden=is_quiet) as bar:
        while not morning.is_over and morning.pace.now() < end + OVERTIME:
            gevent.sleep(TICK)
            watch.tick()
            bar.update(min(int(end), int(morning.pace.now())) - bar.pos)
    gevent.sleep(LAST_NEWS)


def _judged(morning: Morning, watch: Watch) -> dict[str, Any]:
    office_id = morning.town.office_id
    with db.reading() as session:
        found = collection.gather(session, office_id, morning.told)
        books = list(collection.events(session, office_id, "passport:"))
    with db.reading() as session:
        chain = collection.broken_chain(session)
    records = Records(
        **found,
        chain=chain,
        speed=morning.options.speed,
        acknowledged=tuple(morning.handed_over),
        screens=watch.logs(),
        compared=tuple(watch.compared),
        failed=tuple(morning.doors.failed),
    )
    return report.told(morning, watch, records, books, invariants.judge(records))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
