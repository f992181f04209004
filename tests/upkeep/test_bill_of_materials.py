"""scripts/sbom: everything of others that runs in production, with version and hashes."""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_bill_names_every_locked_package_and_every_vendored_file_with_hashes():
    script = [sys.executable, str(ROOT / "scripts/bill_of_materials.py")]  # it judges itself by the schema, too
    bill = json.loads(subprocess.run(script, check=True, capture_output=True, text=True).stdout)
    locked = re.findall(r"^([\w.-]+)==([^\s;]+)", (ROOT / "scripts/requirements.txt").read_text("utf-8"), re.MULTILINE)
    vendored = [tuple(file.read_text("utf-8").split()) for file in (ROOT / "static/vendor").glob("*/VERSION")]
    assert {(part["name"], part["version"]) for part in bill["components"]} == {*locked, *vendored}
    assert len(locked) > 40 and len(vendored) == 3
    assert not [part["name"] for part in bill["components"] if not part["hashes"]]
    assert bill["metadata"]["component"]["name"] == "si-ampera-bertanjak"
