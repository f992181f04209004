"""The JSON API under /api/v1: flask-smorest with one base schema (unknown fields are refused) and one error shape."""

from typing import Any

import marshmallow
from flask import Flask, Request
from flask_smorest import Api, Blueprint
from webargs.flaskparser import FlaskParser

from ampera.errors import Problem, Refusal

PREFIX = "/api/v1"
ERROR = {
    "type": "object",
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message"],
            "properties": {
                "code": {"type": "string"},
                "message": {"type": "string"},
                "fields": {"type": "object"},
            },
        }
    },
}


class OneErrorShape(Api):
    """flask-smorest with the error answers of `errors.py`."""

    def _register_error_handlers(self) -> None:
        """`errors.init_app` has registered ours."""


api = OneErrorShape()


class Schema(marshmallow.Schema):
    """Base of all bodies and queries."""

    class Meta:
        unknown = marshmallow.RAISE


class JsonParser(FlaskParser):
    """Reads bodies. A number of thousands of digits, which Python does not convert, is a bad request like any other."""

    def load_json(self, req: Request, schema: marshmallow.Schema) -> Any:
        try:
            return super().load_json(req, schema)
        except ValueError:
            raise Problem(Refusal.BAD_REQUEST, 400) from None


class JsonBlueprint(Blueprint):
    ARGUMENTS_PARSER = JsonParser()


def blueprint(name: str, description: str = "") -> Blueprint:
    """A blueprint of the API; its paths are relative to /api/v1."""
    return JsonBlueprint(f"api_{name}", name, url_prefix=PREFIX, description=description)


def init_app(app: Flask) -> None:
    app.config.update(
        API_TITLE="Si Ampera Bertanjak",
        API_VERSION="v1",
        OPENAPI_VERSION="3.0.3",
        OPENAPI_URL_PREFIX=PREFIX,
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS={
            "components": {
                "securitySchemes": {
                    "bearer": {"type": "http", "scheme": "bearer"},
                    "cookie": {"type": "apiKey", "in": "cookie", "name": "ampera"},
                }
            },
            "security": [{"bearer": []}, {"cookie": []}],
        },
    )
    # Keys in the order of the sockets' news: pages compare the text of a part to see whether to draw it anew, and a
    # button that is renewed under a finger loses the touch.
    app.json.sort_keys = False  # type: ignore[attr-defined]
    api.init_app(app)


def register(app: Flask, *blueprints: Blueprint) -> None:
    for one in blueprints:
        api.register_blueprint(one)


def json_refusals(*statuses: int) -> dict[str, Any]:
    """The documented error answers of an operation, for `@blueprint.doc(responses=…)`."""
    return {
        str(status): {"description": "Refused", "content": {"application/json": {"schema": ERROR}}}
        for status in statuses
    }
