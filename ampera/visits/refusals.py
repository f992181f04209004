"""What scans, moves, arrivals and picks may refuse: each code with its sentence."""

from flask_babel import lazy_gettext as _l

from ampera.errors import ErrorCode, register


@register
class VisitRefusal(ErrorCode):
    CLAIMED_ELSEWHERE = "claimed_elsewhere", _l("Kunjungan ini sedang dilayani petugas lain.")
    PARKED = "parked", _l("Kendaraan ini menunggu di tepi. Lanjutkan dulu.")
    NOT_READY = "not_ready", _l("Paspor ini tidak siap diambil. Arahkan ke loket dalam.")
    TOO_MANY_CALLS = (
        "too_many_calls",
        _l("Kendaraan ini sudah dipanggil sebanyak yang dibolehkan. Tandai tidak datang."),
    )
    CALL_TOO_SOON = "call_too_soon", _l("Baru saja dipanggil. Tunggu sebentar sebelum memanggil ulang.")
    UNDO_OVER = "undo_over", _l("Tindakan ini tidak dapat diurungkan lagi.")
    PICKUP_ELSEWHERE = "pickup_elsewhere", _l("Bukunya sudah ikut kendaraan lain.")
    UNKNOWN_WINDOW = "unknown_window", _l("Loket ini tidak ada di jalur itu.")
    UNKNOWN_REASON = "unknown_reason", _l("Alasan ini tidak ada di daftar.")
    BAD_PLATE = "bad_plate", _l("Pelat nomor ini tidak dapat dibaca. Tulis seperti BG 1234 XX.")
    BAD_LOOK = "bad_look", _l("Tulis ciri kendaraannya saja, misalnya Avanza putih.")
    BAD_APPLICATION_NO = "bad_application_no", _l("Ketik seluruh nomor permohonan, atau 6 angka terakhirnya.")
    BIRTH_DATE_AHEAD = "birth_date_ahead", _l("Tanggal ini belum tiba. Periksa tahunnya.")
    TOO_MANY_LOOKUPS = (
        "too_many_lookups",
        _l("Terlalu banyak pencarian yang tidak cocok. Arahkan ke loket dalam; coba lagi satu jam kemudian."),
    )
    NOBODY_WAITING = "nobody_waiting", _l("Belum ada kendaraan menunggu.")
    LANE_BUSY = "lane_busy", _l("Jalur ini masih melayani kunjungan lain.")
    LANE_CLOSED = "lane_closed", _l("Jalur ini sedang ditutup.")
    UNFIT_LANE = "unfit_lane", _l("Jalur ini tidak melayani kendaraan ini.")
    ALREADY_HERE = "already_here", _l("Kendaraan Anda sudah ada di jalur. Jadwal tidak diperlukan lagi.")
    TAKEN_BY_OTHER = "taken_by_other", _l("Buku ini sudah dibawa petugas lain.")
    BOOK_MISSING = "book_missing", _l("Buku ini sedang dicari.")
    ARRIVAL_NOT_NEEDED = "arrival_not_needed", _l("Kabar kedatangan tidak diperlukan sekarang.")
    LINE_CLOSED = "line_closed", _l("Jalur sedang tutup.")
