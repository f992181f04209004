"""Which revision each enrolled display shows, so that a tablet warns when the screen of its lane lags or is gone.

Displays acknowledge the revision about every two seconds. The acknowledgements are in this process, or in Redis when
several processes share the work.
"""

from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from ampera import clock
from ampera.accounts.models import Device
from ampera.live.redis_client import RedisClient
from ampera.offices.models import Lane

GONE_AFTER = 7.0  # seconds without an acknowledgement
BEHIND_AFTER = 3.0  # seconds for which a display may show an older revision
KEPT_FOR = 24 * 3600  # seconds

CURRENT, BEHIND, GONE, NEVER = "current", "behind", "gone", "never"
STARTED = clock.true_now().timestamp()  # earlier acknowledgements are lost with the earlier process
_BEST = (CURRENT, BEHIND, GONE, NEVER)


@dataclass(frozen=True)
class Sighting:
    """The revision that a display acknowledged, and when (seconds since 1970)."""

    revision: int
    at: float


@dataclass(frozen=True)
class Sight:
    """How a display keeps up: the last revision, and since when (seconds since 1970) it is silent or behind.

    `never` means that no acknowledgement is known.
    """

    state: str
    shown: int | None = None
    since: float | None = None
    age: float = float("inf")


class Store(Protocol):
    """Stores sightings, and knows since when."""

    def put(self, device_id: int, sighting: Sighting) -> None: ...
    def get(self, device_ids: list[int]) -> dict[int, Sighting]: ...
    def since(self) -> float: ...


class Memory:
    """For one process."""

    def __init__(self) -> None:
        self.sightings: dict[int, Sighting] = {}
        self.started = STARTED

    def put(self, device_id: int, sighting: Sighting) -> None:
        self.sightings[device_id] = sighting

    def get(self, device_ids: list[int]) -> dict[int, Sighting]:
        return {id: self.sightings[id] for id in device_ids if id in self.sightings}

    def since(self) -> float:
        return self.started


class Shared:
    """For several processes: one key per display. While Redis is away every screen counts as gone."""

    def __init__(self, url: str) -> None:
        self.client = RedisClient(url)

    def put(self, device_id: int, sighting: Sighting) -> None:
        key, text = f"ampera:screen:{device_id}", f"{sighting.revision} {sighting.at}"
        self.client.ask(lambda redis: redis.set(key, text, ex=KEPT_FOR))

    def get(self, device_ids: list[int]) -> dict[int, Sighting]:
        keys = [f"ampera:screen:{id}" for id in device_ids]
        texts = self.client.ask(lambda redis: redis.mget(keys)) or []
        parts = {id: text.split() for id, text in zip(device_ids, texts, strict=False) if text}
        return {id: Sighting(int(revision), float(at)) for id, (revision, at) in parts.items()}

    def since(self) -> float:
        return _now() - KEPT_FOR


class Screens:
    """The displays of all lanes, for tablets and administrators."""

    def __init__(self, redis_url: str = "") -> None:
        self.store: Store = Shared(redis_url) if redis_url else Memory()
        self.lagging: dict[int, Sighting] = {}
        self.watching: dict[int, list[int]] = {}  # the displays of a lane, as they were read last

    def seen(self, device_id: int, revision: int) -> None:
        """Record that this display shows this revision now."""
        self.store.put(device_id, Sighting(revision, _now()))

    def of_lane(self, session: Session, lane: Lane, revision: int) -> dict[str, Any]:
        """The state `none` (nothing enrolled), `gone`, `behind` or `current`, and the age of the last acknowledgement.

        Of several displays the best one counts: one screen that shows the call is enough.
        """
        self.watching[lane.id] = _watching(session, lane)
        return self.of_lane_again(lane.id, revision)

    def of_lane_again(self, lane_id: int, revision: int) -> dict[str, Any]:
        """The same of a lane that was read before, without the database."""
        devices = self.watching[lane_id]
        if not devices:
            return {"state": "none", "age_s": None, "revision": None}
        best = min(self.of_devices(devices, revision).values(), key=lambda sight: (_BEST.index(sight.state), sight.age))
        state = best.state if best.state != NEVER else GONE
        return {"state": state, "age_s": None if best.shown is None else int(best.age), "revision": best.shown}

    def of_devices(self, device_ids: list[int], revision: int) -> dict[int, "Sight"]:
        """How each of these displays keeps up with the office's revision."""
        sightings = self.store.get(device_ids) if device_ids else {}
        return {id: self._sight(id, sightings.get(id), revision) for id in device_ids}

    def remembers_since(self) -> float:
        """The moment (seconds since 1970) before which no acknowledgement is known."""
        return self.store.since()

    def _sight(self, device_id: int, last: Sighting | None, revision: int) -> "Sight":
        if last is None:
            return Sight(NEVER)
        age = max(0.0, _now() - last.at)
        behind_since = self._behind_since(device_id, last.revision, revision)
        if age > GONE_AFTER:
            return Sight(GONE, last.revision, last.at, age)
        if behind_since is not None and _now() - behind_since > BEHIND_AFTER:
            return Sight(BEHIND, last.revision, behind_since, age)
        return Sight(CURRENT, last.revision, None, age)

    def _behind_since(self, device_id: int, shown: int, revision: int) -> float | None:
        """Right after a change every screen is behind. A screen lags only when it stays at the same old revision."""
        if shown >= revision:
            self.lagging.pop(device_id, None)
            return None
        since = self.lagging.get(device_id)
        if since is None or since.revision != shown:
            since = self.lagging[device_id] = Sighting(shown, _now())
        return since.at


def of_app(extensions: dict[str, Any]) -> Screens:
    """The registry of an app, which is made when it is asked for first."""
    found = extensions.get("ampera.screens")
    return found or extensions.setdefault("ampera.screens", Screens(extensions["ampera.settings"].redis_url))


def _watching(session: Session, lane: Lane) -> list[int]:
    """The displays of this lane; without any, those of its site; without any, those of the whole office."""
    query = select(Device.id, Device.lane_id, Device.site).where(
        Device.office_id == lane.office_id,
        Device.kind == "display",
        Device.revoked_at.is_(None),
        (Device.lane_id == lane.id) | Device.lane_id.is_(None),
        Device.site.in_(("", lane.site)) | (Device.lane_id == lane.id),
    )
    rows = session.execute(query).all()
    own = [row.id for row in rows if row.lane_id]
    of_site = [row.id for row in rows if row.lane_id is None and row.site and row.site == lane.site]
    return own or of_site or [row.id for row in rows if not row.site]


def _now() -> float:
    return clock.true_now().timestamp()
