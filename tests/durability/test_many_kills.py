"""A thousand writers are killed in the middle of handovers (twenty in the suite): nothing acknowledged is lost."""

import json
import os
import subprocess
import sys

import pytest
from sqlalchemy import distinct, func, select

from ampera import db
from ampera.handovers.models import Handover, Signature
from ampera.settings import PROJECT
from ampera.tools.auditing import proof
from tests import builders
from tests.conftest import SECRETS, on_one
from tests.handovers import steps

KILLS = [20, pytest.param(1000, marks=pytest.mark.proof)]
pytestmark = [on_one("sqlite"), pytest.mark.true_time]


@pytest.mark.parametrize("kills", KILLS)
def test_nothing_that_a_killed_writer_acknowledged_is_lost_or_happens_twice(app, api, database, tmp_path, kills):
    officer = api("officer")
    bodies = [_at_window(officer, n) for n in range(1, 2 * kills + 1)]
    acknowledged = _run(tmp_path, database, {"key": officer.key, "bodies": bodies, "kills": kills})
    print(f"{kills} kills, {len(acknowledged)} of {len(bodies)} acknowledged")  # seen with -rP
    assert kills / 2 < len(acknowledged)
    for body in bodies:  # the same key again gives the acknowledged answer, or a record where no answer had arrived
        answer = officer.post("/api/v1/handovers", json=body)
        assert answer.status_code in (200, 201), answer.get_json()
        assert answer.get_json() == acknowledged.get(body["key"], answer.get_json())
    with db.reading() as session:
        assert sorted(session.scalars(select(Handover.number))) == list(range(1, len(bodies) + 1))
        assert session.scalar(select(func.count(distinct(Handover.passport_id)))) == len(bodies)
        assert session.scalar(select(func.count()).select_from(Signature)) == len(bodies)
    with db.reading() as session:
        assert proof.verify(session)["ok"]


def _at_window(officer, n):
    """The complete confirm of a book whose visit is being served."""
    (book,), code = builders.ready(n)
    return steps.body(steps.serving(officer, code)["id"], steps.book(book, n))


def _run(folder, database, task):
    file = folder / "task.json"
    file.write_text(json.dumps(task))
    settings = {"AMPERA_INSTANCE": str(folder), "AMPERA_DATABASE_URL": database, **SECRETS}
    environ = {name: value for name, value in os.environ.items() if not name.startswith("AMPERA_")} | settings
    command = [sys.executable, "-m", "tests.durability.writers", file]
    done = subprocess.run(command, cwd=PROJECT, env=environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])
