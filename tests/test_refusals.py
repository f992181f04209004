"""Every error code is declared once, with a sentence, in the slice that refuses."""

import ast
from importlib import import_module
from pathlib import Path

import pytest
from flask_babel import lazy_gettext

from ampera import errors
from ampera.errors import ErrorCode, Refusal

ROOT = Path(errors.__file__).parent
SLICES = sorted(path.parent.name for path in ROOT.glob("*/refusals.py"))


def enums() -> list[type[ErrorCode]]:
    modules = [import_module(f"ampera.{name}.refusals") for name in SLICES]
    found = [value for module in modules for value in vars(module).values() if isinstance(value, type)]
    return [Refusal, *(value for value in found if issubclass(value, ErrorCode) and value is not ErrorCode)]


def trees():
    for path in sorted(ROOT.rglob("*.py")):
        yield path.relative_to(ROOT), ast.parse(path.read_text())


def test_every_code_has_a_sentence(app):
    codes = [code for enum in enums() for code in enum]
    assert len(codes) > 90
    assert not [code for code in codes if not errors.sentence(code)]


def test_registering_a_code_twice_is_refused():
    class Again(ErrorCode):
        NOT_FOUND = "not_found", lazy_gettext("Tidak ditemukan.")

    with pytest.raises(ValueError, match="not_found"):
        errors.register(Again)


def test_refusals_take_codes_from_an_enum():
    """A code that is typed as text may have no sentence, and nothing finds the mistake."""
    literal = [
        f"{path}:{call.lineno}"
        for path, tree in trees()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("Refused", "Problem")
        for code in call.args[:1]
        if isinstance(code, (ast.Constant, ast.JoinedStr))
    ]
    assert not literal
