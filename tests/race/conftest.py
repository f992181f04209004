"""Races inside one process go through the whole app; every thread has its own database connection."""

import pytest

from ampera.web.limits import limiter
from tests.race import crowd
from tests.race.races import RACES, Clients


@pytest.fixture
def clients(app, monkeypatch):
    """The crowd. Limits of traffic are off: they are not what protects."""
    monkeypatch.setattr(limiter, "enabled", False)
    return Clients(app)


@pytest.fixture
def race(request, monkeypatch):
    """The race of this name, with its window held open."""
    found = RACES[request.param]
    module, name = found.left_open
    monkeypatch.setattr(module, name, crowd.slowly(getattr(module, name)))
    return found
