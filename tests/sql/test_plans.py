"""SQLite makes the plan of a hot statement once: planning takes ten times as long as the statement."""

import sqlite3
from collections.abc import Iterator

import pytest
from sqlalchemy import bindparam, select

from ampera import db
from ampera.pickups.models import PickupCode
from ampera.sql.statements import ColumnSelect
from tests import builders
from tests.handovers import steps

OF_TRANSACTIONS = 22  # the driver plans each COMMIT
CURRENT = ColumnSelect(  # a partial index of the table has the same condition
    select(PickupCode.id).where(PickupCode.pickup_id == bindparam("pickup"), PickupCode.state == "current")
)


@pytest.fixture
def plans(app) -> Iterator[list[str | None]]:
    """The tables of which the writer's connection makes a plan."""
    made: list[str | None] = []

    def note(action: int, table: str | None, *_: object) -> int:
        if action != OF_TRANSACTIONS:
            made.append(table)
        return sqlite3.SQLITE_OK

    with db.current().writer.connect() as conn:
        driver = conn.connection.driver_connection
    driver.set_authorizer(note)
    yield made
    driver.set_authorizer(None)


def test_own_constant_of_a_statement_needs_no_new_plan(plans):
    with db.current().writer.connect() as conn:
        for pickup in range(3):  # by SQLAlchemy, compiled, with the plan that was made then
            plans.clear()
            assert CURRENT.all(conn, pickup=pickup) == []
    assert not plans


def test_lane_from_scan_to_handover_makes_no_new_plan(app, plans):
    client, books = builders.signed_in(app, "officer"), [builders.ready(n) for n in range(1, 5)]
    for n, ((passport_id,), code) in enumerate(books, 1):
        plans.clear()
        visit = steps.serving(client, code)
        answer = client.post("/api/v1/handovers", json=steps.body(visit["id"], steps.book(passport_id, n)))
        assert answer.status_code == 201, answer.get_json()
    assert not plans


def test_calls_of_waiting_vehicles_make_no_new_plan(app, plans):
    client = builders.signed_in(app, "officer")
    for n in range(1, 5):
        assert steps.scan(client, builders.ready(n)[1]).status_code == 200
    for _ in range(4):
        plans.clear()
        assert client.post("/api/v1/lanes/1/next").status_code == 200
    assert not plans
