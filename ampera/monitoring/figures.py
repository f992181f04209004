"""Figures of a state, beside the counters of `metrics`: connections, memory, Redis; and room on the disk and backups.

Several processes write theirs into one folder every few seconds, and whichever is asked adds up.
"""

import os
import shutil
import time
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Final

from flask import Flask
from prometheus_client import REGISTRY, CollectorRegistry, Gauge, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from ampera import clock, db, realtime
from ampera.installation import last_backup
from ampera.live.redis_client import RedisClient
from ampera.serving import tls
from ampera.settings import Settings

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # the library's own variable, which `ampera run` sets for several processes
EVERY_SECONDS = 5.0
PAGE = os.sysconf("SC_PAGE_SIZE")
SUM: Final = "livesum"  # over the processes that live

PROCESSES = Gauge("ampera_processes", "Server processes that serve", multiprocess_mode=SUM)
MEMORY = Gauge("ampera_memory_bytes", "Resident memory of the server processes", multiprocess_mode=SUM)
SOCKETS = Gauge("ampera_sockets", "Sockets connected to the server", multiprocess_mode=SUM)
CONNECTIONS = Gauge("ampera_connections", "Open connections of clients, without sockets", multiprocess_mode=SUM)
DATABASE = Gauge("ampera_database_connections", "Connections to the database", ["state"], multiprocess_mode=SUM)
WAITING = Gauge("ampera_database_waiting", "Requests that wait for the database", ["for"], multiprocess_mode=SUM)
REDIS = Gauge("ampera_redis_up", "Whether Redis answers all processes", multiprocess_mode="livemin")


class Installation(Collector):
    """What all processes share. Read when somebody asks."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def collect(self) -> Iterable[Metric]:
        build = {"version": version("si-ampera-bertanjak")}
        yield InfoMetricFamily("ampera_build", "The version of the program that answers", value=build)
        free = GaugeMetricFamily("ampera_disk_free_bytes", "Room on the disk of this folder", labels=["folder"])
        for name, folder in _folders(self.settings):
            free.add_metric([name], shutil.disk_usage(folder).free)
        yield free
        if (age := last_backup.age(self.settings)) is not None:
            seconds = age.total_seconds()
            yield GaugeMetricFamily("ampera_backup_age_seconds", "Age of the last proved backup", seconds)
        if self.settings.database_file:
            journal = self.settings.database_file.with_name(f"{self.settings.database_file.name}-wal")
            size = journal.stat().st_size if journal.exists() else 0
            yield GaugeMetricFamily("ampera_database_journal_bytes", "Size of the journal of SQLite", size)
        if certificate := tls.certificate_file(self.settings):
            left = _seconds_left(certificate)
            yield GaugeMetricFamily("ampera_certificate_seconds", "Until the certificate of the server ends", left)


def watch(app: Flask) -> None:
    """Measure for ever (started by the server)."""
    url = app.extensions["ampera.settings"].redis_url
    redis = RedisClient(url) if url else None
    while True:
        measure(app)
        if redis:
            REDIS.set(redis.ask(lambda client: client.ping()) is not None)
        time.sleep(EVERY_SECONDS)


def measure(app: Flask) -> None:
    """Write down the state of this process."""
    PROCESSES.set(1)
    MEMORY.set(int(Path("/proc/self/statm").read_text().split()[1]) * PAGE)
    SOCKETS.set(len(realtime.socketio.server.eio.sockets))
    if connections := app.extensions.get("ampera.connections"):
        CONNECTIONS.set(connections.open)
    database: db.Database = app.extensions["ampera.db"]
    pools = database.pools()
    DATABASE.labels("used").set(sum(pool.checkedout() for pool in pools))
    DATABASE.labels("most").set(sum(pool.most for pool in pools))
    DATABASE.labels("idle").set(sum(pool.checkedin() for pool in pools))
    WAITING.labels("connection").set(sum(pool.waiting for pool in pools))
    WAITING.labels("office").set(database.throttle.count_waiting())


def written(app: Flask) -> bytes:
    """All figures and counters, of all processes that share a folder."""
    measure(app)
    registry = REGISTRY
    if FOLDER in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    shared = CollectorRegistry()
    shared.register(Installation(app.extensions["ampera.settings"]))
    return generate_latest(registry) + generate_latest(shared)


def _seconds_left(file: Path) -> float:
    """None are left of a certificate that cannot be read."""
    from ampera.serving import certificates

    try:
        return (certificates.load(file).not_valid_after_utc - clock.true_now()).total_seconds()
    except (OSError, ValueError):
        return 0.0


def _folders(settings: Settings) -> Iterator[tuple[str, Path]]:
    if settings.instance.exists():
        yield "instance", settings.instance
    file = settings.database_file
    if file and file.parent != settings.instance and file.parent.exists():
        yield "database", file.parent
