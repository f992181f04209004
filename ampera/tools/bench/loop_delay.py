"""The delay of the server's event loop, from two readings of /metrics."""

import re

BUCKET = re.compile(r'^ampera_loop_delay_seconds_bucket\{le="([^"]+)"\} ([0-9.e+]+)', re.M)
Buckets = list[tuple[float, float]]


def buckets(metrics: str) -> Buckets:
    """Each bucket of the histogram: its upper edge in seconds, and the cumulative count."""
    return [(float(le), float(count)) for le, count in BUCKET.findall(metrics)]


def p99(before: Buckets, after: Buckets) -> float:
    """The upper edge, in seconds, of the bucket with the 99th percentile of the time between the readings."""
    grown = [(edge, count - old) for (edge, count), (_, old) in zip(after, before, strict=True)]
    total = grown[-1][1]
    return next(edge for edge, count in grown if count >= 0.99 * total)
