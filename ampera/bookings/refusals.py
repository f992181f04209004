"""What slots and announced collectors may refuse: each code with its sentence."""

from flask_babel import lazy_gettext as _l

from ampera.errors import ErrorCode, register


@register
class BookingRefusal(ErrorCode):
    ANNOUNCEMENT_NOT_NEEDED = "announcement_not_needed", _l("Tidak ada paspor yang siap diambil dengan halaman ini.")
    UNKNOWN_CLASS = "unknown_class", _l("Pilih siapa yang datang.")
    NAME_MISSING = "name_missing", _l("Tulis nama yang datang.")
    NAME_INVALID = "name_invalid", _l("Nama ini tidak dapat dibaca, atau lebih dari 120 huruf.")
    RELATION_INVALID = "relation_invalid", _l("Hubungan ini tidak dapat dibaca, atau lebih dari 60 huruf.")
    SLOTS_OFF = "slots_off", _l("Kantor ini tidak memakai jadwal.")
    SLOT_FULL = "slot_full", _l("Waktu ini baru saja penuh; tidak ada yang berubah. Pilih waktu lain.")
    DAY_FULL = "day_full", _l("Semua tempat pada hari ini sudah dipesan; tidak ada yang berubah. Pilih hari lain.")
    SLOT_OVER = "slot_over", _l("Waktu ini sudah lewat. Pilih waktu yang akan datang.")
    SLOT_UNKNOWN = "slot_unknown", _l("Kantor tidak melayani pada waktu ini. Pilih dari waktu yang tampil.")
    SLOT_AFTER_DEADLINE = (
        "slot_after_deadline",
        _l("Waktu ini sesudah batas waktu pengambilan. Pilih hari yang lebih awal."),
    )
    NOT_NEEDED = "not_needed", _l("Jadwal tidak diperlukan sekarang.")
