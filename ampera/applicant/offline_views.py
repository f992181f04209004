"""The manifest and the service worker that let a phone install the applicant's page and show it without a network.

The worker caches only pages behind a link and the files that they use. All links share one worker file.
"""

from pathlib import Path

from flask import Blueprint, Response, current_app, jsonify, url_for

from ampera import db
from ampera.errors import Problem
from ampera.languages import chosen
from ampera.pickups import queries
from ampera.pickups.refusals import PickupRefusal
from ampera.security import cacheable, public
from ampera.web.limits import unknown_links

NAME, SHORT_NAME = "Si Ampera Bertanjak", "Si Ampera"
GROUND, BRAND = "#ffffff", "#1c2452"
SCOPE = "/p/"

pages = Blueprint("offline", __name__)


@pages.get("/p/sw.js")
@cacheable
def worker() -> Response:
    """A worker at this address controls everything under /p/, and nothing else."""
    source = Path(str(current_app.static_folder), "js", "pickup", "worker.js").read_bytes()
    return Response(source, mimetype="text/javascript", headers={"Cache-Control": "no-cache"})


@pages.get("/p/<link>/manifest.webmanifest")
@public
@unknown_links
def manifest(link: str) -> Response:
    """The installed app opens the page of this link. A replaced link has no manifest."""
    with db.reading() as session:
        code = queries.by_link(session, link)
    if code is None or code.state == "revoked":
        raise Problem(PickupRefusal.UNKNOWN_LINK, 404)
    page = url_for("applicant.page", link=link)
    response = jsonify(
        name=NAME,
        short_name=SHORT_NAME,
        lang=chosen(),
        id=page,
        start_url=page,
        scope=SCOPE,
        display="standalone",
        background_color=GROUND,
        theme_color=BRAND,
        icons=[_icon("icon-192", 192), _icon("icon-512", 512), _icon("icon-maskable", 512, "maskable")],
    )
    response.mimetype = "application/manifest+json"
    return response


def _icon(name: str, side: int, purpose: str = "any") -> dict[str, str]:
    address = url_for("static", filename=f"img/{name}.png")
    return {"src": address, "sizes": f"{side}x{side}", "type": "image/png", "purpose": purpose}
