"""Concurrent bookings: one of eight requests gets the last place of a slot, and counts equal the rows."""

from collections import Counter

import pytest

from ampera.bookings import models, queries
from ampera.bookings.models import SlotCount
from ampera.sql.statements import upsert
from ampera.web.limits import limiter
from tests.bookings import steps
from tests.bookings.steps import at, booking, local, option
from tests.conftest import on_both
from tests.race import breaking, crowd

pytestmark = on_both


@pytest.fixture(autouse=True)
def early(app, monkeypatch):
    """Monday, seven o'clock. Rate limits are off, because they must not be what protects the last place."""
    monkeypatch.setattr(limiter, "enabled", False)
    with at("07:00"):
        steps.opens(slot_capacity={"car": 1, "motorcycle": 1})
        yield


@pytest.fixture
def rounds(request):
    return max(3, request.config.getoption("--rounds") // 3)


@pytest.fixture
def pickups(app):
    return [steps.pickup(n) for n in range(1, crowd.SIZE + 1)]


def ask_at_once(app, wanted):
    """The statuses of concurrent requests by eight phones; `wanted` are pairs (pickup, HH:MM)."""
    phones = [(app.test_client(), steps.link_of(pickup), local(time).isoformat()) for pickup, time in wanted]

    def book(phone, link, starts_at):
        form = {"kind": "car", "starts_at": starts_at}
        return phone.post(f"/p/{link}/booking", data=form, headers={"Accept": "application/json"}).status_code

    return Counter(crowd.at_once([lambda phone=phone: book(*phone) for phone in phones]))


def give_all_back(pickups):
    for pickup in pickups:
        steps.give_back(pickup)


def booked(pickups):
    return sum(booking(pickup) is not None for pickup in pickups)


def test_one_of_eight_requests_gets_the_last_place(app, pickups, rounds):
    for _ in range(rounds):
        assert ask_at_once(app, [(pickup, "10:15") for pickup in pickups]) == {204: 1, 409: crowd.SIZE - 1}
        assert booked(pickups) == 1 and steps.counts_are_rows()
        give_all_back(pickups)
    assert steps.counts() == {}


def test_one_of_eight_moves_gets_the_last_place_and_the_others_change_nothing(app, pickups, rounds):
    option("slot_capacity", {"car": crowd.SIZE, "motorcycle": 1})
    for _ in range(rounds):
        for pickup in pickups:
            steps.book(pickup, "08:00")
        option("slot_capacity", {"car": 1, "motorcycle": 1})
        assert ask_at_once(app, [(pickup, "10:15") for pickup in pickups]) == {204: 1, 409: crowd.SIZE - 1}
        kept = Counter(booking(pickup).starts_at for pickup in pickups)
        assert kept == {local("10:15"): 1, local("08:00"): crowd.SIZE - 1} and steps.counts_are_rows()
        option("slot_capacity", {"car": crowd.SIZE, "motorcycle": 1})
        give_all_back(pickups)


def test_concurrent_swaps_of_slots_lose_no_place(app, pickups, rounds):
    option("slot_capacity", {"car": crowd.SIZE, "motorcycle": 1})
    for n in range(rounds):
        times = [("08:00", "10:15")[(m + n) % 2] for m in range(crowd.SIZE)]
        assert ask_at_once(app, list(zip(pickups, times, strict=True))) == {204: crowd.SIZE}
        assert steps.counts_are_rows() and len(steps.counts()) == 2


def test_pickup_on_eight_phones_ends_with_one_place(app, pickups, rounds):
    times = ["08:00", "08:15", "08:30", "08:45", "09:00", "09:15", "09:30", "09:45"]
    for _ in range(rounds):
        assert ask_at_once(app, [(pickups[0], time) for time in times]) == {204: crowd.SIZE}
        assert sum(steps.counts().values()) == 1 and steps.counts_are_rows()


def test_day_accepts_exactly_the_share_of_the_quota(app, pickups, rounds):
    option("day_quota", 6)
    option("booked_share", 50)
    times = ["08:00", "08:15", "08:30", "08:45", "09:00", "09:15", "09:30", "09:45"]
    for _ in range(rounds):
        assert ask_at_once(app, list(zip(pickups, times, strict=True))) == {204: 3, 409: 5}
        assert steps.counts_are_rows()
        give_all_back(pickups)


def test_condition_alone_protects_the_last_place(app, pickups, rounds, monkeypatch):
    breaking.take_out(app, monkeypatch, {"lock"})
    for _ in range(rounds):
        ask_at_once(app, [(pickup, "10:15") for pickup in pickups])
        assert steps.counts() == {(local("10:15"), "car"): 1}
        give_all_back(pickups)


def test_last_place_is_given_to_many_without_the_condition(app, pickups, monkeypatch):
    keys, more = ["office_id", "starts_at", "kind"], {"taken": SlotCount.taken + 1}
    monkeypatch.setattr(models, "_TAKE", upsert(SlotCount, keys, more, returning=SlotCount.taken))
    assert ask_at_once(app, [(pickup, "10:15") for pickup in pickups]) == {204: crowd.SIZE}


def test_day_accepts_more_than_the_share_without_the_lock(app, pickups, monkeypatch):
    option("day_quota", 6)
    option("booked_share", 50)
    breaking.take_out(app, monkeypatch, {"lock"})
    monkeypatch.setattr(queries, "booked_on", crowd.slowly(queries.booked_on))
    times = ["08:00", "08:15", "08:30", "08:45", "09:00", "09:15", "09:30", "09:45"]

    def is_lost():
        ask_at_once(app, list(zip(pickups, times, strict=True)))
        taken = booked(pickups)
        give_all_back(pickups)
        return taken > 3

    assert any(is_lost() for _ in range(crowd.MOST_ROUNDS))
