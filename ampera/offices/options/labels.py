"""Each option of an office in the words of its people: a name and what it changes."""

from flask_babel import lazy_gettext as _l

# The classes of collectors and the evidence of the option `checklists`, as staff see them.
COLLECTOR_CLASSES = {"self": _l("Pemohon"), "family": _l("Keluarga"), "proxy": _l("Kuasa")}
EVIDENCE = {
    "payment": _l("Bukti pembayaran"),
    "identity": _l("Identitas yang sah"),
    "family_card": _l("Salinan Kartu Keluarga"),
    "proxy_letter": _l("Surat kuasa bermeterai"),
}
OPTIONS = {
    "collection_limit": (_l("Batas waktu pengambilan"), _l("Sejak tanggal terbit")),
    "deadline_extended_until": (
        _l("Perpanjangan untuk semua"),
        _l("Sebelum tanggal ini tidak ada buku yang lewat batas"),
    ),
    "lease_seconds": (_l("Lama memegang kunjungan, detik"), _l("Selama ini tablet memegang kunjungan tanpa kegiatan")),
    "call_seconds": (_l("Lama panggilan, detik"), _l("Selama ini paling sedikit panggilan tampil di layar")),
    "repeat_seconds": (_l("Jeda pindai ulang, detik"), _l("Kode yang sama di jalur yang sama hanya pengulangan")),
    "checklists": (_l("Yang ditunjukkan pengambil"), _l("Menurut golongan, Permenkumham 8/2014 Pasal 23")),
    "evidence_at_once": (
        _l("Semua bukti dengan satu sentuhan"),
        _l("Petugas dapat mencentang seluruh daftar sekaligus; setiap centang tetap terlihat"),
    ),
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
        _l("Yang terlewat kembali setelah … kendaraan"),
        _l("Banyaknya kendaraan yang didahulukan; 0 berarti di akhir antrean"),
    ),
    "undo_seconds": (
        _l("Batas waktu mengurungkan, detik"),
        _l("Selama ini petugas dapat mengurungkan tindakannya sendiri"),
    ),
    "parked_minutes": (
        _l("Batas waktu menunggu di tepi, menit"),
        _l("Sesudah ini kendaraan yang ditunda ditandai terlupakan, juga bagi penyelia"),
    ),
    "service_target_seconds": (
        _l("Target layanan, detik"),
        _l("Untuk kendaraan dengan satu buku. Tablet dan penyelia melihat kendaraan yang melewatinya, dan dua kalinya"),
    ),
    "service_target_book_seconds": (_l("Tambahan target, detik"), _l("Untuk setiap buku berikutnya")),
    "separate_gate": (_l("Gerbang terpisah"), _l("Tablet di gerbang memindai dan mengarahkan, loket melayani")),
    "common_queue": (
        _l("Antrean bersama"),
        _l("Kendaraan menunggu bersama sampai dipanggil. Tanpa ini, gerbang terpisah menunjuk jalur terpendek"),
    ),
    "day_quota": (
        _l("Kuota harian (kendaraan)"),
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
    "search_roles": (
        _l("Boleh mencari orang dan buku"),
        _l("Penyelia selalu boleh. Tanpa hak ini jalur tetap memindai kode dan mencari kendaraan tanpa kode"),
    ),
    "export_roles": (
        _l("Boleh mengunduh buku penyerahan hari ini"),
        _l("Penyelia selalu boleh, juga untuk hari lain"),
    ),
    "register_days": (
        _l("Buku penyerahan yang tampak bagi petugas dan meja, hari"),
        _l("Terhitung dengan hari ini; kosong berarti semuanya, seperti bagi penyelia"),
    ),
    "keep_identity_days": (
        _l("NIK dan nomor dokumen lama, hari"),
        _l("Setelah buku diserahkan atau dibatalkan, data ini dihapus sesudah sekian hari"),
    ),
    "keep_contacts_days": (
        _l("Telepon, surel dan pengambil yang diumumkan, hari"),
        _l("Setelah buku diserahkan atau dibatalkan, data ini dihapus sesudah sekian hari"),
    ),
    "keep_messages_days": (
        _l("Alamat pesan yang terkirim, hari"),
        _l("Isi pesan tidak disimpan; alamatnya dihapus sesudah sekian hari"),
    ),
    "keep_requests_days": (
        _l("Isi permintaan data pribadi, hari"),
        _l("Isi permintaan dan jawabannya dihapus sekian hari sesudah dijawab"),
    ),
    "keep_answers_days": (
        _l("Nama di jawaban pindaian yang tersimpan, hari"),
        _l("Jawabannya tetap ada untuk permintaan ulang, hanya namanya dihapus; kosong berarti namanya tetap"),
    ),
    "leaving_minutes": (_l("Lama tanda berangkat, menit"), _l("Selama ini buku ada di daftar ambil lebih awal")),
    "arrived_minutes": (_l("Lama tanda tiba, menit"), _l("Selama ini buku ada di daftar ambil lebih awal")),
    "document_kinds": (_l("Jenis dokumen"), _l("Yang diserahkan di kantor ini, dengan namanya dan yang dibawa")),
    "slots": (_l("Pesan waktu datang"), _l("Pemohon dapat memilih jendela waktu lima belas menit")),
    "slots_required": (
        _l("Waktu datang wajib dipesan"),
        _l("Kendaraan tanpa waktu yang dipesan diminta memesan dulu; prioritas tetap dilayani"),
    ),
    "slot_capacity": (_l("Tempat per jendela waktu"), _l("Kendaraan yang dapat memesan satu jendela waktu")),
    "slot_days": (_l("Dapat dipesan sampai, hari ke depan"), _l("Tidak pernah melewati batas waktu pengambilan")),
    "slot_early_minutes": (_l("Toleransi lebih awal, menit"), _l("Selama ini kendaraan masih dihitung pada waktunya")),
    "slot_late_minutes": (
        _l("Toleransi terlambat, menit"),
        _l("Sesudah ini kendaraan antre seperti yang datang langsung"),
    ),
    "contact": (_l("Kontak kantor"), _l("Nomor telepon atau alamat yang dibaca pemohon")),
    "directions": (_l("Petunjuk jalan"), _l("Cara mencapai jalur, dalam bahasa Indonesia")),
    "directions_en": (_l("Petunjuk jalan, bahasa Inggris"), _l("Cara mencapai jalur, dalam bahasa Inggris")),
    "geo": (_l("Koordinat pintu masuk"), _l("Lintang dan bujur, misalnya -3.0225,104.7870")),
    "access": (_l("Bantuan bagi penyandang disabilitas"), _l("Yang tersedia di jalur, dalam bahasa Indonesia")),
    "access_en": (
        _l("Bantuan bagi penyandang disabilitas, bahasa Inggris"),
        _l("Yang tersedia di jalur, dalam bahasa Inggris"),
    ),
    "privacy": (
        _l("Pemberitahuan privasi"),
        _l("Tambahan kantor di bawah pemberitahuan privasi, misalnya kontak pejabat pelindungan data"),
    ),
    "privacy_en": (_l("Pemberitahuan privasi, Inggris"), _l("Teks yang sama untuk pembaca bahasa Inggris")),
    "notice_kinds": (_l("Pesan yang dikirim"), _l("Yang tidak dicentang tidak dikirim kepada siapa pun")),
    "notice_channels": (
        _l("Urutan saluran"),
        _l("Bila yang pertama gagal, yang berikutnya dipakai. Saluran yang belum diatur dilewati"),
    ),
    "notice_languages": (_l("Bahasa pesan"), _l("Satu di bawah yang lain; yang pertama untuk pola WhatsApp")),
    "notice_quiet_hours": (
        _l("Jam tenang pesan"),
        _l("Pesan menunggu sampai akhirnya, kecuali pemberitahuan tentang serah terima dan tautan yang diminta"),
    ),
    "reminder_days": (
        _l("Pengingat, hari sebelum batas waktu"),
        _l("Misalnya 14, 7, 2; kosong berarti tanpa pengingat"),
    ),
    "reminder_time": (_l("Pengingat mulai pukul"), _l("Menurut jam kantor")),
    "notice": (_l("Pesan sementara"), _l("Menggantikan pesan di layar sampai waktu berakhirnya")),
    "message": (_l("Pesan di layar"), _l("Satu baris di bawah semua layar; paling banyak 160 huruf")),
    "unusual_people": (
        _l("Orang tanpa kedatangan, sehari"),
        _l("Sejak sekian orang yang dicari satu akun tanpa kendaraannya di sini, penyelia diberi tahu"),
    ),
    "unusual_times": (
        _l("Orang atau pencarian yang sama, sehari"),
        _l("Sejak sekian kali oleh satu akun, penyelia diberi tahu"),
    ),
    "unusual_signatures": (
        _l("Tanda tangan yang dibuka, sehari"),
        _l("Sejak sekian tanda tangan oleh satu akun, penyelia diberi tahu"),
    ),
    "silent_screen_minutes": (
        _l("Layar mati, menit"),
        _l("Selama jam layanan, layar yang diam selama ini muncul di Perlu perhatian"),
    ),
    "silent_tablet_days": (
        _l("Tablet tidak dipakai, hari"),
        _l("Tablet yang tidak dipakai selama ini muncul di Perlu perhatian"),
    ),
    "identity_tries": (_l("Percobaan identitas"), _l("Sesudah ini pengambilan terkunci untuk penyelia")),
}
HOLD_MODES = {"hold": _l("Tekan dan tahan"), "two-step": _l("Dua langkah")}
KINDS = {"car": _l("Mobil"), "motorcycle": _l("Sepeda motor"), "priority": _l("Prioritas"), "mixed": _l("Campuran")}
NOTICES = {
    "ready": _l("Siap diambil"),
    "reissued": _l("Kode diganti"),
    "reminder": _l("Pengingat batas waktu"),
    "extended": _l("Batas waktu diperpanjang"),
    "booked": _l("Waktu datang dipesan"),
    "slot_reminder": _l("Pengingat waktu datang"),
    "slot_off": _l("Waktu datang tidak dilayani lagi"),
    "collecting": _l("Sedang diambil"),
    "collected": _l("Sudah diambil"),
    "cancelled": _l("Dibatalkan"),
    "diverted": _l("Diarahkan ke loket dalam"),
    "details_changed": _l("Data diubah"),
    "link": _l("Tautan yang diminta"),
}
CHANNELS = {"whatsapp": _l("WhatsApp"), "mail": _l("Surel"), "apprise": _l("SMS atau layanan lain")}
LANGUAGES = {"id": _l("Bahasa Indonesia"), "en": _l("Bahasa Inggris")}
ROLES = {"officer": _l("Petugas jalur"), "desk": _l("Meja")}
CHOICES = {
    "notice_kinds": NOTICES,
    "notice_channels": CHANNELS,
    "notice_languages": LANGUAGES,
    "search_roles": ROLES,
    "export_roles": ROLES,
}
# Headings of the options' page, in the order of a vehicle's way; the limits of the line stand on the calendar's page.
LIMITS = ("day_quota", "booked_share", "last_vehicle_minutes")
GROUPS = (
    (
        _l("Antrean dan panggilan"),
        (
            "prefixes",
            "separate_gate",
            "common_queue",
            "call_seconds",
            "max_calls",
            "recall_pause_seconds",
            "no_show_after",
            "undo_seconds",
            "parked_minutes",
            "service_target_seconds",
            "service_target_book_seconds",
            "lease_seconds",
            "repeat_seconds",
        ),
    ),
    (_l("Rak dan kedatangan"), ("rack_order", "leaving_minutes", "arrived_minutes")),
    (
        _l("Waktu datang yang dipesan"),
        ("slots", "slots_required", "slot_capacity", "slot_days", "slot_early_minutes", "slot_late_minutes"),
    ),
    (
        _l("Halaman pemohon"),
        ("contact", "geo", "directions", "directions_en", "access", "access_en", "privacy", "privacy_en"),
    ),
    (
        _l("Pesan kepada pemohon"),
        (
            "notice_channels",
            "notice_languages",
            "notice_quiet_hours",
            "reminder_days",
            "reminder_time",
            "notice_kinds",
        ),
    ),
    (_l("Layar dan suara"), ("quiet_hours",)),
    (
        _l("Data pribadi"),
        (
            "search_roles",
            "export_roles",
            "register_days",
            "keep_identity_days",
            "keep_contacts_days",
            "keep_messages_days",
            "keep_requests_days",
            "keep_answers_days",
        ),
    ),
    (
        _l("Penyerahan"),
        ("hold_mode", "signature_required", "may_be_unsigned", "identity_tries", "checklists", "evidence_at_once"),
    ),
    (
        _l("Perlu perhatian"),
        ("silent_screen_minutes", "silent_tablet_days", "unusual_people", "unusual_times", "unusual_signatures"),
    ),
    (_l("Batas waktu pengambilan"), ("collection_limit", "deadline_extended_until")),
)
OTHERS = _l("Lainnya")
