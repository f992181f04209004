"""One shape for every error: `{"error": {code, message, fields?}}` for programs, one page for people.

An expected refusal is a value (`Refused`) that a service returns, so that its audit row is committed; `raise_refusal`
turns it into the exception `Problem` at the edge. Driver and library texts never reach a client.
"""

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, TypeVar

import structlog
from flask import Flask, Response, jsonify, render_template, request
from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import DataError, IntegrityError, OperationalError, TimeoutError
from werkzeug.exceptions import HTTPException

log = structlog.get_logger()
T = TypeVar("T")

BY_STATUS = {
    400: "bad_request",
    401: "sign_in_needed",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    408: "timeout",
    409: "conflict",
    413: "too_large",
    415: "unsupported_media_type",
    422: "invalid",
    429: "too_many_requests",
    500: "internal_error",
    503: "unavailable",
}

# What people read, by code. A code without a sentence here uses that of its status.
MESSAGES = {
    "bad_request": _l("Permintaan tidak dapat dibaca."),
    "sign_in_needed": _l("Silakan masuk lebih dulu."),
    "forbidden": _l("Peran Anda tidak mengizinkan tindakan ini."),
    "not_found": _l("Yang dicari tidak ada."),
    "method_not_allowed": _l("Cara meminta ini tidak didukung."),
    "timeout": _l("Permintaan terlalu lama datang. Coba lagi."),
    "conflict": _l("Keadaannya sudah berubah. Muat ulang halaman ini."),
    "too_large": _l("Kiriman terlalu besar."),
    "unsupported_media_type": _l("Jenis kiriman ini tidak didukung."),
    "invalid": _l("Ada isian yang perlu diperbaiki."),
    "too_many_requests": _l("Terlalu banyak percobaan. Tunggu sebentar, lalu coba lagi."),
    "internal_error": _l("Terjadi kesalahan di sistem. Tidak ada yang tersimpan setengah jalan."),
    "unavailable": _l("Sistem sedang sibuk. Coba lagi sebentar lagi."),
    "csrf": _l("Halaman ini sudah terlalu lama terbuka. Muat ulang, lalu coba lagi."),
    "key_reused": _l("Kunci permintaan ini sudah dipakai untuk isi yang lain."),
    "not_serving": _l("Kunjungan ini tidak sedang dilayani."),
    "claimed_elsewhere": _l("Kunjungan ini sedang dilayani petugas lain."),
    "already_collected": _l("Paspor ini sudah diserahkan."),
    "day_passed": _l("Pilih hari ini atau sesudahnya."),
    "overdue": _l("Paspor ini lewat batas waktu. Hanya penyelia yang dapat menyerahkannya."),
    "not_ready": _l("Paspor ini tidak siap diambil. Arahkan ke loket dalam."),
    "locked": _l("Pengambilan ini terkunci. Panggil penyelia."),
    "identity_mismatch": _l("Identitas tidak cocok."),
    "book_mismatch": _l("Buku tidak cocok dengan catatan ini."),
    "evidence_missing": _l("Bukti belum lengkap."),
    "signature_missing": _l("Tanda tangan pengambil belum ada."),
    "signature_invalid": _l("Tanda tangan bukan gambar yang dapat dibaca."),
    "wrong_state": _l("Tindakan ini tidak berlaku untuk keadaan sekarang."),
    "too_many_calls": _l("Kendaraan ini sudah dipanggil sebanyak yang dibolehkan. Tandai tidak datang."),
    "call_too_soon": _l("Baru saja dipanggil. Tunggu sebentar sebelum memanggil ulang."),
    "undo_over": _l("Tindakan ini tidak dapat diurungkan lagi."),
    "pickup_elsewhere": _l("Bukunya sudah ikut kendaraan lain."),
    "unknown_window": _l("Loket ini tidak ada di jalur itu."),
    "unknown_reason": _l("Alasan ini tidak ada di daftar."),
    "bad_plate": _l("Plat ini tidak dapat dibaca. Tulis seperti BG 1234 XX."),
    "nobody_waiting": _l("Belum ada kendaraan menunggu."),
    "lane_busy": _l("Jalur ini masih melayani kunjungan lain."),
    "lane_closed": _l("Jalur ini sedang ditutup."),
    "same_officer": _l("Pembatalan perlu penyelia lain, bukan petugas yang menyerahkan."),
    "fresh_sign_in_needed": _l("Ketik ulang kata sandi Anda untuk tindakan ini."),
    "unknown_field": _l("Isian ini tidak dikenal."),
    "import_not_ready": _l("Berkas ini belum selesai dibaca atau tidak dapat diimpor."),
    "reason_missing": _l("Alasan harus diisi."),
    "minutes_missing": _l("Nomor berita acara harus diisi."),
    "too_many_numbers": _l("Terlalu banyak nomor sekali periksa. Catat hasilnya dulu."),
    "shelf_missing": _l("Rak harus diisi."),
    "shelf_invalid": _l("Rak ini tidak dapat dibaca. Pakai huruf, angka, dan tanda hubung."),
    "no_address": _l("Tidak ada alamat yang dapat dipakai. Perbaiki kontak buku ini dulu."),
    "phone_invalid": _l("Nomor telepon ini tidak dapat dibaca. Tulis 08… atau +62…"),
    "email_invalid": _l("Alamat surel ini tidak dapat dibaca."),
    "too_many_rows": _l("Terlalu banyak baris untuk dicetak. Pilih hari yang lebih sedikit."),
    "wrong_password": _l("Nama masuk atau kata sandi tidak cocok. Periksa huruf besar dan coba lagi."),
    "account_rests": _l("Terlalu banyak kata sandi yang salah. Akun ini diistirahatkan sebentar; coba lagi nanti."),
    "login_taken": _l("Nama masuk ini sudah dipakai."),
    "unknown_role": _l("Peran ini tidak ada."),
    "kind_name_missing": _l("Tulis namanya dalam kedua bahasa."),
    "kind_taken": _l("Nama ini sudah dipakai jenis dokumen lain."),
    "kind_unreadable": _l("Nama Inggris harus mengandung huruf, dan setiap baris paling banyak 160 huruf."),
    "kind_needed": _l("Paspor selalu ada di antara jenis dokumen."),
    "kind_used": _l("Masih ada buku jenis ini, jadi jenisnya tetap ada."),
    "kinds_full": _l("Jumlah jenis sudah paling banyak."),
    "survey_empty": _l("Belum ada jawaban yang dipilih. Kembali ke halaman Anda dan pilih satu."),
    "unknown_link": _l("Tautan ini tidak dikenal."),
    "arrival_not_needed": _l("Kabar kedatangan tidak diperlukan sekarang."),
    "line_closed": _l("Jalur sedang tutup."),
    "announcement_not_needed": _l("Tidak ada paspor yang siap diambil dengan halaman ini."),
    "unknown_class": _l("Pilih siapa yang datang."),
    "name_missing": _l("Tulis nama yang datang."),
    "name_invalid": _l("Nama ini tidak dapat dibaca, atau lebih dari 120 huruf."),
    "relation_invalid": _l("Hubungan ini tidak dapat dibaca, atau lebih dari 60 huruf."),
    "slots_off": _l("Kantor ini tidak memakai jadwal."),
    "slot_full": _l("Waktu ini baru saja penuh; tidak ada yang berubah. Pilih waktu lain."),
    "day_full": _l("Semua tempat pada hari ini sudah dipesan; tidak ada yang berubah. Pilih hari lain."),
    "slot_over": _l("Waktu ini sudah lewat. Pilih waktu yang akan datang."),
    "slot_unknown": _l("Kantor tidak melayani pada waktu ini. Pilih dari waktu yang tampil."),
    "slot_after_deadline": _l("Waktu ini sesudah batas waktu pengambilan. Pilih hari yang lebih awal."),
    "not_needed": _l("Jadwal tidak diperlukan sekarang."),
    "already_here": _l("Kendaraan Anda sudah ada di jalur. Jadwal tidak diperlukan lagi."),
    "code_taken": _l("Kode kantor ini sudah dipakai."),
    "bad_code": _l("Kode kantor terdiri atas 2 sampai 12 huruf besar dan angka."),
    "lane_taken": _l("Nomor jalur ini sudah dipakai."),
    "unknown_kind": _l("Jenis jalur ini tidak ada."),
    "bad_option": _l("Pengaturan ini tidak ada, atau nilainya tidak sesuai."),
    "bad_day": _l("Tanggal ini tidak dapat dibaca."),
    "bad_hours": _l("Tulis jam layanan seperti 08:00-12:00, tanpa tumpang tindih."),
    "taken_by_other": _l("Buku ini sudah dibawa petugas lain."),
    "book_missing": _l("Buku ini sedang dicari."),
    "bad_quota": _l("Kuota adalah bilangan dari 0 sampai 10.000, atau kosong."),
    "bad_windows": _l("Sebuah jalur punya 1 sampai 9 loket."),
    "bad_until": _l("Pilih waktu yang akan datang, paling lama setahun lagi."),
    "bad_line": _l("Tulis satu baris, paling banyak 160 huruf."),
    "title_missing": _l("Nama hari harus diisi."),
    "unknown_place": _l("Tempat ini tidak ada di kantor Anda."),
    "code_unknown": _l("Kode ini salah atau sudah berganti. Ketik kode yang sekarang tampil di layarnya."),
    "bad_volume": _l("Isi dengan angka 0 sampai 100."),
    "unknown_lane": _l("Jalur ini tidak ada di kantor Anda."),
}

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
    """An expected "no" of a service. `fields` maps a place in the request to a code or sentence."""

    code: str
    status: int = 409
    fields: dict[str, Any] = field(default_factory=dict)
    detail: dict[str, Any] = field(default_factory=dict)


class Problem(Exception):
    """The edge's exception for one error answer."""

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


def message(code: str, status: int = 400) -> str:
    return str(MESSAGES.get(code) or MESSAGES.get(BY_STATUS.get(status, "bad_request"), code))


def wants_json() -> bool:
    return request.path.startswith("/api/") or request.accept_mimetypes.best == "application/json"


def answer(
    code: str, status: int, fields: dict[str, Any] | None = None, detail: dict[str, Any] | None = None
) -> Response:
    """The error as JSON or as a page, whichever the client asked for."""
    said = message(code, status)
    if wants_json():
        error: dict[str, Any] = {"code": code, "message": said, **(detail or {})}
        if fields:
            error["fields"] = _sentences(fields)
        response = jsonify(error=error)
    else:
        page = render_template("error.html", status=status, code=code, title=said, advice=ADVICE.get(status))
        response = Response(page, mimetype="text/html")
    response.status_code = status
    return response


def init_app(app: Flask) -> None:
    app.register_error_handler(
        Problem, lambda problem: answer(problem.code, problem.status, problem.fields, problem.detail)
    )
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(IntegrityError, lambda _error: answer("conflict", 409))
    # Nesting without end, lone surrogates, huge numbers, NUL.
    for unfit in (RecursionError, UnicodeError, OverflowError, DataError):
        app.register_error_handler(unfit, lambda _error: answer("bad_request", 400))
    app.register_error_handler(OperationalError, _database_busy)
    app.register_error_handler(TimeoutError, _database_busy)
    app.register_error_handler(Exception, _unexpected)


def _sentences(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        place: str(MESSAGES[told]) if isinstance(told, str) and told in MESSAGES else told
        for place, told in fields.items()
    }


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if 300 <= status < 400 or error.response is not None:  # a page that was made for it says more than ours
        return error.get_response()  # type: ignore[return-value]
    response = answer(BY_STATUS.get(status, "bad_request"), status, _validation_fields(error))
    if retry := getattr(error, "retry_after", None):
        response.headers["Retry-After"] = str(retry)
    for name, value in dict(error.get_headers()).items():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _validation_fields(error: HTTPException) -> dict[str, Any]:
    """webargs hands over `{location: {field: [sentences]}}`, nested; flatten it to dotted places."""
    told = (getattr(error, "data", None) or {}).get("messages") or {}
    flat: dict[str, Any] = {}
    for where in told.values() if isinstance(told, dict) else ():
        _flatten(where, "", flat)
    return flat


def _flatten(told: Any, place: str, flat: dict[str, Any]) -> None:
    if isinstance(told, dict):
        for key, inner in told.items():
            _flatten(inner, f"{place}.{key}" if place else str(key), flat)
    elif isinstance(told, list):
        flat[place or "body"] = " ".join(_in_the_readers_words(one) for one in told) or gettext(
            "Isian ini tidak sesuai."
        )
    else:
        flat[place or "body"] = _in_the_readers_words(told)


def _in_the_readers_words(told: Any) -> str:
    """marshmallow speaks English only: its commonest sentences are ours, the rest says less in Indonesian."""
    if not isinstance(told, str):  # a lazy text of ours
        return str(told)
    return str(COMMON.get(told) or (told if get_locale().language == "en" else gettext("Isian ini tidak sesuai.")))


def _database_busy(error: Exception) -> Response:
    log.warning("database unavailable", kind=type(error).__name__, cause=str(getattr(error, "orig", ""))[:120])
    response = answer("unavailable", HTTPStatus.SERVICE_UNAVAILABLE)
    response.headers["Retry-After"] = "2"
    return response


def _unexpected(error: Exception) -> Response:
    # The traceback's frames, never the exception's text: it may quote personal data.
    log.error("unexpected error", kind=type(error).__name__, where=_frames(error))
    return answer("internal_error", HTTPStatus.INTERNAL_SERVER_ERROR)


def _frames(error: BaseException) -> list[str]:
    frames, tb = [], error.__traceback__
    while tb:
        code = tb.tb_frame.f_code
        frames.append(f"{code.co_filename.rpartition('/ampera/')[2]}:{tb.tb_lineno} {code.co_name}")
        tb = tb.tb_next
    return frames[-8:]
