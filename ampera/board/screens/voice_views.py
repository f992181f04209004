"""The loudspeaker's clips: an office's own recording where its folder has the name, ours for the rest.

Nothing in them is personal: letters, digits and phrases, which the screen puts together.
"""

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, current_app

from ampera.errors import Problem, Refusal
from ampera.security import public
from ampera.settings import PROJECT
from ampera.web import assets

OURS = PROJECT / "static" / "voice"
NAMES = tuple(json.loads((OURS / "manifest.json").read_text()))

pages = Blueprint("voice", __name__)


@pages.get("/voice/<version>/<path:clip>")
@public
def recording(version: str, clip: str) -> Response:
    """One clip. `version` only makes the address new when a recording is replaced; it is not checked."""
    if clip not in NAMES:
        raise Problem(Refusal.NOT_FOUND, 404)
    folder = next((one for one in (_own(), OURS) if one and (one / clip).is_file()), OURS)
    response = Response((folder / clip).read_bytes(), mimetype="audio/mpeg")
    response.headers["Cache-Control"] = f"public, max-age={assets.YEAR}, immutable"
    return response


def address() -> str:
    """Where a page finds the clips: changes with the recording, which is read at the server's start."""
    return f"/voice/{_version(_own())}"


def _own() -> Path | None:
    folder = current_app.extensions["ampera.settings"].voice
    return Path(folder).resolve() if folder else None


@lru_cache
def _version(own: Path | None) -> str:
    total = hashlib.sha256()
    for folder in filter(None, (OURS, own)):
        for name in NAMES:
            if (folder / name).is_file():
                total.update(name.encode() + hashlib.sha256((folder / name).read_bytes()).digest())
    return total.hexdigest()[:12]
