"""New books get pickups and codes in the transaction of the intake. Only books of one group share a pickup."""

import pytest
from sqlalchemy import func, select

from ampera import db
from ampera.audit import AuditEntry
from ampera.passports.events import BooksTakenIn
from ampera.passports.models import Passport
from ampera.pickups import codes, issuance_service, queries
from ampera.pickups.codes import CodeKeys
from ampera.pickups.models import Pickup, PickupCode
from tests import builders
from tests.conftest import on_both
from tests.pickups.steps import pickup_of, rows, take_in
from tests.statements import executed

pytestmark = on_both


def test_each_book_without_a_group_gets_a_separate_pickup_and_code(app):
    books = take_in(None, None, None)
    assert len(set(pickup_of(*books))) == 3
    assert [(row.generation, row.state, row.key_id) for row in rows(PickupCode)] == [(1, "current", "t1")] * 3


def test_books_of_one_group_share_a_pickup(app):
    first, alone, second, other = take_in("Keluarga Contoh", None, "Keluarga Contoh", "Rombongan Uji")
    shared, single, same, another = pickup_of(first, alone, second, other)
    assert shared == same
    assert len({shared, single, another}) == 3
    assert [row.group_name for row in rows(Pickup) if row.id == shared] == ["Keluarga Contoh"]


def test_later_book_joins_the_open_pickup_of_the_group(app):
    (first,) = take_in("Keluarga Contoh")
    (second,) = take_in("Keluarga Contoh", first=2)
    assert len(set(pickup_of(first, second))) == 1
    assert len(rows(PickupCode)) == 1


@pytest.mark.parametrize(("model", "values"), [(Passport, {"state": "collected"}), (PickupCode, {"state": "revoked"})])
def test_book_of_a_finished_group_gets_a_new_pickup(app, model, values):
    (first,) = take_in("Keluarga Contoh")
    builders.set_columns(model, {}, **values)
    (second,) = take_in("Keluarga Contoh", first=2)
    assert len(set(pickup_of(first, second))) == 2


def test_groups_of_the_same_name_at_two_offices_do_not_share_a_pickup(app):
    office_id = builders.office("JKT", "Kantor Imigrasi Contoh Jakarta")
    here, there = take_in("Keluarga Contoh") + take_in("Keluarga Contoh", office_id=office_id, first=2)
    assert len(set(pickup_of(here, there))) == 2


def test_database_holds_only_hashes_of_code_and_link(app):
    take_in(None)
    (row,) = rows(PickupCode)
    keys = CodeKeys.parse(app.extensions["ampera.settings"].code_keys)
    assert row.code_hash == codes.fingerprint(keys.code(row))
    assert row.link_hash == codes.fingerprint(keys.link(row))
    kept = "".join(str(value) for value in vars(row).values())
    assert keys.code(row) not in kept
    assert keys.link(row) not in kept
    with db.reading() as session:
        assert queries.by_link(session, keys.link(row)).generation == 1
        assert queries.by_link(session, "0" * 26) is None
        assert queries.by_link(session, keys.code(row)) is None


def test_used_short_code_is_never_issued_again(app, monkeypatch):
    take_in(None)
    (used,) = [row.booking_code for row in rows(PickupCode)]
    fresh = codes.new_short_code()
    draws = iter([used, used, fresh])
    monkeypatch.setattr(codes, "new_short_code", lambda: next(draws))
    take_in(None, first=2)
    assert [row.booking_code for row in rows(PickupCode)] == [used, fresh]


def test_issued_pickup_is_audited_without_the_code(app):
    book, *_ = take_in("Keluarga Contoh", "Keluarga Contoh")
    (pickup_id,) = set(pickup_of(book))
    with db.reading() as session:
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "pickup.issued"))
    assert entry.subject == f"pickup:{pickup_id}"
    assert entry.details == '{"passports":[1,2]}'
    assert entry.staff_id == builders.actor("desk").staff_id


def test_failed_transaction_leaves_no_pickup(app):
    event = BooksTakenIn(builders.actor("desk"), 1, ((builders.passport(1), None),))

    def fail(unit):
        unit.emit(event)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        db.current().write(fail)
    assert rows(Pickup) == rows(PickupCode) == []


def test_issuing_5000_books_needs_at_most_one_extra_statement_per_pickup(app):
    with db.reading() as session:
        template = {**vars(session.get_one(Passport, builders.passport(0)))}
    template.pop("_sa_instance_state")
    clerk = builders.actor("desk")

    def statements(numbers):
        many = [
            {**template, "id": n, "application_no": f"98{n:014d}", "passport_no": f"X{n:07d}", "pickup_id": None}
            for n in numbers
        ]
        books = tuple((row["id"], f"Rombongan {row['id'] // 40}" if row["id"] % 3 else None) for row in many)
        db.current().write(lambda unit: unit.conn.execute(Passport.__table__.insert(), many))
        with executed(db.current().writer) as seen:
            db.current().write(lambda unit: issuance_service.issue(unit, BooksTakenIn(clerk, 1, books)))
        return len(seen)

    few, all_of_them = statements(range(900, 950)), statements(range(1000, 6000))
    with db.reading() as session:
        assert session.scalar(select(func.count()).where(Passport.pickup_id.is_not(None))) == 5050
        pickups = session.scalar(select(func.count()).select_from(Pickup))
    assert all_of_them - few <= pickups < 2000, (few, all_of_them)
