"""Logs: one JSON line an event on standard error. Nothing personal: a request is its route's template, never its path,
query, body or address, and the number of its account; a failure is its type and its frames, never its text, which may
quote a name or a number.
"""

import logging
import re
import secrets
import sys
import threading
import time
from pathlib import Path
from types import TracebackType

import structlog
from flask import Flask, Response, current_app, g, request
from structlog.typing import EventDict

from ampera import clock
from ampera.monitoring.repeats import STRANGER, Repeats
from ampera.settings import Settings
from ampera.web.known_clients import AUTHENTICATED

REQUEST_ID = "X-Request-Id"
PROXY_ID = re.compile(r"[A-Za-z0-9-]{8,64}")  # an id that a proxy may give to a request
QUIET = {"static", "health.alive", "health.ready", "metrics.show"}  # asked for all the time by machines
FRAMES = 12
repeats = Repeats()
PACKAGES = Path(__file__).resolve().parents[2]

log: structlog.stdlib.BoundLogger = structlog.get_logger()


def init_app(app: Flask) -> None:
    """Give every request an id and a log line. Call this before all other request hooks are registered."""
    configure()
    app.before_request(_begin)
    app.after_request(_end)


def configure() -> None:
    """Write the project's events and the warnings of libraries in the same form."""
    repeats.counts.clear()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            _time,
            _failure,
            repeats,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: _Lines(),
        cache_logger_on_first_use=True,
    )
    root = logging.getLogger()
    if not any(isinstance(handler, _Libraries) for handler in root.handlers):
        root.addHandler(_Libraries(logging.WARNING))


def take_over_failures() -> None:
    """Failures that nobody catches are lines too. Python's own report has the text of the exception, which may quote
    anything, and breaks every parser.
    """
    sys.excepthook = lambda _kind, error, _traceback: log.critical("process failed", exc_info=error)
    threading.excepthook = lambda failed: log.error("thread failed", exc_info=failed.exc_value)
    sys.unraisablehook = lambda failed: log.error("failure while ending", exc_info=failed.exc_value)


class _Lines:
    """Writes to the present standard error."""

    def msg(self, line: str) -> None:
        sys.stderr.write(line + "\n")
        sys.stderr.flush()

    debug = info = warning = error = critical = msg


class _Libraries(logging.Handler):
    """Warnings of libraries. A text may quote anything (a path, a row), so the line has the place in the code only."""

    def emit(self, record: logging.LogRecord) -> None:
        place = f"{record.module}.{record.funcName}:{record.lineno}"
        failure = record.exc_info[1] if record.exc_info else None
        log.log(record.levelno, "library warning", logger=record.name, place=place, exc_info=failure)


def _time(_logger: object, _name: str, line: EventDict) -> EventDict:
    return {"at": clock.iso(clock.now()), **line}


def _failure(_logger: object, _name: str, line: EventDict) -> EventDict:
    """`exc_info` as the chain of types, causes last, and the innermost frames."""
    error = line.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        line["failure"] = [type(link).__name__ for link in _chain(error)]
        line["frames"] = _frames(error.__traceback__)
    return line


def _chain(error: BaseException) -> list[BaseException]:
    chain = [error]
    while cause := (chain[-1].__cause__ or chain[-1].__context__):
        if cause in chain:
            break
        chain.append(cause)
    return chain


def _frames(traceback: TracebackType | None) -> list[str]:
    frames = []
    while traceback:
        code = traceback.tb_frame.f_code
        file = Path(code.co_filename)
        name = file.relative_to(PACKAGES) if file.is_relative_to(PACKAGES) else file.name
        frames.append(f"{name}:{traceback.tb_lineno} {code.co_name}")
        traceback = traceback.tb_next
    return frames[-FRAMES:]


def _begin() -> None:
    g.request_id = _id_of_proxy() or secrets.token_hex(8)
    g.began = time.perf_counter()
    structlog.contextvars.bind_contextvars(request=g.request_id)


def _id_of_proxy() -> str:
    """The id that the nearest proxy has given to the request; empty without one, or when the id is odd."""
    settings: Settings = current_app.extensions["ampera.settings"]
    given = request.headers.get(REQUEST_ID, "") if settings.proxies else ""
    return given if PROXY_ID.fullmatch(given) else ""


def _end(response: Response) -> Response:
    response.headers[REQUEST_ID] = g.request_id
    write = log.debug if request.endpoint in QUIET else log.info
    write(
        "request",
        method=request.method,
        route=request.url_rule.rule if request.url_rule else None,
        status=response.status_code,
        **({"by": f"{who.kind}:{who.staff_id or who.device_id}"} if (who := g.get("actor")) else {}),
        **{STRANGER: AUTHENTICATED not in request.environ},
        ms=round((time.perf_counter() - g.began) * 1000, 1),
        **({"code": g.error_code} if "error_code" in g else {}),
    )
    structlog.contextvars.unbind_contextvars("request")
    return response
