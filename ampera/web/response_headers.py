"""What every answer says about itself: what a browser may load, and that nothing personal is kept by any cache."""

from typing import Any

from flask import Flask, Response, current_app, request

CSP = {
    "default-src": "'none'",
    "script-src": "'self' 'wasm-unsafe-eval'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "media-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
POLICY = "; ".join(f"{name} {value}" for name, value in CSP.items())
INERT_POLICY = "default-src 'none'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
HSTS = "max-age=31536000; includeSubDomains"  # a year, for this name and the names below it
INERT = {"text/css", "font/woff2", "image/png", "audio/mpeg"}
VALIDATORS = ("ETag", "Last-Modified", "Expires")
CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_RANGE", "HTTP_RANGE")


def init_app(app: Flask) -> None:
    app.before_request(_forget_conditions)
    app.after_request(_harden)


def of_socket(environ: dict[str, Any]) -> list[tuple[str, str]]:
    """The headers of an answer of Socket.IO, which passes no hook of the app."""
    found = [
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Referrer-Policy", "no-referrer"),
        ("Content-Security-Policy", INERT_POLICY),
    ]
    return [*found, ("Strict-Transport-Security", HSTS)] if environ["wsgi.url_scheme"] == "https" else found


def _forget_conditions() -> None:
    """Only what a cache may keep can be asked for by its age or in parts: a 304 would make a kept copy good again."""
    if not is_cacheable():
        for name in CONDITIONS:
            request.environ.pop(name, None)


def is_cacheable() -> bool:
    """Whether caches may keep the answers of this endpoint: they are the same for every client."""
    view = current_app.view_functions.get(request.endpoint or "")
    return request.endpoint == "static" or getattr(view, "is_cacheable", False)


def _forbid_keeping(response: Response) -> None:
    """Set, not defaulted: a file or a view that brings its own lifetime must not leave names in a cache."""
    if is_cacheable() and response.status_code < 400:
        return
    response.headers["Cache-Control"] = "no-store"
    for name in VALIDATORS:
        response.headers.pop(name, None)


def _harden(response: Response) -> Response:
    """CSS, fonts, pictures and sounds cannot execute, and a page loads dozens of them: their policy is short."""
    headers = response.headers
    _forbid_keeping(response)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers.setdefault("Referrer-Policy", "no-referrer")
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", HSTS)
    if request.endpoint == "static" and response.mimetype in INERT:
        headers.setdefault("Content-Security-Policy", INERT_POLICY)
        return response
    headers.setdefault("Content-Security-Policy", POLICY)
    headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(), microphone=(), payment=()")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    return response
