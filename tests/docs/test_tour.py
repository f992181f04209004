"""The tour names every folder of the package, and no other."""

import re

from ampera.settings import PROJECT

TOUR = (PROJECT / "docs/architecture/tour.md").read_text("utf-8")


def test_tour_has_a_sentence_for_every_folder():
    folders = {
        f"{path.relative_to(PROJECT).as_posix()}/"
        for path in (PROJECT / "ampera").rglob("*")
        if path.is_dir() and "__pycache__" not in path.parts and "LC_MESSAGES" not in path.parts and path.name != "en"
    }
    rows = re.findall(r"^\| `(ampera/[a-z_/]+)` \| (.+) \|$", TOUR, re.MULTILINE)
    assert folders <= {folder for folder, _ in rows}
    assert all(len(sentence.split()) > 2 for _, sentence in rows)


def test_tour_names_no_folder_that_is_gone():
    named = re.findall(r"^\| `(ampera/[a-z_/]*)` \|", TOUR, re.MULTILINE)
    assert not [folder for folder in named if not (PROJECT / folder).is_dir()]
