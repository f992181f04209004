"""The witness of `scripts/prove mutants`: every planted bug still fits the code, and a bug of each kind is caught."""

import ast

from tests.mutants.run import AMPERA
from tests.mutants.table import MUTANTS


def test_every_planted_bug_fits_the_code_once():
    wrong = [m.name for m in MUTANTS if (AMPERA / m.file).read_text().count(m.before) != 1]
    assert not wrong, f"the code of these mutants has changed: {wrong}"


def test_every_planted_bug_is_valid_python_and_changes_the_code():
    for mutant in MUTANTS:
        text = (AMPERA / mutant.file).read_text()
        planted = text.replace(mutant.before, mutant.after)
        assert ast.dump(ast.parse(planted)) != ast.dump(ast.parse(text)), mutant.name


def test_names_of_planted_bugs_are_unique():
    names = [mutant.name for mutant in MUTANTS]
    assert len(names) >= 40
    assert len(set(names)) == len(names)
