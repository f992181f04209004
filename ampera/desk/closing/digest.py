"""The digest of a closed day. The audit chain contains it, so that a later change of the row is found."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from ampera import clock

ACTION = "day.closed"
COLUMNS = ("id", "office_id", "day", "closed_at", "closed_by_id", "closed_by_name", "figures")


def digest(row: Mapping[str, Any]) -> str:
    """SHA-256 over every column of the row."""
    values = {**row, "day": row["day"].isoformat(), "closed_at": clock.iso(row["closed_at"])}
    text = json.dumps(["ampera.closed_day.1", *(values[name] for name in COLUMNS)], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
