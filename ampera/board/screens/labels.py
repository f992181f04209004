"""The state of a screen in words, in the reader's language, for the list of screens and its API."""

from datetime import datetime
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from ampera import clock, formats

TONES = {"current": "go", "behind": "wait", "gone": "stop", "never": "neutral"}
STATES = {
    "current": _l("Sesuai"),
    "behind": _l("Tertinggal"),
    "gone": _l("Terputus"),
    "never": _l("Belum pernah tersambung"),
}


def details(screen: dict[str, Any], timezone: str) -> str:
    """What is known besides the state: the revision, how far behind, since when."""
    since = at(screen["since"], timezone)
    shows = gettext("Revisi %(number)s", number=screen["revision"])
    lacks = gettext("tertinggal %(number)s", number=screen["behind"])
    match screen["state"]:
        case "current":
            return shows
        case "behind":
            return gettext("%(shows)s, %(lacks)s sejak %(time)s", shows=shows, lacks=lacks, time=since)
        case "gone" if screen["since"]:
            text = f"{shows}, {lacks}" if screen["behind"] else shows
            return gettext("Tanpa kabar sejak %(time)s. %(shows)s", time=since, shows=text)
        case "gone":
            return gettext("Tanpa kabar sejak server dinyalakan")
    return gettext("Menunggu layarnya dibuka")


def watch(screen: dict[str, Any]) -> str:
    """What the screen watches."""
    if screen["lane"] is not None:
        return gettext("Jalur %(number)s", number=screen["lane"])
    return gettext("Lokasi %(site)s", site=screen["site"]) if screen["site"] else gettext("Seluruh kantor")


def voice(screen: dict[str, Any]) -> str:
    """Whether the screen speaks, and how loud."""
    if not screen["speaks"]:
        return gettext("Tanpa suara")
    return gettext("Bersuara, %(volume)s%%", volume=screen["volume"])


def at(moment: str | None, timezone: str) -> str:
    """14.32.08 today, 24-11-2026, 14.32 on other days; "" for no moment."""
    if moment is None:
        return ""
    local = clock.local(datetime.fromisoformat(moment), timezone)
    show = formats.time_seconds if local.date() == clock.today(timezone) else formats.date_time
    return show(local, timezone)
