"""The rules of the limits, without a server; and what they do while Redis hangs."""

import socket
import time

import pytest
from limits.strategies import FixedWindowRateLimiter
from redis import Redis

from ampera.live.guests import KNOWN, NAMESPACE_WITHIN, OPENINGS, PER_ROOM, PUBLIC, WAITING, Guests
from ampera.live.packets import LONGEST, Passage, judge
from ampera.web.counters import SharedCounters
from ampera.web.known_clients import KEPT, KnownClients
from ampera.web.limits import limiter
from ampera.web.rates import KEPT as KEPT_BUCKETS
from ampera.web.rates import Bucket, Buckets, network
from tests.accounts.test_sign_in import log_in

NAMESPACES = frozenset({"/board", "/desk", "/lane", "/pickup"})


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("192.0.2.7:4711", "192.0.2.7"),
        ("[2001:db8:1:2::7]:4711", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::7]", "2001:db8:1:2::/64"),
        ("", ""),
        (None, ""),
        ("no address", ""),
    ],
)
def test_clients_are_counted_by_ipv4_address_or_ipv6_network(address, key):
    assert network(address) == key


def test_bucket_gives_the_burst_and_then_the_rate():
    now = [0.0]
    bucket = Bucket(20, 60, lambda: now[0])
    assert [bucket.take() for _ in range(61)] == [True] * 60 + [False]
    now[0] = 1.0
    assert [bucket.take() for _ in range(21)] == [True] * 20 + [False]
    now[0] = 1000.0
    assert sum(bucket.take() for _ in range(100)) == 60


def test_buckets_of_an_attack_from_everywhere_cost_no_memory():
    buckets = Buckets(1, 2)
    for n in range(KEPT_BUCKETS + 50):
        buckets[n].take()
    assert len(buckets.of) <= KEPT_BUCKETS


TAKEN = """3 2probe 5 1 6 40 40{} 40/desk, 40/x, 40/board,{"token":"x"} 41/desk,
42/board,["seen",12] 42/lane,7["seen"]"""
DROPPED = """42["x"] 42/desk,["disconnect"] 42/desk,["connect",{}] 42/board,["seen","1"] 42/board,["seen",1,2] 42/board,
42/other,["seen",1] 42/board,{"a":1} 42/board,["seen",1e9] 42/board,["seen",{}]
42/desk,1["connect"] 42/desk,["connect_error"] 42/desk,["SEEN",1] 42/board,["seen",0x1] 42/board,["seen",1_0]
42/board,["seen",1234567890123456] 42/board,["s\\u0065en",1] 42/board,["seen",true] 42/board,["seen",[[1]]]
42/board,["*",1] 42/board,["seen","",1] 42/board,["join","1"] 42/board,["enter_room","2"] 42/desk,["message",1]
42/board,[1,"seen"] 42/board,[] 42/board,[null] 42/board,["seen",-] 42/boards,["seen",1] 42["seen",1]"""
CLOSING = """2 0 4 7 b4AA 4{} 4null 4[] 43/desk,1[] 44 451-["x",{}] 461-[] 2x 33 40/desk,[] 40/desk,7{} 41/desk,{}
450-/desk,["seen",1] 452-["x"] 46/board,1[] 43["x"] 47 4٢/board,["seen",1] 4２["x"] 42/DESK,["seen",1]
42/board/1,["seen",1] 42/board?x=1,["seen",1] 42/../desk,["seen",1] 42/board,1234567890["seen",1] 42//board,["seen",1]
40/board,"token" 40/board,nul 5x 3probe 2probe2probe 6x 1x
40/board,{"token":{"a":{"b":{"c":{"d":{"e":{"f":{"g":{}}}}}}}}}"""
LONG = "40/" + "9" * 300, "40/desk," + "{" * 9, "3" + " " * LONGEST


@pytest.mark.parametrize("packet", TAKEN.split())
def test_packets_of_the_product_are_taken(packet):
    assert judge(packet, NAMESPACES) is Passage.TAKE


@pytest.mark.parametrize("packet", DROPPED.split())
def test_unknown_events_are_dropped(packet):
    assert judge(packet, NAMESPACES) is Passage.DROP


@pytest.mark.parametrize("packet", [*CLOSING.split(), *LONG, "", "\uff140", b"x", b"", None, 5])
def test_packets_that_no_client_of_the_product_sends_close_the_socket(packet):
    assert judge(packet, NAMESPACES) is Passage.CLOSE


UPGRADE = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "YQ=="}
OPENING = "/socket.io/?EIO=4&transport=polling"


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", "/socket.io/?EIO=3&transport=polling", {}),
        ("GET", "/socket.io/?transport=polling", {}),
        ("GET", "/socket.io/?eio=4&Transport=polling", {}),
        ("GET", "/socket.io/?EIO=4&transport=flashsocket", {}),
        ("GET", "/socket.io/?EIO=4&transport=websocket", {}),
        ("GET", "/socket.io/?EIO=4&transport=websocket&sid=invented", UPGRADE),
        ("GET", "/socket.io/?EIO=4&transport=polling&sid=invented", UPGRADE),
        ("POST", "/socket.io/?EIO=4&transport=polling&sid=invented", {}),
        ("POST", OPENING, {}),
        ("GET", f"{OPENING}&j=0", {}),
        ("GET", f"{OPENING}&sid=invented", {}),
        ("GET", OPENING, {"Origin": "https://contoh.example"}),
        ("GET", OPENING, {"Origin": "null"}),
        ("GET", OPENING, {"Origin": "http://localhost.contoh.example"}),
        ("GET", OPENING, {"Origin": "http://localhost:1"}),
        ("GET", OPENING.upper(), {}),
        ("GET", OPENING.replace("/?", "?").replace("socket.io", "/socket.io"), {}),
        *((method, OPENING, {}) for method in ("HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE")),
    ],
)
def test_no_socket_is_opened_by_what_no_page_of_the_product_sends(app, client, method, path, headers):
    answer = client.open(path, method=method, headers=headers)
    assert 300 <= answer.status_code < 500 and not app.extensions["ampera.door"].guests.of


def enter(guests: Guests, count: int, address: str = "192.0.2.1", is_known: bool = False) -> list[str]:
    """Sockets from this address; those that had to leave are gone."""
    for n in range(count):
        if (guest := guests.invite(address, is_known)) and (leaving := guests.enter(f"{address}-{n}", guest)):
            guests.leave(next(sid for sid, other in guests.of.items() if other is leaving))
    return list(guests.of)


def test_one_address_has_only_so_many_sockets_without_a_namespace():
    guests = Guests()
    kept = enter(guests, WAITING + 50)
    assert len(kept) == WAITING
    assert kept[-1] == f"192.0.2.1-{WAITING + 49}", "an honest newcomer was refused instead of the oldest"


def test_one_address_opens_only_so_many_sockets_a_second():
    guests = Guests(lambda: 0.0)
    assert sum(guests.invite("192.0.2.1", False) is not None for _ in range(1000)) < OPENINGS[1] + 20
    assert guests.invite("192.0.2.2", False)
    assert guests.invite("192.0.2.1", True), "the office's tablets share the address of the stranger"


def test_sockets_without_a_namespace_are_overdue_after_seconds():
    now = [0.0]
    guests = Guests(lambda: now[0])
    enter(guests, 3)
    listening, left, idle = guests.of
    guests.admit(guests.of[listening], "/board", 1, None)
    guests.admit(guests.of[left], "/board", 1, None)
    now[0] = NAMESPACE_WITHIN - 1
    guests.withdraw(guests.of[left], "/board")
    assert not list(guests.overdue())
    now[0] = NAMESPACE_WITHIN
    assert list(guests.overdue()) == [idle]


def test_listeners_are_bounded_by_room_address_and_account():
    guests = Guests()
    for n in range(KNOWN + 5):
        guests.enter(str(n), guests.invite("192.0.2.1", True))
    everybody = list(guests.of.values())
    assert sum(guests.admit(guest, "/lane", 1, "staff:1") for guest in everybody) == KNOWN
    assert guests.admit(everybody[-1], "/lane", 1, "staff:2")

    phones = Guests()
    for n in range(PUBLIC + 50):
        phones.enter(str(n), phones.invite(f"192.0.3.{n % 200}", False))
    for phone in phones.of.values():
        phone.address = "192.0.2.1"
    admitted = [phones.admit(phone, "/pickup", n // PER_ROOM, None) for n, phone in enumerate(phones.of.values())]
    assert sum(admitted) == PUBLIC
    assert sum(phones.admit(phone, "/board", "one", None) for phone in phones.of.values()) == 0


def test_one_link_has_only_so_many_listeners():
    guests = Guests()
    for n in range(PER_ROOM + 5):
        guests.enter(str(n), guests.invite(f"192.0.2.{n}", False))
    assert sum(guests.admit(guest, "/pickup", "7/1", None) for guest in guests.of.values()) == PER_ROOM


def test_known_clients_are_those_whose_secret_was_valid():
    known = KnownClients()
    session = {"HTTP_COOKIE": "other=1; ampera=abc.def.ghi"}
    key = {"HTTP_AUTHORIZATION": "Bearer invented"}
    known.remember(session)
    known.remember(key)
    assert known.has(session) and known.has(key) and known.has({"HTTP_COOKIE": "ampera=abc.def.ghi"})
    assert not known.has({"HTTP_COOKIE": "ampera=abc.def.xyz"}) and not known.has({})
    known.forget(session)
    assert not known.has(session) and known.has(key)


def test_known_clients_are_forgotten_when_there_are_many():
    known = KnownClients()
    for n in range(KEPT + 10):
        known.remember({"HTTP_AUTHORIZATION": f"Bearer {n}"})
    assert len(known.until) == KEPT and not known.has({"HTTP_AUTHORIZATION": "Bearer 0"})


@pytest.fixture
def silent_redis(app, monkeypatch):
    """The store of the limits takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        storage = SharedCounters(url=f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        monkeypatch.setattr(limiter, "_storage", storage)
        monkeypatch.setattr(limiter, "_limiter", FixedWindowRateLimiter(storage))
        yield


def test_redis_that_hangs_delays_few_requests_and_loosens_no_limit(silent_redis, client):
    began = time.monotonic()
    answers = [client.get(f"/p/unknown-{n}").status_code for n in range(31)]
    assert answers == [404] * 30 + [429] and time.monotonic() - began < 10


def test_processes_count_together_and_each_goes_on_from_there_when_redis_is_away(new_redis):
    url = new_redis()
    first, second = SharedCounters(url=url), SharedCounters(url=url)
    assert [counters.incr("key", 60) for counters in (first, second, first)] == [1, 2, 3]
    new_redis.stop()
    assert first.incr("key", 60) == 4 and second.incr("key", 60) == 3
    assert first.get("key") == 4 and 50 < first.get_expiry("key") - time.time() <= 60


def test_count_that_redis_has_lost_is_not_forgotten(redis_url):
    counters = SharedCounters(url=redis_url)
    assert counters.incr("key", 60, 5) == 5
    with Redis.from_url(redis_url) as redis:
        redis.flushall()
    assert counters.incr("key", 60) == 6


def test_redis_that_hangs_lets_nobody_guess_passwords(silent_redis, client):
    answers = [log_in(client, password="kata-sandi-yang-salah").status_code for _ in range(6)]
    assert answers == [401] * 5 + [429]
