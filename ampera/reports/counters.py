"""Scans and handovers as counters of /metrics, counted once they are durable; verdicts only, nothing of anybody."""

from ampera import events
from ampera.handovers.events import HandedOver
from ampera.monitoring import metrics
from ampera.visits.events import Scanned


@events.after(Scanned)
def count_scan(happened: Scanned) -> None:
    metrics.SCANS.labels(happened.verdict).inc()


@events.after(HandedOver)
def count_books(happened: HandedOver) -> None:
    metrics.HANDOVERS.inc(len(happened.passport_ids))
