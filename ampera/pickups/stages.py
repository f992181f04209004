"""What the applicant's page says at a glance. It never tells why a book needs the inside counter."""

from collections.abc import Sequence

READY = "ready"
OVERDUE = "overdue"
COLLECTED = "collected"
INSIDE = "inside"
REVOKED = "revoked"
# Where the page still offers the QR: an officer can do something with it.
WITH_QR = (READY, OVERDUE)


def stage(code_state: str, is_locked: bool, statuses: Sequence[str]) -> str:
    """One stage from the code's state and each book's status: ready, overdue, held, collected or cancelled."""
    if code_state == "revoked":
        return REVOKED
    left = {status for status in statuses if status != "collected"}
    if statuses and not left:
        return COLLECTED
    if is_locked or code_state != "current":
        return INSIDE
    return next((one for one in (READY, OVERDUE) if one in left), INSIDE)


def status(state: str, is_overdue: bool) -> str:
    """One book's status: its state, or overdue when it is ready but late."""
    return OVERDUE if state == READY and is_overdue else state


def first_name(holder_name: str) -> str:
    """The only part of a name on a page that a link alone opens, and on a slip that may be lost."""
    return next(iter(holder_name.split()), "")[:24]
