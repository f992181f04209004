"""The database of a morning, broken on purpose behind the product's back: the simulator's check finds it."""

import pytest
from sqlalchemy import text

from ampera import db
from ampera.tools.simulate.results import exceptions, queries
from ampera.tools.simulate.results.invariants import INVARIANTS, judge
from ampera.tools.simulate.results.records import Records
from tests import builders
from tests.handovers import steps as window
from tests.visits import steps

BROKEN = {
    "no book out twice": ["UPDATE passports SET state = 'ready' WHERE id = (SELECT MIN(passport_id) FROM handovers)"],
    "nobody's book taken as another's own": [
        "UPDATE handovers SET collector_class = 'self' WHERE collector_class = 'family'",
        "UPDATE handovers SET collector_name = 'Contoh Orang Lain' WHERE collector_class = 'self'",
        "UPDATE passports SET holder_name = 'Contoh Orang Lain' WHERE id IN (SELECT passport_id FROM handovers)",
    ],
    "every served visit was called": ["DELETE FROM calls; DELETE FROM audit WHERE action = 'visit.served'"],
    "order changed only with a reason": ["UPDATE order_changes SET reason = 'not_given'"],
    "every call for a supervisor ended": [
        "UPDATE supervisor_calls SET ended_at = NULL, ended_how = NULL WHERE ended_how = 'visit_over'",
        "UPDATE supervisor_calls SET decided_by_id = NULL WHERE ended_how = 'decided'",
        "DELETE FROM supervisor_calls WHERE ended_how = 'withdrawn'",
        "DELETE FROM audit WHERE action = 'supervisor.decided'",
    ],
    "no parked vehicle lost": [
        "UPDATE visits SET ended_at = NULL; DELETE FROM audit WHERE action IN ('visit.resumed', 'visit.done')",
        "UPDATE visits SET ended_at = NULL, parked_at = opened_at WHERE queue_no = 'A001'",
    ],
    "history is whole": ["UPDATE audit SET actor = 'Contoh Orang Lain' WHERE action = 'supervisor.decided'"],
}
# Not in the database, or refused by its tables, always.
FROM_ELSEWHERE = {"every screen equal to the database", "no call lost, none twice", "the server never failed"}
REFUSED = {"no two vehicles with one number"}


@pytest.fixture
def whole(app, sign_in) -> None:
    """A morning with a family in several capacities, a parked vehicle, and calls for a supervisor with each end."""
    officer, supervisor = sign_in("officer"), sign_in("supervisor")
    (own, wife), code = builders.ready(1, 2)
    family = window.serving(officer, code)
    supervisor_called(officer, family)
    assert supervisor.post(path(family, "/decision"), json={"decision": "attend"}).status_code == 200
    steps.moved(officer, family, "park")
    steps.moved(officer, family, "resume", lane=1)
    rows = [window.book(own, 1, **{"class": "self", "shown": ["payment", "identity"]}), window.book(wife, 2)]
    collector = {**window.FAMILY, "name": "Contoh Orang 1"}
    answer = officer.post("/api/v1/handovers", json=window.body(family["id"], *rows, collector=collector))
    assert answer.status_code == 201, answer.get_json()
    first, second = (steps.vehicle(officer, n) for n in (3, 4))
    supervisor_called(officer, first)
    assert officer.delete(path(first)).status_code == 200
    steps.moved(officer, second, "call", reason="kendaraan mogok")
    supervisor_called(officer, second)
    for vehicle in (second, first):
        steps.moved(officer, vehicle, "leave", reason="pergi")


def path(visit, step="") -> str:
    return f"/api/v1/visits/{visit['id']}/supervisor{step}"


def supervisor_called(officer, visit) -> None:
    assert officer.post(path(visit), json={"reason": "other"}).status_code == 200


def records() -> Records:
    with db.reading() as session:
        return queries.gather(session, 1, {})


def found() -> dict[str, list[str]]:
    with db.reading() as session:
        chain = queries.broken_chain(session)
    return judge(Records(**{**vars(records()), "chain": chain}))


def break_on_purpose(statements: str) -> None:
    """Without the triggers that would refuse it."""

    def change(unit: db.Unit) -> None:
        for (trigger,) in unit.conn.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            unit.conn.execute(text(f"DROP TRIGGER {trigger}"))
        for statement in statements.split("; "):
            assert unit.conn.execute(text(statement)).rowcount

    db.current().write(change)


def test_whole_database_breaks_nothing(whole) -> None:
    assert found() == {name: [] for name in INVARIANTS}


def test_exceptions_of_a_database_are_counted(whole) -> None:
    wanted = {"mixed_forms": 1, "parked": 1, "came_back": 1, "supervisor_calls": 3, "attended": 1, "withdrawn": 1}
    counts = exceptions.counts(records())
    assert counts == {name: wanted.get(name, 0) for name in counts} | {"ended_with_visit": 1}


def test_every_invariant_about_the_database_is_broken() -> None:
    assert set(BROKEN) == set(INVARIANTS) - FROM_ELSEWHERE - REFUSED


@pytest.mark.parametrize(("name", "change"), [(name, change) for name, changes in BROKEN.items() for change in changes])
def test_broken_database_is_found(whole, name, change) -> None:
    break_on_purpose(change)
    assert found()[name]
