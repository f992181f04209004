"""Sixty screens and a hundred phones as followers in one loop, and whether each equals what the server says."""

import asyncio
from concurrent.futures import Future
from typing import Any

import httpx

from tests.network.counter import Counter
from tests.network.follower import Follower, Phone, Screen
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
            Phone(way.port, "/pickup", {"link": link}, f"/api/v1/pickup-state/{link}", {}, f"{seed} phone {n}")
            for n, link in ((n, links[n % len(links)]) for n in range(phones))
        ]
        self.all: list[Follower] = [*self.screens, *self.phones]
        self.running: list[Future[None]] = []

    def start(self) -> None:
        loop = self.way.loop.loop
        self.running = [asyncio.run_coroutine_threadsafe(follower.run(), loop) for follower in self.all]

    def forget(self) -> None:
        """Forget every earlier state."""
        for follower in self.all:
            follower.moments.clear()

    def close(self) -> None:
        """A follower that had failed by itself fails the test."""
        for task in self.running:
            if not task.cancel():
                task.result()

    def noticed(self, died: str, revision: int) -> dict[Follower, float | None]:
        """For each the moment in which it knew what the new server says; None when it does not yet.

        A screen knows it with this revision. A phone hears only of its own vehicle: with any word of the new server.
        """
        return {
            follower: next(
                (
                    at
                    for at, made_at, known in follower.moments
                    if made_at > died and (follower in self.phones or known >= revision)
                ),
                None,
            )
            for follower in self.all
        }

    def wrong(self) -> list[str]:
        """Who shows something else than the server says now."""
        answers = {follower.path: self._answer(follower) for follower in self.all}
        return [
            f"{follower.namespace} {follower.path}: {differing}"
            for follower in self.all
            if (differing := _differing(follower.state, answers[follower.path]))
        ]

    def _answer(self, follower: Follower) -> Any:
        url = f"http://127.0.0.1:{self.way.target}{follower.path}"
        return httpx.get(url, headers=follower.headers, timeout=30).raise_for_status().json()


def _differing(shown: dict[str, Any], answer: dict[str, Any]) -> list[str]:
    return [name for name in answer if name not in BY_TIME and _plain(shown.get(name)) != _plain(answer[name])]


def _plain(part: Any) -> Any:
    """Without the honest range of the wait, which the clock changes."""
    return {name: value for name, value in part.items() if name != "wait"} if isinstance(part, dict) else part
