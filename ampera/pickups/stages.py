"""The stage that the applicant's page shows. The page says that a book is cancelled, never why a book
needs the inside counter.
"""

from collections.abc import Sequence

from ampera.pickups.name_labels import first_name as first_name

READY = "ready"
OVERDUE = "overdue"
COLLECTED = "collected"
INSIDE = "inside"
CANCELLED = "cancelled"
REVOKED = "revoked"
# The stages in which the page shows the QR.
WITH_QR = (READY, OVERDUE)


def stage(code_state: str, is_locked: bool, statuses: Sequence[str]) -> str:
    """One stage from the code's state and each book's status: ready, overdue, held, collected or cancelled.

    `is_locked`: only a supervisor may open the lock of what is left.
    """
    if code_state == "revoked":
        return REVOKED
    left = {status for status in statuses if status != "collected"}
    if statuses and not left:
        return COLLECTED
    if left == {CANCELLED}:
        return CANCELLED
    if is_locked or code_state != "current":
        return INSIDE
    return next((status for status in (READY, OVERDUE) if status in left), INSIDE)


def status(state: str, is_overdue: bool, is_locked: bool = False) -> str:
    """One book's status: its state, held when it is ready but locked, overdue when it is ready but late."""
    if state == READY and is_locked:
        return "held"
    return OVERDUE if state == READY and is_overdue else state
