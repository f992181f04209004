"""What books, shelves, imports and document kinds may refuse: each code with its sentence."""

from flask_babel import lazy_gettext as _l

from ampera.errors import ErrorCode, register


@register
class PassportRefusal(ErrorCode):
    DAY_PASSED = "day_passed", _l("Pilih hari ini atau sesudahnya.")
    SHELF_MISSING = "shelf_missing", _l("Rak harus diisi.")
    SHELF_INVALID = "shelf_invalid", _l("Rak ini tidak dapat dibaca. Pakai huruf, angka, dan tanda hubung.")
    GROUND_MISSING = "ground_missing", _l("Pilih dasar pembatalan menurut Pasal 30.")
    GROUND_NOT_DUE = "ground_not_due", _l("Batas waktu pengambilan buku ini belum lewat.")
    BEING_SERVED = "being_served", _l("Buku ini sedang dilayani di loket. Tunggu sampai kunjungannya selesai.")
    MINUTES_MISSING = "minutes_missing", _l("Nomor berita acara harus diisi.")
    PHONE_INVALID = "phone_invalid", _l("Nomor telepon ini tidak dapat dibaca. Tulis 08… atau +62…")
    EMAIL_INVALID = "email_invalid", _l("Alamat surel ini tidak dapat dibaca.")
    DUPLICATE_PASSPORT_NO = (
        "duplicate_passport_no",
        _l("Buku lain di rak memakai nomor paspor ini. Perbaiki dulu buku itu."),
    )
    NUMBERS_EXHAUSTED = (
        "numbers_exhausted",
        _l(
            "Terlalu banyak nomor paspor yang tidak cocok dengan catatan. Periksa kolom nomor paspor; akun ini dapat "
            "mencoba lagi dalam satu jam."
        ),
    )
    NEEDS_SECOND_PERSON = (
        "needs_second_person",
        _l("Siapa pemilik buku hanya berubah dengan orang kedua: penyelia lain yang menyetujui usulan ini."),
    )
    IDENTITY_EMPTY = "identity_empty", _l("Isi paling sedikit satu yang diperbaiki.")
    IDENTITY_UNREADABLE = (
        "identity_unreadable",
        _l("Ada isi yang tidak dapat dibaca. Periksa nama, tanggal lahir, NIK, dan nomornya."),
    )
    IMPORT_NOT_READY = "import_not_ready", _l("Berkas ini belum selesai dibaca atau tidak dapat diimpor.")
    KIND_NAME_MISSING = "kind_name_missing", _l("Tulis namanya dalam kedua bahasa.")
    KIND_TAKEN = "kind_taken", _l("Nama ini sudah dipakai jenis dokumen lain.")
    KIND_UNREADABLE = (
        "kind_unreadable",
        _l("Nama Inggris harus mengandung huruf, dan setiap baris paling banyak 160 huruf."),
    )
    KIND_NEEDED = "kind_needed", _l("Paspor selalu ada di antara jenis dokumen.")
    KIND_USED = "kind_used", _l("Masih ada buku jenis ini, jadi jenisnya tetap ada.")
    KINDS_FULL = "kinds_full", _l("Jumlah jenis sudah paling banyak.")
