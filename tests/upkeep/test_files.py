"""The files that operators copy: what they name exists, and the programs that read them find no fault."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from ampera.cli.group import COMMANDS
from ampera.installation.setting_rules import variable
from ampera.settings import DECLARED, PROJECT

FILES = PROJECT / "docs/operate/files"
UNITS = sorted((FILES / "systemd").iterdir())
OF_COMPOSE = {"AMPERA_DATABASE_PASSWORD", "AMPERA_SERVER_PASSWORD", "AMPERA_SITE"}
MOST_EXPOSED = 1.5  # of systemd-analyze's ten: "OK" begins at 2
UNIT_PROGRAM = "/srv/ampera/.venv/bin/ampera"


def text_of(file: Path) -> str:
    return file.read_text("utf-8")


def every_file() -> list[Path]:
    return [*(path for path in FILES.rglob("*") if path.is_file()), PROJECT / "Containerfile", PROJECT / "compose.yaml"]


@pytest.mark.parametrize("file", every_file(), ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_every_setting_and_command_in_a_file_exists(file):
    known = {variable(name) for name in DECLARED} | {
        "AMPERA_DATABASE_PASSWORD",
        "AMPERA_SERVER_PASSWORD",
        "AMPERA_SITE",
    }  # of compose's own
    assert set(re.findall(r"AMPERA_[A-Z_]+", text_of(file))) <= known
    commands = re.findall(rf"{UNIT_PROGRAM} (\w+)", text_of(file))
    assert set(commands) <= {*COMMANDS, "run"}


def test_image_copies_what_is_there_and_installs_the_locked_packages():
    recipe = text_of(PROJECT / "Containerfile")
    copied = [source for source in re.findall(r"^COPY (?!--from)(\S+) ", recipe, re.MULTILINE) if source != "."]
    assert copied and all((PROJECT / source).exists() for source in copied)
    assert "--require-hashes -r /requirements.txt" in recipe
    ignored = text_of(PROJECT / ".dockerignore").split()
    assert {".git", ".venv", "instance"} <= {*ignored}, "a secret of the clone would be in a layer of the image"


def test_compose_runs_the_server_after_the_tables_are_made_and_keeps_data_in_volumes():
    composed = yaml.safe_load(text_of(PROJECT / "compose.yaml"))
    services = composed["services"]
    done = {"condition": "service_completed_successfully"}
    assert services["server"]["depends_on"] == {"rights": done}
    assert services["rights"]["depends_on"] == {"init": done, "role": done}
    urls = {name: services[name]["environment"]["AMPERA_DATABASE_URL"] for name in ("init", "rights", "server")}
    assert urls["init"] == urls["rights"] and "//ampera_server:" in urls["server"]
    same = [{**services[name]["environment"], "AMPERA_DATABASE_URL": ""} for name in urls]
    assert same[0] == same[1] == same[2]
    used = {volume.partition(":")[0] for service in services.values() for volume in service.get("volumes", ())}
    files = {name for name in used if name.startswith("./")}
    assert used - files == {*composed["volumes"]} and all((PROJECT / name).is_file() for name in files)
    published = {name for name, service in services.items() if "ports" in service}
    assert published == {"proxy"}, "nothing but the proxy is reachable from outside"


@pytest.fixture
def installed(tmp_path):
    """The units with a program that exists, as `systemd-analyze verify` demands."""
    for file in UNITS:
        (tmp_path / file.name).write_text(text_of(file).replace(UNIT_PROGRAM, sys.executable))
    return tmp_path


@pytest.mark.proof
@pytest.mark.parametrize("name", [file.name for file in UNITS])
def test_systemd_finds_no_fault_in_a_unit(installed, name):
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", installed / name], capture_output=True, text=True)
    complaints = [line for line in done.stderr.splitlines() if name in line]
    assert done.returncode == 0 and complaints == [], done.stderr


@pytest.mark.proof
@pytest.mark.parametrize("name", [file.name for file in UNITS if file.suffix == ".service"])
def test_systemd_calls_a_service_well_enclosed(installed, name):
    command = ["systemd-analyze", "security", "--offline=yes", "--no-pager", installed / name]
    done = subprocess.run(command, capture_output=True, text=True)
    figure = re.search(r"Overall exposure level for \S+: ([\d.]+)", done.stdout)
    assert figure, done.stderr
    print(f"{name}: {figure[1]} of 10")  # seen with -rP
    assert float(figure[1]) <= MOST_EXPOSED, done.stdout


@pytest.mark.proof
def test_logrotate_empties_a_log_that_the_server_keeps_open(tmp_path):
    log, file = tmp_path / "ampera.log", tmp_path / "ampera"
    text = text_of(FILES / "logrotate/ampera").replace("/var/log/ampera", str(tmp_path))
    file.write_text(re.sub(r"(su|create 0600) ampera ampera", r"\1 root root", text))
    tmp_path.chmod(0o755)
    with log.open("a") as server:
        print("before", file=server, flush=True)
        subprocess.run(["/usr/sbin/logrotate", "--force", "--state", tmp_path / "state", file], check=True)
        print("after", file=server, flush=True)
    assert (text_of(log), text_of(tmp_path / "ampera.log.1")) == ("after\n", "before\n")


RULES = FILES / "prometheus/ampera.rules.yml"


def test_runbook_has_a_line_for_every_alert():
    alerts = [rule["alert"] for rule in yaml.safe_load(text_of(RULES))["groups"][0]["rules"]]
    runbook = text_of(PROJECT / "docs/operate/runbook.md")
    assert [alert for alert in alerts if alert not in runbook] == []


@pytest.mark.proof
def test_alert_comes_with_the_fault_and_not_before(tmp_path):
    (tmp_path / "rules.yml").write_text(text_of(RULES))
    (tmp_path / "cases.yml").write_text(CASES)
    done = subprocess.run(["promtool", "test", "rules", tmp_path / "cases.yml"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


CASES = """
rule_files: [rules.yml]
evaluation_interval: 1m
tests:
  - interval: 1m
    input_series:
      - {series: 'up{job="ampera", instance="a"}', values: '1x10 0x10'}
      - {series: 'ampera_backup_age_seconds{instance="a"}', values: '90000+600x20'}
      - {series: 'ampera_requests_total{instance="a", status="200"}', values: '0+100x20'}
      - {series: 'ampera_requests_total{instance="a", status="503"}', values: '0x10 0+10x10'}
      - {series: 'ampera_redis_up{instance="a"}', values: '1x20'}
    alert_rule_test:
      - {eval_time: 9m, alertname: AmperaGone}
      - {eval_time: 5m, alertname: AmperaBackupOld}
      - {eval_time: 9m, alertname: AmperaFails}
      - {eval_time: 20m, alertname: AmperaRedisAway}
      - eval_time: 20m
        alertname: AmperaGone
        exp_alerts:
          - exp_labels: {severity: page, job: ampera, instance: a}
            exp_annotations: {summary: "The server a does not answer."}
      - eval_time: 20m
        alertname: AmperaBackupOld
        exp_alerts:
          - exp_labels: {severity: ticket, instance: a}
            exp_annotations: {summary: "The newest proved backup is 1d 4h 20m 0s old."}
      - eval_time: 20m
        alertname: AmperaFails
        exp_alerts:
          - exp_labels: {severity: page, instance: a}
            exp_annotations: {summary: "9.091% of the requests fail."}
"""
