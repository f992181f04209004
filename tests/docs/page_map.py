"""docs/architecture/page-map.md: from a URL to the view that answers, its template and its script."""

import ast
import inspect
import re
from functools import cache
from pathlib import Path

from flask import Flask

from ampera.settings import PROJECT
from tests.docs.markdown import code, page, table
from tests.docs.reference import who_may

PAGE_SCRIPT = re.compile(r"js/pages/[a-z-]+\.js")


def page_map(app: Flask) -> str:
    rows, seen = [], set()
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        view = inspect.unwrap(app.view_functions[rule.endpoint])
        file = Path(inspect.getfile(view))
        if rule.endpoint == "static" or PROJECT / "ampera" not in file.parents:
            continue
        methods = ", ".join(sorted(rule.methods - {"HEAD", "OPTIONS"}))
        row = (_shortened(rule.rule), methods, file, view.__name__)
        if row not in seen:
            seen.add(row)
            rows.append((*row, who_may(rule.endpoint)))
    pages = [row for row in rows if not row[0].startswith("/api/")]
    operations = [row for row in rows if row[0].startswith("/api/")]
    return page(
        "Page map",
        "Where the code of a URL is. The function is in the named file; what it reads and changes, it imports.",
        "## Pages",
        table(("URL", "method", "who", "view", "template", "script"), map(_page_row, pages)),
        "## JSON",
        table(("URL", "method", "view"), map(_operation_row, operations)),
    )


def _page_row(row: tuple[str, str, Path, str, str]) -> tuple[str, ...]:
    url, methods, file, name, who = row
    templates = sorted(_templates(file, name))
    scripts = sorted({script for template in templates for script in _scripts(template)})
    return code(url), methods, who, _view(file, name), _listed("templates", templates), _listed("static", scripts)


def _operation_row(row: tuple[str, str, Path, str, str]) -> tuple[str, ...]:
    url, methods, file, name, _who = row
    return code(url), methods, _view(file, name)


def _view(file: Path, name: str) -> str:
    path = file.relative_to(PROJECT).as_posix()
    return f"[`{path}`](../../{path}) `{name}`"


def _listed(folder: str, names: list[str]) -> str:
    return ", ".join(f"[`{name}`](../../{folder}/{name})" for name in names)


def _shortened(rule: str) -> str:
    """A rule without the list of values that a converter allows."""
    return re.sub(r"<any\([^)]*\):(\w+)>", r"<\1>", rule)


@cache
def _functions(file: Path) -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.FunctionDef)}


def _templates(file: Path, name: str, seen: frozenset[str] = frozenset()) -> set[str]:
    """The templates that a function renders, by itself or through functions of the same file."""
    function = _functions(file).get(name)
    if function is None or name in seen:
        return set()
    found: set[str] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith(".html"):
            found.add(node.value)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            found |= _templates(file, node.func.id, seen | {name})
    return found


def _scripts(template: str) -> set[str]:
    return set(PAGE_SCRIPT.findall((PROJECT / "templates" / template).read_text()))
