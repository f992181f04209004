"""Several processes on PostgreSQL and Redis, with an app of this process on the same database."""

from collections.abc import Callable, Iterator

import pytest

from tests import services
from tests.conftest import SERVER_SECRETS


@pytest.fixture
def several(app, new_server, database, redis_url) -> Iterator[Callable[[int], services.LiveServer]]:
    """`several(3)` serves with three processes, all of which have begun."""

    def build(count: int, **settings: str) -> services.LiveServer:
        server = new_server(**{"DATABASE_URL": database, "REDIS_URL": redis_url, **SERVER_SECRETS, **settings})
        server.start("--workers", str(count))
        serve(server, count)
        return server

    yield build


def serve(server: services.LiveServer, starts: int) -> None:
    """Wait until so many processes have begun to serve since the log began."""
    services.wait_until(lambda: server.log.count('"serving"') >= starts, "not all processes serve", 90)
