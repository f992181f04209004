"""What handovers, receipts and voids may refuse: each code with its sentence."""

from flask_babel import lazy_gettext as _l

from ampera.errors import ErrorCode, register


@register
class HandoverRefusal(ErrorCode):
    NOT_SERVING = "not_serving", _l("Kunjungan ini tidak sedang dilayani.")
    ALREADY_COLLECTED = "already_collected", _l("Paspor ini sudah diserahkan.")
    OVERDUE = "overdue", _l("Paspor ini lewat batas waktu. Hanya penyelia yang dapat menyerahkannya.")
    LOCKED = "locked", _l("Paspor ini terkunci. Panggil penyelia.")
    IDENTITY_MISMATCH = "identity_mismatch", _l("Identitas tidak cocok.")
    BOOK_MISMATCH = "book_mismatch", _l("Buku tidak cocok dengan catatan ini.")
    EVIDENCE_MISSING = "evidence_missing", _l("Bukti belum lengkap.")
    NOT_THE_HOLDER = (
        "not_the_holder",
        _l("Pemohon hanya mengambil paspornya sendiri. Untuk buku orang lain pilih Keluarga atau Kuasa."),
    )
    SIGNATURE_MISSING = "signature_missing", _l("Tanda tangan pengambil belum ada.")
    SIGNATURE_INVALID = "signature_invalid", _l("Tanda tangan bukan gambar yang dapat dibaca.")
    SAME_OFFICER = "same_officer", _l("Pembatalan perlu penyelia lain, bukan petugas yang menyerahkan.")
