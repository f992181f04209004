"""Names across templates, styles and scripts: what is asked for exists, and nothing stands inline (the CSP forbids)."""

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
STATIC = PROJECT / "static"
TEMPLATES = sorted((PROJECT / "templates").rglob("*.html"))
SCRIPTS = sorted((STATIC / "js").rglob("*.js"))
SPRITE = set(re.findall(r'id="([\w-]+)"', (STATIC / "img" / "icons.svg").read_text()))


def of_project(path: Path) -> str:
    return str(path.relative_to(PROJECT))


@pytest.mark.parametrize("path", TEMPLATES, ids=of_project)
def test_templates_hold_no_inline_script_or_style(path):
    source = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.S)
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=[\"']|javascript:", source)
    for attributes in re.findall(r"<script([^>]*)>", source):
        assert "src=" in attributes or 'type="application/json"' in attributes


@pytest.mark.parametrize("path", TEMPLATES, ids=of_project)
def test_what_templates_ask_for_exists(path):
    source = path.read_text()
    wanted = [f"css/{name}.css" for name in re.findall(r"\bcss\('([\w-]+)'\)", source)]
    for names in re.findall(r"for name in \(([^)]*)\) %}\s*{{ ui\.css\(name\)", source):
        wanted += [f"css/{name}.css" for name in re.findall(r"'([\w-]+)'", names)]
    wanted += [f"js/{name}" for name in re.findall(r"\bmodule\('([\w/.-]+)'\)", source)]
    wanted += re.findall(r"url_for\('static', filename='([\w/.-]+)'\)", source)
    assert [name for name in wanted if not (STATIC / name).is_file()] == []
    assert set(re.findall(r"\bicon\('([\w-]+)'\)", source)) <= SPRITE


@pytest.mark.parametrize("path", SCRIPTS, ids=of_project)
def test_what_scripts_ask_for_exists(path):
    source = path.read_text()
    imports = re.findall(r'(?:from|import\()\s*"(\.[\w/.-]+)"', source)
    assert [name for name in imports if not (path.parent / name).is_file()] == []
    assert set(re.findall(r'\bicon\("([\w-]+)"\)', source)) <= SPRITE


def test_every_sentence_a_script_says_is_given_to_a_page():
    givers = TEMPLATES + sorted((PROJECT / "ampera").rglob("*.py"))
    given = set(re.findall(r"""\b(\w+)=|["'](\w+)["']:""", "".join(path.read_text() for path in givers)))
    said = {key for path in SCRIPTS for key in re.findall(r'\btext\("(\w+)"', path.read_text())}
    assert said - {key for pair in given for key in pair} == set()
