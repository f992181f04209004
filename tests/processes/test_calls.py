"""Twenty thousand calls of the next vehicle by twenty clients over several processes: nobody is called twice."""

import threading
import time
from collections import Counter

import httpx
import pytest
from sqlalchemy import func, insert, select

from ampera import clock, db
from ampera.tools.auditing import proof
from ampera.tools.simulate.processes import processor_seconds
from ampera.visits.models import Call, Visit
from tests import builders

CALLS, CLIENTS = 20_000, 20
pytestmark = [
    pytest.mark.proof,
    pytest.mark.true_time,
    pytest.mark.parametrize("database", ["postgresql"], indirect=True),
]


def wait_in_line(count: int) -> None:
    """So many vehicles wait."""
    now, day = clock.now(), clock.today()
    rows = [
        {"office_id": 1, "day": day, "queue_no": f"A{n:05d}", "opened_at": now, "since": now, "place": float(n)}
        for n in range(1, count + 1)
    ]
    db.current().write(lambda unit: unit.conn.execute(insert(Visit), rows))


@pytest.mark.parametrize("count", [2, 4])
def test_nobody_is_called_twice(several, app, count):
    wait_in_line(CALLS)
    server = several(count)
    key = {"Authorization": f"Bearer {builders.key('officer')}"}
    called: list[int] = []
    others: Counter[int] = Counter()

    def call() -> None:
        with httpx.Client(base_url=server.url, headers=key, timeout=60) as client:
            while (answer := client.post("/api/v1/lanes/1/next")).status_code == 200:
                called.append(answer.json()["id"])
            others[answer.status_code] += 1

    before, began = [processor_seconds(pid) for pid in server.workers()], time.monotonic()
    clients = [threading.Thread(target=call) for _ in range(CLIENTS)]
    for thread in clients:
        thread.start()
    for thread in clients:
        thread.join()
    seconds = time.monotonic() - began
    spent = [processor_seconds(pid) - at for pid, at in zip(server.workers(), before, strict=True)]
    print(f"{count} processes: {len(called) / seconds:.0f} calls/s, CPU {[round(cpu, 1) for cpu in spent]} s")
    assert others == {404: CLIENTS}, "each client ends when nobody waits"
    assert len(called) == len(set(called)) == CALLS
    with db.reading() as session:
        assert session.scalar(select(func.count()).where(Visit.state == "called")) == CALLS
        assert session.scalar(select(func.count(func.distinct(Call.visit_id)))) == CALLS
        assert session.scalar(select(func.count()).select_from(Call)) == CALLS
    with db.reading() as session:
        assert proof.verify(session)["ok"]
