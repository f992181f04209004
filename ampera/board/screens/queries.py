"""The screens of an office for its administrators: what each watches, and whether it shows the present state."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from ampera import clock
from ampera.accounts.models import Device
from ampera.accounts.queries import displays_of
from ampera.board.screens.registry import GONE, NEVER, Screens, Sight
from ampera.board.watch_queries import sites_of
from ampera.offices.models import Office
from ampera.offices.queries import lanes_of

WHOLE_OFFICE = "all"
Choice = tuple[int | None, str]


def screens_of(session: Session, office_id: int, screens: Screens) -> list[dict[str, Any]]:
    """Every enrolled screen, in the order office, sites, lanes."""
    revision = session.get_one(Office, office_id).revision
    pairs = [pair for pair in displays_of(session, office_id) if pair[0].revoked_at is None]
    pairs.sort(key=lambda pair: (pair[1] or 0, pair[0].site, pair[0].name, pair[0].id))
    sights = screens.of_devices([device.id for device, _ in pairs], revision)
    since = screens.remembers_since()
    return [_row(device, lane, sights[device.id], revision, since) for device, lane in pairs]


def silent_screens(session: Session, office_id: int, screens: Screens, before: datetime) -> list[dict[str, Any]]:
    """The enrolled screens that have shown nothing since this moment; `silent_since` is when each answered last.

    A screen without an answer since the registry began to remember counts from there.
    """
    memory = datetime.fromtimestamp(screens.remembers_since(), UTC)
    found = []
    for screen in screens_of(session, office_id, screens):
        last = datetime.fromisoformat(screen["since"]) if screen["since"] else memory
        if screen["state"] == GONE and last < before:
            found.append({**screen, "silent_since": last})
    return found


def choices(session: Session, office_id: int) -> dict[str, Choice]:
    """What a screen may watch, by the value in a form: the lane's id, the site's name, or neither."""
    sites = {f"site:{site}": (None, site) for site in sites_of(session, office_id)}
    lanes = {f"lane:{lane.number}": (lane.id, "") for lane in lanes_of(session, office_id)}
    return {WHOLE_OFFICE: (None, ""), **sites, **lanes}


def chosen(lane: int | None, site: str) -> str:
    """The value in a form for what a screen watches now."""
    return f"lane:{lane}" if lane is not None else f"site:{site}" if site else WHOLE_OFFICE


def _moment(since: float | None) -> str | None:
    return clock.iso(datetime.fromtimestamp(since, UTC)) if since is not None else None


def _row(device: Device, lane: int | None, sight: Sight, revision: int, memory_since: float) -> dict[str, Any]:
    """A screen without a sighting counts as gone when it is older than the registry's memory."""
    is_old = device.created_at.timestamp() < memory_since
    return {
        "id": device.id,
        "name": device.name,
        "lane": lane,
        "site": device.site,
        "speaks": device.speaks,
        "volume": device.volume,
        "state": GONE if sight.state == NEVER and is_old else sight.state,
        "revision": sight.shown,
        "behind": None if sight.shown is None else max(0, revision - sight.shown),
        "since": _moment(sight.since),
        "enrolled_at": clock.iso(device.created_at),
        "tested_at": clock.iso(device.tested_at),
    }
