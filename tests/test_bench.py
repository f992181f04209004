"""The bench prints each figure beside its yardstick. No test depends on the speed of the machine."""

import json
import subprocess
import sys

import httpx
import pytest
from sqlalchemy import select

from ampera import db
from ampera.passports.models import Passport
from ampera.tools.bench import cli, installation, notices
from ampera.tools.bench.figures import Figure, latencies
from ampera.tools.bench.scale import run
from ampera.tools.bench.scale.plan_queries import Plan
from tests.services import free_port


@pytest.mark.proof
def test_short_run_prints_every_figure(new_server) -> None:
    figures = json.loads(new_server().program("bench", "--quick", "--json"))["figures"]
    names = " | ".join(figure["name"] for figure in figures)
    for wanted in ("codes issued", "QR pictures", "books taken in", "scan transaction", "handover, 8 clients, p99"):
        assert wanted in names
    for wanted in ("scan → 5 screens, p99", "loop delay p99, scans and an intake", "memory with 5 screens"):
        assert wanted in names
    for wanted in ("scan → pick list p99", "call next, 25 waiting, p99", "call → chime of a screen max"):
        assert wanted in names
    for wanted in ("mails sent of 250 notices", "scan while mails leave, p99"):
        assert wanted in names
    assert all(figure["value"] >= 0 for figure in figures)
    assert any(figure["yardstick"] for figure in figures)


@pytest.mark.parametrize(("bare", "is_noted"), [([0.001] * 99 + [0.009], False), ([0.001] * 98 + [0.02] * 2, True)])
def test_figure_beside_an_unsteady_yardstick_is_called_spoiled(bare, is_noted) -> None:
    p50, p99 = latencies("scan", [0.002] * 100, bare, "a bare endpoint")
    assert p50.note == p99.note and p99.note.startswith("spoiled") == is_noted
    assert ("spoiled" in cli._line(p99)) == is_noted


@pytest.mark.proof
def test_scaled_run_measures_each_work_at_each_size_with_the_plans_of_statements(app, tmp_path) -> None:
    found = list(run.measure(tmp_path, "", [40, 20], 0, lambda _text: None))
    names = [figure.name for figure in found if isinstance(figure, Figure)]
    wanted = [f"{work}, {count} books, {share}" for work in run.WORKS for count in (20, 40) for share in ("p50", "p99")]
    assert names == wanted
    plans = [plan for plan in found if isinstance(plan, Plan)]
    assert {plan.work for plan in plans} == set(run.WORKS) and all(plan.lines for plan in plans)
    assert not list(tmp_path.glob("bench-*"))


def test_yardstick_starts_beside_the_measured_server(server) -> None:
    environ = {name: value for name, value in server.environ.items() if name.startswith("AMPERA_")}
    with installation.serving(environ, port := free_port(), "ampera.tools.bench.yardstick"):
        assert httpx.post(f"http://127.0.0.1:{port}/bare", json=[1]).json() == {"got": [1]}


def test_yardstick_has_what_the_worker_asks_of_an_application() -> None:
    # In a process of its own: the module patches what it imports, as `ampera run` does.
    asked = "from ampera.tools.bench.yardstick import application as a; print(a().known.has({}), a().proxies)"
    assert subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True).stdout == "False 1\n"


def test_mails_of_the_measurement_have_addresses(app, tmp_path) -> None:
    held = notices._held_back(installation.Installation(tmp_path, app, {}), 3)
    with db.reading() as session:
        addresses = session.scalars(select(Passport.email).where(Passport.email.is_not(None))).all()
    assert len(held) == len(addresses) == 3 and all(address.endswith("@contoh.example") for address in addresses)
