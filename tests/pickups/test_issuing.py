"""Books taken in get their pickups and codes in the same transaction; groups share, strangers never do."""

import pytest
from sqlalchemy import event, func, select

from ampera import db
from ampera.audit import AuditEntry
from ampera.passports.events import BooksTakenIn
from ampera.passports.models import Passport
from ampera.pickups import codes, issuance, queries
from ampera.pickups.codes import CodeKeys
from ampera.pickups.models import Pickup, PickupCode
from tests import builders
from tests.conftest import on_both

pytestmark = on_both


def take_in(*groups, office_id=1, first=1):
    """Books in these groups (None: alone), taken in as the intake does; their ids."""
    books = [(builders.passport(first + n, office_id, group_name=group), group) for n, group in enumerate(groups)]
    event = BooksTakenIn(builders.actor("desk"), office_id, tuple(books))
    db.current().write(lambda unit: unit.emit(event))
    return [book for book, _ in books]


def pickup_of(*books):
    with db.reading() as session:
        return [session.get_one(Passport, book).pickup_id for book in books]


def rows(model):
    with db.reading() as session:
        return list(session.scalars(select(model)))


def test_every_book_alone_gets_its_own_pickup_and_code(app):
    books = take_in(None, None, None)
    assert len(set(pickup_of(*books))) == 3
    assert [(row.generation, row.state, row.key_id) for row in rows(PickupCode)] == [(1, "current", "t1")] * 3


def test_books_of_one_group_share_a_pickup(app):
    first, alone, second, other = take_in("Keluarga Contoh", None, "Keluarga Contoh", "Rombongan Uji")
    shared, single, same, another = pickup_of(first, alone, second, other)
    assert shared == same
    assert len({shared, single, another}) == 3
    assert [row.group_name for row in rows(Pickup) if row.id == shared] == ["Keluarga Contoh"]


def test_a_later_book_joins_the_group_that_is_still_to_be_collected(app):
    (first,) = take_in("Keluarga Contoh")
    (second,) = take_in("Keluarga Contoh", first=2)
    assert len(set(pickup_of(first, second))) == 1
    assert len(rows(PickupCode)) == 1


@pytest.mark.parametrize(("model", "values"), [(Passport, {"state": "collected"}), (PickupCode, {"state": "revoked"})])
def test_a_group_that_is_through_gets_a_new_pickup(app, model, values):
    (first,) = take_in("Keluarga Contoh")
    builders.set_columns(model, {}, **values)
    (second,) = take_in("Keluarga Contoh", first=2)
    assert len(set(pickup_of(first, second))) == 2


def test_groups_of_the_same_name_at_two_offices_are_strangers(app):
    office_id = builders.office("JKT", "Kantor Imigrasi Contoh Jakarta")
    here, there = take_in("Keluarga Contoh") + take_in("Keluarga Contoh", office_id=office_id, first=2)
    assert len(set(pickup_of(here, there))) == 2


def test_the_database_holds_only_hashes_and_the_keys_find_them_again(app):
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


def test_a_booking_code_is_never_given_twice(app, monkeypatch):
    take_in(None)
    (had,) = [row.booking_code for row in rows(PickupCode)]
    fresh = codes.new_short_code()
    draws = iter([had, had, fresh])
    monkeypatch.setattr(codes, "new_short_code", lambda: next(draws))
    take_in(None, first=2)
    assert [row.booking_code for row in rows(PickupCode)] == [had, fresh]


def test_what_was_issued_is_on_record_without_the_code(app):
    book, *_ = take_in("Keluarga Contoh", "Keluarga Contoh")
    (pickup_id,) = set(pickup_of(book))
    with db.reading() as session:
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "pickup.issued"))
    assert entry.subject == f"pickup:{pickup_id}"
    assert entry.details == '{"passports":[1,2]}'
    assert entry.staff_id == builders.actor("desk").staff_id


def test_a_failure_leaves_no_pickup_behind(app):
    event = BooksTakenIn(builders.actor("desk"), 1, ((builders.passport(1), None),))

    def fail(unit):
        unit.emit(event)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        db.current().write(fail)
    assert rows(Pickup) == rows(PickupCode) == []


def test_five_thousand_books_take_at_most_one_statement_more_for_each_pickup(app):
    with db.reading() as session:
        template = {**vars(session.get_one(Passport, builders.passport(0)))}
    template.pop("_sa_instance_state")
    clerk, said = builders.actor("desk"), []
    event.listen(app.extensions["ampera.db"].writer, "before_cursor_execute", lambda *told: said.append(told[2]))

    def statements(numbers):
        many = [{**template, "id": n, "application_no": f"98{n:014d}", "pickup_id": None} for n in numbers]
        books = tuple((row["id"], f"Rombongan {row['id'] // 40}" if row["id"] % 3 else None) for row in many)
        db.current().write(lambda unit: unit.conn.execute(Passport.__table__.insert(), many))
        said.clear()
        db.current().write(lambda unit: issuance.issue(unit, BooksTakenIn(clerk, 1, books)))
        return len(said)

    few, all_of_them = statements(range(900, 950)), statements(range(1000, 6000))
    with db.reading() as session:
        assert session.scalar(select(func.count()).where(Passport.pickup_id.is_not(None))) == 5050
        pickups = session.scalar(select(func.count()).select_from(Pickup))
    assert all_of_them - few <= pickups < 2000, (few, all_of_them)
