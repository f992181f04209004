"""A wheel is whole: with pages, static files, translations and migrations it runs from any folder."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import httpx
import pytest

from ampera.settings import PROJECT

BUILD = "import sys; sys.path.insert(0, 'scripts'); import whole_wheel; whole_wheel.build_wheel(sys.argv[1])"
COMMAND = "import ampera.cli; ampera.cli.main()"
MAKE_OFFICE = ("init", "--office", "RODA", "--name", "Kantor Contoh")
PAGES = """
import ampera, ampera.settings, pathlib, re
client = ampera.create_app(ampera.settings.load()).test_client()
page = client.get("/login?lang=en")
picture = client.get(re.search('href="([^"]*favicon.svg)"', page.text)[1])
print(page.status_code, picture.status_code, "Staff sign-in" in page.text, pathlib.Path(ampera.__file__).parent)
"""
SOURCES = (".cfg", ".po")  # of the translations, whose compiled form is read


def run(folder: Path, *command: str | Path, **environ: str) -> str:
    """What the command prints; it runs in `folder`, with no setting of the tests' own."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("AMPERA_")}
    done = subprocess.run(command, cwd=folder, env=inherited | environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(PROJECT, sys.executable, "-c", BUILD, str(folder))
    return next(folder.glob("*.whl"))


def test_a_wheel_has_every_file_that_the_program_reads(wheel):
    folders = ("ampera", "templates", "static", "docs/operate/files")
    found = (path for folder in folders for path in (PROJECT / folder).rglob("*"))
    files = (path.relative_to(PROJECT) for path in found if path.is_file() and "__pycache__" not in path.parts)
    read = {path.as_posix() for path in files if path.suffix not in SOURCES}
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name and not name.endswith(SOURCES)}
    assert packed == {name if name.startswith("ampera/") else f"ampera/{name}" for name in read}


def test_the_program_of_a_wheel_runs_from_any_folder(wheel, tmp_path):
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    environ = {"PYTHONPATH": str(site), "AMPERA_INSTANCE": str(tmp_path / "instance")}
    assert "RODA" in run(tmp_path, sys.executable, "-c", COMMAND, *MAKE_OFFICE, **environ)
    assert run(tmp_path, sys.executable, "-c", PAGES, **environ).split() == ["200", "200", "True", str(site / "ampera")]


@pytest.mark.proof
def test_a_wheel_serves_from_a_new_environment(wheel, tmp_path, new_server):
    run(tmp_path, sys.executable, "-m", "venv", "venv")
    programs, instance = tmp_path / "venv/bin", tmp_path / "instance"  # beside the environment
    run(tmp_path, programs / "pip", "install", "--quiet", wheel)
    run(tmp_path, programs / "ampera", *MAKE_OFFICE)
    assert (instance / "ampera.db").exists()
    server = new_server(instance)
    server.executable = programs / "ampera"
    server.start()
    assert httpx.get(f"{server.url}/login").status_code == 200
