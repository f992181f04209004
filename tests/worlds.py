"""The worlds of the tests: servers, database clusters, browsers, the demo office. Declared here only.

Each is made once for every process of a run, when the first test asks for it, and put back before the next test. A test
that stops its server takes the world made for that; one that configures its server asks for a new one.
"""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from subprocess import PIPE, Popen
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from redis import Redis

from tests import services
from tests.browser.applicant_steps import wait_until_kept
from tests.browser.board_steps import WIDE, Place
from tests.browser.demo_office import DemoOffice, serve_demo_office
from tests.browser.steps import PHONE
from tests.browser.tablet import Tablet
from tests.chromium import MAY_SOUND, launch
from tests.directories import Directory, Forger
from tests.network.open_pages import OpenPages
from tests.serving.proxies import proxied_server


@pytest.fixture(scope="session")
def cluster() -> Iterator[services.Postgres]:
    """PostgreSQL, started once for all tests that need it."""
    with services.postgres() as running:
        yield running


@pytest.fixture
def own_cluster() -> Iterator[services.Postgres]:
    """A durable PostgreSQL for a test that stops it."""
    with services.postgres(is_durable=True) as running:
        yield running


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[services.LiveServer]:
    """A server without an office, for tests that leave it running."""
    with services.LiveServer(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture
def new_server(tmp_path: Path) -> Iterator[Callable[..., services.LiveServer]]:
    """`new_server(**settings)` is a server for this test alone, in `tmp_path`; the test starts it and may kill it."""
    with ExitStack() as stack:

        def build(folder: Path = tmp_path, **settings: str) -> services.LiveServer:
            server = services.LiveServer(folder, **settings)
            stack.callback(server.close)
            return server

        yield build


@pytest.fixture(scope="session")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A server behind nginx and Caddy: the name of a proxy -> its address."""
    with proxied_server(tmp_path_factory.mktemp("proxies")) as addresses:
        yield addresses


@pytest.fixture(scope="session")
def first_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Redis, started once for all tests that need it."""
    with services.redis(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture
def redis_url(first_redis: str) -> str:
    """The URL of an empty Redis."""
    with Redis.from_url(first_redis) as redis:
        redis.flushall()
    return first_redis


@pytest.fixture
def new_redis(tmp_path: Path) -> Iterator[Callable[[], str]]:
    """`new_redis()` starts a Redis for this test alone; `.stop()` stops it, `new_redis(port)` brings it back."""
    with ExitStack() as stack:

        def build(port: int = 0) -> str:
            return stack.enter_context(services.redis(tmp_path, port))

        build.stop = stack.close
        yield build


@pytest.fixture(scope="session")
def first_directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A directory with OpenID Connect, started once for all tests that need it; its issuer."""
    with services.directory(tmp_path_factory.mktemp("directory")) as issuer:
        yield issuer


@pytest.fixture
def directory(first_directory: str) -> Iterator[Directory]:
    """The directory, with nobody of an earlier test in it."""
    with Directory(first_directory) as fresh:
        yield fresh


@pytest.fixture(scope="session")
def first_forger() -> Iterator[Forger]:
    with Forger() as forger:
        yield forger


@pytest.fixture
def forger(first_forger: Forger) -> Forger:
    """A directory that lies as a test wants it, honest at first."""
    first_forger.reset()
    return first_forger


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Started once: a process cannot run two."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium, whose pages may sound without a gesture."""
    running = launch(playwright, None, MAY_SOUND)
    yield running
    running.close()


@pytest.fixture(scope="session")
def first_office(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[DemoOffice]:
    with serve_demo_office(tmp_path_factory.mktemp("office"), browser) as demo_office:
        yield demo_office


@pytest.fixture
def demo_office(first_office: DemoOffice) -> Iterator[DemoOffice]:
    """The demo office as it was at first. A test that stops or freezes its server takes the `stoppable_office`."""
    with first_office.server.app.app_context():
        first_office.empty()
        yield first_office


@pytest.fixture(scope="session")
def second_office(tmp_path_factory: pytest.TempPathFactory, first_office: DemoOffice) -> Iterator[DemoOffice]:
    with serve_demo_office(tmp_path_factory.mktemp("office"), first_office.browser, first_office) as demo_office:
        yield demo_office


@pytest.fixture
def stoppable_office(second_office: DemoOffice) -> Iterator[DemoOffice]:
    """A demo office whose server may be stopped, killed or frozen: for the next test it runs again."""
    if not second_office.server.is_running:
        second_office.server.start()
    with second_office.server.app.app_context():
        second_office.empty()
        yield second_office


@pytest.fixture
def own_office(
    first_office: DemoOffice, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., DemoOffice]]:
    """`own_office(**settings)` is a demo office for this test alone, on a server with these settings."""
    with ExitStack() as stack:

        def build(**settings: str) -> DemoOffice:
            folder = tmp_path_factory.mktemp("office")
            demo_office = stack.enter_context(serve_demo_office(folder, first_office.browser, first_office, **settings))
            stack.enter_context(demo_office.server.app.app_context())
            stack.callback(demo_office.contexts.close)
            stack.callback(demo_office.contexts.reset)
            return demo_office

        yield build


@pytest.fixture
def open_pages(tmp_path: Path) -> Iterator[Callable[..., OpenPages]]:
    """`open_pages(port, screens, phones)`: pages in a process of their own; `auth` of screens, links of phones."""
    with ExitStack() as stack:

        def build(port: int, screens: list[dict[str, Any]], phones: list[str]) -> OpenPages:
            file = tmp_path / "pages.json"
            file.write_text(json.dumps({"port": port, "screens": screens, "phones": phones}))
            command = [sys.executable, "-m", "tests.network.open_pages", str(file)]
            process = stack.enter_context(Popen(command, stdin=PIPE, stdout=PIPE, text=True))
            pages = OpenPages(process)
            stack.callback(pages.close)
            return pages

        yield build


@pytest.fixture
def camera_browser(playwright: Playwright) -> Iterator[Callable[..., Browser]]:
    """`camera_browser(film)` is a browser whose camera shows this film; keywords as for `launch`."""
    with ExitStack() as stack:

        def build(camera: Path | None = None, **more: int) -> Browser:
            browser = launch(playwright, camera, **more)
            stack.callback(browser.close)
            return browser

        yield build


@pytest.fixture
def place(demo_office: DemoOffice) -> Iterator[Place]:
    """The office with its screens; a call may follow the call before it at once."""
    with Place(demo_office) as place:
        yield place


@pytest.fixture
def screen(place: Place) -> Iterator[Page]:
    """A screen of the whole office; errors in its page fail the test."""
    page = place.open(place.link, place.demo_office.contexts[""])
    page.emulate_media(reduced_motion="no-preference")
    page.set_viewport_size(WIDE)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    assert errors == []


@pytest.fixture
def office(demo_office: DemoOffice) -> Iterator[SimpleNamespace]:
    """The office of applicants with phones: its server, its pickups, and `staff` who work over the API."""
    demo_office.set(recall_pause_seconds=0)
    with demo_office.client("supervisor") as staff:
        yield SimpleNamespace(
            server=demo_office.server,
            browser=demo_office.browser,
            staff=staff,
            pickups=iter(demo_office.demo.pickups),
            demo_office=demo_office,
        )


@pytest.fixture
def window(demo_office: DemoOffice) -> Iterator[Tablet]:
    """An officer's tablet at lane 1; an error in its page fails the test."""
    with closing(Tablet(demo_office)) as tablet:
        yield tablet


@pytest.fixture
def clocked_window(demo_office: DemoOffice) -> Iterator[Tablet]:
    """The same, and the clock of its page can be turned."""
    with closing(Tablet(demo_office, is_clocked=True)) as tablet:
        yield tablet


@pytest.fixture
def kept_phone(browser: Browser) -> Iterator[Callable[..., Page]]:
    """`kept_phone(pickup)`: the pickup's page on a phone of its own, kept. Its clock can be turned from a reload on."""
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()

    def open_page(pickup: dict) -> Page:
        page.goto(pickup["link"])
        wait_until_kept(page)
        page.clock.install()  # later: a page on it does not learn what it was drawn with
        return page

    yield open_page
    context.close()
