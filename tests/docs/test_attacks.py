"""The list of attacks names a test for each, and every one of these tests exists."""

import re

from tests.house.test_arrows import ROOT

ROW = re.compile(r"^\| .+ \| `([^`]+)` `(test_\w+)` \|$", re.MULTILINE)
LEAST = 60


def test_every_attack_has_a_test_that_exists():
    project = ROOT.parent
    listed = ROW.findall((project / "docs/security/attacks.md").read_text())
    gone = [(file, name) for file, name in listed if f"def {name}(" not in (project / "tests" / file).read_text()]
    assert not gone
    assert len(set(listed)) == len(listed) >= LEAST
