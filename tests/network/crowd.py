"""Sixty screens and a hundred phones as followers in one loop, and whether each equals what the server says."""

import asyncio
from concurrent.futures import Future
from typing import Any

import httpx

from tests.network.counter import Counter
from tests.network.follower import Follower, Screen
from tests.network.proxy import Proxy

# What time alone changes, or what is not of this place: it may differ between two readings.
BY_TIME = ("at", "revision", "announcement", "announcements", "standing", "quiet", "line")


class Crowd:
    """All of them come through `way`; `token` is that of a screen of the whole office."""

    def __init__(self, way: Proxy, counter: Counter, token: str, screens: int, phones: int, seed: int) -> None:
        self.way, self.counter = way, counter
        bearer = {"Authorization": f"Bearer {token}"}
        self.screens: list[Screen] = []
        for n in range(screens):
            lane = n % 3
            auth = {"token": token, "office": "PLG", **({"lane": lane} if lane else {})}
            path = "/api/v1/boards/PLG" + (f"/{lane}" if lane else "")
            self.screens.append(Screen(way.port, "/board", auth, path, bearer, f"{seed} screen {n}"))
        links = [book["link"].rpartition("/")[2] for book in counter.books]
        self.phones = [
            Follower(way.port, "/pickup", {"link": link}, f"/api/v1/pickup-state/{link}", {}, f"{seed} phone {n}")
            for n, link in ((n, links[n % len(links)]) for n in range(phones))
        ]
        self.all: list[Follower] = [*self.screens, *self.phones]
        self.running: list[Future[None]] = []

    def start(self) -> None:
        loop = self.way.loop.loop
        self.running = [asyncio.run_coroutine_threadsafe(one.run(), loop) for one in self.all]

    def forget(self) -> None:
        """What was heard until now counts no more."""
        for one in self.all:
            one.moments.clear()

    def close(self) -> None:
        """A follower that had failed by itself fails the test."""
        for one in self.running:
            if not one.cancel():
                one.result()

    def heard(self, died: str, revision: int) -> dict[Follower, float | None]:
        """For each the moment in which it knew what the new server says; None when it does not yet.

        A screen knows it with this revision. A phone hears only of its own vehicle: with any word of the new server.
        """
        return {
            one: next(
                (at for at, said, known in one.moments if said > died and (one in self.phones or known >= revision)),
                None,
            )
            for one in self.all
        }

    def wrong(self) -> list[str]:
        """Who shows something else than the server says now."""
        said = {one.path: self._said(one) for one in self.all}
        return [
            f"{one.namespace} {one.path}: {differing}"
            for one in self.all
            if (differing := _differing(one.state, said[one.path]))
        ]

    def _said(self, one: Follower) -> Any:
        url = f"http://127.0.0.1:{self.way.target}{one.path}"
        return httpx.get(url, headers=one.headers, timeout=30).raise_for_status().json()


def _differing(shown: dict[str, Any], said: dict[str, Any]) -> list[str]:
    return [name for name in said if name not in BY_TIME and _plain(shown.get(name)) != _plain(said[name])]


def _plain(part: Any) -> Any:
    """Without the honest range of the wait, which the clock changes."""
    return {name: value for name, value in part.items() if name != "wait"} if isinstance(part, dict) else part
