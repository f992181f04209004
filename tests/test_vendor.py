"""Third-party files are exactly those that `scripts/vendor` took: a changed or a stray byte is found here."""

import hashlib
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]


@pytest.mark.parametrize("folder", ["static/vendor", "tests/browser/vendor"])
def test_vendored_files_are_the_pinned_ones(folder):
    root = PROJECT / folder
    pinned = {
        name: digest for digest, name in (line.split() for line in (root / "SHA256SUMS").read_text().splitlines())
    }
    present = {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in root.rglob("*")
        if path.is_file() and path.name != "SHA256SUMS"
    }
    assert present == pinned


@pytest.mark.parametrize("folder", ["zxing-wasm", "socket.io-client"])
def test_vendored_packages_state_version_and_licence(folder):
    root = PROJECT / "static" / "vendor" / folder
    assert folder in (root / "VERSION").read_text()
    assert (root / "LICENSE").stat().st_size > 500


def test_barcode_reader_and_wasm_have_one_version():
    root = PROJECT / "static" / "vendor" / "zxing-wasm"
    digest = hashlib.sha256((root / "zxing_reader.wasm").read_bytes()).hexdigest()
    assert digest in (root / "index.js").read_text()
