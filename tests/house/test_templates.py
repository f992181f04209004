"""Templates only render: none opens the database or uses a template of a slice to its right."""

import ast
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import before_render_template, template_rendered
from sqlalchemy import event, select, update

from ampera import db
from ampera.languages import both
from ampera.offices.models import Office
from ampera.pickups.codes import CodeKeys
from ampera.pickups.models import PickupCode
from tests.access.table import TABLE
from tests.access.world import new_world, rules
from tests.house.test_arrows import ROOT, SLICES, is_left, modules

TEMPLATES = ROOT.parent / "templates"
SLICE_OF = {"lane": "visits", "register": "reports"}  # other folders have the name of their slice
SHARED = {"admin"}  # pages of several slices that use nothing but one another
USES = re.compile(r"{%-?\s*(?:include|import|from|extends)\s+([^%]*?)%}")
# A control whose spoken name is longer than the words on it: ('spoken', 'visible').
NAMED = re.compile(r"""aria-label="{{ _\('([^']+)'[^"]*"[^>]*>(?:{{ ui\.icon\('\w+'\) }})?{{ _\('([^']+)'""")
REGISTERS = {
    "app_template_global",
    "app_template_filter",
    "app_template_test",
    "app_context_processor",
    "context_processor",
    "template_global",
    "template_filter",
}
DATABASE = {"db.reading", "db.current", "db.in_thread", "db.aside"}

# Besides every address without a query: pages that show more when they are asked for it.
MORE = (
    ("/lane?lane=1", "officer"),
    ("/desk?q=a", "desk"),
    ("/p/{collected}", "stranger"),
    ("/?month=2030-01", "stranger"),
)


def folder(name: str) -> str | None:
    """The slice of a template such as `desk/book.html`; None for the shared ones outside every folder."""
    top, slash, _ = name.partition("/")
    return SLICE_OF.get(top, top) if slash else None


def uses(path: Path) -> set[str]:
    """The templates that this one includes, imports or extends."""
    return {name for tag in USES.findall(path.read_text()) for name in re.findall(r"'([\w/.]+\.html)'", tag)}


def may_use(user: str | None, used: str | None) -> bool:
    if used is None or used == user:
        return True
    return user in SLICES and used in SLICES and is_left(used, user)


def calls(node: ast.AST) -> set[str]:
    """The dotted names that are called in this piece of code."""
    return {ast.unparse(call.func) for call in ast.walk(node) if isinstance(call, ast.Call)}


def registered(module: ast.Module) -> Iterator[ast.FunctionDef]:
    """The functions of a module that templates can call."""
    filters = {
        name.id for node in module.body if _is_filters(node) for name in ast.walk(node) if isinstance(name, ast.Name)
    }
    for node in module.body:
        if isinstance(node, ast.FunctionDef):
            decorators = {
                ast.unparse(decorator).partition("(")[0].rpartition(".")[2] for decorator in node.decorator_list
            }
            if decorators & REGISTERS or node.name in filters:
                yield node


def _is_filters(node: ast.stmt) -> bool:
    """Whether the statement assigns FILTERS, the functions that the app registers as filters."""
    return isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "FILTERS"


def reaches_database(function: ast.FunctionDef, module: ast.Module) -> bool:
    """Whether the function, or a function of its module that it calls, opens the database."""
    own = {node.name: node for node in module.body if isinstance(node, ast.FunctionDef)}
    seen, todo = set(), {function.name}
    while todo:
        name = todo.pop()
        seen.add(name)
        called = calls(own[name])
        if called & DATABASE:
            return True
        todo |= (called & set(own)) - seen
    return False


def test_every_folder_of_templates_belongs_to_a_slice():
    folders = {path.name for path in TEMPLATES.iterdir() if path.is_dir()}
    assert {SLICE_OF.get(name, name) for name in folders} <= {*SLICES, *SHARED}


def test_templates_use_only_templates_to_the_left():
    wrong = []
    for path in sorted(TEMPLATES.rglob("*.html")):
        name = str(path.relative_to(TEMPLATES))
        wrong += [f"{name} -> {used}" for used in sorted(uses(path)) if not may_use(folder(name), folder(used))]
    assert not wrong, "\n".join(wrong)


def test_no_function_for_templates_opens_the_database():
    wrong = []
    for name in modules():
        path = ROOT / Path(*name.split(".")).with_suffix(".py")
        if path.is_file():
            module = ast.parse(path.read_text())
            wrong += [f"{name}.{made.name}" for made in registered(module) if reaches_database(made, module)]
    assert not wrong, wrong


@pytest.fixture(scope="module")
def world(tmp_path_factory, empty_database):
    with new_world(tmp_path_factory, empty_database) as built:
        keys = CodeKeys.parse(built.app.extensions["ampera.settings"].code_keys)
        with db.current().writer.begin() as conn:
            conn.execute(update(Office).values(options={"slots": True, "day_quota": 40}))
        with db.reading() as session:
            used = session.scalars(select(PickupCode).where(PickupCode.state == "used")).one()
            built.ids["collected"] = keys.link(used)
        yield built


@contextmanager
def statements_while_rendering(app):
    """Collects `template: statement` for each statement between the beginning and the end of a rendering."""
    rendering, found = [], []

    def begin(_app, template, **_more):
        rendering.append(template.name)

    def end(_app, **_more):
        rendering.pop()

    def execute(_conn, _cursor, statement, *_more):
        if rendering:
            found.append(f"{rendering[-1]}: {statement}")

    engine = db.current().reader
    event.listen(engine, "before_cursor_execute", execute)
    with before_render_template.connected_to(begin, app), template_rendered.connected_to(end, app):
        yield found
    event.remove(engine, "before_cursor_execute", execute)


def pages(world):
    """Every address that is read, with somebody who may read it."""
    for rule, method in rules(world.app):
        if method == "GET" and rule.endpoint in TABLE and rule.endpoint != "static":
            who = TABLE[rule.endpoint].who
            yield rule, "supervisor" if "supervisor" in who else next(role for role in (*who, "stranger"))


def test_pages_render_without_statements(world):
    rendered = set()
    with (
        statements_while_rendering(world.app) as found,
        template_rendered.connected_to(lambda _app, template, **_more: rendered.add(template.name), world.app),
    ):
        for rule, role in pages(world):
            assert world.caller(role).call(rule, "GET", world).status_code < 500, rule
        for path, role in MORE:
            assert world.caller(role).get(path.format(**world.ids)).status_code == 200
    assert not found, "\n".join(sorted(set(found)))
    assert len(rendered) > 25


def test_spoken_name_of_a_control_contains_the_visible_words():
    """Who speaks to a browser says what is written on the button (WCAG 2.5.3)."""
    named = [(path.name, pair) for path in TEMPLATES.rglob("*.html") for pair in NAMED.findall(path.read_text())]
    assert len(named) > 10
    texts = [(name, both(spoken), both(visible)) for name, (spoken, visible) in named]
    assert not [text for text in texts if any(v.casefold() not in s.casefold() for s, v in zip(*text[1:], strict=True))]
