"""scripts/audit: affected versions are found without a network, and what is not covered is said and no failure."""

import json
import re
import sys
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 12, 1)


@pytest.fixture(scope="module")
def audit():
    sys.path.insert(0, str(ROOT / "scripts"))
    import dependency_audit

    yield dependency_audit
    sys.path.remove(str(ROOT / "scripts"))


def advisory(name="Contoh_Lib", ecosystem="PyPI", events=(), **more):
    """An invented advisory in the form of OSV."""
    about = {"package": {"ecosystem": ecosystem, "name": name}, "ranges": [{"type": "ECOSYSTEM", "events": [*events]}]}
    return {"id": f"OSV-{name}", "published": "2026-11-01T00:00:00Z", "affected": [about], **more}


def database(folder, *advisories):
    file = folder / "all.zip"
    with zipfile.ZipFile(file, "w") as made:
        for number, advisory in enumerate(advisories):
            made.writestr(f"{number}.json", json.dumps(advisory))
    return file


@pytest.mark.parametrize(
    ("version", "is_affected"), [("1.0", False), ("1.1", True), ("1.9.9", True), ("1.10", False), ("2.1rc1", True)]
)
def test_version_in_a_range_is_affected(audit, tmp_path, version, is_affected):
    events = ({"introduced": "1.1"}, {"fixed": "1.10"}, {"introduced": "2.0"}, {"last_affected": "2.1"})
    wanted = [audit.Package("PyPI", "contoh-lib", version)]
    kept = audit.taken_from([database(tmp_path, advisory(events=events))], wanted, TODAY)
    affected, gaps = audit.audit(wanted, kept, TODAY)
    assert bool(affected) is is_affected and not gaps
    assert not affected or "OSV-Contoh_Lib (high, published 2026-11-01), to be mended within 14 days" in affected[0]


def test_withdrawn_advisories_other_packages_and_other_registries_are_left_out(audit, tmp_path):
    events = ({"introduced": "0"},)
    file = database(
        tmp_path, advisory(events=events, withdrawn="2026-11-02T00:00:00Z"), advisory("lain", events=events),
        advisory("contoh-lib", "npm", events),
    )  # fmt: skip
    wanted = [audit.Package("PyPI", "contoh-lib", "1.0")]
    assert audit.taken_from([file], wanted, TODAY)["advisories"] == []


def test_age_and_gaps_are_reported(audit):
    wanted = [audit.Package("PyPI", "a", "1"), audit.Package("npm", "b", "1")]
    never = {"read_on": None, "covers": [], "advisories": []}
    assert "nothing is covered" in audit.audit(wanted, never, TODAY)[1][0]
    old = {"read_on": str(TODAY - timedelta(days=31)), "covers": ["PyPI:a"], "advisories": []}
    affected, gaps = audit.audit(wanted, old, TODAY)
    assert not affected and "31 days ago" in gaps[0] and gaps[1] == "The database was not asked about b."


def test_locked_packages_are_compared_with_the_kept_extract(audit, tmp_path, monkeypatch, capsys):
    wanted = audit.packages()
    assert {"flask", "gunicorn", "pytest"} <= {package.name for package in wanted}
    assert len([package for package in wanted if package.ecosystem == "npm"]) == 3
    monkeypatch.setattr(audit, "KEPT", tmp_path / "advisories.json")
    file = database(tmp_path, advisory("Flask", events=({"introduced": "0"},)))
    assert audit.main(["--database", str(file), "--write"]) == 1
    assert audit.main([]) == 1 and "OSV-Flask" in capsys.readouterr().err


def test_times_of_the_page_are_those_of_the_audit(audit):
    page = (ROOT / "SECURITY.md").read_text("utf-8")
    days = dict(re.findall(r"^\| (critical|high|moderate|low)[^|]* \| (\d+) \|$", page, re.MULTILINE))
    assert {name.upper(): int(number) for name, number in days.items()} == audit.DAYS
    assert f"at least every {audit.OLD_DAYS} days" in page
