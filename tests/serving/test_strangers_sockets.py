"""What a client without any right can do to the real server with sockets: nothing that lasts, and not much at once."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import count
from pathlib import Path

import httpx
import pytest

from ampera.live.guests import MESSAGES, WAITING
from tests.serving.frames import BINARY, PING, Wire, frame

POLLING = "/socket.io/?EIO=4&transport=polling"
BRIEF = '42["x"]'
TRIES = 3  # a server that stands still for seconds closes both sockets at once


_numbers = count(2)


@pytest.fixture
def address() -> str:
    """An address of this machine that no other test has: limits count by address."""
    return f"127.0.7.{next(_numbers)}"


@pytest.fixture
def client(server, address):
    """A client at that address."""
    with httpx.Client(base_url=server.url, transport=httpx.HTTPTransport(local_address=address)) as client:
        yield client


@pytest.mark.parametrize(
    "sent",
    [
        frame(BRIEF),
        frame('42/desk,["disconnect"]'),
        frame("3"),
        frame("40/desk,{}"),
        frame("", PING),
        frame("", is_last=False) + frame("", 0x0, is_last=False) * 3,
    ],
    ids=["event", "disconnect", "pong", "connect", "ping", "fragment"],
)
def test_a_socket_that_sends_without_pause_is_closed(server, address, sent):
    with Wire(server, address) as wire:
        with suppress(OSError):
            wire.send_raw(sent * 20 * int(MESSAGES[1]))
        wire.read_all()  # ends only when the server closes


@pytest.mark.parametrize(
    "sent",
    [
        frame(b"\x00\x01", BINARY),
        frame('451-["x",{"_placeholder":true,"num":0}]'),
        frame("43/desk,1[]"),
        frame("4" + "[" * 3000),
        frame("4{}"),
        frame("x" * 5000),
        frame("a" * 3000, is_last=False) + frame("a" * 3000, 0x0),
        b"\xff" * 20,
        frame("9"),
        frame(""),
        frame("40/" + "9" * 300 + ",{}"),
    ],
)
def test_a_malformed_or_oversized_packet_closes_the_socket_without_a_log_line(server, address, sent):
    before = len(server.log)
    closed = (is_closed_before_an_idle_one(server, address, sent) for _ in range(TRIES))
    assert any(closed), "it was only closed because it had no namespace"
    assert "Traceback" not in server.log and "failure" not in server.log[before:]


def is_closed_before_an_idle_one(server, address: str, sent: bytes) -> bool:
    """Whether what was sent has closed its socket: one that is older and has no namespace either is still open."""
    with Wire(server, address) as idle, Wire(server, address) as wire:
        wire.send_raw(sent)
        wire.read_all()
        return idle.is_open()


def test_a_socket_without_a_namespace_is_closed_soon(server, address):
    with Wire(server, address) as idle, Wire(server, address) as refused:
        refused.send("40")
        refused.read_until(b"44")  # nobody may join the namespace `/`
        for wire in (idle, refused):
            wire.read_all()
    wait_for_no_sockets(server)


def test_a_polling_client_is_bounded_too(server, client):
    def opened() -> str:
        return f"{POLLING}&sid={json.loads(client.get(POLLING).text[1:])['sid']}"

    sid = opened()
    statuses = [client.post(sid, content="\x1e".join([BRIEF] * 16)).status_code for _ in range(6)]
    assert statuses[0] == 200 and statuses[-1] == 400
    for body in ("4[" + "[" * 3000, "b4AAECAw==", "x" * 9000, "\x1e".join(["3"] * 40), "451-[]"):
        assert client.post(opened(), content=body).status_code == 400
    assert client.get(f"{POLLING}&j=0").status_code == 400
    assert client.request("DELETE", POLLING).status_code == 405
    assert client.get(f"{POLLING}&sid=invented").status_code == 400
    assert "Traceback" not in server.log


def test_one_address_opens_only_so_many_sockets(server, client):
    before = open_sockets(server)  # other tests may have left some that wait for their end
    statuses = [client.get(POLLING).status_code for _ in range(500)]
    assert statuses[0] == 200 and 429 in statuses
    assert open_sockets(server) - before <= WAITING
    other = httpx.HTTPTransport(local_address=f"127.0.7.{next(_numbers)}")
    with httpx.Client(base_url=server.url, transport=other) as neighbour:
        assert neighbour.get(POLLING).status_code == 200, "another address is refused too"


def test_memory_stays_flat_while_a_stranger_floods(server, address):
    """290,000 messages once took 400 MB."""

    def flood(_n: int) -> None:
        for _ in range(15):
            with suppress(OSError), Wire(server, address) as wire:
                for _ in range(200):
                    wire.send_raw(frame(BRIEF) * 500)

    before = memory(server)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(flood, range(4)))
    assert memory(server) - before < 20


def memory(server) -> float:
    """MB of the serving process."""
    status = Path(f"/proc/{server.worker()}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def open_sockets(server) -> int:
    metrics = httpx.get(f"{server.url}/metrics").text
    return int(float(next(line for line in metrics.splitlines() if line.startswith("ampera_sockets ")).split()[1]))


def wait_for_no_sockets(server) -> None:
    until = time.monotonic() + 10
    while open_sockets(server):
        assert time.monotonic() < until
        time.sleep(0.1)
