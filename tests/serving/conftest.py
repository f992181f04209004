"""One server for the tests of this folder that leave it running; those that stop it start their own."""

from collections.abc import Iterator

import pytest

from tests.services import LiveServer


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with LiveServer(tmp_path_factory.mktemp("server")) as running:
        yield running
