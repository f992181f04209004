"""The arrows between the slices, read from the imports. Needs only the standard library and pytest.

A slice imports only slices to its left, and of those only rules, models, queries and events. Edges, models and events
are recognised by their names. Of the other modules, those with transactions are services, those that use the database
are queries, and the rest are rules.
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
    "retention",
    "attention",
    "applicant",
)
SIDE_BY_SIDE = ({"board", "notices"}, {"desk", "survey"})  # no slice imports its neighbours
TOOLS = {"tools"}  # commands around the product: no other module imports them
KERNEL_SHELVES = {"cli", "history", "installation", "serving", "monitoring", "web", "live", "sql", "migrations"}
COMPOSERS = {"__init__", "cli", "migrate"}  # these name every slice: the app, the commands, the tables

RULES, MODELS, QUERIES, SERVICE, EDGE = range(5)
LAYERS = ("rules", "models or events", "queries", "service", "edge")
EDGES = ("views", "api", "live", "cli")
WEB = {"flask", "flask_limiter", "flask_smorest", "flask_socketio"}  # flask_babel only translates words
DATABASE = {"sqlalchemy", "ampera.db", "ampera.audit"}
TRANSACTION = {"ampera.db.transaction", "ampera.db.long_transaction", "ampera.db.Unit", "ampera.events.during"}

# (importing module, imported module): why the arrow is allowed.
EXCEPTIONS = {
    ("handovers.api", "accounts.authentication"): "a void may carry the password, which only accounts can check",
    ("passports.api", "accounts.authentication"): "a cancellation may carry the password, as a void does",
    ("passports.corrections.views", "accounts.authentication"): "a decision may carry the password, as a void does",
    ("passports.views", "accounts.authentication"): "the form of a cancellation carries the password",
    ("pickups.intake_api", "passports.imports.intake_service"): "intake answers with codes, which only pickups derive",
    (
        "board.screens.enrol_views",
        "accounts.devices.service",
    ): "a screen's page stores the right of the screen, which is in accounts",
    (
        "board.screens.enrol_views",
        "accounts.tablets.browser_views",
    ): "a tablet waits at the same address, and its browser keeps the right in a cookie of accounts",
    (
        "board.screens.admin_views",
        "accounts.devices.service",
    ): "the page of screens edits devices, which are in accounts",
    ("offices.options.validation", "offices.calendar.hours"): "the weekly hours are validated like options",
    ("offices.options.row_views", "offices.calendar.hours"): "a settings form has weekly hours beside options",
    ("offices.options.views", "offices.calendar.views"): "the calendar's page shows the options that limit a day",
}


@dataclass(frozen=True)
class Module:
    """One file: its dotted name below ampera, and every module that it imports, also inside functions."""

    name: str
    imports: frozenset[str]
    has_transactions: bool

    @property
    def room(self) -> str:
        """The sub-package of a slice that the module is in; "" for a module beside the sub-packages."""
        folder = self.name.rpartition(".")[0]
        return folder if "." in folder else ""

    @property
    def slice(self) -> str:
        return self.name.partition(".")[0]

    @property
    def file(self) -> str:
        return self.name.rpartition(".")[2]


Arrow = tuple[Module, Module]


@cache
def modules() -> dict[str, Module]:
    paths = {}
    for path in sorted(ROOT.rglob("*.py")):
        dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        paths[dotted.removesuffix(".__init__")] = path
    return {name: _read(name, path) for name, path in paths.items()}


def _read(name: str, path: Path) -> Module:
    tree = ast.parse(path.read_text())
    imports: set[str] = set()
    decorators: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imports |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: imports are absolute"
            imports |= {f"{node.module}.{alias.name}" for alias in node.names}
        for decorator in getattr(node, "decorator_list", ()):
            if isinstance(decorator, ast.Name):
                decorators.add(decorator.id)
    return Module(name, frozenset(imports), bool(decorators & {"transaction", "long_transaction"}))


def imported(module: Module) -> set[str]:
    """The modules of the project that the module imports, by dotted name below ampera."""
    names = {name.removeprefix("ampera.") for name in module.imports if name.startswith("ampera.")}
    own = {name if name in modules() else name.rpartition(".")[0] for name in names}
    return own & set(modules()) - {module.name}


@cache
def layer(name: str) -> int:
    module = modules()[name]
    if module.file in ("models", "events"):
        return MODELS
    if module.file.endswith(EDGES):
        return EDGE
    own = [modules()[other] for other in imported(module) if other.partition(".")[0] in SLICES]
    if module.has_transactions or module.imports & TRANSACTION or any(other.has_transactions for other in own):
        return SERVICE
    if any(f"{import_}.".startswith(f"{base}.") for import_ in module.imports for base in DATABASE):
        return QUERIES
    return max([RULES, *(layer(other.name) for other in own if other.file != "events")])


def in_slices() -> list[Module]:
    return [module for module in modules().values() if module.slice in SLICES]


def arrows(of: list[Module]) -> list[Arrow]:
    """Every import of these modules that is no listed exception."""
    pairs = [(module, modules()[other]) for module in of for other in imported(module)]
    return [(start, end) for start, end in pairs if (start.name, end.name) not in EXCEPTIONS]


def between_slices() -> list[Arrow]:
    return [(start, end) for start, end in arrows(in_slices()) if end.slice in SLICES and start.slice != end.slice]


def described(wrong: list[Arrow]) -> str:
    return "\n".join(
        f"{start.name} ({LAYERS[layer(start.name)]}) -> {end.name} ({LAYERS[layer(end.name)]})" for start, end in wrong
    )


def is_left(slice_: str, other: str) -> bool:
    """Whether the slice is left of the other slice."""
    are_neighbours = any({slice_, other} <= group for group in SIDE_BY_SIDE)
    return SLICES.index(slice_) < SLICES.index(other) and not are_neighbours


def test_slices_import_only_slices_to_the_left():
    wrong = [(start, end) for start, end in between_slices() if not is_left(end.slice, start.slice)]
    assert not wrong, described(wrong)


def test_only_rules_models_queries_and_events_of_another_slice_are_imported():
    wrong = [(start, end) for start, end in between_slices() if layer(end.name) > QUERIES]
    assert not wrong, described(wrong)


def test_inside_a_slice_no_layer_imports_a_later_layer():
    inside = [(start, end) for start, end in arrows(in_slices()) if start.slice == end.slice]
    wrong = [(start, end) for start, end in inside if layer(end.name) > layer(start.name)]
    assert not wrong, described(wrong)


def test_services_never_call_services():
    within = [(start, end) for start, end in arrows(in_slices()) if end.slice in SLICES]
    wrong = [(start, end) for start, end in within if start.has_transactions and end.has_transactions]
    assert not wrong, described(wrong)


def test_flask_is_imported_only_by_the_kernel_and_by_edges():
    inner = [module for module in in_slices() if layer(module.name) < EDGE]
    assert not [module.name for module in inner if {name.partition(".")[0] for name in module.imports} & WEB]


def test_kernel_imports_no_slice():
    outside = [module for module in modules().values() if module.slice not in {*SLICES, *TOOLS}]
    kernel = [module for module in outside if module.name not in COMPOSERS]
    wrong = [(start, end) for start, end in arrows(kernel) if end.slice in {*SLICES, *TOOLS}]
    assert not wrong, described(wrong)


def test_product_imports_no_tool():
    others = [module for module in modules().values() if module.slice not in TOOLS and module.name != "cli"]
    wrong = [(start, end) for start, end in arrows(others) if end.slice in TOOLS]
    assert not wrong, described(wrong)


def test_every_folder_is_a_slice_a_tool_or_a_shelf_of_the_kernel():
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith("__")}
    assert folders <= {*SLICES, *TOOLS, *KERNEL_SHELVES, "fonts", "translations"}


@pytest.mark.parametrize("pair", EXCEPTIONS, ids=" -> ".join)
def test_exception_is_still_needed(pair):
    start, end = pair
    assert end in imported(modules()[start])


def test_sub_packages_of_a_slice_import_each_other_in_one_direction_only():
    wrong = [
        (a, b)
        for a, b in arrows(in_slices())
        if a.slice == b.slice and (b.room, a.room) in _rooms_that_import() and a.room and b.room and a.room != b.room
    ]
    assert not wrong, described(wrong)


@cache
def _rooms_that_import() -> frozenset[tuple[str, str]]:
    """(sub-package, sub-package that it imports), directly or through others."""
    direct = {(a.room, b.room) for a, b in arrows(in_slices()) if a.room and b.room and a.room != b.room}
    reached = set(direct)
    while more := {(a, d) for a, b in reached for c, d in direct if b == c and a != d} - reached:
        reached |= more
    return frozenset(reached)
