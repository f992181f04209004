"""The certificate of the local authority, which a tablet installs once."""

from flask import Blueprint, Flask, Response, current_app

from ampera.errors import Problem, Refusal
from ampera.security import public
from ampera.serving import tls
from ampera.settings import Settings

pages = Blueprint("serving", __name__)


def init_app(app: Flask) -> None:
    app.register_blueprint(pages)


@pages.get("/ca.crt")
@public
def authority() -> Response:
    """404 unless this server made its own certificate."""
    from cryptography.hazmat.primitives.serialization import Encoding

    from ampera.serving import certificates

    settings: Settings = current_app.extensions["ampera.settings"]
    if settings.tls != tls.SELF_SIGNED:
        raise Problem(Refusal.NOT_FOUND, 404)
    made = certificates.load(tls.authority_file(settings.instance))
    return Response(made.public_bytes(Encoding.DER), mimetype="application/x-x509-ca-cert")
