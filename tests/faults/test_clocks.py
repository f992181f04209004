"""The clock of a machine is set back an hour under load, and put right again: the order stays that of the events."""

import itertools

import pytest
from sqlalchemy import select

from ampera import db
from ampera.audit import AuditEntry
from tests import builders
from tests.conftest import SERVER_SECRETS
from tests.faults.officers import Officers, summary

pytestmark = pytest.mark.proof
LIBRARY = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"


def test_clock_that_is_set_back_an_hour_changes_no_order_and_breaks_no_proof(new_server, tmp_path):
    clock = tmp_path / "clock"
    clock.write_text("+0")
    server = new_server(**SERVER_SECRETS)
    server.environ |= {
        "LD_PRELOAD": LIBRARY,
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",  # the time of the day is set, not the time since the start
    }
    server.start()
    with server.app.app_context():
        builders.office()
        key = builders.key("officer")
    with Officers(server, key) as officers:
        officers.work_for(3)
        clock.write_text("-3600")
        back = officers.work_for(5)
        clock.write_text("+0")
        right = officers.work_for(3)
    print(f"set back: {summary(officers.since(back, right))}\nput right: {summary(officers.since(right))}")
    assert {answer.status for answer in officers.answers} <= {200, 201}
    with server.app.app_context(), db.reading() as session:
        at = session.scalars(select(AuditEntry.at).where(AuditEntry.chain == 1).order_by(AuditEntry.seq)).all()
    assert any(later < earlier for earlier, later in itertools.pairwise(at)), "the clock was not set back"
    print(f"{officers.settle()} scans, each there once")
