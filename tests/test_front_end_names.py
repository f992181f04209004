"""Names across templates, styles and scripts: what is asked for exists, and nothing stands inline (the CSP forbids)."""

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

PROJECT = Path(__file__).parents[1]
STATIC = PROJECT / "static"
TEMPLATES = sorted((PROJECT / "templates").rglob("*.html"))
SCRIPTS = sorted((STATIC / "js").rglob("*.js"))
SPRITE = set(re.findall(r'id="([\w-]+)"', (STATIC / "img" / "icons.svg").read_text()))


def of_project(path: Path) -> str:
    return str(path.relative_to(PROJECT))


def problems(paths: list[Path], problems_of: Callable[[Path], Iterable[str]]) -> list[str]:
    """What is wrong in these files, all at once."""
    return [f"{of_project(path)}: {problem}" for path in paths for problem in problems_of(path)]


def test_templates_hold_no_inline_script_or_style():
    assert problems(TEMPLATES, _inline) == []


def _inline(path: Path) -> Iterator[str]:
    source = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.S)
    yield from re.findall(r"\sstyle=|<style|\son[a-z]+=[\"']|javascript:", source)
    for attributes in re.findall(r"<script([^>]*)>", source):
        if "src=" not in attributes and 'type="application/json"' not in attributes:
            yield f"<script{attributes}>"


def test_files_and_icons_named_in_templates_exist():
    assert problems(TEMPLATES, _missing_of_template) == []


def _missing_of_template(path: Path) -> Iterator[str]:
    source = path.read_text()
    wanted = [f"css/{name}.css" for name in re.findall(r"\bcss\('([\w-]+)'\)", source)]
    for names in re.findall(r"for name in \(([^)]*)\) %}\s*{{ ui\.css\(name\)", source):
        wanted += [f"css/{name}.css" for name in re.findall(r"'([\w-]+)'", names)]
    wanted += [f"js/{name}" for name in re.findall(r"\bmodule\('([\w/.-]+)'\)", source)]
    wanted += re.findall(r"url_for\('static', filename='([\w/.-]+)'\)", source)
    yield from (name for name in wanted if not (STATIC / name).is_file())
    yield from set(re.findall(r"\bicon\('([\w-]+)'\)", source)) - SPRITE


def test_modules_and_icons_named_in_scripts_exist():
    assert problems(SCRIPTS, _missing_of_script) == []


def _missing_of_script(path: Path) -> Iterator[str]:
    source = path.read_text()
    imports = re.findall(r'(?:from|import\()\s*"(\.[\w/.-]+)"', source)
    yield from (name for name in imports if not (path.parent / name).is_file())
    yield from set(re.findall(r'\bicon\("([\w-]+)"\)', source)) - SPRITE


def test_every_sentence_of_a_script_is_given_to_a_page():
    givers = TEMPLATES + sorted((PROJECT / "ampera").rglob("*.py"))
    given = set(re.findall(r"""\b(\w+)=|["'](\w+)["']:""", "".join(path.read_text() for path in givers)))
    used = {key for path in SCRIPTS for key in re.findall(r'\btext\("(\w+)"', path.read_text())}
    assert used - {key for pair in given for key in pair} == set()
