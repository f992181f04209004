"""What makes the applicant's page installable: a manifest of its own link, and one worker for all links."""

import json
import re

import pytest

from tests import builders
from tests.board import steps as board


@pytest.fixture
def path(app):
    builders.ready(1)
    return f"/p/{board.link(1)}"


def test_the_manifest_opens_this_page_and_names_nobody(client, path):
    answer = client.get(f"{path}/manifest.webmanifest")
    manifest = json.loads(answer.data)
    assert answer.mimetype == "application/manifest+json" and "no-store" in answer.headers["Cache-Control"]
    assert (manifest["start_url"], manifest["id"], manifest["scope"]) == (path, path, "/p/")
    assert (manifest["name"], manifest["display"]) == ("Si Ampera Bertanjak", "standalone")
    assert {icon["sizes"] for icon in manifest["icons"]} == {"192x192", "512x512"}
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    for icon in manifest["icons"]:
        with client.get(icon["src"]) as picture:
            assert (picture.status_code, picture.mimetype) == (200, icon["type"])
    assert "Contoh Orang" not in answer.text


def test_page_names_the_manifest_and_a_replaced_page_has_none(client, path, api):
    assert f'rel="manifest" href="{path}/manifest.webmanifest"' in client.get(path).text
    api("desk").post("/api/v1/pickups/1/codes")
    assert client.get(f"{path}/manifest.webmanifest").status_code == 404
    assert 'rel="manifest"' not in client.get(path).text


@pytest.mark.parametrize("link", ["0" * 26, "x", "A" * 400])
def test_an_unknown_link_has_no_manifest(client, link):
    assert client.get(f"/p/{link}/manifest.webmanifest").status_code == 404


def test_worker_script_is_revalidated_by_browsers(client):
    answer = client.get("/p/sw.js")
    assert (answer.status_code, answer.mimetype) == (200, "text/javascript")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "Set-Cookie" not in answer.headers
    assert "worker-src 'self'" in answer.headers["Content-Security-Policy"]


def test_the_code_can_be_shown_alone_without_scripts(client, path):
    assert re.search(r'<body class="[^"]*\bis-showing\b', client.get(f"{path}?show=1").text)
    assert "is-showing" not in client.get(path).text
