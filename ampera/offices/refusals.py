"""What offices, lanes, calendar and options may refuse: each code with its sentence."""

from flask_babel import lazy_gettext as _l

from ampera.errors import ErrorCode, register


@register
class OfficeRefusal(ErrorCode):
    RIGHT_NOT_GIVEN = "right_not_given", _l("Kantor ini tidak memberi peran Anda hak ini. Tanyakan kepada penyelia.")
    CODE_TAKEN = "code_taken", _l("Kode kantor ini sudah dipakai.")
    BAD_CODE = "bad_code", _l("Kode kantor terdiri atas 2 sampai 12 huruf besar dan angka.")
    OFFICE_NAME_MISSING = "office_name_missing", _l("Nama kantor harus diisi.")
    BAD_TIMEZONE = "bad_timezone", _l("Pilih zona waktu WIB, WITA atau WIT.")
    TIMEZONE_IN_USE = (
        "timezone_in_use",
        _l("Zona waktu tidak dapat diganti lagi: kantor ini sudah punya kunjungan atau jadwal dengan zona itu."),
    )
    LANE_TAKEN = "lane_taken", _l("Nomor jalur ini sudah dipakai.")
    UNKNOWN_KIND = "unknown_kind", _l("Jenis jalur ini tidak ada.")
    BAD_OPTION = "bad_option", _l("Pengaturan ini tidak ada, atau nilainya tidak sesuai.")
    BAD_DAY = "bad_day", _l("Tanggal ini tidak dapat dibaca.")
    BAD_HOURS = "bad_hours", _l("Tulis jam layanan seperti 08.00–12.00, tanpa tumpang tindih.")
    BAD_QUOTA = "bad_quota", _l("Kuota adalah bilangan dari 0 sampai 10.000, atau kosong.")
    BAD_WINDOWS = "bad_windows", _l("Sebuah jalur punya 1 sampai 9 loket.")
    BAD_UNTIL = "bad_until", _l("Pilih waktu yang akan datang, paling lama setahun lagi.")
    BAD_LINE = "bad_line", _l("Tulis satu baris, paling banyak 160 huruf.")
    TITLE_MISSING = "title_missing", _l("Nama hari harus diisi.")
    UNKNOWN_LANE = "unknown_lane", _l("Jalur ini tidak ada di kantor Anda.")
