"""Whole simulated mornings against the real server: a short one here, long ones in scripts/prove."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from ampera.tools.simulate.options import EXCEPTIONS
from tests.services import AMPERA, wait_until

FIELDS = (
    "vehicles served handed_over wait_p50_s wait_p90_s service_p50_s in_time_share backlog_max broken "
    "invariants answer_p50_ms answer_p99_ms loop_delay_p99_ms requests_per_s server_cpu_s exceptions"
)
SMALL = ["--vehicles-per-hour=360", "--lanes=2", "--windows=2", "--clerks=2", "--supervisors=2", "--tablets=1"]
OFTEN = {"no-code": 0.5, "neighbour": 0.3, "overdue": 0.4, "locked": 0.3, "unsigned": 0.3, "help": 0.4, "park": 0.4}
EACH = {"mixed_forms": 4, "without_code": 2, "let_go_late": 1, "unlocked": 1, "allowed_unsigned": 1, "attended": 1}


def simulated(server, *arguments: str, shares: dict[str, float]) -> dict[str, Any]:
    """The report of a run that must break nothing."""
    wanted = [f"--share={name}={share}" for name, share in shares.items()]
    found: dict[str, Any] = json.loads(server.program("simulate", "--json", *arguments, *wanted))
    assert found["broken"] == [] and set(found["invariants"].values()) == {0}
    return found


def test_short_morning_has_every_exception_and_no_violation(server) -> None:
    """Four vehicles of seed 5834, which have all exceptions between them."""
    found = simulated(server, "--minutes", "1", "--speed", "1000", "--seed", "5834", *SMALL, shares=OFTEN)
    assert set(FIELDS.split()) <= set(found)
    assert (found["vehicles"], found["served"], found["handed_over"]) == (4, 4, 8)
    assert found["screens_compared"] >= 3
    counted = found["exceptions"]
    assert counted["parked"] == counted["came_back"] > 0
    assert {name: counted[name] for name in EACH} == EACH


@pytest.mark.proof
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
@pytest.mark.parametrize(
    ("minutes", "speed", "shares"), [(240, 60, EXCEPTIONS), (90, 60, OFTEN)], ids=["usual", "often"]
)
def test_long_morning_has_no_violation(request, new_server, database, minutes, speed, shares) -> None:
    url = "sqlite" if database == "sqlite" else request.getfixturevalue("cluster").new_database()
    arguments = ["--minutes", str(minutes), "--speed", str(speed), "--database", url]
    found = simulated(new_server(), *arguments, shares=shares)
    counted = found["exceptions"]
    print(json.dumps({name: found[name] for name in ("vehicles", "served", "handed_over")} | counted))
    assert found["served"] > 0.8 * found["vehicles"] > 50
    assert counted["parked"] == counted["came_back"] > 0
    assert all(counted[name] for name in ("mixed_forms", "without_code", "supervisor_calls", "let_go_late", "unlocked"))
    if shares is OFTEN:
        by_chance = {"ended_with_visit"}  # a vehicle loses its patience while the supervisor is on the way
        assert all(counted[name] for name in counted.keys() - by_chance), "nothing that can happen is left out"


def test_terminated_simulation_stops_the_server(server, tmp_path: Path) -> None:
    environ = server.environ | {"TMPDIR": str(tmp_path)}
    with subprocess.Popen([AMPERA, "simulate", "--speed", "20", "--json", *SMALL], env=environ) as process:
        try:
            wait_until(lambda: any(children(server) for server in children(process.pid)), "no server", 60)
            (server,) = children(process.pid)
        finally:
            process.terminate()
        assert process.wait(30) == 143
    wait_until(lambda: not Path(f"/proc/{server}").exists(), "the server still runs")
    assert not list(tmp_path.glob("ampera-simulate-*"))


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
