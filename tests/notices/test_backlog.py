"""Notices that piled up without a channel: older than a day, they leave only by a person's decision."""

from datetime import timedelta

import pytest

from ampera import clock, db
from ampera.notices.models import Notice
from tests import builders
from tests.notices import outbox


@pytest.fixture
def backlog(app):
    """One notice of two days ago and one of now, of an office whose channel was just set up."""
    pickup = outbox.family({"email": "satu@contoh.id"})
    outbox.write(pickup)
    outbox.write(pickup, "reissued", {"generation": 1})
    old = clock.now() - timedelta(days=2)
    builders.set_columns(Notice, {"kind": "ready"}, created_at=old)
    return pickup


def test_old_notice_waits_for_a_decision_and_a_new_one_leaves(backlog):
    outbox.fan_out()
    assert outbox.notice_states() == ["waiting", "expanded"]


@pytest.mark.parametrize(
    ("choice", "states"),
    [("all", ["expanded", "expanded"]), ("day", ["expired", "expanded"]), ("none", ["expired", "expired"])],
)
def test_decision_sends_or_drops_the_backlog(backlog, sign_in, choice, states):
    supervisor = sign_in("supervisor")
    assert "1 pesan menunggu lebih dari 24 jam" in supervisor.get("/admin/notices").text
    assert supervisor.post(f"/admin/notices/backlog/{choice}").status_code == 303
    outbox.fan_out()
    assert outbox.notice_states() == states
    assert 'id="backlog"' not in supervisor.get("/admin/notices").text


def test_decision_concerns_one_office(backlog, sign_in):
    builders.office("JKT", "Kantor Lain Contoh")
    sign_in("supervisor", office="JKT").post("/admin/notices/backlog/none")
    with db.reading() as session:
        assert {notice.state for notice in session.query(Notice)} == {"waiting"}
