"""The digest of a handover row. The audit chain contains it, so that a later change of the row is found.

A row names the version of its digest. Version 1 (rows of 1.1 and older) does not cover the record's own copies: the
migration that filled them in could not change what the chain already contains. They are sealed in one entry instead.
Version 3 covers how the pickup was found, too, and version 4 the tablet. No older row says either; one where it was
added has another digest.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ampera import clock

VERSION = 4
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
COPIED = (
    "holder_name",
    "application_no",
    "passport_no",
    "kind",
    "officer_name",
    "lane_number",
    "office_name",
)
WAY = ("found_by",)
TABLET = ("device_id",)
COVERED = COLUMNS + COPIED + WAY + TABLET
VOID_COLUMNS = ("voided_at", "voided_by_id", "voided_by_name", "void_reason", "void_shelf")


def digest(row: Mapping[str, Any]) -> str:
    """SHA-256 over the columns that must never change, as the row's version defines them."""
    version = row["digest_version"]
    added = [row[name] for name in (TABLET if version == 3 else WAY + TABLET) if row.get(name)]
    if version == 1:
        return _sha256([*(_plain(row[name]) for name in COLUMNS), *added])
    if version == 2:
        return _sha256(["ampera.handover.2", *(_plain(row[name]) for name in COLUMNS + COPIED), *added])
    if version == 3:
        return _sha256(["ampera.handover.3", *(_plain(row[name]) for name in COLUMNS + COPIED + WAY), *added])
    return _sha256(["ampera.handover.4", *(_plain(row[name]) for name in COVERED)])


def void_digest(row: Mapping[str, Any]) -> str:
    """SHA-256 over the record's number and everything that its void has written."""
    return _sha256(["ampera.void.1", row["id"], *(_plain(row[name]) for name in VOID_COLUMNS)])


def copies_digest(rows: Iterable[Mapping[str, Any]]) -> str:
    """SHA-256 over the copies of many rows of version 1, in the order of their ids."""
    total = hashlib.sha256(b"ampera.copies.1")
    for row in rows:
        total.update(_sha256([row["id"], *(row[name] for name in COPIED)]).encode())
    return total.hexdigest()


def void_names_digest(rows: Iterable[Mapping[str, Any]]) -> str:
    """SHA-256 over the copied names of those who voided these records, in the order of the ids."""
    return _sha256([[row["id"], row["voided_by_name"]] for row in rows])


def _plain(value: Any) -> Any:
    return clock.iso(value) if hasattr(value, "isoformat") else value


def _sha256(values: Sequence[Any]) -> str:
    return hashlib.sha256(json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
