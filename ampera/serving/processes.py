"""The processes of one server: a master that serves nobody, and workers that are each a whole server of their own.

The master starts a dead worker again, ends all at SIGTERM, and replaces all at SIGHUP: an old worker serves until a new
one does. Each worker has one gevent loop; several share the port through sockets of their own (SO_REUSEPORT).
"""

import fcntl
import os
import shutil
import signal
import socket
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from gunicorn.arbiter import Arbiter
from gunicorn.errors import HaltServer

from ampera.installation import private_files
from ampera.monitoring import logs

FIGURES = "PROMETHEUS_MULTIPROC_DIR"  # the folder in which several workers write their figures (`monitoring.figures`)
ORPHANS_SECONDS = 5.0
REST_SECONDS = 5.0  # after a worker that could not start, until the next try


def claimed(database_file: Path) -> IO[str]:
    """The right to serve this SQLite file, which the master hands on to its workers: held until the last one has ended.

    Raises BlockingIOError while another server has it. Workers whose master was killed end by themselves, soon.
    """
    private_files.make_folder(database_file.parent)
    file = database_file.with_name(f"{database_file.name}.server")
    held = os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT, private_files.FILE), "r+")
    until = time.monotonic() + ORPHANS_SECONDS
    while True:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return held
        except BlockingIOError:
            if time.monotonic() > until:
                held.close()
                raise
            time.sleep(0.1)


class Processes(Arbiter):
    """gunicorn's master. A signal that would change the number of workers or make a second master does nothing."""

    def __init__(self, app: Any) -> None:
        super().__init__(app)
        self.place: socket.socket | None = None
        self.rest_until = 0.0
        # gunicorn would call itself ready before a worker has loaded the application.
        self.to_notify = os.environ.pop("NOTIFY_SOCKET", "")

    def start(self) -> None:
        try:
            self._keep_place()
            super().start()
        except (SystemExit, OSError):
            place = self.app.settings.bind
            print(f"Cannot start: {place} is in use, or this user may not open it.", file=sys.stderr, flush=True)
            raise SystemExit(1) from None

    def _keep_place(self) -> None:
        """Where each worker opens the port itself, nobody would notice that another program has the port."""
        if self.cfg.reuse_port:
            host, port = self.cfg.address[0]
            place = self.place = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
            place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            try:
                place.bind((host, port))  # without `listen`: no connection comes here
            except OSError:
                place.close()
                raise

    def reload(self) -> None:
        """Replace all workers; `manage_workers` does it as the new ones begin to serve."""
        self.app.reload()
        self.setup(self.app)
        for worker in self.WORKERS.values():
            worker.is_old = True

    def manage_workers(self) -> None:
        """Start what is missing, and stop an old worker for each new one that serves."""
        new = [worker for worker in self.WORKERS.values() if not worker.is_old]
        if time.monotonic() >= self.rest_until:
            for _ in range(self.num_workers - len(new)):
                self.spawn_worker()
        old = sorted((w for w in self.WORKERS.values() if w.is_old and not w.is_leaving), key=lambda w: w.age)
        for worker in old[: max(0, len(old) + sum(w.is_serving for w in new) - self.num_workers)]:
            worker.is_leaving = True
            self.kill_worker(worker.pid, signal.SIGTERM)
        if self.to_notify and any(worker.is_serving for worker in new):
            self._notify()

    def _notify(self) -> None:
        """Tell a service manager of the kind `Type=notify` that the server serves."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager, suppress(OSError):
            manager.connect(f"\0{self.to_notify[1:]}" if self.to_notify[0] == "@" else self.to_notify)
            manager.sendall(b"READY=1")
        self.to_notify = ""

    def reap_workers(self) -> None:
        """Take note of workers that have ended. One that could not start ends the server when nobody serves."""
        while True:
            try:
                return super().reap_workers()
            except HaltServer:
                if not any(worker.is_serving for worker in self.WORKERS.values()):
                    raise
                logs.log.error("a worker did not start; the others serve", again_s=REST_SECONDS)
                self.rest_until = time.monotonic() + REST_SECONDS

    def _ignore(self) -> None:
        """The settings alone say how many workers there are."""

    handle_ttin = handle_ttou = handle_usr2 = handle_winch = _ignore


def forget_figures(pid: int) -> None:
    """The state of a worker that has ended counts no more. Its counters do: without them the sums would fall."""
    if folder := os.environ.get(FIGURES):
        for file in Path(folder).glob(f"gauge_live*_{pid}.db"):
            file.unlink(missing_ok=True)


def remove_figures() -> None:
    if folder := os.environ.get(FIGURES):
        shutil.rmtree(folder, ignore_errors=True)
