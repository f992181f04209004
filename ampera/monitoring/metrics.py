"""/metrics for Prometheus: counts and times, nothing that names a person, and only for this machine or an API key."""

import time

from flask import Blueprint, Flask, Response, current_app, g, request
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram

from ampera import scopes
from ampera.errors import Problem, Refusal
from ampera.monitoring import figures
from ampera.monitoring.health import is_local
from ampera.security import current_actor, public

SAMPLE_SECONDS = 0.01
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)
DELAYS = (0.0005, 0.001, 0.002, 0.003, 0.004, 0.005, 0.0075, 0.01, 0.02, 0.05, 0.1, 0.25, 1)

REQUESTS = Counter("ampera_requests", "Requests answered", ["endpoint", "status"])
DURATION = Histogram("ampera_request_seconds", "Time to answer a request", ["endpoint"], buckets=SECONDS)
SCANS = Counter("ampera_scans", "Scans by verdict", ["verdict"])
HANDOVERS = Counter("ampera_handovers", "Books handed over")
DELIVERIES = Counter("ampera_deliveries", "Tries to reach people, and what came of them", ["channel", "outcome"])
NOTICES_WAITING = Gauge(
    "ampera_notices_waiting",
    "Notices and deliveries of all offices that are due and did not leave",
    multiprocess_mode="livemostrecent",
)
LOOP_DELAY = Histogram("ampera_loop_delay_seconds", "How late the event loop wakes up", buckets=DELAYS)

pages = Blueprint("metrics", __name__)


def init_app(app: Flask) -> None:
    """Call after `logs.init_app`, which starts the timer of a request."""
    app.register_blueprint(pages)
    app.after_request(_count)


def watch_loop() -> None:
    """Measure for ever how late the loop wakes this task (started by the server)."""
    while True:
        before = time.perf_counter()
        time.sleep(SAMPLE_SECONDS)
        LOOP_DELAY.observe(max(0.0, time.perf_counter() - before - SAMPLE_SECONDS))


@pages.get("/metrics")
@public
def show() -> Response:
    """The figures of the server, of all its processes, for this machine; other machines need an API key."""
    actor = current_actor()
    if not (is_local() or (actor and actor.kind == "key" and scopes.allow(actor.scopes, scopes.METRICS))):
        raise Problem(Refusal.FORBIDDEN, 403)
    return Response(figures.written(current_app._get_current_object()), content_type=CONTENT_TYPE_LATEST)  # type: ignore[attr-defined]


def _count(response: Response) -> Response:
    endpoint = request.endpoint or "none"
    REQUESTS.labels(endpoint, response.status_code).inc()
    DURATION.labels(endpoint).observe(time.perf_counter() - g.began)
    return response
