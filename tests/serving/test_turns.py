"""Turns of strangers: few requests of one address at once, in order, and a slow client holds none."""

import gevent
import gevent.socket
import pytest

from ampera.serving.turns import IN_ALL, PER_ADDRESS, Turns, TurnTooLate, address_of


def crowd(turns: Turns, addresses: list[str]) -> tuple[list[str], list[int]]:
    """Everybody takes a turn of a few steps: in which order they began, and how many ran at each step."""
    order: list[str] = []
    counts: list[int] = []
    running: list[str] = []

    def take(number: int, address: str) -> None:
        with turns.turn(address):
            order.append(f"{address} {number}")
            running.append(address)
            for _ in range(3):
                counts.append(len(running))
                gevent.sleep(0)
            running.remove(address)

    gevent.joinall([gevent.spawn(take, number, address) for number, address in enumerate(addresses)])
    return order, counts


def test_one_address_has_few_turns_at_once_and_in_order():
    order, counts = crowd(Turns(), ["192.0.2.1"] * 20)
    assert max(counts) == PER_ADDRESS and order == [f"192.0.2.1 {number}" for number in range(20)]


def test_another_address_does_not_wait_for_a_flood():
    order, counts = crowd(Turns(), ["192.0.2.1"] * 50 + ["192.0.2.2"])
    assert order.index("192.0.2.2 50") == PER_ADDRESS and max(counts) <= PER_ADDRESS + 1


def test_all_addresses_together_have_few_turns_at_once():
    _, counts = crowd(Turns(), [f"192.0.2.{n}" for n in range(60)])
    assert max(counts) == IN_ALL


def test_a_client_with_a_slow_body_holds_no_turn():
    turns, body_is_here, answered = Turns(), gevent.event.Event(), []

    def slow() -> None:
        with turns.turn("192.0.2.1"):
            with turns.pause("192.0.2.1"):
                body_is_here.wait()
            answered.append("slow")

    def quick() -> None:
        with turns.turn("192.0.2.1"):
            answered.append("quick")
        body_is_here.set()

    slows = [gevent.spawn(slow) for _ in range(PER_ADDRESS * 3)]
    gevent.joinall([*slows, gevent.spawn(quick)], raise_error=True)
    assert answered[0] == "quick" and len(answered) == PER_ADDRESS * 3 + 1


def test_turns_are_given_back_by_failures_and_nothing_is_kept():
    turns = Turns()
    for _ in range(IN_ALL * 2):
        with pytest.raises(ValueError, match="invented"), turns.turn("192.0.2.1"):
            raise ValueError("invented")
    waiting = [gevent.spawn(turns.begin, "192.0.2.1") for _ in range(PER_ADDRESS + 1)]
    gevent.idle()
    waiting[-1].kill()  # its client has gone while it waited
    for _ in range(PER_ADDRESS):
        turns.end("192.0.2.1")
    assert not turns.of and not turns.users


@pytest.mark.parametrize(
    ("forwarded", "proxies", "address"),
    [
        ("", 0, "192.0.2.9"),
        ("198.51.100.1", 0, "192.0.2.9"),
        ("198.51.100.1", 1, "198.51.100.1"),
        ("203.0.113.5, 198.51.100.1", 1, "198.51.100.1"),
        ("203.0.113.5, 198.51.100.1", 2, "203.0.113.5"),
        ("198.51.100.1", 2, "192.0.2.9"),
    ],
)
def test_a_strangers_address_is_the_one_that_trusted_proxies_wrote(forwarded, proxies, address):
    assert address_of({"REMOTE_ADDR": "192.0.2.9", "HTTP_X_FORWARDED_FOR": forwarded}, proxies) == address


def test_no_strangers_turn_begins_while_a_known_client_is_served():
    turns, order = Turns(), []

    def stranger() -> None:
        with turns.turn("192.0.2.1"):
            order.append("stranger")

    with turns.first():
        waiting = gevent.spawn(stranger)
        for _ in range(5):
            gevent.sleep(0)
        order.append("known")
    waiting.join()
    assert order == ["known", "stranger"]


def test_scan_that_has_arrived_goes_before_the_strangers_who_wait():
    turns, order = Turns(), []
    tablet, server = gevent.socket.socketpair()

    def stranger(number: int) -> None:
        with turns.turn("192.0.2.1"):
            if not number:
                tablet.send(b"scan")
            order.append(f"stranger {number}")

    def known() -> None:
        server.recv(4)
        with turns.first():
            order.append("known")

    with tablet, server:
        gevent.joinall([gevent.spawn(known), *(gevent.spawn(stranger, number) for number in range(12))])
    assert order[:2] == ["stranger 0", "known"] and len(order) == 13


def test_strangers_are_served_in_the_end_while_known_clients_never_stop():
    turns = Turns()
    with turns.first(), turns.turn("192.0.2.1"):
        assert turns.known == 1


def test_a_turn_that_comes_too_late_does_not_begin_and_holds_up_nobody():
    turns, begun = Turns(), []
    for _ in range(PER_ADDRESS):
        turns.begin("192.0.2.1")
    with pytest.raises(TurnTooLate), turns.turn("192.0.2.1", 0.001):
        begun.append("late")
    with turns.turn("192.0.2.2", 1.0):
        begun.append("other")
    for _ in range(PER_ADDRESS):
        turns.end("192.0.2.1")
    with turns.turn("192.0.2.1", 1.0):
        begun.append("next")
    assert begun == ["other", "next"]
    assert not turns.of and not turns.users
