"""Each option of an office in the words of its people: a name and what it changes."""

from flask_babel import lazy_gettext as _l

OPTIONS = {
    "collection_limit": (_l("Batas waktu pengambilan"), _l("Sejak tanggal terbit")),
    "deadline_extended_until": (
        _l("Perpanjangan untuk semua"),
        _l("Sebelum tanggal ini tidak ada buku yang lewat batas"),
    ),
    "lease_seconds": (_l("Sewa kunjungan, detik"), _l("Selama ini tablet memegang kunjungan tanpa tanda kehidupan")),
    "call_seconds": (_l("Lama panggilan, detik"), _l("Selama ini paling sedikit panggilan tampil di layar")),
    "repeat_seconds": (_l("Pindai ulang, detik"), _l("Kode yang sama di jalur yang sama hanya pengulangan")),
    "checklists": (_l("Yang ditunjukkan pengambil"), _l("Menurut golongan, Permenkumham 8/2014 Pasal 23")),
    "signature_required": (_l("Tanda tangan wajib"), _l("Penyerahan memerlukan tanda tangan pengambil")),
    "may_be_unsigned": (
        _l("Boleh tanpa tanda tangan"),
        _l("Petugas dapat mencatat mengapa seseorang tidak dapat menandatangani"),
    ),
    "hold_mode": (_l("Cara konfirmasi"), _l("Tekan dan tahan, atau dua langkah")),
    "prefixes": (_l("Huruf nomor antrean"), _l("Satu huruf besar bagi setiap jenis kendaraan")),
    "message": (_l("Pesan di layar"), _l("Satu baris di bawah semua layar; paling banyak 160 huruf")),
    "identity_tries": (_l("Percobaan identitas"), _l("Sesudah ini pengambilan terkunci untuk penyelia")),
}
HOLD_MODES = {"hold": _l("Tekan dan tahan"), "two-step": _l("Dua langkah")}
KINDS = {"car": _l("Mobil"), "motorcycle": _l("Sepeda motor"), "priority": _l("Prioritas"), "mixed": _l("Campuran")}
