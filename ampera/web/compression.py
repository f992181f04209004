"""Compresses answers, because an applicant's page must arrive on a weak signal.

Files of `static/` and the document of the API are compressed once and kept. Pages are compressed only without a
session: a page may contain the session's token, and the compressed length could reveal the token to an attacker whose
guesses it echoes (BREACH).
"""

import gzip
from functools import lru_cache

from flask import Flask, Response, request, session

from ampera.db import run_in_thread

TYPES = {
    "text/html",
    "text/css",
    "text/javascript",
    "application/javascript",
    "application/json",
    "image/svg+xml",
    "application/wasm",
}
FILES = {"static", "api-docs.openapi_json"}  # the same bytes for everybody, and nothing secret in them
SMALLEST = 500  # bytes; below, the frame costs more than it saves
LARGEST = 2_000_000
FILES_KEPT = 128


def init_app(app: Flask) -> None:
    app.after_request(_pack)


def _pack(response: Response) -> Response:
    if response.mimetype not in TYPES or response.status_code in (206, 304) or "Content-Encoding" in response.headers:
        return response
    is_file = request.endpoint in FILES
    if not is_file and session:
        return response
    response.vary.add("Accept-Encoding")
    if not (request.accept_encodings["gzip"] and SMALLEST <= (response.content_length or 0) <= LARGEST):
        return response
    response.direct_passthrough = False
    body = response.get_data()
    response.set_data(_packed_file(body) if is_file else gzip.compress(body, 5, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    response.headers.pop("Accept-Ranges", None)
    etag, _ = response.get_etag()
    if etag:
        response.set_etag(etag, weak=True)  # the same content, other bytes
    return response


@lru_cache(FILES_KEPT)
def _packed_file(body: bytes) -> bytes:
    return run_in_thread(lambda: gzip.compress(body, 9, mtime=0))
