"""Passwords are typed into masked fields, which may be filled by pasting and by a password manager."""

import re

from tests.house.test_arrows import ROOT

PROJECT = ROOT.parent
FIELD = re.compile(r"""\bfield\('(password|proof|old|new|again|pin)',(.*?)\)\s*\}\}""", re.DOTALL)
# The own password once more, which is one macro for all forms.
OWN = re.compile(r"""\bfield\((name), (_\('Kata sandi Anda'\).*?)\)\s*\}\}""")
USED = re.compile(r"\bown_password\((?!name=)")
# A PIN belongs to a tablet of many people, and a supervisor's password is no secret for an officer's browser to keep.
NOT_KEPT = {
    ("accounts/switch.html", "pin"),
    ("accounts/switch.html", "again"),
    ("_decision.html", "password"),
    ("_decision.html", "pin"),
}


def fields():
    folder = PROJECT / "templates"
    for path in sorted(folder.rglob("*.html")):
        text = path.read_text("utf-8")
        for name, options in [*FIELD.findall(text), *OWN.findall(text)]:
            yield path.relative_to(folder).as_posix(), name, options


def used():
    return sum(len(USED.findall(path.read_text("utf-8"))) for path in (PROJECT / "templates").rglob("*.html"))


def test_every_password_is_masked_and_known_to_password_managers():
    found = list(fields())
    assert len(found) + used() >= 16
    assert ("macros.html", "name") in {tuple(place) for *place, _options in found}
    assert not [place for *place, options in found if "type='password'" not in options]
    unknown = {
        (path, name)
        for path, name, options in found
        if not re.search(r"autocomplete='(current|new)-password'", options)
    }
    assert unknown == NOT_KEPT


def test_no_script_forbids_pasting():
    for path in sorted((PROJECT / "static/js").rglob("*.js")):
        assert not re.search(r"""["'](before)?paste["']|onpaste""", path.read_text("utf-8")), path.name
