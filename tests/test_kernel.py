"""The kernel's promises: one transaction, events after the commit only, settings that refuse what is weak."""

import threading
import time
from datetime import UTC, datetime, timedelta

import gevent
import pytest
from sqlalchemy import func, select

from ampera import audit, clock, db, events, tasks
from ampera.settings import SettingsError, load
from ampera.web.counters import SWEEP_SECONDS, Counters
from tests import builders
from tests.conftest import on_both


class Happened:
    pass


def test_exception_rolls_back_and_publishes_nothing(app):
    received = []
    events.after(Happened)(received.append)

    @db.transaction
    def fail(unit, actor):
        audit.record(unit, actor, "test.failed", "test:1")
        unit.emit(Happened())
        raise RuntimeError("half way")

    before = rows()
    with pytest.raises(RuntimeError):
        fail(builders.actor())
    assert received == [] and rows() == before


def test_events_are_published_after_the_commit(app):
    seen = []

    def look(_event):
        seen.append(rows())

    events.after(Happened)(look)

    @db.transaction
    def work(unit, actor):
        audit.record(unit, actor, "test.done", "test:1")
        unit.emit(Happened())

    before = rows()
    work(builders.actor())
    assert seen == [before + 1]


def test_pages_need_a_session_and_login_gives_one(app, client):
    assert client.get("/login").status_code == 200


@pytest.mark.parametrize(
    "environ",
    [
        {"AMPERA_COLOUR": "blue"},
        {"AMPERA_ENV": "production"},
        {"AMPERA_ENV": "production", "AMPERA_SECRET_KEY": "changeme" * 5, "AMPERA_CODE_KEYS": "k1:" + "ab" * 32},
        {"AMPERA_ENV": "production", "AMPERA_SECRET_KEY": "q8Zr-T5v_x2B" * 4},
        {"AMPERA_CODE_KEYS": "k1:zz"},
        {"AMPERA_BIND": "8000"},
        {"AMPERA_CLOCK_SPEED": "0"},
        {"AMPERA_CLOCK_SPEED": "fast"},
        {"AMPERA_CLOCK_SPEED": "60@yesterday"},
        {
            "AMPERA_ENV": "production",
            "AMPERA_SECRET_KEY": "q8Zr-T5v_x2B" * 4,
            "AMPERA_CODE_KEYS": f"k1:{'0123456789abcdef' * 4}",
            "AMPERA_CLOCK_SPEED": "60",
        },
    ],
)
def test_bad_settings_are_refused(environ, tmp_path):
    with pytest.raises(SettingsError):
        load({"AMPERA_INSTANCE": str(tmp_path), **environ})


def test_processes_with_one_start_share_the_fast_clock(tmp_path):
    began = datetime(2026, 11, 24, 1, tzinfo=UTC)
    speed, since = load({"AMPERA_INSTANCE": str(tmp_path), "AMPERA_CLOCK_SPEED": "60@2026-11-24T01:00:00Z"}).clock_rate
    clock.run_at(speed, since)
    try:
        with clock.freeze(began + timedelta(seconds=2)):
            assert clock.now() == began + timedelta(minutes=2)
            assert clock.true_now() == began + timedelta(seconds=2)
        assert clock.true_seconds(60) == 1
    finally:
        clock.run_at(1)


@on_both
def test_read_sees_one_snapshot_during_commits(app):
    @db.transaction
    def work(unit, actor):
        audit.record(unit, actor, "test.done", "test:1")

    count = select(func.count()).select_from(audit.AuditEntry)
    with db.reading() as session:
        before = session.scalar(count)
        work(builders.actor())
        assert session.scalar(count) == before
    assert rows() == before + 1


def rows() -> int:
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(audit.AuditEntry))


def test_counters_restart_drop_expired_keys_and_start_no_thread(monkeypatch):
    counters = Counters("counters://")
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)
    monkeypatch.delattr(threading, "Timer")
    assert [counters.incr("one", 60) for _ in range(3)] == [1, 2, 3]
    assert counters.incr("other", 3 * SWEEP_SECONDS, 5) == 5
    now += 60
    assert counters.get("one") == 0 and counters.incr("one", 60) == 1
    now += 2 * SWEEP_SECONDS
    assert counters.incr("new", 60) == 1
    assert set(counters.storage) == set(counters.expirations) == {"new"}


def test_worker_continues_on_a_loop_that_is_never_idle(app, monkeypatch):
    """Requests without end hold nothing up for ever."""
    steps: list[int] = []
    monkeypatch.setattr(tasks, "is_stopping", lambda: len(steps) >= 3)
    monkeypatch.setattr(tasks, "OTHERS_FIRST_SECONDS", 0.01)

    def busy():
        while len(steps) < 3:
            gevent.sleep(0)

    def step() -> float:
        steps.append(1)
        return 0.0

    crowd = gevent.spawn(busy)
    with gevent.Timeout(30):
        tasks.Worker("test", lambda _settings: None).run(app, step)
    crowd.join()
    assert len(steps) == 4, "three steps, and the last one after the stop"
