"""Every link, anchor and file name in the Markdown files leads somewhere."""

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from tests.docs.markdown import anchor

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
# The first part of a path in backticks that must be in the repository.
TOP = ("ampera", "docs", "scripts", "static", "templates", "tests")
NOT_FILES = ("*", "<", "…", " ")
FILES = sorted(path.relative_to(ROOT).as_posix() for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


@cache
def anchors(file: Path) -> set[str]:
    """The anchors of the file's headings."""
    text = FENCE.sub("", file.read_text("utf-8"))
    return {anchor(re.sub(r"[`*]", "", heading)) for heading in HEADING.findall(text)}


def problem_of(file: Path, link: str) -> str:
    """Why the link leads nowhere; empty when it leads somewhere."""
    target, _, part = link.partition("#")
    path = (file.parent / target).resolve() if target else file
    if not path.exists():
        return f"{link}: no such file"
    if part and part not in anchors(path):
        return f"{link}: no such heading"
    return ""


@pytest.mark.parametrize("name", FILES)
def test_every_link_leads_to_a_file_and_a_heading(name):
    file = ROOT / name
    links = [link for link in LINK.findall(FENCE.sub("", file.read_text("utf-8"))) if "://" not in link]
    assert not [problem for link in links if (problem := problem_of(file, link))]


@pytest.mark.parametrize("name", FILES)
def test_every_path_in_backticks_exists(name):
    text = FENCE.sub("", (ROOT / name).read_text("utf-8"))
    paths = [path for path in CODE.findall(text) if path.startswith(tuple(f"{top}/" for top in TOP))]
    wanted = [path.split(" ")[0] for path in paths if not any(sign in path.split(" ")[0] for sign in NOT_FILES)]
    assert not [path for path in wanted if not (ROOT / path).exists()]


def test_every_page_of_docs_is_reachable_from_the_readme():
    seen, waiting = set(), [ROOT / "README.md"]
    while waiting:
        file = waiting.pop()
        if file in seen or file.suffix != ".md":
            continue
        seen.add(file)
        links = [link.partition("#")[0] for link in LINK.findall(file.read_text("utf-8")) if "://" not in link]
        waiting += [(file.parent / link).resolve() for link in links if link]
    assert not [name for name in FILES if ROOT / name not in seen]


def test_readme_has_at_most_700_words():
    assert len((ROOT / "README.md").read_text("utf-8").split()) <= 700


def test_every_picture_is_used_and_small():
    text = "".join((ROOT / name).read_text("utf-8") for name in FILES)
    for picture in (ROOT / "docs/pictures").iterdir():
        assert f"pictures/{picture.name}" in text
        assert picture.stat().st_size < 120_000


def test_scripts_named_in_the_documentation_can_be_run():
    text = "".join((ROOT / name).read_text("utf-8") for name in FILES)
    names = {name for name in re.findall(r"scripts/([a-z]+)\b", text) if (ROOT / "scripts" / name).is_file()}
    listed = subprocess.run(["git", "ls-files", "-s", "scripts"], cwd=ROOT, capture_output=True, text=True).stdout
    modes = {line.split("\t")[1].removeprefix("scripts/"): line[:6] for line in listed.splitlines()}
    assert not [name for name in names if modes.get(name, "100755") != "100755"]
