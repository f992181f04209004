"""Worlds are made in tests/worlds.py only: no other file starts a server, a browser or a database for several tests."""

import ast
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parents[1]
WORLDS = "worlds.py"
# A call of one of these names starts something.
STARTERS = {"LiveServer", "chromium", "launch", "launch_persistent_context", "sync_playwright", "Popen"}
STARTERS |= {"serve_demo_office", "services.postgres", "services.redis"}
# The functions that start things, and programs that are no tests.
ALLOWED = {"services.py", "chromium.py", "browser/demo_office.py", "browser/gallery.py", "browser/docs_pictures.py"}
ALLOWED |= {"serving/proxies.py"}
# Tests whose subject is the program that is started.
SUBJECTS = {"browser/test_offline.py", "simulate/test_morning.py"}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(TESTS.rglob("*.py")):
        name = str(path.relative_to(TESTS))
        if name != WORLDS and name not in ALLOWED:
            yield name, ast.parse(path.read_text())


def fixture_scopes(tree: ast.Module) -> Iterator[tuple[ast.FunctionDef, str]]:
    """Every fixture of the module with its scope."""
    for function in ast.walk(tree):
        for decorator in getattr(function, "decorator_list", ()):
            if getattr(getattr(decorator, "func", decorator), "attr", "") == "fixture":
                scopes = [word.value.value for word in getattr(decorator, "keywords", ()) if word.arg == "scope"]
                yield function, scopes[0] if scopes else "function"


def calls(tree: ast.AST) -> set[str]:
    """The names of all functions that are called below."""
    imported = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "tests.services"
        for alias in node.names
    }
    called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return called | {name.rpartition(".")[2] for name in called} | {f"services.{name}" for name in called & imported}


def test_no_test_file_starts_a_server_a_browser_or_a_database():
    found = {name: calls(tree) & STARTERS for name, tree in modules() if name not in SUBJECTS}
    assert {name: starters for name, starters in found.items() if starters} == {}, "ask tests/worlds.py for it"


def test_no_test_file_declares_a_fixture_of_a_real_world_for_several_tests():
    real = {function.name for function, _ in fixture_scopes(ast.parse((TESTS / WORLDS).read_text()))}
    wide = [
        f"{name}: {function.name}"
        for name, tree in modules()
        for function, scope in fixture_scopes(tree)
        if scope != "function" and real & {argument.arg for argument in function.args.args}
    ]
    # Several answers of one server, waited for side by side; the template is a database of the cluster.
    assert wide == ["conftest.py: template", "serving/test_slow_clients.py: slow_clients"]


def test_worlds_that_are_shared_live_as_long_as_the_process():
    scopes = {scope for _, scope in fixture_scopes(ast.parse((TESTS / WORLDS).read_text()))}
    assert scopes == {"session", "function"}
