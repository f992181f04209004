"""The kernel's promises: one transaction, events after the commit only, settings that refuse what is weak."""

import pytest
from sqlalchemy import func, select

from ampera import audit, db, events
from ampera.settings import SettingsError, load
from tests import builders


class Happened:
    pass


def test_an_exception_rolls_back_and_publishes_nothing(app):
    told = []
    events.after(Happened)(told.append)

    @db.transaction
    def fail(unit, actor):
        audit.record(unit, actor, "test.failed", "test:1")
        unit.emit(Happened())
        raise RuntimeError("half way")

    before = rows()
    with pytest.raises(RuntimeError):
        fail(builders.actor())
    assert told == [] and rows() == before


def test_events_are_published_after_the_commit(app):
    seen = []

    def look(_event):
        seen.append(rows())

    events.after(Happened)(look)

    @db.transaction
    def work(unit, actor):
        audit.record(unit, actor, "test.done", "test:1")
        unit.emit(Happened())

    before = rows()
    work(builders.actor())
    assert seen == [before + 1]


def test_pages_need_a_session_and_login_gives_one(app, client):
    assert client.get("/login").status_code == 200


@pytest.mark.parametrize(
    "environ",
    [
        {"AMPERA_COLOUR": "blue"},
        {"AMPERA_ENV": "production"},
        {"AMPERA_ENV": "production", "AMPERA_SECRET_KEY": "changeme" * 5, "AMPERA_CODE_KEYS": "k1:" + "ab" * 32},
        {"AMPERA_ENV": "production", "AMPERA_SECRET_KEY": "q8Zr-T5v_x2B" * 4},
        {"AMPERA_CODE_KEYS": "k1:zz"},
        {"AMPERA_BIND": "8000"},
    ],
)
def test_bad_settings_are_refused(environ, tmp_path):
    with pytest.raises(SettingsError):
        load({"AMPERA_INSTANCE": str(tmp_path), **environ})


def rows() -> int:
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(audit.AuditEntry))
