"""gunicorn embedded: its settings, its log, how a worker loads the application."""

import gc
import mmap
import os
import resource
import ssl
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import gevent
from gevent.hub import Hub
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger
from gunicorn.http import wsgi

from ampera.installation import private_files
from ampera.monitoring import logs
from ampera.serving import processes, tls, unused_imports
from ampera.serving.worker import Worker
from ampera.settings import Settings, load

KEEPALIVE_SECONDS = 10  # between requests, and for the headers of one
GRACEFUL_SECONDS = 20  # for requests in flight at SIGTERM
FINISH_SECONDS = 10  # for a message that is being sent
MAX_CONNECTIONS = 5000
# A client that left early, or does not speak TLS, is no fault of the server.
LEFT_EARLY = (ssl.SSLError, ConnectionResetError, BrokenPipeError, TimeoutError)
TURN_SECONDS = 0.0005
ONE_SERVER = "SQLite has one: stop the other, or set AMPERA_DATABASE_URL to PostgreSQL for several."
CIPHERS = (
    "ECDHE+AESGCM:ECDHE+CHACHA20"  # of TLS 1.2: forward secrecy and authenticated encryption; 1.3 has nothing else
)
HARMLESS = ("Shutting down: %s", "Reason: %s")  # gunicorn's own words


def serve() -> None:
    """Serve until a signal ends the process (exit 0)."""
    private_files.keep_private()
    settings = load()
    logs.configure()
    logs.take_over_failures()
    _raise_file_limit()
    Hub.print_exception = _log_greenlet_failure
    wsgi.Response.default_headers = _without_server_header(wsgi.Response.default_headers)
    Server(settings).run()


class Server(BaseApplication):
    """gunicorn's view of the app: its settings, and how the worker loads the application."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.loops: list[gevent.Greenlet] = []
        self.database: Any = None
        self._is_announced = mmap.mmap(-1, 1)  # all workers share this memory
        super().__init__()

    def load_config(self) -> None:
        for name, value in _options(self.settings).items():
            self.cfg.set(name, value)
        self.cfg.set("worker_exit", lambda _arbiter, _worker: self._end())
        self.cfg.set("child_exit", lambda _arbiter, worker: processes.forget_figures(worker.pid))
        self.cfg.set("on_exit", lambda _arbiter: processes.remove_figures())

    def run(self) -> None:
        self.claim_database()
        processes.Processes(self).run()

    def claim_database(self) -> None:
        """Keep other servers from this SQLite file. Ends the program when one works with it already."""
        if self.settings.database_file:
            try:
                self.claim = processes.claimed(self.settings.database_file)
            except BlockingIOError:
                sys.exit(f"Cannot start: another server works with {self.settings.database_file}. {ONE_SERVER}")
            except OSError as error:
                sys.exit(f"Cannot start: {error.filename} cannot be written ({error.strerror}).")

    def load(self) -> Any:
        gc.disable()  # until the app is complete: nearly all objects stay, and each collection would visit them
        # Imported in the worker only, which keeps gunicorn's master small.
        with unused_imports.without(unused_imports.SOCKETS):
            import flask_socketio  # noqa: F401
        from ampera import audit, create_app, migrate, tasks
        from ampera.monitoring import figures, health, metrics
        from ampera.serving.time_limits import Bounded

        for place in (self.settings.instance / "any", self.settings.database_file or self.settings.instance):
            if trouble := private_files.closed_to_us(place):
                _give_up(trouble)
        app = create_app(self.settings)
        database = app.extensions["ampera.db"]
        self._lock(database)
        try:
            if not self.settings.is_production:
                migrate.ensure(database)
        except migrate.CannotUpgrade as error:
            _give_up(str(error))
        if reason := health.why_not_ready(app) or health.why_not_start(app):
            _give_up(reason)
        with app.app_context():
            audit.open_history(audit.command())
        _check_postgres(self.settings)
        gevent.spawn(metrics.watch_loop)
        gevent.spawn(figures.watch, app)
        gevent.spawn(tasks.run_forever, app)
        self.loops = [gevent.spawn(loop) for loop in tasks.loops(app)]
        _prefer_the_loop()
        logs.log.info("serving", bind=self.settings.bind, tls=self.settings.tls != "off", process=os.getpid())
        self._announce(database)
        self.database = database
        return Bounded(app)

    def _announce(self, database: Any) -> None:
        """Print the address once, however many workers there are."""
        if self._is_announced[0]:
            return
        self._is_announced[0] = 1
        print(f"Serving on {self.settings.site()}", flush=True)
        if _has_no_office(database):
            print("There is no office yet. Make one: ampera init --office CODE --name NAME", flush=True)

    def _end(self) -> None:
        """Let messages that are being sent arrive, then close the database, which empties its journal."""
        if self.database is None:
            return
        gevent.joinall(self.loops, timeout=FINISH_SECONDS)
        self.database.dispose()
        logs.log.info("stopped", bind=self.settings.bind, process=os.getpid())

    def _lock(self, database: Any) -> None:
        """Keep restores out as long as this process serves."""
        from ampera.installation.server_lock import RENEW_SECONDS, InUse, ServerLock

        lock = ServerLock(database)
        try:
            lock.take()
        except InUse:
            _give_up("A restore works with this database. Start again when it has ended.")

        def keep() -> None:
            while True:
                gevent.sleep(RENEW_SECONDS)
                lock.renew()

        gevent.spawn(keep)


def _has_no_office(database: Any) -> bool:
    with database.reader.connect() as conn:
        return conn.exec_driver_sql("SELECT 1 FROM offices LIMIT 1").first() is None


def _give_up(reason: str) -> None:
    print(f"Cannot start: {reason}", file=sys.stderr, flush=True)
    sys.exit(Arbiter.APP_LOAD_ERROR)


def _prefer_the_loop() -> None:
    """Let the loop wait 0.5 ms for the interpreter, not Python's 5 ms, when threads do long work (imports, exports).

    The garbage collector, which stops every request, works again from here on. It skips all objects of the start:
    fewer than 2,000 of them are garbage, and finding those would cost a tenth of the start.
    """
    sys.setswitchinterval(TURN_SECONDS)
    gc.freeze()
    gc.enable()


def _logging(level: str, **more: object) -> Any:
    def write(_log: object, template: str, *args: object, **_kwargs: object) -> None:
        getattr(logs.log, level)("gunicorn", said=_filled(template.partition(" from ip=")[0], args), **more)

    return write


def _filled(template: str, args: tuple[object, ...]) -> str:
    """The message with its numbers. Other arguments quote addresses and paths and become an ellipsis."""
    places = template.count("%s")
    shown = tuple(arg if isinstance(arg, int) or template in HARMLESS else "…" for arg in args[:places])
    return template % shown if len(shown) == places else template


class ServerLog(Logger):
    """gunicorn's messages in the project's log, without their arguments that quote addresses and paths."""

    def setup(self, cfg: object) -> None:
        self.cfg = cfg
        self._access_log_enabled = False

    critical = _logging("critical")
    error = _logging("error")
    warning = _logging("warning")
    exception = _logging("error", exc_info=True)
    # Starts and stops of its processes: the project logs the ones that matter.
    info = debug = log = lambda *_args, **_kwargs: None


def _options(settings: Settings) -> dict[str, Any]:
    certificate = tls.files(settings)
    return {
        "bind": settings.bind,
        "workers": settings.workers,
        # With Redis several processes may share the port, each with a socket of its own: a socket that they shared
        # would give most connections to one of them.
        "reuse_port": bool(settings.redis_url),
        "worker_class": Worker,
        "worker_connections": MAX_CONNECTIONS,
        "keepalive": KEEPALIVE_SECONDS,
        "graceful_timeout": GRACEFUL_SECONDS,
        "forwarded_allow_ips": "",  # AMPERA_PROXIES alone decides which proxies are trusted
        "control_socket_disable": True,  # it would be opened in the home folder
        "logger_class": ServerLog,
        "proc_name": "ampera",
        **({"certfile": certificate[0], "keyfile": certificate[1], "ssl_context": _ssl_context} if certificate else {}),
    }


def _ssl_context(_config: object, default: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
    context = default()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(CIPHERS)
    context.wrap_socket = partial(context.wrap_socket, do_handshake_on_connect=False)  # type: ignore[method-assign]
    return context


def _without_server_header(
    default_headers: Callable[[object], list[str]],
) -> Callable[[object], list[str]]:
    return lambda response: [line for line in default_headers(response) if not line.startswith("Server:")]


def _raise_file_limit() -> None:
    """Each screen and tablet is an open file; the usual soft limit of 1024 is for programs with select()."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _check_postgres(settings: Settings) -> None:
    if settings.database_url.startswith("postgresql"):
        from psycopg import waiting

        if getattr(waiting.wait, "__name__", "") == "wait_c":
            raise RuntimeError("psycopg was imported before gevent's patch: its waiting would block everybody.")


def _log_greenlet_failure(_hub: Hub, _context: object, kind: object, value: object, _traceback: object) -> None:
    if isinstance(value, LEFT_EARLY):
        return
    logs.log.error("greenlet failed", exc_info=value if isinstance(value, BaseException) else kind)
