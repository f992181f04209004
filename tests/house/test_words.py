"""No name and no prose uses a word that means something else here. `python -m tests.house.words` lists all places."""

import pytest

from tests.house.words import FOLDERS, ROOT, files, problems


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_file_uses_a_forbidden_word(folder):
    found = [f"{file.relative_to(ROOT)}:{problem}" for file in files([folder]) for problem in problems(file)]
    assert not found, "\n".join(found)
