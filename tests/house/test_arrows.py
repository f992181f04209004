"""The arrows between the slices, read from the imports. Needs nothing but the standard library and pytest.

A slice imports only slices to its left, and of those only rules, models, queries and events. Edges and models are
known by their names; of the others a transaction makes a service, the database a query; what is left are rules.
"""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "ampera"
SLICES = (
    "accounts",
    "offices",
    "passports",
    "pickups",
    "bookings",
    "visits",
    "handovers",
    "board",
    "notices",
    "reports",
    "desk",
    "survey",
    "applicant",
)
SIDE_BY_SIDE = ({"board", "notices"}, {"desk", "survey"})  # no slice imports its neighbours
TOOLS = {"tools"}  # commands around the product: no other module imports them
KERNEL_SHELVES = {"cli", "serving", "monitoring", "web", "live", "migrations"}
COMPOSERS = {"__init__", "cli", "migrate"}  # these name every slice: the app, the commands, the tables

RULES, MODELS, QUERIES, SERVICE, EDGE = range(5)
LAYERS = ("rules", "models or events", "queries", "service", "edge")
EDGES = ("views", "api", "live", "cli")
WEB = {"flask", "flask_limiter", "flask_smorest", "flask_socketio", "flask_wtf"}  # flask_babel only translates words
DATABASE = {"sqlalchemy", "ampera.db", "ampera.audit"}
TRANSACTION = {"ampera.db.transaction", "ampera.db.Unit", "ampera.events.during"}

# (importing module, imported module): why it may be so.
EXCEPTIONS = {
    ("handovers.api", "accounts.authentication"): "a void may carry the password, which only accounts can check",
    ("pickups.intake_api", "passports.imports.intake"): "intake answers with codes, which only pickups derive",
    ("board.screens.enrol_views", "accounts.device_service"): "a screen's page gives it the right that accounts keep",
    ("board.screens.admin_views", "accounts.device_service"): "the screens' page edits devices that accounts keep",
}


@dataclass(frozen=True)
class Module:
    """One file: its dotted name below ampera, and every module it imports (also inside functions)."""

    name: str
    imports: frozenset[str]
    has_transactions: bool

    @property
    def slice(self) -> str:
        return self.name.partition(".")[0]

    @property
    def file(self) -> str:
        return self.name.rpartition(".")[2]


@cache
def modules() -> dict[str, Module]:
    names = {}
    for path in sorted(ROOT.rglob("*.py")):
        dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        names[dotted.removesuffix(".__init__")] = path
    return {name: _read(name, path) for name, path in names.items()}


def _read(name: str, path: Path) -> Module:
    tree = ast.parse(path.read_text())
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: imports are absolute"
            found |= {f"{node.module}.{one.name}" for one in node.names}
    decorators = (one for node in ast.walk(tree) for one in getattr(node, "decorator_list", ()))
    return Module(
        name, frozenset(found), any(isinstance(one, ast.Name) and one.id == "transaction" for one in decorators)
    )


def imported(module: Module) -> set[str]:
    """The project's own modules that this one imports, by dotted name below ampera."""
    own = {one.removeprefix("ampera.") for one in module.imports if one.startswith("ampera.")}
    return {one if one in modules() else one.rpartition(".")[0] for one in own} & set(modules()) - {module.name}


@cache
def layer(name: str) -> int:
    module = modules()[name]
    if module.file in ("models", "events"):
        return MODELS
    if module.file.endswith(EDGES):
        return EDGE
    own = {one for one in imported(module) if one.partition(".")[0] in SLICES}
    if module.has_transactions or module.imports & TRANSACTION or any(modules()[one].has_transactions for one in own):
        return SERVICE
    if any(one == base or one.startswith(f"{base}.") for one in module.imports for base in DATABASE):
        return QUERIES
    return max([RULES, *(layer(one) for one in own if modules()[one].file != "events")])


def in_slices() -> list[Module]:
    return [one for one in modules().values() if one.slice in SLICES]


def arrows(of: list[Module]) -> list[tuple[Module, Module]]:
    pairs = [(one, modules()[other]) for one in of for other in imported(one)]
    return [pair for pair in pairs if (pair[0].name, pair[1].name) not in EXCEPTIONS]


def told(wrong: list[tuple[Module, Module]]) -> str:
    return "\n".join(
        f"{one.name} ({LAYERS[layer(one.name)]}) -> {two.name} ({LAYERS[layer(two.name)]})" for one, two in wrong
    )


def is_left(one: str, other: str) -> bool:
    """Whether slice `one` stands left of slice `other`."""
    return SLICES.index(one) < SLICES.index(other) and not any({one, other} <= group for group in SIDE_BY_SIDE)


def test_a_slice_imports_only_slices_to_its_left():
    across = [(a, b) for a, b in arrows(in_slices()) if b.slice in SLICES and a.slice != b.slice]
    assert not (wrong := [(a, b) for a, b in across if not is_left(b.slice, a.slice)]), told(wrong)


def test_of_another_slice_only_rules_models_queries_and_events_are_imported():
    across = [(a, b) for a, b in arrows(in_slices()) if b.slice in SLICES and a.slice != b.slice]
    assert not (wrong := [(a, b) for a, b in across if layer(b.name) > QUERIES]), told(wrong)


def test_inside_a_slice_nothing_imports_back():
    inside = [(a, b) for a, b in arrows(in_slices()) if a.slice == b.slice]
    assert not (wrong := [(a, b) for a, b in inside if layer(b.name) > layer(a.name)]), told(wrong)


def test_services_never_call_services():
    across = [(a, b) for a, b in arrows(in_slices()) if b.slice in SLICES]
    pairs = [(a, b) for a, b in across if a.has_transactions and b.has_transactions]
    assert not pairs, told(pairs)


def test_flask_is_imported_only_by_the_kernel_and_by_edges():
    inner = [one for one in in_slices() if layer(one.name) < EDGE]
    assert not (wrong := [one.name for one in inner if {name.partition(".")[0] for name in one.imports} & WEB]), wrong


def test_the_kernel_imports_no_slice():
    kernel = [one for one in modules().values() if one.slice not in {*SLICES, *TOOLS} and one.name not in COMPOSERS]
    wrong = [(a, b) for a, b in arrows(kernel) if b.slice in {*SLICES, *TOOLS}]
    assert not wrong, told(wrong)


def test_nobody_imports_a_tool():
    others = [one for one in modules().values() if one.slice not in TOOLS and one.name != "cli"]
    assert not (wrong := [(a, b) for a, b in arrows(others) if b.slice in TOOLS]), told(wrong)


def test_every_folder_has_its_place():
    folders = {one.name for one in ROOT.iterdir() if one.is_dir() and not one.name.startswith("__")}
    assert folders <= {*SLICES, *TOOLS, *KERNEL_SHELVES, "fonts", "translations"}


@pytest.mark.parametrize("pair", EXCEPTIONS, ids=" -> ".join)
def test_an_exception_is_still_needed(pair):
    one, other = pair
    assert other in imported(modules()[one])
