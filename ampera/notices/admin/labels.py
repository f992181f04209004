"""Labels of the administrator's pages of notices: fields, problems of a text, reasons of a failure, ages."""

import re

from flask_babel import lazy_gettext as _l

from ampera.notices.content.template_rules import TextProblem
from ampera.offices.options import labels as options_labels

KINDS, CHANNELS, LANGUAGES = options_labels.NOTICES, options_labels.CHANNELS, options_labels.LANGUAGES
WHEN = {
    "ready": _l("Begitu buku ada di rak."),
    "reissued": _l("Begitu kode lama tidak berlaku lagi."),
    "reminder": _l("Beberapa hari sebelum batas waktu, menurut pilihan kantor."),
    "extended": _l("Begitu batas waktunya mundur."),
    "booked": _l("Begitu waktu datang dipesan atau dipindah."),
    "slot_reminder": _l("Sehari sebelum waktu yang dipesan."),
    "slot_off": _l("Sepuluh menit sesudah kantor menutup waktu yang dipesan, bila tidak dibuka lagi."),
    "collecting": _l("Begitu kodenya dipindai di jalur."),
    "collected": _l("Begitu penyerahan tercatat."),
    "cancelled": _l("Begitu penyelia membatalkan paspornya."),
    "diverted": _l("Begitu kendaraan diarahkan ke loket dalam dan tidak diurungkan."),
    "details_changed": _l("Begitu telepon, surel, atau data pemilik buku diubah, ke alamat yang lama."),
    "link": _l("Bila pemohon mencari halaman pengambilannya."),
}
FIELDS = {
    "first_name": _l("Nama depan pemegang buku."),
    "link": _l("Tautan halaman pengambilan, sendiri di satu baris."),
    "office": _l("Nama kantor."),
    "documents": _l("Dokumennya, misalnya 2 paspor."),
    "books": _l("Banyaknya dokumen."),
    "contact": _l("Cara menghubungi kantor, dari pilihan kantor."),
    "deadline": _l("Hari terakhir pengambilan."),
    "days": _l("Sisa hari sampai batas waktu."),
    "slot": _l("Waktu datang yang dipesan."),
    "time": _l("Kapan hal itu terjadi."),
    "collector": _l("Golongan pengambil, tanpa nama."),
}
PROBLEMS = {
    "text_missing": _l("Tulis teksnya."),
    "text_too_long": _l("Terlalu panjang. Paling banyak %(field)s huruf."),
    "text_control": _l("Ada karakter tersembunyi. Ketik ulang bagian itu."),
    "text_html": _l("Tulis teks biasa, tanpa tanda seperti <b>."),
    "text_unknown_field": _l("Isian {%(field)s} tidak ada untuk pesan ini. Pilih dari daftar di bawah."),
    "text_brace": _l("Ada kurung kurawal tanpa pasangan. Isian ditulis seperti {first_name}."),
    "text_field_missing": _l("Isian {%(field)s} harus ada di teks ini."),
    "text_link_alone": _l("Isian {link} harus sendiri di satu baris."),
    "text_link_in_subject": _l("Tautan tidak boleh di judul: judul tampil di layar terkunci."),
    "text_other_link": _l("Satu-satunya tautan di pesan ini adalah {link}."),
}
# The reasons of the channels by their beginning, and their labels.
REASONS = (
    ("timeout", _l("Tidak dijawab pada waktunya.")),
    ("connection lost", _l("Sambungan terputus di tengah pengiriman.")),
    ("bad address", _l("Alamat ini tidak dapat dipakai.")),
    ("no TLS offered", _l("Server surat tidak menawarkan sambungan aman.")),
    ("message cannot be written", _l("Pesannya tidak dapat disusun.")),
    ("no channel", _l("Surel belum dipasang di server.")),
    ("no address", _l("Tidak ada alamat untuk saluran mana pun.")),
    ("smtp 535", _l("Nama atau kata sandi untuk server surat ditolak.")),
    ("smtp 552", _l("Kotak surat penerima penuh, atau pesannya terlalu besar.")),
    ("smtp 55", _l("Server surat tidak mengenal atau tidak menerima alamat ini.")),
    ("smtp 4", _l("Server surat menunda pesan ini terus-menerus.")),
    ("smtp", _l("Server surat menolak pesan ini.")),
    ("the access token", _l("Token WhatsApp ditolak atau sudah lewat waktunya.")),
    ("the template", _l("Templat WhatsApp belum disetujui atau isinya berbeda.")),
    ("this number has no WhatsApp", _l("Nomor ini tidak memakai WhatsApp.")),
    ("the recipient wants no", _l("Penerima tidak mau menerima pesan seperti ini.")),
    ("too many messages", _l("Terlalu banyak pesan sekaligus.")),
    ("WhatsApp cannot be reached", _l("WhatsApp tidak dapat dihubungi.")),
    ("WhatsApp does not answer", _l("WhatsApp tidak menjawab pada waktunya.")),
    ("WhatsApp has a disturbance", _l("WhatsApp sedang terganggu.")),
    ("WhatsApp", _l("WhatsApp menolak pesan ini.")),
    ("Apprise could not", _l("Layanan pesan tidak menerima pesan ini.")),
)
UNKNOWN = _l("Tidak terkirim.")
_CODE = re.compile(r"[0-9][0-9. ]*[0-9]")


def problem(found: TextProblem) -> str:
    """How to correct a text."""
    return str(PROBLEMS[found.code]) % {"field": found.field[:40]}


def reason(stored: str) -> str:
    """The label of a stored reason, with the error code of the provider when there is one."""
    label = next((str(label) for start, label in REASONS if stored.startswith(start)), str(UNKNOWN))
    code = _CODE.search(stored)
    return f"{label} ({code[0]})" if code else label
