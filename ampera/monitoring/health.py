"""/healthz: the process answers. /readyz: the process can write durably to a database of this version."""

import time

import structlog
from flask import Blueprint, Flask, Response, current_app, jsonify
from sqlalchemy.exc import SQLAlchemyError

from ampera import db, migrate
from ampera.security import public

KEEP_SECONDS = 1.0  # at most one write in this time, however often a monitor asks
# Each writes and changes nothing: a page header of SQLite, a transaction number of PostgreSQL.
TOUCH = {True: "PRAGMA user_version = 0", False: "SELECT pg_current_xact_id()"}

log = structlog.get_logger()
pages = Blueprint("health", __name__)


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
    """200 when ready, 503 with the reason when not."""
    asked_at, reason = current_app.extensions["ampera.readiness"]
    if time.monotonic() - asked_at > KEEP_SECONDS:
        reason = why_not_ready(current_app)
        current_app.extensions["ampera.readiness"] = (time.monotonic(), reason)
    return (jsonify(status="not ready", reason=reason), 503) if reason else (jsonify(status="ready"), 200)


def why_not_ready(app: Flask) -> str:
    """The problem as a sentence for the operator; empty without one."""
    with app.app_context():
        try:
            with db.reading() as session:
                if not migrate.is_current(session.connection()):
                    return "The database lacks migrations of this version: run 'ampera init'."
            database = db.current()
            database.write(lambda unit: unit.conn.exec_driver_sql(TOUCH[database.is_sqlite]).close())
        except SQLAlchemyError as error:
            log.warning("database not writable", exc_info=error)
            return "The database cannot be opened or written to. A new one is made by 'ampera init'."
    return ""
