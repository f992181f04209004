"""Migrations go up and down on both databases, and lead exactly to the models."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from ampera import create_app, migrate
from tests.conftest import settings_for


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request, tmp_path):
    """A database without a single table."""
    url = request.getfixturevalue("cluster").new_database() if request.param == "postgresql" else ""
    database = create_app(settings_for(tmp_path, DATABASE_URL=url)).extensions["ampera.db"]
    yield database
    database.dispose()


def test_up_and_down_and_up_again(empty):
    migrate.upgrade(empty)
    assert tables(empty) == set(migrate.all_tables().tables)
    migrate.downgrade(empty, "base")
    assert tables(empty) == set()
    migrate.upgrade(empty)
    with empty.reader.connect() as conn:
        assert migrate.is_current(conn)


def test_every_migration_goes_down_and_up(empty):
    migrate.upgrade(empty)
    for _ in revisions():
        migrate.downgrade(empty, "-1")
    for _ in revisions():
        migrate.upgrade(empty, "+1")
    with empty.reader.connect() as conn:
        assert migrate.is_current(conn)


def test_the_models_need_nothing_more(empty):
    migrate.upgrade(empty)
    with empty.reader.connect() as conn:
        context = MigrationContext.configure(conn, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, migrate.all_tables()) == []


def test_special_day_of_an_older_version_keeps_hours(empty):
    migrate.upgrade(empty, "0001")
    with empty.writer.begin() as conn:
        conn.execute(
            text(
                "INSERT INTO offices (id, code, name, name_en, address, timezone, options, revision,"
                " next_handover) VALUES (1, 'PLG', 'Contoh', '', '', 'Asia/Jakarta', '{}', 0, 1)"
            )
        )
        conn.execute(
            text(
                "INSERT INTO special_days (office_id, day, title, opens, closes) VALUES"
                " (1, '2026-12-31', 'Setengah hari', '08:00', '11:00'), (1, '2027-01-01', 'Libur', NULL, NULL)"
            )
        )
    migrate.upgrade(empty)
    assert rows(empty, "SELECT opens, closes FROM special_hours") == [("08:00", "11:00")]
    migrate.downgrade(empty, "0001")
    assert rows(empty, "SELECT opens, closes FROM special_days ORDER BY day") == [("08:00", "11:00"), (None, None)]


def test_lock_of_a_pickup_of_an_older_version_stays_on_every_book_that_waits(empty):
    migrate.upgrade(empty, "0009")
    with empty.writer.begin() as conn:
        conn.execute(
            text(
                "INSERT INTO offices (id, code, name, name_en, address, timezone, options, revision,"
                " next_handover) VALUES (1, 'PLG', 'Contoh', '', '', 'Asia/Jakarta', '{}', 0, 1)"
            )
        )
        for pickup, misses, locked in ((1, 3, "'2026-01-02 03:04:05'"), (2, 1, "NULL"), (3, 0, "NULL")):
            conn.execute(
                text(
                    "INSERT INTO pickups (id, office_id, misses, locked_at, created_at)"
                    f" VALUES ({pickup}, 1, {misses}, {locked}, '2026-01-01 00:00:00')"
                )
            )
        for n, (pickup, state) in enumerate([(1, "ready"), (1, "held"), (1, "collected"), (2, "ready"), (3, "ready")]):
            conn.execute(
                text(
                    "INSERT INTO passports (id, office_id, pickup_id, application_no, passport_no, holder_name,"
                    " name_key, birth_date, issued_on, shelf, kind, state, created_at, updated_at)"
                    f" VALUES ({n}, 1, {pickup}, '9900000{n}', 'X000000{n}', 'Contoh', 'contoh', '1990-01-01',"
                    f" '2026-01-01', 'A', 'passport', '{state}', '2026-01-01 00:00:00', '2026-01-01 00:00:00')"
                )
            )
    migrate.upgrade(empty)
    kept = rows(empty, "SELECT misses, locked_at IS NOT NULL FROM passports ORDER BY id")
    assert kept == [(3, True), (3, True), (0, False), (1, False), (0, False)]
    migrate.downgrade(empty, "0009")
    back = rows(empty, "SELECT misses, locked_at IS NOT NULL FROM pickups ORDER BY id")
    assert back == [(3, True), (1, False), (0, False)]


BOOK_OF_OFFICE = text(
    "INSERT INTO passports (id, office_id, application_no, passport_no, holder_name, name_key, birth_date, issued_on,"
    " shelf, kind, state, created_at, updated_at) VALUES (:id, :office, '99000001', 'X0000001', 'Contoh', 'contoh',"
    " '1990-01-01', '2026-01-01', 'A', 'passport', 'ready', '2026-01-01 00:00:00', '2026-01-01 00:00:00')"
)


def test_two_offices_may_have_one_application_number_and_no_downgrade_loses_one(empty):
    migrate.upgrade(empty, "0013")
    with empty.writer.begin() as conn:
        for office in (1, 2):
            conn.execute(
                text(
                    "INSERT INTO offices (id, code, name, name_en, address, timezone, options, revision, next_handover)"
                    " VALUES (:id, :code, 'Contoh', '', '', 'Asia/Jakarta', '{}', 0, 1)"
                ),
                {"id": office, "code": f"C{office}"},
            )
        conn.execute(BOOK_OF_OFFICE, {"id": 7, "office": 1})
        conn.execute(
            text(
                "INSERT INTO corrections (id, office_id, passport_id, state, proposed, reason, proposed_at)"
                " VALUES (1, 1, 7, 'open', '{}', 'Contoh', '2026-01-01 00:00:00')"
            )
        )
    migrate.upgrade(empty, "0026")  # later ones encrypt the birth date
    with empty.writer.begin() as conn:
        conn.execute(BOOK_OF_OFFICE, {"id": 8, "office": 2})
    with pytest.raises(IntegrityError), empty.writer.begin() as conn:
        conn.execute(BOOK_OF_OFFICE, {"id": 9, "office": 2})
    with pytest.raises(IntegrityError), empty.writer.begin() as conn:  # references are checked again
        conn.execute(text("UPDATE corrections SET passport_id = 99"))
    with pytest.raises(ValueError, match="1 application numbers belong to books of several offices"):
        migrate.downgrade(empty, "0013")
    assert rows(empty, "SELECT id, office_id FROM passports ORDER BY id") == [(7, 1), (8, 2)]
    with empty.writer.begin() as conn:
        conn.execute(text("DELETE FROM passports WHERE id = 8"))
    migrate.downgrade(empty, "0013")
    assert rows(empty, "SELECT p.id FROM corrections JOIN passports AS p ON p.id = passport_id") == [(7,)]


def test_partial_unique_indexes_are_really_there(empty):
    """Alembic does not compare the condition of an index; these are the last word of the promises."""
    migrate.upgrade(empty)
    with empty.reader.connect() as conn:
        for table, name, condition in (
            ("handovers", "ux_handovers_live", "voided_at IS NULL"),
            ("visit_pickups", "ux_visit_pickups_open", "is_open"),
            ("pickup_codes", "ux_pickup_codes_current", "state"),
            ("passports", "ux_passports_live_number", "is_old_twin"),
        ):
            (index,) = [found for found in inspect(conn).get_indexes(table) if found["name"] == name]
            where = index["dialect_options"][f"{conn.dialect.name}_where"]
            assert index["unique"] and condition in str(where)


def rows(database, query):
    with database.reader.connect() as conn:
        return [tuple(row) for row in conn.execute(text(query))]


def tables(database):
    with database.reader.connect() as conn:
        return set(inspect(conn).get_table_names()) - {"alembic_version"}


def revisions():
    return list((migrate.FOLDER / "versions").glob("[0-9]*.py"))


def test_names_of_an_older_version_are_found_in_any_spelling(empty):
    migrate.upgrade(empty, "0005")
    insert = text(
        "INSERT INTO passports (id, office_id, application_no, passport_no, holder_name, name_key, birth_date,"
        " issued_on, shelf, kind, state, created_at, updated_at) VALUES (:n, 1, '880000000000000' || :end, 'X1234567',"
        " :name, :key, '1990-03-02', '2026-11-01', 'A-1', 'passport', 'ready', '2026-11-01', '2026-11-01')"
    )
    with empty.writer.begin() as conn:
        conn.execute(
            text(
                "INSERT INTO offices (id, code, name, name_en, address, timezone, options, revision, next_handover)"
                " VALUES (1, 'PLG', 'Contoh', '', '', 'Asia/Jakarta', '{}', 0, 1)"
            )
        )
        for n, name, key in ((1, "Đặng Nur'aini", "đang nur aini"), (2, "Putri Contoh", "putri contoh")):
            conn.execute(insert, {"n": n, "end": str(n), "name": name, "key": key})
    keys = text("SELECT name_key FROM passports ORDER BY id")
    migrate.upgrade(empty)
    with empty.reader.connect() as conn:
        assert conn.scalars(keys).all() == ["dang nur aini nuraini", "putri contoh"]
    migrate.downgrade(empty, "0005")
    with empty.reader.connect() as conn:
        assert conn.scalars(keys).all() == ["dang nur aini", "putri contoh"]
