"""The JSON API under /api/v1: flask-smorest with one schema base for what comes in, one for what goes out, one error.

Answers are documented, not dumped: the dictionary of a state goes out as it is, because pages compare the text of its
parts and a scan has no time to spare. `tests/contract.py` checks every answer of the test suite against the document.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

import marshmallow
from apispec import APISpec
from flask import Flask, Request, Response, json
from flask_smorest import Api, Blueprint
from marshmallow import fields
from webargs.flaskparser import FlaskParser

from ampera import scopes
from ampera.errors import ErrorCode, Problem, Refusal

PREFIX = "/api/v1"
Refusals = Mapping[int, Iterable[ErrorCode]]  # status -> the codes that occur with it

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
REASONS = {
    400: "The request cannot be read, a foreign page sent it, or a browser's request lacks its CSRF token.",
    401: "The caller has no valid session, key or token.",
    403: "The caller's role does not allow this.",
    404: "Nothing in the caller's office has this address.",
    409: "The present state does not allow this.",
    413: "The body is too large.",
    415: "The content type is not supported.",
    422: "A field is missing, unknown or invalid; `fields` names each place.",
    429: "Too many attempts. `Retry-After` holds the seconds to wait.",
    503: "The database or another part is busy. `Retry-After` holds the seconds to wait.",
}


class Schema(marshmallow.Schema):
    """Base of all bodies and queries: an unknown field is refused."""

    class Meta:
        unknown = marshmallow.RAISE


class AnswerSchema(marshmallow.Schema):
    """Base of everything that the API gives: each field is always there, except those that `OPTIONAL` names."""

    OPTIONAL: ClassVar[tuple[str, ...]] = ()

    class Meta:
        unknown = marshmallow.EXCLUDE  # an answer may grow

    def on_bind_field(self, field_name: str, field_obj: fields.Field) -> None:
        field_obj.required = field_name not in self.OPTIONAL


class ErrorDetailSchema(AnswerSchema):
    """Why a request was refused. Some codes bring more than these fields."""

    OPTIONAL = ("places",)

    class Meta:
        unknown = marshmallow.INCLUDE

    code = fields.String(metadata={"description": "For programs: stable, one of those listed for the operation."})
    message = fields.String(metadata={"description": "For people, in the language of the request."})
    places = fields.Dict(
        data_key="fields",
        keys=fields.String(),
        values=fields.Raw(metadata={"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
        metadata={"description": "Place in the request, such as `passports.0.book`: a sentence, or what is missing."},
    )


class ErrorSchema(AnswerSchema):
    """The one shape of every refusal."""

    error = fields.Nested(ErrorDetailSchema)


class JsonApi(Api):
    """flask-smorest with the error answers of `errors.py`, and no answer that is not listed.

    The document is made at the first request for it: a start of the server does not wait for it. Its text is kept,
    because anybody may ask for it, and making it stops the loop for as long as several scans take.
    """

    ERROR_SCHEMA = ErrorSchema
    DEFAULT_ERROR_RESPONSE_NAME = None

    def init_app(self, app: Flask, **options: object) -> None:
        self._undocumented: list[Blueprint] = []
        self._lock = threading.RLock()
        self._text = ""
        super().init_app(app, **options)
        self.ma_plugin.converter.add_attribute_function(_object_or_null)

    def register_blueprint(self, blp: Blueprint, **options: object) -> None:
        """Serve the operations of a blueprint; `spec` describes them."""
        self._app.extensions["flask-smorest"]["blp_name_to_api"][blp.name] = self
        self._app.register_blueprint(blp, **options)
        self._undocumented.append(blp)
        self._text = ""

    @property
    def spec(self) -> APISpec:
        """The description of the app that was built last."""
        with self._lock:
            pending, self._undocumented = self._undocumented, []
            for blp in pending:
                blp.register_views_in_doc(self, self._app, self._spec, name=blp.name, parameters=None)
                self._spec.tag({"name": blp.name, "description": blp.description})
        return self._spec

    @spec.setter
    def spec(self, spec: APISpec) -> None:
        self._spec = spec

    def _openapi_json(self) -> Response:
        with self._lock:
            self._text = self._text or json.dumps(self.spec.to_dict(), indent=2, sort_keys=False)
        return Response(self._text, mimetype="application/json")

    def _register_error_handlers(self) -> None:
        """`errors.init_app` has registered ours."""


api = JsonApi()


class JsonParser(FlaskParser):
    """Reads bodies. A number of thousands of digits, which Python does not convert, is a bad request like any other."""

    def load_json(self, req: Request, schema: marshmallow.Schema) -> Any:
        try:
            return super().load_json(req, schema)
        except ValueError:
            raise Problem(Refusal.BAD_REQUEST, 400) from None


class JsonBlueprint(Blueprint):
    """Operations that document each of their answers."""

    ARGUMENTS_PARSER = JsonParser()

    def arguments(self, schema: type[marshmallow.Schema], **options: Any) -> Callable[..., Any]:
        """Read the body, or the query, with this schema. One object of the schema serves all requests."""
        return super().arguments(schema(), **options)

    def answers(
        self, given: type[AnswerSchema] | str | None, status: int = 200, also: Mapping[int, str] | None = None
    ) -> Callable[..., Any]:
        """What the operation gives when all goes well: a schema, the type of a file, or None for an empty answer.

        `also` holds other statuses of the same answer, each with its description.
        """

        def mark(view: Callable[..., Any]) -> Callable[..., Any]:
            content = {"content": _content(given)} if given else {}
            descriptions = {status: "Done" if status != 200 else "OK", **(also or {})}
            documented = {str(code): {"description": text, **content} for code, text in descriptions.items()}
            return self.doc(responses=documented)(self.response(status)(view))

        return mark

    def refuses(self, refusals: Refusals, more: type[marshmallow.Schema] | None = None) -> Callable[..., Any]:
        """The refusals of this operation beside those that `add_url_rule` knows; `more` are other fields of `error`."""

        def mark(view: Callable[..., Any]) -> Callable[..., Any]:
            view.refusals = {status: tuple(codes) for status, codes in refusals.items()}  # type: ignore[attr-defined]
            view.more = more  # type: ignore[attr-defined]
            return view

        return mark

    def add_url_rule(
        self,
        rule: str,
        endpoint: str | None = None,
        view_func: Callable[..., Any] | None = None,
        *args: object,
        **options: object,
    ) -> None:
        """Document the refusals of the operation: its own, and those that follow from its address, roles and body."""
        refusals = _refusals(rule, view_func, options.get("methods", ["GET"]))
        own, more = getattr(view_func, "refusals", {}), getattr(view_func, "more", None)
        documented = {
            str(status): _refusal(status, codes, more if status in own else None)
            for status, codes in sorted(refusals.items())
        }
        described = {"responses": documented, **_scope(self.name, view_func, options.get("methods", ["GET"]))}
        super().add_url_rule(rule, endpoint, self.doc(**described)(view_func), *args, **options)


def blueprint(name: str, description: str = "") -> JsonBlueprint:
    """A blueprint of the API; its paths are relative to /api/v1, and a limited key needs its scopes."""
    scopes.add_area(name)
    return JsonBlueprint(f"{scopes.PREFIX}{name}", name, url_prefix=PREFIX, description=description)


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
                    "cookie": {
                        "type": "apiKey",
                        "in": "cookie",
                        "name": "ampera",
                        "description": "The session of a browser. Over TLS its name is `__Host-ampera`.",
                    },
                }
            },
            "security": [{"bearer": []}, {"cookie": []}],
        },
    )
    # The order of keys is the order of the sockets' news. Pages compare the text of a part to decide whether to draw
    # the part again, and a button that is replaced under a finger loses the touch.
    app.json.sort_keys = False  # type: ignore[attr-defined]
    api.init_app(app)


def register(app: Flask, *blueprints: Blueprint) -> None:
    for registered in blueprints:
        api.register_blueprint(registered)


def _object_or_null(_converter: object, _field: fields.Field, ret: dict[str, Any]) -> dict[str, Any]:
    """A nested answer that may be null. apispec would allow any object beside the nested one."""
    any_object = {"type": "object", "nullable": True}
    if any_object not in ret.get("anyOf", ()):
        return {}
    return {"anyOf": [{**part, "enum": [None]} if part == any_object else part for part in ret["anyOf"]]}


def _scope(name: str, view: Callable[..., Any] | None, methods: Any) -> dict[str, str]:
    """The scope that a limited key needs for this operation, as an extension of the document."""
    if view is None or "public" in getattr(view, "access", ()):
        return {}
    return {"x-scope": scopes.scope_of(name.removeprefix(scopes.PREFIX), *methods[:1], view)}


def _content(given: type[AnswerSchema] | str) -> dict[str, Any]:
    if isinstance(given, str):
        return {given: {"schema": {"type": "string"}}}
    return {"application/json": {"schema": given}}


def _refusals(rule: str, view: Callable[..., Any], methods: Iterable[str]) -> dict[int, set[ErrorCode]]:
    """Status -> codes. Even a public operation refuses a bad token, and every operation may find the database busy."""
    is_unsafe = any(method in UNSAFE for method in methods)
    unread = {Refusal.BAD_REQUEST, Refusal.WRONG_HOST} | ({Refusal.CSRF, Refusal.WRONG_ORIGIN} if is_unsafe else set())
    found: dict[int, set[ErrorCode]] = {400: {*unread}, 401: {Refusal.SIGN_IN_NEEDED}, 503: {Refusal.UNAVAILABLE}}
    locations = {argument["in"] for argument in getattr(view, "_apidoc", {}).get("arguments", {}).get("parameters", ())}
    if "public" not in getattr(view, "access", ()):
        found[403] = {Refusal.FORBIDDEN, Refusal.PASSWORD_CHANGE_NEEDED, Refusal.FACTOR_MISSING}
    if "<" in rule:
        found[404] = {Refusal.NOT_FOUND}
    if locations & {"json", "files"}:
        found[413] = {Refusal.TOO_LARGE}
    if locations:
        found[422] = {Refusal.INVALID}
    for status, codes in getattr(view, "refusals", {}).items():
        found.setdefault(status, set()).update(codes)
    return found


def _refusal(status: int, codes: Iterable[ErrorCode], more: type[marshmallow.Schema] | None) -> dict[str, Any]:
    """One documented refusal: the common shape, with the codes that occur here."""
    error: dict[str, Any] = {"properties": {"code": {"type": "string", "enum": sorted(map(str, codes))}}}
    narrowed: list[Any] = [ErrorSchema, {"type": "object", "properties": {"error": error}}]
    if more:
        narrowed.append({"type": "object", "properties": {"error": more}})
    return {"description": REASONS[status], "content": {"application/json": {"schema": {"allOf": narrowed}}}}
