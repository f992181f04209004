"""Several processes: news of one process reaches the others, and all know which revision a screen shows."""

import threading

import pytest

from ampera.board.screens.registry import Memory, Shared, Sighting
from ampera.live.redis_relay import Relay
from tests.services import wait_until


@pytest.fixture
def listening(redis_url):
    """`listening()` gives the relay of a process and its received topics, once the relay is subscribed."""
    relays = []
    yield lambda: _listen(redis_url, relays)
    for relay in relays:
        relay.is_wanted = False


def _listen(url, relays):
    received = []
    relay = Relay(url, received.extend)
    relays.append(relay)
    others = relay.subscriber.pubsub_numsub("ampera:news")[0][1]
    threading.Thread(target=relay.listen, daemon=True).start()
    wait_until(lambda: relay.subscriber.pubsub_numsub("ampera:news")[0][1] > others, "nobody listens")
    return relay, received


def test_news_of_one_process_reaches_all_others(listening):
    (first, at_first), (_, at_second), (_, at_third) = listening(), listening(), listening()
    first.publish([("/board", "1"), ("/pickup", "7/2")])
    wait_until(lambda: at_second and at_third, "nothing was received")
    assert at_second == at_third == [("/board", "1"), ("/pickup", "7/2")]
    assert at_first == []


def test_server_works_on_without_redis(new_redis):
    url = new_redis()
    relay, store = Relay(url, list), Shared(url)
    new_redis.stop()
    relay.publish([("/board", "1")])
    store.put(1, Sighting(3, 1.0))
    assert store.get([1]) == {}


@pytest.mark.parametrize("store", [lambda url: Memory(), Shared])
def test_sightings_of_screens_are_kept(redis_url, store):
    kept = store(redis_url)
    kept.put(4, Sighting(12, 1795000000.25))
    kept.put(5, Sighting(13, 1795000001.5))
    assert kept.get([4, 5, 6]) == {4: Sighting(12, 1795000000.25), 5: Sighting(13, 1795000001.5)}
