"""Counts committed scans and handovers for /metrics: verdicts and numbers, nothing personal."""

from ampera import events
from ampera.handovers.events import HandedOver
from ampera.monitoring import metrics
from ampera.visits.events import Scanned


@events.after(Scanned)
def count_scan(event: Scanned) -> None:
    metrics.SCANS.labels(event.verdict).inc()


@events.after(HandedOver)
def count_books(event: HandedOver) -> None:
    metrics.HANDOVERS.inc(len(event.passport_ids))
