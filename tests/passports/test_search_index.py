"""The index of the search: it follows every write, and the search finds what a query over all books finds."""

from random import Random

import pytest
from sqlalchemy import delete, insert, select, text, update

from ampera import clock, db, migrate
from ampera.migrations import word_triggers
from ampera.passports.fields import name_key
from ampera.passports.models import Passport
from ampera.passports.search import queries
from ampera.passports.search.models import BookWord
from ampera.tools.bench.scale.plan_queries import plans
from tests import builders
from tests.conftest import on_both

BOOKS = 300
WORDS = (
    *("putri", "putra", "putriana", "ayu", "a", "nur'aini", "zul", "zulkarnain"),
    *("contoh", "d'arc", "al-amin", "9uji"),
)
TEXTS = (
    *("put", "putri", "zul", "zulk", "a", "ay", "p", "nuraini", "nur'aini", "nur aini", "darc", "d arc", "al-amin"),
    *("alamin", "9", "utri", "tidakada", "putri zul", "zul put", "putri putri", "contoh put ay", "putri tidakada"),
    *("A", "A-1", "a-1", "A-10", "RAK", "rak 1", "RAK 12", "%", "_", "@", "<", "@A", "<880"),
    *("880", "8800", "001", "017", "0017", "88000000000017", "X0000017"),
    *("0812", "+62812", "62812", "812", "08120"),
)


def draw(number: int, random: Random, places: tuple[int, int]) -> dict:
    name = " ".join(random.choice(WORDS) for _ in range(random.choice((1, 2, 2, 3)))).title()
    now, today = clock.now(), clock.today()
    return {
        "office_id": places[number % 7 == 0], "application_no": f"880000000{number:05d}",
        "passport_no": f"X{number:07d}", "holder_name": name, "name_key": name_key(name),
        "birth_date": today, "issued_on": today, "kind": "passport", "created_at": now, "updated_at": now,
        "shelf": random.choice(("A-1", "A-10", "a-11", "RAK 1", "RAK 12", "", "B")),
        "phone": random.choice((None, f"+62812{number:06d}", f"+62813{number:06d}")),
        "state": random.choice(("ready", "held", "collected", "collected", "cancelled")),
    }  # fmt: skip


@pytest.fixture
def drawn(app):
    random, places = Random(20), (1, builders.office("JKT"))
    rows = [draw(number, random, places) for number in range(1, BOOKS + 1)]
    db.current().write(lambda unit: unit.conn.execute(insert(Passport), rows))


def of_all_books(session, wanted: str) -> list[queries.FoundBook]:
    """The search without an index: every book of the office is compared."""
    return queries.listed(session, 1, queries.matching(wanted), queries.LIMIT)


@on_both
@pytest.mark.parametrize("few", [4, 5_000], ids="at most {} are sorted".format)
def test_search_finds_what_a_query_over_all_books_finds(drawn, monkeypatch, few):
    monkeypatch.setattr(queries, "FEW", few)
    with db.reading() as session:
        for wanted in TEXTS:
            first = of_all_books(session, wanted)
            assert queries.found(session, 1, wanted) == first, wanted
            assert queries.found(session, 1, wanted, limit=3) == first[:3], wanted


def test_most_drawn_texts_find_books(drawn):
    """Otherwise the comparison with all books would prove nothing."""
    with db.reading() as session:
        found = [wanted for wanted in TEXTS if queries.found(session, 1, wanted)]
    assert len(found) > len(TEXTS) * 0.7


def index() -> list:
    with db.reading() as session:
        return sorted(tuple(row) for row in session.execute(select(BookWord.__table__)))


def rebuilt() -> list:
    db.current().write(lambda unit: word_triggers.fill(unit.conn, lambda _done, _newest: None))
    return index()


@pytest.mark.parametrize("few", [4, 5_000], ids="at most {} are sorted".format)
def test_search_reads_no_table_as_a_whole(drawn, monkeypatch, few):
    monkeypatch.setattr(queries, "FEW", few)

    def search_all() -> None:
        with db.reading() as session:
            for wanted in TEXTS:
                queries.found(session, 1, wanted)

    found = plans(db.current(), "search", search_all)
    assert len(found) > 5 and not [plan for plan in found if plan.whole]


@on_both
def test_index_follows_inserts_changes_and_deletions(drawn):
    def change(unit: db.Unit) -> None:
        book = update(Passport)
        unit.conn.execute(book.where(Passport.id == 1), {"holder_name": "Baru", "name_key": "baru sekali"})
        unit.conn.execute(book.where(Passport.id == 2), {"shelf": 'Z "9" \''})
        unit.conn.execute(book.where(Passport.id == 3), {"shelf": ""})
        unit.conn.execute(book.where(Passport.id == 4), {"application_no": "99"})
        unit.conn.execute(book.where(Passport.id == 5), {"office_id": 2, "state": "collected"})
        unit.conn.execute(book.where(Passport.id.between(6, 9)), {"name_key": ""})
        unit.conn.execute(delete(Passport).where(Passport.id.between(10, 12)))

    before = index()
    db.current().write(change)
    after = index()
    assert after != before and after == rebuilt()
    assert (1, "sekali", "baru sekali", 1) in after and not [row for row in after if row[3] in (10, 11, 12)]


@on_both
def test_index_of_a_transaction_that_fails_is_as_before(drawn):
    before = index()

    def fail(unit: db.Unit) -> None:
        unit.conn.execute(update(Passport), {"name_key": "lain"})
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        db.current().write(fail)
    assert index() == before


@on_both
def test_migration_builds_the_index_of_the_books_that_are_there(drawn):
    before, database = index(), db.current()
    migrate.downgrade(database, "0019")
    database.write(lambda unit: unit.conn.execute(text("UPDATE passports SET shelf = 'Q' WHERE id = 1")))
    migrate.upgrade(database)
    after = index()
    assert {row for row in after if row[3] != 1} == {row for row in before if row[3] != 1}
    assert any(row[1] == "@Q" and row[3] == 1 for row in after)
    database.write(lambda unit: unit.conn.execute(text("UPDATE passports SET shelf = 'R' WHERE id = 1")))
    assert any(row[1] == "@R" and row[3] == 1 for row in index())
