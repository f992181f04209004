"""The loudspeaker's clips: from the office's own folder where it has the file, else the product's.

The clips hold letters, digits and phrases, nothing personal. The screen joins them.
"""

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, current_app

from ampera.errors import Problem, Refusal
from ampera.security import cacheable
from ampera.settings import PROJECT
from ampera.web import assets

OURS = PROJECT / "static" / "voice"
NAMES = tuple(json.loads((OURS / "manifest.json").read_text()))

pages = Blueprint("voice", __name__)


@pages.get("/voice/<version>/<path:clip>")
@cacheable
def recording(version: str, clip: str) -> Response:
    """One clip. `version` changes the address when a recording is replaced; it is not checked."""
    if clip not in NAMES:
        raise Problem(Refusal.NOT_FOUND, 404)
    folder = next((path for path in (_own(), OURS) if path and (path / clip).is_file()), OURS)
    response = Response((folder / clip).read_bytes(), mimetype="audio/mpeg")
    response.headers["Cache-Control"] = f"public, max-age={assets.YEAR}, immutable"
    return response


def address() -> str:
    """The address of the clips. It changes with the recordings, which are read when the server starts."""
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
