"""The digest of a handover row. The audit chain contains it, so that a later change of the row is found."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from ampera import clock

COLUMNS = (
    "office_id",
    "number",
    "key",
    "passport_id",
    "pickup_id",
    "visit_id",
    "lane_id",
    "officer_id",
    "at",
    "collector_class",
    "collector_name",
    "collector_document",
    "collector_last4",
    "shown",
    "identity_by",
    "book_by",
    "signature_sha256",
    "unsigned_reason",
)


def digest(row: Mapping[str, Any]) -> str:
    """SHA-256 over the columns that must never change."""
    values = [clock.iso(row[name]) if name == "at" else row[name] for name in COLUMNS]
    return hashlib.sha256(json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
