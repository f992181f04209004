"""Compare every locked package and vendored file with published vulnerabilities. Used by scripts/audit.

No network is needed and none is used. The vulnerabilities are those of a copy of the OSV database (`--database FILE`,
the file `all.zip` of an ecosystem), or those that `--write` has taken out of it into scripts/advisories.json. What was
published after that day is not covered, and the audit says how old it is.
"""

import argparse
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from packaging.version import InvalidVersion, Version

CLONE = Path(__file__).resolve().parents[1]
LOCKS = ("scripts/requirements.txt", "scripts/requirements-test.txt")
KEPT = CLONE / "scripts/advisories.json"
LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
OLD_DAYS = 30  # SECURITY.md: a database is read at least so often
DAYS = {"CRITICAL": 7, "HIGH": 14, "MODERATE": 60, "LOW": 180}  # from the publication to a release that is not affected
KINDS_OF_RANGES = ("ECOSYSTEM", "SEMVER")
Kept = dict[str, Any]


class Package(NamedTuple):
    """One locked package, by its registry as OSV names it."""

    ecosystem: str
    name: str
    version: str


def packages(clone: Path = CLONE) -> list[Package]:
    """What the locks and the vendored folders of the front end hold."""
    found = {
        Package("PyPI", plain(name), version)
        for lock in LOCKS
        for name, version in LOCKED.findall((clone / lock).read_text("utf-8"))
    }
    vendored = (file.read_text("utf-8").split() for file in (clone / "static/vendor").glob("*/VERSION"))
    return sorted({*found, *(Package("npm", name, version) for name, version in vendored)})


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def taken_from(databases: list[Path], wanted: list[Package], today: date) -> Kept:
    """What these copies of OSV know about the wanted packages, in the form of scripts/advisories.json."""
    names = {(package.ecosystem, package.name) for package in wanted}
    known, ecosystems = [], set()
    for database in databases:
        with zipfile.ZipFile(database) as files:
            for file in files.namelist():
                for part in _parts(json.loads(files.read(file))):
                    ecosystems.add(part["ecosystem"])
                    known += [part] if (part["ecosystem"], part["name"]) in names else []
    covered = sorted(f"{ecosystem}:{name}" for ecosystem, name in names if ecosystem in ecosystems)
    return {
        "read_on": today.isoformat(),
        "covers": covered,
        "advisories": sorted(known, key=lambda advisory: advisory["id"]),
    }


def _parts(advisory: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """One part of an advisory for each package that it is about; none when it was withdrawn."""
    severity = str(advisory.get("database_specific", {}).get("severity", "HIGH")).upper()
    for about in [] if advisory.get("withdrawn") else advisory.get("affected", []):
        package = about.get("package", {})
        yield {
            "id": advisory["id"],
            "ecosystem": package.get("ecosystem", ""),
            "name": plain(package.get("name", "")) if package.get("ecosystem") == "PyPI" else package.get("name", ""),
            "severity": severity if severity in DAYS else "HIGH",
            "published": advisory.get("published", "")[:10],
            "versions": about.get("versions", []),
            "events": [
                span["events"] for span in about.get("ranges", []) if span.get("type") in ("ECOSYSTEM", "SEMVER")
            ],
        }


def is_affected(version: str, advisory: dict[str, Any]) -> bool:
    """Whether this version is named, or lies in one of the ranges. A version that cannot be compared is affected."""
    if version in advisory["versions"]:
        return True
    try:
        return any(_is_in(Version(version), events) for events in advisory["events"])
    except InvalidVersion:
        return True


def _is_in(version: Version, events: list[dict[str, str]]) -> bool:
    """OSV: affected from `introduced` on, up to before `fixed`, or up to and with `last_affected`."""
    is_in = False
    for event in sorted(events, key=lambda event: Version(next(iter(event.values())))):
        kind, at = next((kind, Version(text)) for kind, text in event.items())
        if kind == "introduced" and version >= at:
            is_in = True
        elif (kind == "fixed" and version >= at) or (kind == "last_affected" and version > at):
            is_in = False
    return is_in


def audit(wanted: list[Package], kept: Kept, today: date) -> tuple[list[str], list[str]]:
    """Sentences about affected packages, and sentences about what this audit does not cover."""
    affected = [
        f"{package.name} {package.version}: {_described(advisory)}"
        for package in wanted
        for advisory in kept["advisories"]
        if (advisory["ecosystem"], advisory["name"]) == package[:2] and is_affected(package.version, advisory)
    ]
    return affected, list(_gaps(wanted, kept, today))


def _described(advisory: dict[str, Any]) -> str:
    severity = advisory["severity"]
    about = f"{advisory['id']} ({severity.lower()}, published {advisory['published']})"
    return f"{about}, to be mended within {DAYS[severity]} days"


def _gaps(wanted: list[Package], kept: Kept, today: date) -> Iterator[str]:
    if kept["read_on"] is None:
        yield "No database was read yet: nothing is covered. Fetch one and run scripts/audit --database FILE --write"
        return
    if (age := (today - date.fromisoformat(kept["read_on"])).days) > OLD_DAYS:
        yield f"The database was read {age} days ago: what was published since then is not covered."
    if missing := [package.name for package in wanted if f"{package.ecosystem}:{package.name}" not in kept["covers"]]:
        yield f"The database was not asked about {', '.join(missing)}."


def main(arguments: list[str] | None = None) -> int:
    """1 when a locked package is known to be affected; gaps are said and are no failure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", type=Path, action="append", help="all.zip of OSV for PyPI or npm; repeatable")
    parser.add_argument("--write", action="store_true", help="keep what it says about our packages in the repository")
    chosen, today, wanted = parser.parse_args(arguments), datetime.now(UTC).date(), packages()
    kept = taken_from(chosen.database, wanted, today) if chosen.database else json.loads(KEPT.read_text("utf-8"))
    if chosen.database and chosen.write:
        KEPT.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")
    affected, gaps = audit(wanted, kept, today)
    for sentence in (*affected, *gaps):
        print(sentence, file=sys.stderr)
    print(f"{len(wanted)} packages, {len(affected)} affected; database of {kept['read_on'] or 'no day'}.")
    return 1 if affected else 0


if __name__ == "__main__":
    sys.exit(main())
