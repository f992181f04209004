"""The names of modules and the size of folders, so that a newcomer guesses where the code of a subject is.

A module has a role name, ends in one (`void_service`), or is a noun that is listed in nouns.txt. Verbs are for
functions.
"""

from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "ampera"
ROLES = {"models", "queries", "service", "labels", "messages", "schemas", "live", "tasks", "views", "api", "cli"}
ROLES |= {"events", "refusals"}
# What a module may be called besides: the thing that it holds, one a line. A new noun is a decision.
NOUNS = frozenset((Path(__file__).parent / "nouns.txt").read_text().split())
# Names that end like a gerund, each with the reason why it is none.
NOUNS_IN_ING = {"morning": "the part of a day that a simulation plays"}
MOST_MODULES = 16
LEAST_SHARE_OF_ROLES = 0.5


def modules() -> list[Path]:
    """Every module, except packages' own files and the steps of the database, which Alembic names."""
    return [path for path in sorted(ROOT.rglob("*.py")) if path.stem != "__init__" and "migrations" not in path.parts]


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def has_role(path: Path) -> bool:
    return path.stem.rpartition("_")[2] in ROLES


def test_module_is_named_by_a_role_or_a_listed_noun():
    others = {path for path in modules() if not has_role(path) and path.stem not in NOUNS | NOUNS_IN_ING.keys()}
    unnamed = {dotted(path) for path in others}
    assert not unnamed, "use a role name, or add the noun to nouns.txt"


def test_no_module_is_named_by_a_gerund():
    gerunds = {dotted(path) for path in modules() if path.stem.endswith("ing") and path.stem not in NOUNS_IN_ING}
    assert not gerunds


def test_no_folder_has_too_many_modules():
    counts = Counter(path.parent.relative_to(ROOT).as_posix() for path in modules())
    crowded = {folder: count for folder, count in counts.items() if count > MOST_MODULES}
    assert not crowded, "what changes together belongs in a folder of its own"


def test_enough_modules_have_role_names():
    names = modules()
    assert sum(map(has_role, names)) / len(names) >= LEAST_SHARE_OF_ROLES


def test_listed_nouns_are_in_use():
    assert not NOUNS - {path.stem for path in modules()}


@pytest.mark.parametrize("name", NOUNS_IN_ING)
def test_noun_in_ing_is_still_needed(name):
    assert name in {path.stem for path in modules()}
