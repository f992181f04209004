"""Which revision each enrolled display really shows, so that a tablet warns when its lane's screen lags or is gone.

Displays say it about every two seconds. It is kept in this process, or in Redis when several share the work.
"""

from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from ampera import clock
from ampera.accounts.models import Device
from ampera.offices.models import Lane

GONE_AFTER = 7.0  # seconds without a word from the display
BEHIND_AFTER = 3.0  # seconds in which a display had not followed the office's revision
KEPT_FOR = 24 * 3600  # seconds


@dataclass(frozen=True)
class Sighting:
    """What one display showed, and when it said so (seconds since 1970)."""

    revision: int
    at: float


class Store(Protocol):
    """Where sightings are kept."""

    def put(self, device_id: int, sighting: Sighting) -> None: ...
    def get(self, device_ids: list[int]) -> dict[int, Sighting]: ...


class Memory:
    """For one process."""

    def __init__(self) -> None:
        self.kept: dict[int, Sighting] = {}

    def put(self, device_id: int, sighting: Sighting) -> None:
        self.kept[device_id] = sighting

    def get(self, device_ids: list[int]) -> dict[int, Sighting]:
        return {one: self.kept[one] for one in device_ids if one in self.kept}


class Shared:
    """For several processes: one key per display. Without Redis nobody knows, and every screen counts as gone."""

    def __init__(self, url: str) -> None:
        import redis

        self.redis = redis.Redis.from_url(url, socket_connect_timeout=2, socket_timeout=2, decode_responses=True)
        self.trouble = redis.RedisError

    def put(self, device_id: int, sighting: Sighting) -> None:
        try:
            self.redis.set(f"ampera:screen:{device_id}", f"{sighting.revision} {sighting.at}", ex=KEPT_FOR)
        except self.trouble:
            return

    def get(self, device_ids: list[int]) -> dict[int, Sighting]:
        try:
            texts = self.redis.mget([f"ampera:screen:{one}" for one in device_ids])
        except self.trouble:
            return {}
        told = {one: text.split() for one, text in zip(device_ids, texts, strict=True) if text}
        return {one: Sighting(int(revision), float(at)) for one, (revision, at) in told.items()}


class Screens:
    """The displays of all lanes as their tablets see them."""

    def __init__(self, redis_url: str = "") -> None:
        self.store: Store = Shared(redis_url) if redis_url else Memory()
        self.lagging: dict[int, Sighting] = {}

    def seen(self, device_id: int, revision: int) -> None:
        """This display shows this revision now."""
        self.store.put(device_id, Sighting(revision, _now()))

    def of_lane(self, session: Session, lane: Lane, revision: int) -> dict[str, Any]:
        """`none` enrolled, `gone` silent, `behind` with an old picture, or `current`; and how old its last word is."""
        devices = _watching(session, lane)
        sightings = self.store.get(devices) if devices else {}
        if not sightings:
            return {"state": "gone" if devices else "none", "age_s": None, "revision": None}
        device, best = max(sightings.items(), key=lambda pair: pair[1].at)
        age = max(0.0, _now() - best.at)
        is_behind = self._is_behind(device, best.revision, revision)
        state = "gone" if age > GONE_AFTER else "behind" if is_behind else "current"
        return {"state": state, "age_s": int(age), "revision": best.revision}

    def _is_behind(self, device_id: int, shown: int, revision: int) -> bool:
        """Right after a change every screen is behind; only one that stays at the same old picture lags."""
        if shown >= revision:
            self.lagging.pop(device_id, None)
            return False
        since = self.lagging.get(device_id)
        if since is None or since.revision != shown:
            since = self.lagging[device_id] = Sighting(shown, _now())
        return _now() - since.at > BEHIND_AFTER


def _watching(session: Session, lane: Lane) -> list[int]:
    """The displays of this lane; where it has none, those of the whole office."""
    query = select(Device.id, Device.lane_id).where(
        Device.office_id == lane.office_id,
        Device.kind == "display",
        Device.revoked_at.is_(None),
        (Device.lane_id == lane.id) | Device.lane_id.is_(None),
    )
    rows = session.execute(query).all()
    return [row.id for row in rows if row.lane_id] or [row.id for row in rows]


def _now() -> float:
    return clock.true_now().timestamp()
