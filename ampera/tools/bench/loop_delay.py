"""How late the server's loop wakes up, from two readings of its /metrics."""

import re

BUCKET = re.compile(r'^ampera_loop_delay_seconds_bucket\{le="([^"]+)"\} ([0-9.e+]+)', re.M)
Buckets = list[tuple[float, float]]


def buckets(metrics: str) -> Buckets:
    """(upper edge in seconds, how many were not later) of every bucket of the histogram."""
    return [(float(le), float(count)) for le, count in BUCKET.findall(metrics)]


def p99(before: Buckets, after: Buckets) -> float:
    """The upper edge of the bucket that holds the 99th percentile of what was measured in between, in seconds."""
    grown = [(edge, count - old) for (edge, count), (_, old) in zip(after, before, strict=True)]
    total = grown[-1][1]
    return next(edge for edge, count in grown if count >= 0.99 * total)
