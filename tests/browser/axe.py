"""What axe finds in a scene, and which file of tests asks it about which scenes (by the beginning of their names)."""

from typing import Any

import pytest

from tests.browser.demo_office import DemoOffice
from tests.browser.scenes import SCENES
from tests.browser.steps import AXE, violations

# A scan's answers on the tablet.
VERDICTS = (
    "scan ok repeat open-elsewhere collected revoked cancelled held overdue wrong-office closed unknown malformed"
)
GROUPS = {
    "applicant": ("pass",),
    "lane": ("lane",),
    "scan": ("gate", "verdict", "lane-booked", "lane-needs", *(f"lane-{verdict}" for verdict in VERDICTS.split())),
    "window": ("window",),
    "form": (
        "window-announced", "window-form", "window-forty-form", "window-wrong", "window-locked", "window-checking",
        "window-recorded", "window-next",
    ),
    "admin": ("admin",),
    "reports": ("reports", "import", "admin-notice"),
    "public": ("board", "index", "find", "booking", "login", "not", "forbidden"),
}  # fmt: skip
# Each is made of the parts of another scene, which the suite asks: these are for the proof.
ALIKE = {
    "attention-empty",
    "admin-calendar-refused", "admin-calendar-special-days", "admin-calendar-unsaved", "admin-devices-change",
    "admin-devices-many", "admin-devices-read", "admin-devices-wrong-code", "admin-documents-refused",
    "admin-notice-text-english", "admin-notice-text-refused", "admin-notices-failed", "admin-notices-supervisor",
    "admin-office-closed-by-hand", "admin-office-refused", "admin-options-unsaved", "board-code-lost",
    "board-empty", "board-full", "board-full-with-queue", "board-lane-windows", "board-parked", "book-held",
    "booking-full", "booking-move", "booking-nothing-left", "desk-bookings-empty", "desk-entry", "desk-forty-books",
    "desk-found", "desk-nothing-found", "desk-of-an-officer", "desk-on-the-way", "find-noted", "find-too-often",
    "gate-directs", "gate-ready", "gate-stops", "import-preview", "import-refused", "import-remarks",
    "index-closed-by-hand", "index-in-full", "index-next-month", "index-quota-full", "lane-booked", "lane-called",
    "lane-cancelled", "lane-closed", "lane-collected", "lane-held", "lane-malformed", "lane-moves",
    "lane-needs-booking", "lane-out-of-turn", "lane-overdue", "lane-parked", "lane-parked-take-over", "lane-points",
    "lane-recent", "lane-repeat", "lane-revoked", "lane-unknown", "lane-wrong-office", "login-refused",
    "order-of-an-old-day", "pass-booked", "pass-booking-off", "pass-called-with-code", "pass-closed", "pass-coming",
    "pass-diverted", "pass-family", "pass-must-book", "pass-no-show", "pass-overdue", "pass-partly-collected",
    "pass-proxy-announced", "pass-receipt-of-a-part", "pass-receipt-partly-void", "pass-rest-remains",
    "pass-revoked", "pass-serving", "pass-stale", "pass-survey-given", "pass-waiting-armed", "receipt-check",
    "receipt-check-unknown", "receipt-check-voided", "record-voided", "register-empty", "reports-days",
    "reports-survey-empty", "reports-survey-of-few", "request-correction", "request-objection", "requests-refused",
    "shelf-check", "shelf-checked", "shelves-wrong", "verdict-of-a-permit", "window-announced", "window-forty",
    "window-forty-form", "window-forty-found", "window-left-out", "window-next-collector", "window-of-a-permit",
    "window-question", "window-same-collector", "window-supervisor-here", "window-supervisor-refused",
}  # fmt: skip
# A dialog or a page with long texts of each kind: where a longer word in the other language breaks something first.
ALSO_IN_ENGLISH = {
    "admin-options",
    "desk-asks-before-the-alarm",
    "find-refused",
    "import-problems",
    "lane-transfer",
    "pass-companion-form",
    "pass-with-the-way",
    "reports",
    "window-form",
    "window-take-out",
}


def scenes(group: str = "") -> list[str]:
    """The names of this group's scenes; without one those of no group."""
    return [name for name in SCENES if group_of(name) == group]


def group_of(name: str) -> str:
    """The group with the longest beginning of this name."""
    fitting = [(len(start), group) for group, starts in GROUPS.items() for start in starts if name.startswith(start)]
    return max(fitting, default=(0, ""))[1]


def in_indonesian(group: str = "") -> list[Any]:
    """The scenes of this group; those that are like another one are for the proof."""
    return [pytest.param(name, marks=pytest.mark.proof if name in ALIKE else ()) for name in scenes(group)]


def in_english(*groups: str) -> list[Any]:
    """The scenes of these groups; those that the suite does not ask in English are for the proof."""
    return [
        pytest.param(name, marks=() if name in ALSO_IN_ENGLISH else pytest.mark.proof)
        for group in groups
        for name in scenes(group)
    ]


def found(office: DemoOffice, name: str, lang: str) -> list:
    """What axe finds against WCAG 2.2 AA in this scene, at the first of its sizes."""
    office.lang, office.size, office.script = lang, SCENES[name].sizes[0], AXE
    return violations(SCENES[name].set_up(office))
