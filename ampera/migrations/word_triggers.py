"""Triggers that keep the index of the search: no writer can forget it, and a book and its words are of one transaction.

They are made after every migration, because a migration that rebuilds the table of books drops them. A migration that
changes the columns in READ ends with `fill`.
"""

from collections.abc import Callable

from sqlalchemy import Connection, inspect, text

SHELF, END = "@", "<"  # no word of a name has these marks
LAST_DIGITS = 3  # of an application number
READ = ("office_id", "name_key", "application_no", "shelf")
SLICE = 20_000  # books of one statement

_NAMES = ("book_words_insert", "book_words_update", "book_words_delete")
# The words of a row. A key of a name has single blanks between its words; a shelf may have blanks inside.
_EACH = {
    "sqlite": "json_each('[' || replace(json_quote({row}.name_key), ' ', '\",\"')"
    " || ',' || json_quote('<' || substr({row}.application_no, -3))"
    " || ',' || json_quote('@' || upper({row}.shelf)) || ']')",
    "postgresql": "unnest(string_to_array({row}.name_key, ' ') || ('<' || right({row}.application_no, 3))"
    " || ('@' || upper({row}.shelf))) AS value",
}
_REMEMBER = (
    "INSERT INTO book_words (office_id, word, name_key, passport_id)"
    " SELECT DISTINCT {row}.office_id, value, {row}.name_key, {row}.id FROM {source}{each} WHERE value NOT IN ('', '@')"
)
_FORGET = (
    "DELETE FROM book_words WHERE office_id = OLD.office_id AND name_key = OLD.name_key AND passport_id = OLD.id"
    " AND word IN (SELECT value FROM {each})"
)
_HAS_CHANGED = " OR ".join(f"OLD.{column} <> NEW.{column}" for column in READ)
_OF_ONE = """CREATE FUNCTION book_words_of_one() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {forget};
    IF TG_OP = 'UPDATE' THEN {remember}; END IF;
    RETURN NULL;
END $$"""
_OF_ALL = """CREATE FUNCTION book_words_of_all() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {remember};
    RETURN NULL;
END $$"""


def install(conn: Connection) -> None:
    """Make the triggers, in the transaction of `conn`, when this database has the index."""
    remove(conn)
    if _has_index(conn):
        for statement in _on_postgresql() if conn.dialect.name == "postgresql" else _on_sqlite():
            conn.execute(text(statement))


def remove(conn: Connection) -> None:
    """Drop the triggers: a migration writes books without them."""
    if not _has_index(conn):
        return
    is_postgresql = conn.dialect.name == "postgresql"
    for name in _NAMES:
        conn.execute(text(f"DROP TRIGGER IF EXISTS {name}{' ON passports' * is_postgresql}"))
    if is_postgresql:
        conn.execute(text("DROP FUNCTION IF EXISTS book_words_of_one(), book_words_of_all()"))


def fill(conn: Connection, report: Callable[[int, int], None]) -> None:
    """Build the whole index. `report` receives the id of the last book so far, and that of the newest one."""
    conn.execute(text("DELETE FROM book_words"))
    newest = conn.execute(text("SELECT max(id) FROM passports")).scalar() or 0
    words = _remember(conn.dialect.name, "p", "passports AS p, ")
    # In the order of the index, so that each slice goes through it once.
    add = text(f"{words} AND p.id BETWEEN :first AND :last ORDER BY 1, 2, 3, 4")
    for first in range(1, newest + 1, SLICE):
        conn.execute(add, {"first": first, "last": first + SLICE - 1})
        report(min(first + SLICE - 1, newest), newest)


def _has_index(conn: Connection) -> bool:
    return inspect(conn).has_table("book_words")


def _remember(dialect: str, row: str, source: str = "") -> str:
    return _REMEMBER.format(row=row, source=source, each=_EACH[dialect].format(row=row))


def _forget(dialect: str) -> str:
    return _FORGET.format(each=_EACH[dialect].format(row="OLD"))


def _on_sqlite() -> list[str]:
    forget, remember = _forget("sqlite"), _remember("sqlite", "NEW")
    change = f"AFTER UPDATE OF {', '.join(READ)} ON passports WHEN {_HAS_CHANGED}"
    return [
        f"CREATE TRIGGER book_words_insert AFTER INSERT ON passports BEGIN {remember}; END",
        f"CREATE TRIGGER book_words_update {change} BEGIN {forget}; {remember}; END",
        f"CREATE TRIGGER book_words_delete AFTER DELETE ON passports BEGIN {forget}; END",
    ]


def _on_postgresql() -> list[str]:
    """An intake inserts thousands of books with one statement: their words follow with one statement too."""
    of_book = _OF_ONE.format(forget=_forget("postgresql"), remember=_remember("postgresql", "NEW"))
    of_books = _OF_ALL.format(remember=_remember("postgresql", "p", "new_books AS p, "))
    call = "FOR EACH ROW {when}EXECUTE FUNCTION book_words_of_one()"
    return [
        of_book,
        of_books,
        "CREATE TRIGGER book_words_insert AFTER INSERT ON passports REFERENCING NEW TABLE AS new_books"
        " FOR EACH STATEMENT EXECUTE FUNCTION book_words_of_all()",
        f"CREATE TRIGGER book_words_update AFTER UPDATE OF {', '.join(READ)} ON passports "
        + call.format(when=f"WHEN ({_HAS_CHANGED}) "),
        "CREATE TRIGGER book_words_delete AFTER DELETE ON passports " + call.format(when=""),
    ]
