"""Values that nobody sends by mistake: in bodies, addresses, queries and forms.

On PostgreSQL only those are sent that a database itself may refuse: whatever is refused before it comes so far is
refused on every database alike.
"""

import uuid

from ampera import db

NASTY_TEXTS = [
    "\x00",
    "a\x00b",
    "\ud800",
    "\udfff x",
    "\ufeff",
    "‮",
    "x" * 100_000,
    "'; DROP TABLE staff; --",
    "{{7*7}}",
]
NASTY_VALUES = [None, True, [], {}, [[]], -1, 0, 2**31, 2**63, -(2**63) - 1, 10**400, 1.5, 1e308, float("nan"), ""]
NASTY_IDS = ["0", "-1", str(2**31), str(2**63), str(10**30), "9" * 5000, "1.5", "%00", "x", "٣", "1%2F2", "..%2F1"]
NASTY_LINKS = [uuid.uuid4().hex, "%00", "%ff%fe", "x" * 3000, "..%2f..%2fetc", "٣", "'", "%F0%9F%9B%82"]
NASTY_FIELDS = (
    "\x00", "x" * 20_000, "-1", str(2**63), "9" * 5000, "1e9", "٣", "2026-02-30", "9999-12-31", "0001-01-01",
    "24:00-25:00", "http://[", "//evil.example", "/\t/evil.example", "<script>", "%", "nan",
)  # fmt: skip
FOR_DATABASES = ["\x00", "a\x00b", "\ud800", "\udfff x", "x" * 100_000, 2**31, 2**63, -(2**63) - 1, 1e308]
IDS_FOR_DATABASES = ["-1", str(2**31), str(2**63), str(10**30), "9" * 5000, "%00", "٣", "%ff%fe", "x" * 3000]
FIELDS_FOR_DATABASES = ("\x00", "x" * 20_000, str(2**63), "9" * 5000, "9999-12-31", "0001-01-01", "nan")


def ids_and_links() -> list[str]:
    return [*NASTY_IDS, *NASTY_LINKS] if db.current().is_sqlite else IDS_FOR_DATABASES


def fields() -> tuple[str, ...]:
    return NASTY_FIELDS if db.current().is_sqlite else FIELDS_FOR_DATABASES
