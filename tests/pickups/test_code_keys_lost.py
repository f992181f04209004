"""A lost or changed key of the codes is recognised by its value, and the books on the shelf can get new codes."""

import dataclasses
import json

import pytest
from sqlalchemy import select

from ampera import db
from ampera.cli.group import commands
from ampera.monitoring import health
from ampera.pickups.code_keys.key_queries import unfit_keys
from ampera.pickups.codes import CodeKeys
from ampera.pickups.models import PickupCode
from ampera.tools.upkeep.doctor import examine
from tests import builders


def with_keys(app, keys: str, **more) -> None:
    """Let the app have these code keys instead of its own."""
    app.extensions["ampera.settings"] = dataclasses.replace(app.extensions["ampera.settings"], code_keys=keys, **more)


def own(app) -> str:
    return app.extensions["ampera.settings"].code_keys


def unfit(app) -> list[str]:
    with db.reading() as session:
        return unfit_keys(session, CodeKeys.parse(own(app)))


def states() -> list[str]:
    with db.reading() as session:
        return list(session.scalars(select(PickupCode.state).order_by(PickupCode.id)))


def renamed(keys: str) -> str:
    """The same secret under another id: a new key in front and no old one."""
    return f"other:{keys.partition(':')[2]}"


def remade(keys: str) -> str:
    """Another secret under the same id."""
    return f"{keys.partition(':')[0]}:{'0f1e2d3c4b5a6978' * 4}"


def test_right_key_is_no_fault_also_beside_a_newer_one(app):
    builders.ready(1)
    with_keys(app, f"new:{'0f1e2d3c4b5a6978' * 4},{own(app)}")
    assert unfit(app) == []


@pytest.mark.parametrize("lose", [renamed, remade])
def test_lost_key_is_named_by_doctor_and_refused_by_a_production_start(app, lose):
    builders.ready(1)
    key_id = own(app).partition(":")[0]
    with_keys(app, lose(own(app)), env="production")
    assert unfit(app) == [key_id]
    (found,) = [finding for finding in examine(app.extensions["ampera.settings"]) if finding.check == "code keys"]
    assert not found.ok and "ampera pickup reissue --lost" in found.text
    assert key_id in health.why_not_start(app)


def test_books_on_the_shelf_get_new_codes_in_bulk(app):
    builders.ready(1)
    with_keys(app, remade(own(app)))
    done = app.test_cli_runner().invoke(commands, ["pickup", "reissue", "--yes", "--json"])
    assert json.loads(done.stdout) == {"reissued": 1}
    assert states() == ["revoked", "current"]
    assert unfit(app) == []


def test_only_lost_codes_are_reissued_unless_all_are_asked_for(app):
    builders.ready(2)
    runner = app.test_cli_runner()
    assert json.loads(runner.invoke(commands, ["pickup", "reissue", "--yes", "--json"]).stdout) == {"reissued": 0}
    all_of_them = runner.invoke(commands, ["pickup", "reissue", "--all", "--yes", "--json"])
    assert json.loads(all_of_them.stdout)["reissued"] > 0
    assert "revoked" in states()


def test_reissue_in_bulk_asks_first(app):
    builders.ready(1)
    done = app.test_cli_runner().invoke(commands, ["pickup", "reissue", "--all"], input="n\n")
    assert done.exit_code == 1
    assert states() == ["current"]
