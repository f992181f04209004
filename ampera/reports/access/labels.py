"""Words for the ways in which somebody sees personal data, and for what is unusual about them."""

from flask_babel import lazy_gettext as _l

KINDS = {
    "page": _l("Membuka halaman orang"),
    "signature": _l("Membuka tanda tangan"),
    "search": _l("Mencari"),
    "scan": _l("Memindai di jalur"),
    "list": _l("Membaca buku penyerahan"),
    "visits": _l("Membaca kunjungan yang selesai"),
    "export": _l("Mengunduh buku penyerahan"),
    "rack": _l("Memeriksa rak"),
    "corrections": _l("Membaca usulan koreksi"),
    "receipt": _l("Memeriksa tanda terima"),
    "requests": _l("Membaca permintaan data pribadi"),
    "attention": _l("Membaca daftar perlu perhatian"),
    "copy": _l("Membuat salinan data"),
}
FLAGS = {
    "without_visit": _l("Banyak orang tanpa kedatangan"),
    "outside_hours": _l("Di luar jam kantor"),
    "repeated": _l("Orang yang sama berulang kali"),
    "signatures": _l("Banyak tanda tangan"),
}
