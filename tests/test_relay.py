"""Several processes: news of one process reaches the others, and all know which revision a screen shows."""

import os
import signal
import threading

import pytest
from redis import Redis

from ampera.board.screens.registry import Memory, Shared, Sighting
from ampera.live import redis_client, redis_relay
from ampera.live.redis_client import RedisClient
from ampera.live.redis_relay import Relay
from tests.services import wait_until


@pytest.fixture
def listening(redis_url):
    """`listening()` gives the relay of a process and its received topics, once the relay is subscribed."""
    relays = []
    yield lambda url=redis_url: _listen(url, relays)
    for relay in relays:
        relay.stop()


def in_thread(task):
    threading.Thread(target=task, daemon=True).start()


def _listen(url, relays):
    received = []
    relay = Relay(url, received.extend, in_thread)
    relays.append(relay)
    redis = Redis.from_url(url)
    others = redis.pubsub_numsub("ampera:news")[0][1]
    in_thread(relay.listen)
    wait_until(lambda: redis.pubsub_numsub("ampera:news")[0][1] > others, "nobody listens")
    return relay, received


def test_news_of_one_process_reaches_all_others(listening):
    (first, at_first), (_, at_second), (_, at_third) = listening(), listening(), listening()
    first.publish([("/board", "1"), ("/pickup", "7/2")])
    wait_until(lambda: at_second and at_third, "nothing was received")
    assert at_second == at_third == [("/board", "1"), ("/pickup", "7/2")]
    assert at_first == []


@pytest.mark.parametrize("start", [in_thread, None], ids=["server", "command"])
def test_news_leaves_a_process_in_which_nobody_listens(redis_url, listening, start):
    (_, received), quiet = listening(), Relay(redis_url, list, start)
    quiet.publish([("/board", "1")])
    wait_until(lambda: received, "nothing was received")
    quiet.stop()
    assert received == [("/board", "1")]


def test_server_works_on_without_redis(new_redis):
    url = new_redis()
    relay, store = Relay(url, list), Shared(url)
    new_redis.stop()
    relay.publish([("/board", "1")])
    store.put(1, Sighting(3, 1.0))
    assert store.get([1]) == {}


def test_news_waits_for_a_hung_redis_and_is_sent_after_the_hang(new_redis, listening, monkeypatch):
    monkeypatch.setattr(redis_client, "PAUSE", 0.05)
    monkeypatch.setattr(redis_relay, "PAUSE", 0.05)
    url = new_redis()
    (sender, _), (_, received) = listening(url), listening(url)
    process = Redis.from_url(url).info()["process_id"]
    os.kill(process, signal.SIGSTOP)
    sender.publish([("/board", "1")])
    sender.publish([("/board", "1"), ("/lane", "2")])
    wait_until(lambda: sender.publisher.is_paused, "the hung Redis was not noticed")
    os.kill(process, signal.SIGCONT)
    wait_until(lambda: len(set(received)) == 2, "news was lost")
    assert set(received) == {("/board", "1"), ("/lane", "2")}


def test_a_redis_without_answer_is_not_asked_again_at_once(new_redis):
    url = new_redis()
    client = RedisClient(url)
    assert client.ask(lambda redis: redis.set("key", "value")) is True
    new_redis.stop()
    asked = []
    for _ in range(3):
        assert client.ask(lambda redis: asked.append(1) or redis.get("key")) is None
    assert asked == [1]


def test_a_redis_that_answers_again_is_asked_again(redis_url, monkeypatch):
    monkeypatch.setattr(redis_client, "PAUSE", 0.0)
    client = RedisClient(redis_url)

    def fail(_redis):
        raise client.redis_error

    assert client.ask(fail) is None
    wait_until(lambda: not client.is_paused, "Redis is left alone for ever")
    assert client.ask(lambda redis: redis.set("key", "value")) is True


def test_names_that_wait_too_long_are_left_to_the_heartbeat(redis_url, monkeypatch):
    monkeypatch.setattr(redis_relay, "MOST_WAITING", 3)
    relay = Relay(redis_url, list, lambda task: None)
    for number in range(4):
        relay.publish([("/pickup", str(number))])
    assert len(relay.waiting) < 3


@pytest.mark.parametrize("store", [lambda url: Memory(), Shared])
def test_sightings_of_screens_are_kept(redis_url, store):
    kept = store(redis_url)
    kept.put(4, Sighting(12, 1795000000.25))
    kept.put(5, Sighting(13, 1795000001.5))
    assert kept.get([4, 5, 6]) == {4: Sighting(12, 1795000000.25), 5: Sighting(13, 1795000001.5)}
