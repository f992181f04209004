"""What axe finds in a scene, and which file of tests asks it about which scenes (by the first word of their names)."""

from tests.browser.demo_office import DemoOffice
from tests.browser.scenes import SCENES
from tests.browser.steps import AXE, violations

GROUPS = {
    "applicant": ("pass",),
    "lane": ("lane", "gate", "verdict"),
    "window": ("window",),
    "admin": ("admin", "import", "reports"),
    "public": ("board", "index", "find", "booking", "login", "not", "forbidden"),
}
GROUPED = {word for words in GROUPS.values() for word in words}
# Dialogs, and the pages with the longest texts: where a longer word in the other language breaks something first.
ALSO_IN_ENGLISH = {
    "admin-calendar-takes-windows",
    "admin-devices-change",
    "admin-documents",
    "admin-notice-text",
    "admin-options",
    "booking-full",
    "desk-asks-before-the-alarm",
    "find-refused",
    "import-problems",
    "index",
    "lane-edit",
    "lane-moves",
    "lane-out-of-turn",
    "lane-take-over",
    "lane-transfer",
    "pass-called",
    "pass-companion-form",
    "pass-survey-in-full",
    "pass-with-the-way",
    "reports",
    "window-form",
    "window-question",
    "window-recorded",
    "window-take-out",
}


def scenes(group: str = "") -> list[str]:
    """The names of this group's scenes; without one those of no group."""
    words = GROUPS.get(group)
    return [name for name in SCENES if (name.split("-")[0] in words if words else name.split("-")[0] not in GROUPED)]


def found(office: DemoOffice, name: str, lang: str) -> list:
    """What axe finds against WCAG 2.2 AA in this scene, at the first of its sizes."""
    office.lang, office.size, office.script = lang, SCENES[name].sizes[0], AXE
    return violations(SCENES[name].set_up(office))
