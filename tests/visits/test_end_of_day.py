"""After the service day: nobody waits any more, and no plate is left in the database."""

from datetime import timedelta

from sqlalchemy import select

from ampera import clock, db, tasks
from ampera.visits import tasks as day_tasks
from ampera.visits.models import Visit
from tests.conftest import on_both
from tests.visits import steps


@on_both
def test_end_of_day_ends_open_visits_and_deletes_plates(app, api):
    officer = api("officer")
    waiting = steps.vehicle(officer, 1, plate="BG 1234 XX")
    gone = steps.moved(officer, steps.vehicle(officer, 2, plate="BG 77 A"), "leave")
    day_tasks.close_days()
    assert _rows() == [(waiting["id"], "waiting", "BG 1234 XX"), (gone["id"], "left", "BG 77 A")]
    with clock.shift(timedelta(days=1)):
        today = steps.vehicle(officer, 3, plate="B 1 C")
        day_tasks.close_days()
        day_tasks.close_days()
    assert _rows() == [(waiting["id"], "left", None), (gone["id"], "left", None), (today["id"], "waiting", "B 1 C")]
    assert today["queue_no"] == "A001"


def test_failing_task_is_retried_and_does_not_stop_others(app, monkeypatch):
    done = []
    monkeypatch.setattr(tasks, "_tasks", [])
    tasks.every(60)(lambda: done.append(1 / 0))
    tasks.every(10)(lambda: done.append("other"))
    for now in (100, 105, 111, 170):
        tasks.run_due(app, now)
    assert done == ["other", "other", "other"]


def _rows():
    with db.reading() as session:
        return [tuple(row) for row in session.execute(select(Visit.id, Visit.state, Visit.plate).order_by(Visit.id))]
