"""The database itself refuses to change the history; the product's own writes go through."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ampera import db, migrate
from ampera.history import immutability
from tests.conftest import on_both

REFUSED = (
    "UPDATE audit SET details = '{}'",
    "UPDATE audit SET hash = hash",
    "DELETE FROM audit WHERE seq = 1",
    "UPDATE handovers SET collector_name = 'Orang Lain' WHERE id = 1",
    "UPDATE handovers SET holder_name = 'Orang Lain' WHERE id = 1",
    "UPDATE handovers SET void_reason = 'tanpa waktu' WHERE id = 1",
    "UPDATE handovers SET voided_at = at, collector_name = 'Orang Lain' WHERE id = 1",
    "UPDATE handovers SET voided_at = NULL WHERE id = 2",
    "UPDATE handovers SET void_reason = 'alasan lain' WHERE id = 2",
    "DELETE FROM handovers",
    "UPDATE signatures SET sha256 = ''",
    "DELETE FROM signatures",
    "DELETE FROM audit_heads",
    "UPDATE audit_heads SET seq = seq - 1",
)


@pytest.fixture
def records(hand_over, void):
    """Two records, the second one void."""
    hand_over(1)
    void(hand_over(2))


def run(statement: str) -> None:
    db.current().write(lambda unit: unit.conn.execute(text(statement)))


@on_both
def test_change_of_the_history_is_refused_by_the_database(records, database, verified):
    statements = [*REFUSED, "TRUNCATE audit" if database else "INSERT OR REPLACE INTO audit SELECT * FROM audit"]
    for statement in statements:
        with pytest.raises(DBAPIError, match="keeps the history"):
            run(statement)
    assert verified()["ok"]


@on_both
def test_dropped_or_changed_trigger_is_found_and_put_back_by_init(records, database, verified):
    suffix = " ON audit" if database else ""
    run(f"DROP TRIGGER keep_audit_update{suffix}")
    assert verified()["first_bad"] == "trigger:keep_audit_update"
    made = "FOR EACH ROW EXECUTE FUNCTION ampera_keep('seq')" if database else "WHEN 0 BEGIN SELECT 1; END"
    run(f"CREATE TRIGGER keep_audit_update BEFORE UPDATE ON audit {made}")
    assert verified()["first_bad"] == "trigger:keep_audit_update"
    migrate.upgrade(db.current())
    assert verified()["ok"]


@on_both
def test_function_or_trigger_that_is_turned_off_is_found(records, database, verified):
    if database:
        run("ALTER TABLE handovers DISABLE TRIGGER keep_handovers_delete")
        assert verified()["first_bad"] == "trigger:keep_handovers_delete"
        run("ALTER TABLE handovers ENABLE TRIGGER keep_handovers_delete")
        body = "BEGIN RETURN NEW; END"
        run(f"CREATE OR REPLACE FUNCTION ampera_keep() RETURNS trigger LANGUAGE plpgsql AS $${body}$$")
        assert verified()["first_bad"] == "trigger:ampera_keep"
    else:
        run("DROP TRIGGER keep_handovers_delete")
        assert verified()["first_bad"] == "trigger:keep_handovers_delete"


@on_both
def test_column_of_a_later_migration_is_kept_too(records):
    with db.current().writer.begin() as conn:
        immutability.remove(conn)
        conn.execute(text("ALTER TABLE handovers ADD COLUMN later VARCHAR"))
        immutability.install(conn)
    with pytest.raises(DBAPIError, match="keeps the history"):
        run("UPDATE handovers SET later = 'x' WHERE id = 1")
