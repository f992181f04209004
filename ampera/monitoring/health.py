"""/healthz: the process answers. /readyz: the process can write durably to a database of this version."""

import shutil
import time
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path

import structlog
from flask import Blueprint, Flask, Response, current_app, jsonify, request
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from ampera import db, migrate
from ampera.installation import private_files
from ampera.security import public
from ampera.settings import Settings
from ampera.sql.sealed_columns import missing_keys

ROOM_BYTES = 16_000_000  # about two thousand handovers with their signatures
KEEP_SECONDS = 1.0  # at most one write in this time, however often a monitor asks
# Each writes and changes nothing: a page header of SQLite, a transaction number of PostgreSQL.
TOUCH = {True: "PRAGMA user_version = 0", False: "SELECT pg_current_xact_id()"}
CANNOT_WRITE = "The database does not answer or cannot be written. Its data is not lost; 'ampera doctor' looks closer."
DATA_KEYS_ADVICE = "Set the old key behind the new one. If it is gone for good: ampera keys rotate data --lost"
ELSEWHERE = "The reason is shown on the server itself: curl 127.0.0.1 with its port and /readyz."

log = structlog.get_logger()
pages = Blueprint("health", __name__)
_start_checks: list[Callable[[Session, Settings], str]] = []


def at_start(check: Callable[[Session, Settings], str]) -> Callable[[Session, Settings], str]:
    """Decorator of a slice's check: why a production server must not start with this database, or an empty text."""
    _start_checks.append(check)
    return check


@at_start
def _refuse_missing_data_keys(session: Session, _settings: Settings) -> str:
    """Without them every page of such a book would fail."""
    if not (lost := missing_keys(session)):
        return ""
    return f"AMPERA_DATA_KEYS lacks {', '.join(lost)}, which encrypted values of this database. {DATA_KEYS_ADVICE}"


def init_app(app: Flask) -> None:
    app.extensions["ampera.readiness"] = (0.0, "")
    app.register_blueprint(pages)


@pages.get("/healthz")
@public
def alive() -> Response:
    return jsonify(status="ok")


@pages.get("/readyz")
@public
def ready() -> tuple[Response, int]:
    """200 when ready, 503 when not. The reason, which may name a path, is for this machine only."""
    asked_at, reason = current_app.extensions["ampera.readiness"]
    if time.monotonic() - asked_at > KEEP_SECONDS:
        reason = why_not_ready(current_app)
        current_app.extensions["ampera.readiness"] = (time.monotonic(), reason)
    if not reason:
        return jsonify(status="ready"), 200
    return jsonify(status="not ready", reason=reason if is_local() else ELSEWHERE), 503


def is_local() -> bool:
    """Whether the request comes from this machine, and not through a reverse proxy on it."""
    is_forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return not is_forwarded and ip_address(request.remote_addr or "::").is_loopback


def why_not_ready(app: Flask) -> str:
    """The problem as a sentence for the operator; empty without one."""
    file = database_file(app)
    if file is not None and (trouble := private_files.closed_to_us(file)):
        return trouble
    if file is not None and not file.exists():
        return f"There is no database at {file}. Make one: ampera init --office CODE --name NAME"
    with app.app_context():
        try:
            with db.reading() as session:
                if (shape := migrate.shape(session.connection())) is not migrate.Shape.CURRENT:
                    return shape.value
            database = db.current()
            database.write(lambda unit: unit.conn.exec_driver_sql(TOUCH[database.is_sqlite]).close())
        except SQLAlchemyError as error:
            log.warning("database not writable", exc_info=error)
            return CANNOT_WRITE
    return "" if _has_room(app) else "The disk is full: nothing can be written. Make room."


def why_not_start(app: Flask) -> str:
    """The first objection of a slice to a start; empty without one, and outside production."""
    settings: Settings = app.extensions["ampera.settings"]
    if not settings.is_production:
        return ""
    with app.app_context(), db.reading() as session:
        return next(filter(None, (check(session, settings) for check in _start_checks)), "")


def database_file(app: Flask) -> Path | None:
    settings: Settings = app.extensions["ampera.settings"]
    return settings.database_file


def _has_room(app: Flask) -> bool:
    """One page may still fit into the journal when a scan does not."""
    file = database_file(app)
    folders = {app.extensions["ampera.settings"].instance, *([file.parent] if file else ())}
    return all(shutil.disk_usage(folder).free >= ROOM_BYTES for folder in folders if folder.exists())
