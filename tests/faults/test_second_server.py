"""A second server on one SQLite file is refused in words, and the first one goes on."""

import subprocess

import httpx
import pytest

from tests.services import free_port

pytestmark = pytest.mark.proof


def test_second_server_on_a_sqlite_file_ends_with_a_sentence(new_server):
    with new_server() as first:
        environ = {**first.environ, "AMPERA_BIND": f"127.0.0.1:{free_port()}"}
        done = subprocess.run([first.executable, "run"], env=environ, capture_output=True, text=True, timeout=60)
        assert done.returncode == 1
        assert "another server works with" in done.stderr and "Traceback" not in done.stderr
        assert httpx.get(f"{first.url}/readyz").is_success
        first.kill9()
        first.start()  # what a killed server held is free at once
