"""After the service day: nobody waits any more, and no plate and no word for a vehicle is left in the database."""

from datetime import timedelta

from sqlalchemy import select

from ampera import clock, db, tasks
from ampera.audit import AuditEntry
from ampera.visits import tasks as day_tasks
from ampera.visits.models import Scan, Visit
from tests.conftest import on_both
from tests.visits import steps


@on_both
def test_end_of_day_ends_open_visits_and_deletes_plates_and_looks(app, api):
    officer = api("officer")
    waiting = steps.vehicle(officer, 1, plate="BG 1234 XX", look="Avanza putih")
    gone = steps.moved(officer, steps.vehicle(officer, 2, look="Beat merah"), "leave")
    day_tasks.close_days()
    assert _rows() == [
        (waiting["id"], "waiting", "BG 1234 XX", "Avanza putih"),
        (gone["id"], "left", None, "Beat merah"),
    ]
    with clock.shift(timedelta(days=1)):
        today = steps.vehicle(officer, 3, plate="B 1 C", look="Truk")
        day_tasks.close_days()
        day_tasks.close_days()
    assert _rows() == [
        (waiting["id"], "left", None, None),
        (gone["id"], "left", None, None),
        (today["id"], "waiting", "B 1 C", "Truk"),
    ]
    assert "Avanza" not in _everything_stored() and "Beat" not in _everything_stored()
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
    columns = Visit.id, Visit.state, Visit.plate, Visit.look
    with db.reading() as session:
        return [tuple(row) for row in session.execute(select(*columns).order_by(Visit.id))]


def _everything_stored() -> str:
    """All that scans and the audit have kept, and the columns of all visits."""
    tables = Scan.__table__, AuditEntry.__table__, Visit.__table__
    with db.reading() as session:
        return str([tuple(row) for table in tables for row in session.execute(select(table))])
