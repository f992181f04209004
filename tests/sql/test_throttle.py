"""Transactions of one office that wait have no connection; they go in order, and are refused when they are too many."""

import threading

import pytest
from sqlalchemy.exc import OperationalError, TimeoutError

from ampera import db
from ampera.sql import engines, throttle
from ampera.sql.throttle import INSIDE, Throttle
from tests.services import wait_until

POSTGRESQL = "postgresql+psycopg://ampera@127.0.0.1/ampera"


@pytest.fixture
def full():
    """A throttle whose places for office 1 are taken."""
    office = Throttle()
    places = [office.enter(1) for _ in range(INSIDE)]
    for place in places:
        place.__enter__()

    def leave(count: int = INSIDE) -> None:
        for _ in range(count):
            places.pop().__exit__(None, None, None)

    office.leave = leave
    return office


def test_waiting_transactions_go_in_the_order_of_arrival(full):
    order: list[int] = []

    def pass_through(number: int) -> None:
        with full.enter(1):
            order.append(number)

    threads = [threading.Thread(target=pass_through, args=(number,)) for number in range(5)]
    for number, thread in enumerate(threads, 1):
        thread.start()
        wait_until(lambda number=number: full.count_waiting() == number, "the transaction does not wait")
    assert order == []
    full.leave(1)
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4]
    full.leave(1)
    assert not full.inside and not full.waiting


def test_other_offices_and_transactions_without_an_office_do_not_wait(full):
    with full.enter(2), full.enter(None):
        pass


def test_one_too_many_is_refused_at_once(full, monkeypatch):
    monkeypatch.setattr(throttle, "MOST_WAITING", 0)
    with pytest.raises(TimeoutError), full.enter(1):
        pass


def test_one_that_waits_too_long_is_refused_and_leaves_the_queue(full, monkeypatch):
    monkeypatch.setattr(throttle, "SECONDS", 0.0)
    with pytest.raises(TimeoutError), full.enter(1):
        pass
    assert full.count_waiting() == 0
    full.leave()
    with full.enter(1):
        pass
    assert not full.inside


def test_place_given_to_one_that_has_just_given_up_is_passed_on(full, monkeypatch):
    def wait(turn: threading.Event, _seconds: float) -> bool:
        full.leave()  # the place comes in the same moment
        raise KeyboardInterrupt

    monkeypatch.setattr(threading.Event, "wait", wait)
    with pytest.raises(KeyboardInterrupt), full.enter(1):
        pass
    assert not full.inside and not full.waiting


def test_refused_transaction_is_answered_with_busy_and_when_to_come_again(api, monkeypatch):
    def refuse(_office_id: int | None) -> None:
        raise TimeoutError

    officer = api("officer")
    monkeypatch.setattr(db.current().throttle, "enter", refuse)
    answer = officer.post("/api/v1/lanes/1/next")
    assert answer.status_code == 503 and answer.headers["Retry-After"] == "2"
    assert answer.get_json()["error"]["code"] == "unavailable"


@pytest.mark.parametrize("connections", [6, 12, 50])
def test_all_connections_of_a_process_are_bounded(connections):
    database = db.Database(POSTGRESQL, connections)
    pools = [database.reader.pool, database.writer.pool, database.long_reader.pool]
    assert pools[0] is pools[1] and pools[0].size() + pools[2].size() == connections
    assert all(pool._max_overflow == 0 for pool in pools)


@pytest.fixture
def idle(cluster):
    """A database whose connections have been ended from outside while they were idle."""
    database = db.Database(cluster.new_database())
    other = db.Database(database.url.render_as_string(hide_password=False))
    with database.reader.connect() as first, database.reader.connect() as second:
        for conn in (first, second):
            conn.exec_driver_sql("SELECT 1")
    with other.writer.connect() as conn:
        conn.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    other.dispose()
    yield database
    database.dispose()


def test_connection_that_was_idle_for_long_is_tried_before_use(idle, monkeypatch):
    monkeypatch.setattr(engines, "IDLE_SECONDS", 0.0)
    with idle.reader.connect() as conn:
        assert conn.exec_driver_sql("SELECT 1").scalar() == 1


def test_connection_that_was_lost_a_moment_ago_fails_once(idle):
    with pytest.raises(OperationalError), idle.reader.connect() as conn:
        conn.exec_driver_sql("SELECT 1")
    with idle.reader.connect() as conn:
        assert conn.exec_driver_sql("SELECT 1").scalar() == 1
