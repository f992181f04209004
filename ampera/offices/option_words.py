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
    "max_calls": (_l("Panggilan paling banyak"), _l("Sesudah ini kendaraan ditandai tidak datang")),
    "recall_pause_seconds": (_l("Jeda panggil ulang, detik"), _l("Waktu paling sedikit di antara dua panggilan")),
    "no_show_after": (
        _l("Terlewat, kembali sesudah"),
        _l("Banyaknya kendaraan yang didahulukan; 0 berarti di akhir antrean"),
    ),
    "undo_seconds": (_l("Batas urungkan, detik"), _l("Selama ini petugas dapat mengurungkan tindakannya sendiri")),
    "separate_gate": (_l("Gerbang terpisah"), _l("Tablet di gerbang memindai dan mengarahkan, loket melayani")),
    "day_quota": (
        _l("Kuota sehari, kendaraan"),
        _l("Menghitung kendaraan, bukan buku. Kosong berarti tanpa kuota; hari khusus dapat punya kuota sendiri"),
    ),
    "booked_share": (
        _l("Bagian kuota yang dipesan, persen"),
        _l("Sisanya untuk yang datang langsung. Selama belum ada pemesanan, semua boleh dipakai yang datang langsung"),
    ),
    "last_vehicle_minutes": (
        _l("Kendaraan terakhir, menit sebelum tutup"),
        _l("Hanya sebelum jam tutup terakhir hari itu, bukan sebelum istirahat; 0 berarti sampai tutup"),
    ),
    "closed_by_hand": (_l("Ditutup sementara"), _l("Antrean tidak menerima kendaraan baru")),
    "quiet_hours": (_l("Jam hening"), _l("Pengeras suara diam di antara kedua jam ini; panggilan tetap tampil")),
    "rack_order": (_l("Urutan rak"), _l("Awalan rak menurut urutan berjalan, misalnya A, B, C")),
    "leaving_minutes": (_l("Lama tanda berangkat, menit"), _l("Selama ini buku ada di daftar ambil lebih awal")),
    "arrived_minutes": (_l("Lama tanda tiba, menit"), _l("Selama ini buku ada di daftar ambil lebih awal")),
    "notice": (_l("Pesan sementara"), _l("Menggantikan pesan di layar sampai waktu berakhirnya")),
    "message": (_l("Pesan di layar"), _l("Satu baris di bawah semua layar; paling banyak 160 huruf")),
    "identity_tries": (_l("Percobaan identitas"), _l("Sesudah ini pengambilan terkunci untuk penyelia")),
}
HOLD_MODES = {"hold": _l("Tekan dan tahan"), "two-step": _l("Dua langkah")}
KINDS = {"car": _l("Mobil"), "motorcycle": _l("Sepeda motor"), "priority": _l("Prioritas"), "mixed": _l("Campuran")}
# Headings of the options' page, in the order of a vehicle's way; the limits of the line stand on the calendar's page.
LIMITS = ("day_quota", "booked_share", "last_vehicle_minutes")
GROUPS = (
    (
        _l("Antrean dan panggilan"),
        (
            "prefixes",
            "separate_gate",
            "call_seconds",
            "max_calls",
            "recall_pause_seconds",
            "no_show_after",
            "undo_seconds",
            "lease_seconds",
            "repeat_seconds",
        ),
    ),
    (_l("Rak dan kedatangan"), ("rack_order", "leaving_minutes", "arrived_minutes")),
    (_l("Layar dan suara"), ("quiet_hours",)),
    (
        _l("Penyerahan"),
        ("hold_mode", "signature_required", "may_be_unsigned", "identity_tries", "checklists"),
    ),
    (_l("Batas waktu pengambilan"), ("collection_limit", "deadline_extended_until")),
)
OTHERS = _l("Lainnya")
