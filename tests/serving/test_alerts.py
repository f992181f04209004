"""The alert rules and the dashboard for operators ask for figures that the server gives; promtool takes the rules."""

import re
import subprocess

import pytest

from ampera import db
from ampera.monitoring import figures
from ampera.settings import PROJECT

FOLDER = PROJECT / "docs/operate/files/prometheus"
FILES = sorted(FOLDER.iterdir())
SUFFIX = re.compile(r"_(total|bucket|sum|count|info)$")


def given(app) -> tuple[set[str], set[str]]:
    """Every figure that a server may give, and the endpoints whose requests it counts."""
    with db.reading():
        lines = figures.written(app).decode().splitlines()
    names = {SUFFIX.sub("", line.split()[2]) for line in lines if line.startswith("# TYPE ")}
    rare = {"ampera_backup_age_seconds", "ampera_certificate_seconds"}  # only where there is one
    return names | rare, {rule.endpoint for rule in app.url_map.iter_rules()}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_figure_of_a_file_for_prometheus_is_given(app, file):
    names, endpoints = given(app)
    text = file.read_text("utf-8")
    assert {SUFFIX.sub("", name) for name in re.findall(r"\bampera_[a-z_]+", text)} <= names
    assert set(re.findall(r'endpoint=\\?"([^"\\]+)', text)) <= endpoints


def test_every_figure_of_the_page_on_monitoring_is_given(app):
    page = (PROJECT / "docs/operate/monitoring.md").read_text("utf-8")
    names, _ = given(app)
    assert {SUFFIX.sub("", name) for name in re.findall(r"`(ampera_[a-z_]+)", page)} <= names


@pytest.mark.proof
def test_promtool_finds_no_fault():
    for what, name in (("rules", "ampera.rules.yml"), ("config", "ampera.yml")):
        subprocess.run(["promtool", "check", what, FOLDER / name], check=True)
