"""What every test starts from: a real database file, the real app, and people who sign in with verbs.

Servers, database clusters and browsers are in tests/worlds.py.
"""

import copy
import itertools
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from flask import Flask, appcontext_pushed
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from sqlalchemy import Engine, event, make_url

from ampera import clock, create_app, db, migrate
from ampera.realtime import socketio
from ampera.settings import Settings, load
from ampera.sql import engines, sealed
from ampera.web.limits import limiter
from tests import builders, services
from tests.apps import new_app

# How fast a busy machine draws examples is no property of the product; nor is which ones are drawn this time.
hypothesis_settings.register_profile(
    "suite", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("suite")
on_both = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)


def on_one(database: str) -> pytest.MarkDecorator:
    """On this database in the suite, on the other one in `scripts/prove` only."""
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[database]
    values = [database, pytest.param(other, marks=pytest.mark.proof)]
    return pytest.mark.parametrize("database", values, indirect=True)


# How many drawn inputs a test tries: a witness in the suite, all of them in `scripts/prove nonsense`.
drawn = pytest.mark.parametrize("tries", [100, pytest.param(1000, marks=pytest.mark.proof)])

pytest_plugins = ["tests.worlds", "tests.budget", "tests.schedule"]
SECRETS = {"AMPERA_SECRET_KEY": "for-tests-only-" + "x1y2z3" * 6, "AMPERA_CODE_KEYS": "t1:" + "0f1e2d3c" * 8}
# The same for a server beside `app`, which then reads what `app` wrote.
SERVER_SECRETS = {name.removeprefix("AMPERA_"): value for name, value in SECRETS.items()}
# A test with one of these fixtures needs more than this process.
REAL = {"browser", "playwright", "cluster", "own_cluster", "server", "new_server", "redis_url", "new_redis"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--quick", action="store_true", help="only tests without a browser, server or PostgreSQL")
    parser.addoption("--proofs", action="store_true", help="long proofs too (scripts/prove chooses them by name)")
    parser.addoption("--rounds", type=int, default=2, help="rounds of each race; 200 for the proof")
    parser.addoption("--kills", type=int, default=1, help="how often the server is killed; 20 for the proof")
    parser.addoption("--updates", type=int, default=150, help="states that a screen is shown; 10000 for the proof")
    parser.addoption("--payloads", type=int, default=60, help="texts that a scanner sends; 1000000 for the proof")
    parser.addoption("--examples", type=int, default=3, help="requests an operation that are made; 50 for the proof")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "proof: long; deselected unless --proofs is given (scripts/prove)")
    config.addinivalue_line("markers", "true_time: the app's clock is the true one, as that of a server beside it")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Nothing is skipped: what does not belong to this run is deselected."""
    kept, others = [], []
    for item in items:
        is_wanted = config.getoption("proofs") or not item.get_closest_marker("proof")
        is_wanted = is_wanted and not (config.getoption("quick") and _is_real(item))
        (kept if is_wanted else others).append(item)
    if others:
        config.hook.pytest_deselected(items=others)
        items[:] = kept


def _is_real(item: Any) -> bool:
    callspec = getattr(item, "callspec", None)
    on_postgresql = callspec is not None and callspec.params.get("database") == "postgresql"
    return on_postgresql or not REAL.isdisjoint(item.fixturenames)


def settings_for(folder: Path, **more: str) -> Settings:
    """Settings of a throw-away installation in `folder`."""
    return load(
        {**SECRETS, "AMPERA_INSTANCE": str(folder), **{f"AMPERA_{name}": value for name, value in more.items()}}
    )


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A migrated SQLite file without rows."""
    folder = tmp_path_factory.mktemp("empty")
    app = create_app(settings_for(folder))
    migrate.upgrade(app.extensions["ampera.db"])
    app.extensions["ampera.db"].dispose()
    return (folder / "ampera.db").read_bytes()


@pytest.fixture(scope="session")
def office_database(empty_database: bytes, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The same with the office 'PLG' in it; every test gets a copy."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "ampera.db").write_bytes(empty_database)
    _with_office(settings_for(folder))
    return (folder / "ampera.db").read_bytes()


@pytest.fixture(scope="session")
def template(cluster: services.Postgres, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A migrated PostgreSQL database with the office 'PLG'; every test gets a copy."""
    url = cluster.new_database()
    _with_office(settings_for(tmp_path_factory.mktemp("template"), DATABASE_URL=url))
    return url


def _with_office(settings: Settings) -> None:
    app = create_app(settings)
    migrate.upgrade(app.extensions["ampera.db"])
    with app.app_context():
        builders.office()
    app.extensions["ampera.db"].dispose()


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """AMPERA_DATABASE_URL of a fresh database with the office 'PLG': SQLite in `tmp_path` (""), with `@on_both` also
    PostgreSQL.
    """
    if getattr(request, "param", "sqlite") == "postgresql":
        template = request.getfixturevalue("template")
        return request.getfixturevalue("cluster").new_database(template)
    (tmp_path / "ampera.db").write_bytes(request.getfixturevalue("office_database"))
    return ""


@pytest.fixture(scope="session")
def until_morning() -> timedelta:
    """How far it is to the next nine o'clock: at midnight every count starts again, in the middle of some test."""
    now = clock.local(clock.now())
    return (now.replace(hour=9, minute=0, second=0, microsecond=0) - now) % timedelta(days=1)


@pytest.fixture
def morning(request: pytest.FixtureRequest, until_morning: timedelta) -> Iterator[None]:
    """The app's clock runs from nine o'clock on. Beside a real server, which knows only the true time, it does not."""
    is_true_time = request.node.get_closest_marker("true_time")
    with clock.shift(timedelta(0) if is_true_time else until_morning):
        yield


class Kept(NamedTuple):
    """The newest app with its socket server and its databases."""

    app: Flask
    sockets: Any
    file: "OneFileAfterAnother"
    postgres: "OneDatabaseAfterAnother"


@pytest.fixture(scope="session")
def kept() -> list[Kept]:
    """What the next test gets while it is as good as new: to build it takes longer than most tests."""
    return []


class OneFileAfterAnother(db.Database):
    """SQLite whose file changes from test to test. The engines stay, with every statement that they have compiled.

    What the product remembers of a database, it remembers of the object: each test gets another one.
    """

    def __init__(self, link: Path) -> None:
        super().__init__(f"sqlite:///{link}")
        self.link = link

    def open(self, file: Path) -> db.Database:
        self.link.unlink(missing_ok=True)
        self.link.symlink_to(file)
        _ = self.reader, self.writer, self.long_reader  # made once, for all copies
        return copy.copy(self)


class OneDatabaseAfterAnother(db.Database):
    """PostgreSQL whose database changes from test to test. The engines stay as those of SQLite do."""

    name = ""

    def open(self, url: str) -> db.Database:
        self.name, is_first = make_url(url).database, not self.name
        self.url = make_url(url)
        if is_first:
            for engine in (self.writer, self._long):
                event.listen(engine, "do_connect", self._connect_here)
            _ = self.reader, self.long_reader
        return copy.copy(self)

    def _connect_here(self, _dialect: Any, _record: Any, _arguments: Any, parameters: dict[str, Any]) -> None:
        parameters["dbname"] = self.name


prepare_as_in_production = engines.prepare_sqlite


def _without_disk(dbapi: sqlite3.Connection, record: object) -> None:
    """Tests cut no power, and a killed process loses nothing that it has written: do not wait for the disk."""
    prepare_as_in_production(dbapi, record)
    dbapi.execute("PRAGMA synchronous=OFF")


engines.prepare_sqlite = _without_disk


@appcontext_pushed.connect
def _use_own_keys(app: Flask, **_more: object) -> None:
    """A process of the product has one app, and therefore one set of keys for encrypted values. Here it has many."""
    settings = app.extensions.get("ampera.settings")
    if settings:
        sealed.use(settings.sealing_keys, settings.secret_key)


@pytest.fixture
def app(
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    database: str,
    morning: None,
    kept: list[Kept],
) -> Iterator[Flask]:
    """The app on its own database, with the office 'PLG' and one account per role (see builders).

    A test that leaves a trace in its config has used it up.
    """
    settings = settings_for(tmp_path, DATABASE_URL=database)
    ours = kept.pop() if kept else None
    if ours is None or socketio.server is not ours.sockets:  # a later app has taken over what all apps share
        ours = _new(settings, tmp_path_factory)
    app = ours.app
    as_built = dict(app.config), dict(app.extensions)
    opened = ours.postgres.open(database) if database else ours.file.open(tmp_path / "ampera.db")
    app.extensions |= {"ampera.settings": settings, "ampera.db": opened}
    limiter.reset()
    with app.app_context():
        yield app
    opened.dispose()
    ours.postgres.dispose()  # no connection to this test's database is left for the next test
    held = (*vars(ours.file).values(), *vars(ours.postgres).values())
    shared = [engine for engine in held if isinstance(engine, Engine)]
    assert not any(engine.dispatch.before_cursor_execute for engine in shared), "this test still listens to statements"
    pump = app.extensions["ampera.pump"]
    if app.config == as_built[0] and not pump.is_running:
        pump.__init__(app)
        app.extensions = as_built[1]
        kept.append(ours)


def _new(settings: Settings, factory: pytest.TempPathFactory) -> Kept:
    app = new_app(settings, factory)
    app.testing = True
    file = OneFileAfterAnother(factory.mktemp("kept") / "ampera.db")
    return Kept(app, socketio.server, file, OneDatabaseAfterAnother("postgresql+psycopg://"))


@pytest.fixture
def share(request: pytest.FixtureRequest) -> int:
    """Of how many nonsense values one is sent to a place."""
    return 1 if request.config.getoption("proofs") else 5


@pytest.fixture
def some(share: int) -> Callable[[Sequence[Any]], Sequence[Any]]:
    """`some(values)`: every fifth of them, beginning at another one each time. With --proofs all of them."""
    starts = itertools.cycle(range(share))
    return lambda values: values[next(starts) :: share]


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Somebody without a session."""
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask) -> Callable[..., FlaskClient]:
    """`sign_in("desk")` gives a browser with a session of that role; `sign_in("desk", office="JKT")` elsewhere."""

    def sign_in(role: str, office: str = "PLG") -> FlaskClient:
        return builders.signed_in(app, role, office)

    return sign_in


@pytest.fixture
def api(app: Flask) -> Callable[..., Any]:
    """`api("officer").post("/api/v1/scans", json={…})`: a client whose requests carry a key of that role."""

    def api(role: str, office: str = "PLG") -> Any:
        return builders.with_key(app, role, office)

    return api
