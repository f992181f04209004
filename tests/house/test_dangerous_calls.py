"""What no code here does: run text as code, build statements or pages out of text, use weak hashes or weak chance."""

import ast
import re

import pytest

from tests.house.test_arrows import ROOT

PROJECT = ROOT.parent
CODE = sorted(path for path in ROOT.rglob("*.py") if "migrations" not in path.parts)
# A call by its last name -> why it is forbidden.
CALLS = {
    "eval": "runs text",
    "exec": "runs text",
    "__import__": "loads what a text names",
    "system": "runs a shell",
    "popen": "runs a shell",
    "render_template_string": "makes a template of text",
    "from_string": "makes a template of text",
    "Markup": "passes text as markup",
    "md5": "is broken",
    "sha1": "is broken",
    "_create_unverified_context": "believes every server",
}
MODULES = {
    "pickle",
    "marshal",
    "shelve",
    "dill",
    "yaml",
    "xml.etree",
    "xml.dom",
    "xml.sax",
    "lxml",
    "telnetlib",
    "ftplib",
}
KEYWORDS = {"shell": True, "verify": False, "autoescape": False, "debug": True}
CHANCE = ("tools/simulate/", "tools/demo/", "tools/bench/")  # invented people need no strong chance
# SQL of names and words of the program itself: nothing in it comes from a request.
OWN_SQL = {
    "history/immutability.py",
    "installation/server_lock.py",
    "sql/engines.py",
    "tools/backups/postgres_service.py",
}
NO_SQL = {"paper.py"}  # text() draws there
RUNNERS = {"text", "exec_driver_sql", "execute"}
SAFE = {("lane/check.html", "test_qr")}  # a drawing of the server
WRITES = r"\b(innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment|document\.write(ln)?)\b"
RUNS = r"\beval\(|new Function\(|set(Timeout|Interval)\(\s*[\"'`]|\bimport\(\s*[^\"'`)]*\+"
SHARES = r"__proto__|document\.cookie|\b(parent|opener|top)\.postMessage|\bwindow\.\w+ = "


def calls(tree: ast.AST):
    """Each call with the last name of what it calls."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            yield node, name


def places(found):
    return [f"{path.relative_to(ROOT)}:{line}: {what}" for path, line, what in found]


@pytest.fixture(scope="module")
def trees():
    return {path: ast.parse(path.read_text("utf-8")) for path in CODE}


def test_no_call_runs_text_or_believes_everything(trees):
    found = [
        (path, node.lineno, f"{name} {CALLS[name]}")
        for path, tree in trees.items()
        for node, name in calls(tree)
        if name in CALLS
    ]
    found += [
        (path, node.lineno, f"{word.arg}={value.value}")
        for path, tree in trees.items()
        for node, _ in calls(tree)
        for word in node.keywords
        if isinstance(value := word.value, ast.Constant) and KEYWORDS.get(word.arg or "", value) is value.value
    ]
    assert not places(found)


def test_no_module_reads_objects_or_entities_out_of_text(trees):
    found = []
    for path, tree in trees.items():
        for node in ast.walk(tree):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            wrong = MODULES if str(path.relative_to(ROOT)).startswith(CHANCE) else {*MODULES, "random"}
            bad = [name for name in names if any(name == module or name.startswith(f"{module}.") for module in wrong)]
            found += [(path, node.lineno, name) for name in bad]
    assert not places(found)


def test_no_statement_is_put_together_out_of_values(trees):
    """An f-string, a sum or a format where SQL is run; the files that do so with their own words are listed."""
    found = {
        path.relative_to(ROOT).as_posix()
        for path, tree in trees.items()
        for node, name in calls(tree)
        if not str(path.relative_to(ROOT)).startswith("tools/bench/")
        and name in RUNNERS
        and node.args
        and isinstance(node.args[0], (ast.JoinedStr, ast.BinOp))
    }
    assert found == OWN_SQL | NO_SQL


def test_no_view_mixes_an_address_with_a_form(trees):
    """`request.values` takes a name from either: a link could then fill a field that a form left out."""
    found = [
        (path, node.lineno, "request.values")
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "values" and getattr(node.value, "id", "") == "request"
    ]
    assert not places(found)


def test_templates_pass_no_text_as_markup():
    found = set()
    for path in sorted((PROJECT / "templates").rglob("*")):
        text = path.read_text("utf-8") if path.is_file() else ""
        name = path.relative_to(PROJECT / "templates").as_posix()
        found |= {(name, value) for value in re.findall(r"([\w.]+)\s*\|\s*safe\b", text)}
        assert "autoescape" not in text, name
        assert not re.search(r"<script(?![^>]*(?:\bsrc=|application/json))|\son\w+=[\"']|javascript:", text), name
    assert found == SAFE


def test_scripts_write_text_and_run_none():
    found = [
        f"{path.relative_to(PROJECT)}: {match[0]}"
        for path in sorted((PROJECT / "static/js").rglob("*.js"))
        for match in re.finditer("|".join((WRITES, RUNS, SHARES)), path.read_text("utf-8"))
    ]
    assert not found
