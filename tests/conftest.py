"""What every test starts from: a real database file, the real app, and people who sign in with verbs."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ampera import create_app, migrate
from ampera.settings import Settings, load
from tests import builders

SECRETS = {"AMPERA_SECRET_KEY": "for-tests-only-" + "x1y2z3" * 6, "AMPERA_CODE_KEYS": "t1:" + "0f1e2d3c" * 8}


def settings_for(folder: Path, **more: str) -> Settings:
    """Settings of a throw-away installation in `folder`."""
    return load({**SECRETS, "AMPERA_INSTANCE": str(folder), **{f"AMPERA_{name}": value for name, value in more.items()}})


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A migrated SQLite file without rows; every test gets a copy."""
    folder = tmp_path_factory.mktemp("empty")
    app = create_app(settings_for(folder))
    migrate.upgrade(app.extensions["ampera.db"])
    app.extensions["ampera.db"].dispose()
    return (folder / "ampera.db").read_bytes()


@pytest.fixture
def app(tmp_path: Path, empty_database: bytes) -> Iterator[Flask]:
    """The app on its own database, with the office 'PLG' and one account per role (see builders)."""
    (tmp_path / "ampera.db").write_bytes(empty_database)
    app = create_app(settings_for(tmp_path))
    app.testing = True
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with app.app_context():
        builders.office()
        yield app
    app.extensions["ampera.db"].dispose()


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
