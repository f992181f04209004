"""Two thousand phones and three hundred screens at one process: the pages are calm, and officers do not notice them."""

import os
import signal
import time
import uuid
from typing import Any

import httpx
import pytest

from tests import builders
from tests.board import steps
from tests.conftest import SERVER_SECRETS, on_both
from tests.services import LiveServer

OFFICES, LANES, PHONES = 60, 4, 2000
VEHICLES, PAUSE_S = 100, 0.1
FROZEN_S, RECOVERS_S = 5, 5  # all pages ask by then; their sockets would be lost after eight seconds
pytestmark = [on_both, pytest.mark.proof, pytest.mark.true_time]


@pytest.fixture
def server(app, new_server, database) -> LiveServer:
    return new_server(DATABASE_URL=database, **SERVER_SECRETS)


def test_officers_do_not_notice_many_open_pages_and_a_freeze_is_over_soon(api, server, open_pages):
    screens, phones = _screens(), _phones()
    key, codes = api("officer").key, [builders.ready(n)[1] for n in range(900_000, 900_000 + VEHICLES)]
    server.start()
    idle = _work(server, key, codes)
    pages = open_pages(server.port, screens, phones)
    everybody = len(screens) + len(phones)
    pages.until(lambda line: line["connected"] == everybody, 120)
    pages.until(lambda line: line["stale"] == 0 and line["asks"] == 0, 30)
    seen = len(pages.lines)
    busy = _work(server, key, codes)
    calm = pages.lines[seen:]
    os.kill(server.worker(), signal.SIGSTOP)
    time.sleep(FROZEN_S)
    os.kill(server.worker(), signal.SIGCONT)
    recovered = pages.until(lambda line: line["stale"] == 0 and line["connected"] == everybody, 60)
    asks, states = sum(line["asks"] for line in calm), sum(line["states"] for line in calm) / len(calm)
    print(f"officers' p99 {_p99(idle) * 1000:.0f} ms alone, {_p99(busy) * 1000:.0f} ms beside {everybody} pages;")
    print(f"p50 {_p50(idle) * 1000:.1f} and {_p50(busy) * 1000:.1f} ms; {states:.0f} states/s, {asks} questions;")
    print(f"all right {recovered:.1f} s after a freeze of {FROZEN_S} s; lag of the heartbeat {_lag(server)}")
    assert asks == 0 and all(line["stale"] == 0 for line in calm)
    assert _p99(busy) <= 2 * _p99(idle)
    assert recovered <= RECOVERS_S


def _screens() -> list[dict[str, Any]]:
    """The screens of all offices: one of the whole office and one for each lane."""
    found = []
    for number in range(OFFICES):
        code = f"K{number:02d}"
        builders.office(code, name=f"Kantor Contoh {number}", lanes=LANES)
        auth = {"token": steps.display(office=code), "office": code}
        found += [auth, *({**auth, "lane": lane} for lane in range(1, LANES + 1))]
    return found


def _phones() -> list[str]:
    """The links of phones, of all offices in turn."""
    return [_link(number, 2 + number % OFFICES) for number in range(1, PHONES + 1)]


def _link(number: int, office_id: int) -> str:
    builders.ready(number, office_id=office_id)
    return steps.link(number)  # the pickup gets the same number


def _work(server: LiveServer, key: str, codes: list[str]) -> list[float]:
    """Seconds that each request took of an officer who lets vehicles in, serves them, and sends them on."""
    took: list[float] = []
    headers = {"Authorization": f"Bearer {key}"}
    with httpx.Client(base_url=f"{server.url}/api/v1", headers=headers, timeout=60) as client:

        def post(path: str, body: dict[str, Any]) -> Any:
            began = time.perf_counter()
            answer = client.post(path, json=body).raise_for_status().json()
            took.append(time.perf_counter() - began)
            time.sleep(PAUSE_S)
            return answer

        for code in codes:
            scan = post("/scans", {"scan_id": str(uuid.uuid4()), "lane": 1, "input": code})
            post(f"/visits/{scan['visit']['id']}/serve", {"lane": 1})
            post(f"/visits/{scan['visit']['id']}/leave", {})
    return took


def _p50(seconds: list[float]) -> float:
    return sorted(seconds)[len(seconds) // 2]


def _p99(seconds: list[float]) -> float:
    return sorted(seconds)[int(0.99 * len(seconds))]


def _lag(server: LiveServer) -> str:
    text = httpx.get(f"{server.url}/metrics").text
    kept = [
        line
        for line in text.splitlines()
        if line.startswith(("ampera_news_lag_seconds_sum", "ampera_news_lag_seconds_count"))
    ]
    total, count = (float(line.rpartition(" ")[2]) for line in sorted(kept, reverse=True))
    return f"{total / max(count, 1):.2f} s on average of {count:.0f}"
