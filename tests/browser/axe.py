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
    "admin": ("admin",),
    "reports": ("reports", "import", "admin-notice"),
    "public": ("board", "index", "find", "booking", "login", "not", "forbidden"),
}
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
