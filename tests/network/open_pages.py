"""Many open pages as a process of their own: `python -m tests.network.open_pages FILE` lets them follow a server.

FILE names the port, the screens and the phones. Each second one line of JSON says how they are. It ends with its
standard input. The pages are those of `follower.py`, which ask as static/js/lib/connection.js does.
"""

import asyncio
import json
import sys
import threading
import time
from pathlib import Path
from typing import Any

from tests.network.follower import Follower, Phone, Screen

OPENED_A_SECOND = 30  # pages; a machine that also runs all these pages opens no more
STALE_S = 7.0  # beyond the beat
PHONES_AN_ADDRESS = 400


class OpenPages:
    """The process, seen from the test: `newest` is its last line, `until` waits for one."""

    def __init__(self, process: Any) -> None:
        self.process = process
        self.lines: list[dict[str, Any]] = []
        self.changed = threading.Condition()
        self.reading = threading.Thread(target=self._read, daemon=True)
        self.reading.start()

    def until(self, condition: Any, seconds: float) -> float:
        """Seconds until a line satisfies the condition."""
        began, seen = time.monotonic(), len(self.lines)
        with self.changed:
            while not any(condition(line) for line in self.lines[seen:]):
                left = began + seconds - time.monotonic()
                assert left > 0 and self.changed.wait(left), f"not so after {seconds:.0f} s: {self.lines[-3:]}"
        return time.monotonic() - began

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait(30)
        self.reading.join()

    def _read(self) -> None:
        for line in self.process.stdout:
            with self.changed:
                self.lines.append(json.loads(line))
                self.changed.notify_all()


def _screen(port: int, auth: dict[str, Any]) -> Screen:
    path = f"/api/v1/boards/{auth['office']}" + (f"/{auth['lane']}" if "lane" in auth else "")
    bearer = {"Authorization": f"Bearer {auth['token']}"}
    return Screen(port, "/board", auth, path, bearer, f"screen {path}")


def _phone(port: int, number: int, link: str) -> Phone:
    phone = Phone(port, "/pickup", {"link": link}, f"/api/v1/pickup-state/{link}", {}, f"phone {number}")
    phone.address = f"127.0.1.{1 + number // PHONES_AN_ADDRESS}"
    return phone


def _line(pages: list[Follower], before: dict[str, int]) -> dict[str, Any]:
    """How they are, and what has happened since the line before."""
    now = time.time()
    ages = sorted(now - page.moments[-1][0] - page.beat if page.moments else 1e9 for page in pages)
    counts = {
        "states": sum(len(page.moments) for page in pages),
        **{name: sum(page.counts[name] for page in pages) for name in ("connects", "asks", "answers")},
    }
    since = {name: count - before.get(name, 0) for name, count in counts.items()}
    before.update(counts)
    return {"connected": sum(page.is_connected for page in pages), "stale": sum(age > STALE_S for age in ages), **since}


async def _follow(given: dict[str, Any]) -> None:
    port = given["port"]
    pages: list[Follower] = [_screen(port, auth) for auth in given["screens"]]
    pages += [_phone(port, number, link) for number, link in enumerate(given["phones"])]
    running, before = [], {}
    ended = asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    while not ended.done():
        opening = pages[len(running) : len(running) + OPENED_A_SECOND]
        running += [asyncio.create_task(page.run()) for page in opening]
        await asyncio.wait([ended], timeout=1)
        print(json.dumps(_line(pages, before)), flush=True)
    for task in running:
        task.cancel()


if __name__ == "__main__":
    asyncio.run(_follow(json.loads(Path(sys.argv[1]).read_text())))
