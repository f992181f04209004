"""The steps of the image and the settings of compose.yaml, without a container engine: a new environment, another user,
no rights, and a file system that is read-only but for the data.
"""

import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
import yaml

from ampera.settings import PROJECT
from tests.serving.proxies import PUBLIC_URL

pytestmark = pytest.mark.proof
RECIPE = (PROJECT / "Containerfile").read_text("utf-8")
NOBODY = "65534"
# As in a container: nothing can be written but the data, and no right of root is left.
ENCLOSED = """#!/bin/sh
exec unshare --mount sh -c 'mount --bind {data} {data} && mount -o remount,bind,ro / && exec setpriv --reuid={user} \
--regid={user} --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all {program} "$@"' ampera "$@"
"""


@pytest.fixture
def folder():
    """A folder that another user may enter; the folders of tests are private."""
    made = Path(tempfile.mkdtemp(prefix="ampera-image-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


def run(*command, **more):
    done = subprocess.run(command, capture_output=True, text=True, **more)
    assert done.returncode == 0, done.stderr
    return done.stdout


def context(folder: Path) -> Path:
    """What `COPY . .` sees of a clone: its own files, without those that .dockerignore names."""
    ignored = (PROJECT / ".dockerignore").read_text("utf-8").split()
    names = [name for name in run("git", "ls-files", cwd=PROJECT).splitlines() if name.split("/")[0] not in ignored]
    for name in names:
        target = folder / "clone" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(PROJECT / name, target)
    return folder / "clone"


def installed(folder: Path) -> Path:
    """The program as the image has it: every `pip` of the recipe, in a new environment. `ampera` in it."""
    clone, places = context(folder), {"/dist": f"{folder}/dist"}
    places["/requirements.txt"] = str(PROJECT / "scripts/requirements.txt")  # as a COPY puts it there
    run(sys.executable, "-m", "venv", str(folder / "venv"))
    steps = re.findall(r"pip (?:wheel|install)[^&\n\\]*", RECIPE)
    assert len(steps) == 3
    for step in steps:
        words = [word.replace("/dist/", f"{folder}/dist/") for word in step.split()[1:]]
        words = [places.get(word, word) for word in words]
        run("sh", "-c", " ".join([f"{folder}/venv/bin/pip", *words]), cwd=clone)
    return folder / "venv/bin/ampera"


def settings(url: str, redis_url: str, data: Path) -> dict[str, str]:
    """The environment of the recipe, of compose.yaml and of the page, with addresses of this machine."""
    values = dict(re.findall(r"(AMPERA_\w+)=(\S+)", RECIPE))
    composed = yaml.safe_load((PROJECT / "compose.yaml").read_text("utf-8"))["services"]["server"]["environment"]
    values |= {"AMPERA_SECRET_KEY": secrets.token_hex(32), "AMPERA_CODE_KEYS": f"k1:{secrets.token_hex(32)}"}
    values |= composed | {"AMPERA_PUBLIC_URL": PUBLIC_URL, "AMPERA_INSTANCE": str(data)}
    values |= {"AMPERA_DATABASE_URL": url, "AMPERA_REDIS_URL": redis_url, "TMPDIR": str(data)}
    del values["AMPERA_BIND"]  # the port of the test
    return values


def test_program_of_the_image_serves_as_another_user_on_a_read_only_file_system(
    folder, new_server, own_cluster, redis_url
):
    data = folder / "data"
    data.mkdir()
    shutil.chown(data, int(NOBODY), int(NOBODY))
    own_cluster.folder.chmod(0o711)  # its socket is open to all users, as the network of compose is to the program
    enclosed = folder / "ampera"
    enclosed.write_text(ENCLOSED.format(data=data, user=NOBODY, program=installed(folder)))
    enclosed.chmod(0o755)
    server = new_server(data)
    server.executable, server.log_file = enclosed, folder / "server.log"
    server.environ |= settings(own_cluster.new_database(), redis_url, data)
    made = run(enclosed, "init", "--office", "PLG", "--timezone", "Asia/Jakarta", env=server.environ, cwd=data)
    assert "PLG" in made
    server.start()
    behind = {"X-Forwarded-For": "203.0.113.5", "X-Forwarded-Proto": "https", "Host": urlsplit(PUBLIC_URL).netloc}
    page = httpx.get(f"{server.url}/login?lang=en", headers=behind)
    assert page.status_code == 200 and "Staff sign-in" in page.text
    assert {Path(f"/proc/{pid}").stat().st_uid for pid in (server.process.pid, server.worker())} == {int(NOBODY)}
    assert "proved" in run(enclosed, "backup", "create", env=server.environ, cwd=data)
    assert "Good" in run(enclosed, "backup", "drill", env=server.environ, cwd=data)
    assert os.access(data / "backups", os.R_OK)
    assert server.terminate() == 0
