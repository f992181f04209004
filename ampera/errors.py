"""One shape for every error: `{"error": {code, message, fields?}}` for programs, one page for people.

An expected refusal is a value (`Refused`) that a service returns, so that its audit row is committed; `raise_refusal`
turns the value into the exception `Problem` at the edge. Texts of drivers and libraries never reach a client.

A code and its sentence are one member of an enum: the general ones are here, each slice has its own in `refusals.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Self, TypeVar

import structlog
from babel.support import LazyProxy
from flask import Flask, Response, g, jsonify, render_template, request
from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import DataError, IntegrityError, OperationalError, TimeoutError
from werkzeug.exceptions import HTTPException

log = structlog.get_logger()
T = TypeVar("T")


class ErrorCode(StrEnum):
    """A code for programs with the sentence for people. It is equal to its string and is stored as its string."""

    sentence: LazyProxy

    def __new__(cls, code: str, sentence: LazyProxy) -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.sentence = sentence
        return member


C = TypeVar("C", bound=type[ErrorCode])
_registered: dict[str, ErrorCode] = {}


def register(codes: C) -> C:
    """Class decorator: make the codes of one enum known. Raises ValueError for a code that exists already."""
    for code in codes:
        if code in _registered:
            raise ValueError(f"error code {code} is registered twice")
        _registered[code] = code
    return codes


@register
class Refusal(ErrorCode):
    BAD_REQUEST = "bad_request", _l("Permintaan tidak dapat dibaca.")
    SIGN_IN_NEEDED = "sign_in_needed", _l("Silakan masuk lebih dulu.")
    PASSWORD_CHANGE_NEEDED = "password_change_needed", _l("Ganti kata sandi Anda lebih dulu, di halaman akun.")
    FACTOR_MISSING = "factor_missing", _l("Pasang langkah kedua untuk masuk lebih dulu, di halaman akun.")
    WRONG_TABLET = "wrong_tablet", _l("Tablet ini tidak terdaftar untuk serah terima. Pakai tablet di loket.")
    FORBIDDEN = "forbidden", _l("Peran Anda tidak mengizinkan tindakan ini.")
    NOT_FOUND = "not_found", _l("Halaman atau data ini tidak ditemukan.")
    METHOD_NOT_ALLOWED = "method_not_allowed", _l("Cara meminta ini tidak didukung.")
    TIMEOUT = "timeout", _l("Permintaan terlalu lama datang. Coba lagi.")
    CONFLICT = "conflict", _l("Keadaannya sudah berubah. Muat ulang halaman ini.")
    TOO_LARGE = "too_large", _l("Kiriman terlalu besar.")
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type", _l("Jenis kiriman ini tidak didukung.")
    INVALID = "invalid", _l("Ada isian yang perlu diperbaiki.")
    TOO_MANY_REQUESTS = "too_many_requests", _l("Terlalu banyak percobaan. Tunggu sebentar, lalu coba lagi.")
    INTERNAL_ERROR = "internal_error", _l("Terjadi kesalahan di sistem. Tidak ada yang tersimpan setengah jalan.")
    UNAVAILABLE = "unavailable", _l("Sistem sedang sibuk. Coba lagi sebentar lagi.")
    CSRF = "csrf", _l("Halaman ini sudah terlalu lama terbuka. Muat ulang, lalu coba lagi.")
    WRONG_ORIGIN = (
        "wrong_origin",
        _l("Halaman ini dibuka lewat alamat lain. Buka alamat resminya; pengelola mengaturnya di AMPERA_PUBLIC_URL."),
    )
    WRONG_HOST = (
        "wrong_host",
        _l(
            "Server ini tidak mengenal nama di alamatnya. Buka alamat resminya; pengelola mengaturnya di "
            "AMPERA_PUBLIC_URL, nama lain di AMPERA_HOSTS."
        ),
    )
    KEY_REUSED = "key_reused", _l("Kunci permintaan ini sudah dipakai untuk isi yang lain.")
    WRONG_STATE = "wrong_state", _l("Tindakan ini tidak berlaku untuk keadaan sekarang.")
    REASON_MISSING = "reason_missing", _l("Alasan harus diisi.")


BY_STATUS = {
    400: Refusal.BAD_REQUEST,
    401: Refusal.SIGN_IN_NEEDED,
    403: Refusal.FORBIDDEN,
    404: Refusal.NOT_FOUND,
    405: Refusal.METHOD_NOT_ALLOWED,
    408: Refusal.TIMEOUT,
    409: Refusal.CONFLICT,
    413: Refusal.TOO_LARGE,
    415: Refusal.UNSUPPORTED_MEDIA_TYPE,
    422: Refusal.INVALID,
    429: Refusal.TOO_MANY_REQUESTS,
    500: Refusal.INTERNAL_ERROR,
    503: Refusal.UNAVAILABLE,
}

# marshmallow's commonest sentences in the reader's language.
COMMON = {
    "Missing data for required field.": _l("Wajib diisi."),
    "Field may not be null.": _l("Tidak boleh kosong."),
    "Unknown field.": _l("Isian ini tidak dikenal."),
    "Not a valid integer.": _l("Harus bilangan bulat."),
    "Not a valid string.": _l("Harus teks."),
    "Not a valid UUID.": _l("Harus UUID."),
    "Not a valid date.": _l("Harus tanggal, misalnya 1990-12-31."),
    "Invalid input type.": _l("Bentuk isian ini salah."),
}

ADVICE = {
    401: _l("Masuk lagi untuk melanjutkan."),
    403: _l("Kembali ke halaman Anda, atau minta bantuan penyelia."),
    404: _l("Periksa alamatnya, atau minta tautan baru kepada petugas."),
    429: _l("Tunggu satu menit sebelum mencoba lagi."),
}


@dataclass(frozen=True)
class Refused:
    """An expected refusal of a service. `fields` maps a place in the request to a code or a sentence.

    `code` is an `ErrorCode`, or its string when the refusal was stored with an idempotency key.
    """

    code: str
    status: int = 409
    fields: dict[str, Any] = field(default_factory=dict)
    detail: dict[str, Any] = field(default_factory=dict)


class Problem(Exception):
    """The exception that becomes one error answer at the edge."""

    def __init__(
        self,
        code: str,
        status: int = 400,
        fields: dict[str, Any] | None = None,
        detail: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(code)
        self.code, self.status, self.fields, self.detail = code, status, fields or {}, detail or {}


def raise_refusal(result: T | Refused) -> T:
    """The service's result, or the refusal as the exception that becomes an error answer."""
    if isinstance(result, Refused):
        raise Problem(result.code, result.status, result.fields, result.detail)
    return result


def answer_form(result: T | Refused, page: Callable[[T | Refused], Response]) -> Response:
    """What a form of an applicant's page gets: `page(result)`, which shows refusals too.

    A script that sent the form gets 204, and the error of a refusal.
    """
    if wants_json():
        raise_refusal(result)
        return Response(status=204)
    return page(result)


def sentence(code: str) -> str | None:
    """The sentence of a registered code; None for any other text."""
    return str(_registered[code].sentence) if code in _registered else None


def message(code: str, status: int = 400) -> str:
    """The sentence of a code, or of its status when the code has none."""
    return sentence(code) or str(BY_STATUS.get(status, Refusal.BAD_REQUEST).sentence)


def wants_json() -> bool:
    return request.path.startswith("/api/") or request.accept_mimetypes.best == "application/json"


def answer(
    code: str, status: int, fields: dict[str, Any] | None = None, detail: dict[str, Any] | None = None
) -> Response:
    """The error as JSON or as a page, whichever the client asked for."""
    text = message(code, status)
    g.error_code = str(code)
    if wants_json():
        error: dict[str, Any] = {"code": code, "message": text, **(detail or {})}
        if fields:
            error["fields"] = _sentences(fields)
        response = jsonify(error=error)
    else:
        if status == 404 and request.url_rule is None:
            text = gettext("Halaman tidak ditemukan.")
        page = render_template(
            "error.html",
            status=status,
            code=code,
            title=text,
            advice=ADVICE.get(status),
            request_id=g.get("request_id") if status >= 500 else None,
        )
        response = Response(page, mimetype="text/html")
    response.status_code = status
    return response


def init_app(app: Flask) -> None:
    app.register_error_handler(
        Problem, lambda problem: answer(problem.code, problem.status, problem.fields, problem.detail)
    )
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(IntegrityError, lambda _error: answer(Refusal.CONFLICT, 409))
    # Endless nesting, lone surrogates, huge numbers and NUL in a request.
    for malformed in (RecursionError, UnicodeError, OverflowError, DataError):
        app.register_error_handler(malformed, lambda _error: answer(Refusal.BAD_REQUEST, 400))
    app.register_error_handler(OperationalError, _database_busy)
    app.register_error_handler(TimeoutError, _database_busy)
    app.register_error_handler(Exception, _unexpected)


def _sentences(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields with their codes as sentences; other texts stay."""
    return {place: (sentence(value) or value) if isinstance(value, str) else value for place, value in fields.items()}


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if 300 <= status < 400 or error.response is not None:  # the error has its own response
        return error.get_response()  # type: ignore[return-value]
    response = answer(BY_STATUS.get(status, Refusal.BAD_REQUEST), status, _validation_fields(error))
    if retry := getattr(error, "retry_after", None):
        response.headers["Retry-After"] = str(retry)
    for name, value in dict(error.get_headers()).items():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _validation_fields(error: HTTPException) -> dict[str, Any]:
    """The errors of webargs, `{location: {field: [sentences]}}` and nested, as `{dotted place: sentence}`."""
    messages = (getattr(error, "data", None) or {}).get("messages") or {}
    flat: dict[str, Any] = {}
    for location in messages.values() if isinstance(messages, dict) else ():
        _flatten(location, "", flat)
    return flat


def _flatten(node: object, place: str, flat: dict[str, Any]) -> None:
    if isinstance(node, dict):
        for key, inner in node.items():
            _flatten(inner, f"{place}.{key}" if place else str(key), flat)
    elif isinstance(node, list):
        flat[place or "body"] = " ".join(map(_translated, node)) or gettext("Isian ini tidak sesuai.")
    else:
        flat[place or "body"] = _translated(node)


def _translated(text: object) -> str:
    """A sentence of marshmallow, which has English only. Rare sentences become a general one in Indonesian."""
    if not isinstance(text, str):  # a lazy text of this project
        return str(text)
    return str(COMMON.get(text) or (text if get_locale().language == "en" else gettext("Isian ini tidak sesuai.")))


def _database_busy(error: Exception) -> Response:
    log.warning("database unavailable", kind=type(error).__name__, cause=str(getattr(error, "orig", ""))[:120])
    response = answer(Refusal.UNAVAILABLE, HTTPStatus.SERVICE_UNAVAILABLE)
    response.headers["Retry-After"] = "2"
    return response


def _unexpected(error: Exception) -> Response:
    # Only the frames of the traceback: the text of an exception may quote personal data.
    log.error("unexpected error", kind=type(error).__name__, where=_frames(error))
    return answer(Refusal.INTERNAL_ERROR, HTTPStatus.INTERNAL_SERVER_ERROR)


def _frames(error: BaseException) -> list[str]:
    frames, tb = [], error.__traceback__
    while tb:
        code = tb.tb_frame.f_code
        frames.append(f"{code.co_filename.rpartition('/ampera/')[2]}:{tb.tb_lineno} {code.co_name}")
        tb = tb.tb_next
    return frames[-8:]
