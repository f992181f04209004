"""`ampera keys rotate data` dies by kill -9 again and again: every value is read at any moment, and in the end has the
newest key.
"""

import random
import time

import pytest
from sqlalchemy import select, update

from ampera import db
from ampera.passports.models import Passport
from ampera.sql.sealed_columns import as_stored, key_id
from ampera.tools.auditing.proof import verify
from tests import builders
from tests.conftest import SERVER_SECRETS, on_one
from tests.upkeep.test_key_rotation import NEW, OLD, PERSON, filled, use  # noqa: F401

BOOKS = 6_000  # a dozen transactions of the rotation
pytestmark = [on_one("sqlite"), pytest.mark.true_time, pytest.mark.proof]


def test_rotation_killed_at_drawn_moments_loses_nothing(filled, new_server, database, request):  # noqa: F811
    kills, draw = request.config.getoption("kills"), random.Random()
    _more_books()
    before = _values()
    use(f"{NEW},{OLD}")
    server = new_server(DATABASE_URL=database, DATA_KEYS=f"{NEW},{OLD}", **SERVER_SECRETS)
    moments = []
    for _ in range(kills):
        if killed := _killed_rotation(server, draw):
            moments.append(killed)
        assert _values() == before, "after a kill every value is read, whichever key it has"
    assert moments, "no rotation was killed in its work"
    print(f"killed with so many books done: {moments}")  # seen with -rP
    server.program("keys", "rotate", "data", "--json")
    assert _keys() == {"new"}
    use(NEW)
    assert _values() == before
    with db.reading() as session:
        assert verify(session)["ok"], "the triggers are back, and the chain covers the plain values"


def _killed_rotation(server, draw):
    """Begin a rotation and kill it when it has gone on by a drawn number of books; how many were done then, or None."""
    _back_to_the_old_key(draw)
    goal = _done() + draw.randrange(1, BOOKS // 2)
    process = server.beginning("keys", "rotate", "data", "--json")
    while process.poll() is None and _done() < goal:
        time.sleep(0.001)
    was_running = process.poll() is None
    process.kill()
    process.wait()
    return _done() if was_running else None


def _back_to_the_old_key(draw):
    """Some books get the old key again, as if the rotation had not come to them: each kill finds work."""
    use(OLD + "," + NEW)
    with db.reading() as session:
        books = session.execute(select(Passport.id, Passport.nik).where(Passport.nik.is_not(None))).all()
    old = [{"id": book, "nik": nik} for book, nik in books if draw.random() < 0.8]
    db.current().write(lambda unit: unit.session.execute(update(Passport), old))
    use(f"{NEW},{OLD}")


def _more_books():
    rows = [
        {
            "office_id": 1, "application_no": f"88{n:014d}", "passport_no": f"Y{n:07d}", "holder_name": f"Contoh {n}",
            "name_key": f"contoh {n}", "birth_date": builders.date(1990, 1, 1), "issued_on": builders.date(2026, 1, 1),
            "shelf": "C-1", "state": "ready", "created_at": builders.clock.now(), "updated_at": builders.clock.now(),
            **PERSON, "nik": f"167101{n:010d}",
        }
        for n in range(10, BOOKS + 10)
    ]  # fmt: skip
    db.current().write(lambda unit: unit.session.execute(Passport.__table__.insert(), rows))


def _values():
    with db.reading() as session:
        columns = (Passport.id, Passport.nik, Passport.phone, Passport.email, Passport.document_no, Passport.birth_date)
        return session.execute(select(*columns).order_by(Passport.id)).all()


def _stored():
    table = Passport.__table__
    with db.reading() as session:
        return [row.nik for row in session.execute(as_stored(table, [table.c.nik])) if row.nik]


def _keys():
    return {key_id(value) for value in _stored()}


def _done():
    return sum(key_id(value) == "new" for value in _stored())
