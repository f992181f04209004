"""Real servers for tests, each thrown away after it: PostgreSQL, Redis, and the product itself as its own process.

Plain context managers; a missing program is an error, never a skip. They listen on loopback or a socket file only.
"""

import fcntl
import functools
import itertools
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

import httpx
import psycopg
from flask import Flask
from httpx._transports import default

from ampera import clock, create_app
from ampera.cli.group import commands
from ampera.settings import load

# To read the machine's certificates takes longer than most requests, and every new client would read them again.
default.create_ssl_context = functools.cache(httpx.create_ssl_context)
AMPERA = Path(sys.executable).with_name("ampera")
START_SECONDS = 90
STOP_SECONDS = 60


# A thousand for each process of a run, below the range from which the system chooses free ports.
_ports = itertools.count(
    11_000 + 5_000 * (os.getppid() % 4) + 1_000 * (int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]) % 5)
)
_PORT_LOCKS = Path(tempfile.gettempdir()) / "ampera-test-ports"
_locks: list[IO[str]] = []  # held as long as this process lives


def free_port() -> int:
    """A port on which nobody listens, and which no other test process gets while this one lives.

    Servers may share a port, so that two runs on one machine would answer for each other without noticing.
    """
    for port in _ports:
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            _lock(port)
            return port
    raise AssertionError("there is always a next one")


def _lock(port: int) -> None:
    """Keep the port for this process. Raises OSError when another process has it."""
    _PORT_LOCKS.mkdir(exist_ok=True)
    lock = (_PORT_LOCKS / str(port)).open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise
    _locks.append(lock)


class Postgres:
    """A cluster on a socket file; `new_database()` gives the URL of a fresh, empty database."""

    def __init__(self, folder: Path, programs: Path, user: str | None) -> None:
        self.folder, self.programs, self.user = folder, programs, user
        self.count = 0
        self.options = ""

    @functools.cached_property
    def _owner(self) -> psycopg.Connection[Any]:
        """Kept open: a program for each database would take longer than the database."""
        return psycopg.connect(f"host={self.folder} user=postgres dbname=postgres", autocommit=True)

    def start(self) -> None:
        self.run("pg_ctl", "-D", f"{self.folder}/data", "-l", f"{self.folder}/log", "-o", self.options, "-w", "start")

    def stop(self, mode: str = "immediate") -> None:
        """`immediate` is a crash for PostgreSQL; `fast` ends connections and writes everything first."""
        if "_owner" in self.__dict__:
            self._owner.close()
            del self._owner
        self.run("pg_ctl", "-D", f"{self.folder}/data", "-m", mode, "stop")

    @property
    def pid(self) -> int:
        """The parent of all its processes."""
        return int((self.folder / "data/postmaster.pid").read_text().split()[0])

    def run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self.programs / program, *arguments], user=self.user, cwd=self.folder, capture_output=True, text=True
        )
        assert done.returncode == 0, f"{program}: {done.stderr or done.stdout}"

    def new_database(self, like: str = "") -> str:
        """The URL of a new database: empty, or a copy of the one with the URL `like`."""
        self.count += 1
        name = f"ampera_{self.count}"
        template = urlsplit(like).path.strip("/") or "template1"
        # Copied as files: for so small a database this takes a third of the time of writing all pages.
        self._owner.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return f"postgresql+psycopg://postgres@/{name}?host={self.folder}"


@contextmanager
def postgres(is_durable: bool = False) -> Iterator[Postgres]:
    """A PostgreSQL cluster of its own. Not durable by default, which is fast; crash tests want `is_durable=True`."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    assert programs, "PostgreSQL is missing: apt-get install postgresql"
    # initdb refuses root: as root everything runs as the user that Debian's package made.
    user = "postgres" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="ampera-pg-"))
    if user:
        shutil.chown(folder, user)
    cluster = Postgres(folder, programs[-1].parent, user)
    cluster.options = f"-c listen_addresses= -c unix_socket_directories={folder} -c max_connections=200"
    if not is_durable:
        cluster.options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    try:
        cluster.run("initdb", "-D", f"{folder}/data", "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8")
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def pgbouncer(url: str) -> Iterator[str]:
    """A pgbouncer that pools transactions in front of this database; gives its URL."""
    assert Path("/usr/sbin/pgbouncer").exists(), "pgbouncer is missing: apt-get install pgbouncer"
    user = "postgres" if os.geteuid() == 0 else None  # it refuses root as PostgreSQL does
    folder = Path(tempfile.mkdtemp(prefix="ampera-pool-"))
    parts, port = urlsplit(url), free_port()
    (folder / "users").write_text('"postgres" ""\n')
    (folder / "ini").write_text(
        f"[databases]\n* = {parts.query}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n"
        f"auth_type = trust\nauth_file = {folder}/users\npool_mode = transaction\nmax_client_conn = 200\n"
        "default_pool_size = 12\nunix_socket_dir =\n"
    )
    if user:
        for path in (folder, *folder.iterdir()):
            shutil.chown(path, user)
    process = subprocess.Popen(["/usr/sbin/pgbouncer", "-q", folder / "ini"], user=user)
    try:
        wait_until(lambda: is_listening(port), "pgbouncer does not listen")
        yield f"postgresql+psycopg://postgres@127.0.0.1:{port}{parts.path}"
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def redis(folder: Path, port: int = 0) -> Iterator[str]:
    """A Redis of its own, also on the port of one that has ended; gives its URL."""
    assert shutil.which("redis-server"), "Redis is missing: apt-get install redis-server"
    port = port or free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(folder)]
    process = subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL)
    try:
        wait_until(lambda: is_listening(port), "Redis does not listen")
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.kill()
        process.wait()


@contextmanager
def directory(folder: Path) -> Iterator[str]:
    """A directory that signs people in (OpenID Connect); gives its issuer."""
    port = free_port()
    program = [
        sys.executable,
        "-m",
        "oidc_provider_mock",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--require-nonce",
    ]
    with (folder / "directory.log").open("wb") as log:
        process = subprocess.Popen(program, stdout=log, stderr=log)
    try:
        wait_until(lambda: is_listening(port), "the directory does not listen", START_SECONDS)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


class LiveServer:
    """`ampera run` as its own process, with its own instance folder, secrets (self-made) and port.

    `with LiveServer(tmp_path) as server:` starts it, which makes its database; `more` are further settings.
    """

    executable = AMPERA

    def __init__(self, instance: Path, **more: str) -> None:
        self.instance, self.port = instance, free_port()
        self.scheme = "http" if more.get("TLS", "off") == "off" else "https"
        self.url = f"{self.scheme}://127.0.0.1:{self.port}"
        self.log_file = instance / "server.log"
        settings = {"INSTANCE": str(instance), "BIND": f"127.0.0.1:{self.port}", **more}
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("AMPERA_")}
        self.environ = {**inherited, **{f"AMPERA_{name}": value for name, value in settings.items()}}
        self.process: subprocess.Popen[bytes] | None = None
        self.start_seconds = 0.0  # that the newest start took: how slow this machine is at the moment

    def __enter__(self) -> "LiveServer":
        self.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def close(self) -> None:
        self.kill9()
        if "app" in self.__dict__:
            self.app.extensions["ampera.db"].dispose()

    @functools.cached_property
    def app(self) -> Flask:
        """The application in this process, on the server's database and with its secrets."""
        app = create_app(load(self.environ))
        clock.run_at(1)  # the tests' own clock is not the server's
        return app

    def command(self, *arguments: str) -> str:
        """What `ampera ARGUMENTS` prints, run beside the server on its database, in this process: it starts at once."""
        done = self.app.test_cli_runner().invoke(commands, arguments)
        assert done.exit_code == 0, f"ampera {' '.join(arguments)}: {done.output}{done.exception or ''}"
        return done.stdout

    def program(self, *arguments: str) -> str:
        """The same as a process of its own, for commands that start servers themselves."""
        done = subprocess.run([self.executable, *arguments], env=self.environ, capture_output=True, text=True)
        assert done.returncode == 0, f"ampera {' '.join(arguments)}: {done.stderr}{done.stdout}"
        return done.stdout

    def beginning(self, *arguments: str) -> subprocess.Popen[bytes]:
        """The same, begun: a command that the test watches and kills."""
        return subprocess.Popen([self.executable, *arguments], env=self.environ, stdout=subprocess.DEVNULL)

    def start(self, *arguments: str) -> None:
        began = time.monotonic()
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(
                [self.executable, "run", *arguments],
                env=self.environ,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        try:
            wait_until(self.is_ready, "the server is not ready", START_SECONDS)
        except AssertionError:
            self.kill9()
            raise AssertionError(f"the server did not start:\n{self.log}") from None
        self.start_seconds = time.monotonic() - began

    def is_ready(self) -> bool:
        if self.process.poll() is not None:
            raise AssertionError("the server has ended")
        try:
            return httpx.get(f"{self.url}/readyz", verify=False, timeout=15).is_success  # noqa: S501 (self-made)
        except httpx.TransportError:
            return False

    def terminate(self) -> int:
        """SIGTERM as a service manager sends it; gives the exit code."""
        self.process.terminate()
        return self.process.wait(STOP_SECONDS)

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill9(self) -> None:
        """The power cut for processes: master and worker die at once, nothing is finished."""
        if self.is_running:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def worker(self) -> int:
        """The process that serves."""
        return self.workers()[0]

    def workers(self) -> list[int]:
        """All processes that serve, or will."""
        return list(map(int, Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()))

    @property
    def log(self) -> str:
        return self.log_file.read_text() if self.log_file.exists() else ""


def wait_until(condition: Callable[[], Any], otherwise: str, seconds: float = 30) -> None:
    """Ask again and again until it is so; fail with `otherwise` when the time is over."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, otherwise
        time.sleep(0.05)


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
