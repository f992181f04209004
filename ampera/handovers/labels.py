"""Labels for the codes of the register: who collected, with which document, on which evidence.

A label is translated when a page renders it. Papers have their own wording: the register prints in Indonesian only,
the receipt prints both languages beside each other.
"""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from ampera.languages import Bilingual, both, both_in

# The office's checklists name the classes and the evidence, so their labels are in offices.
from ampera.offices.options.labels import COLLECTOR_CLASSES as COLLECTOR_CLASSES
from ampera.offices.options.labels import EVIDENCE as EVIDENCE

DOCUMENTS = {
    "ktp": _l("KTP"),
    "sim": _l("SIM"),
    "passport": _l("Paspor"),
    "kitas": _l("KITAS"),
    "other": _l("Dokumen lain"),
}
IDENTITY_BY = {
    "nik_last4": _l("Empat angka terakhir NIK cocok"),
    "birth_date": _l("Tanggal lahir cocok"),
    "birth_date+document": _l("Tanggal lahir dan dokumen lama cocok"),
}
BOOK_BY = {"number": _l("Nomor paspor lengkap cocok"), "last4": _l("Empat angka terakhir nomor paspor cocok")}
FOUND_BY = {
    "code": _l("Kode QR dipindai"),
    "booking_code": _l("Kode pengambilan diketik"),
    "lookup": _l("Tanpa kode: dicari dengan nomor permohonan dan tanggal lahir"),
}

# The printed register (buku penyerahan) is an Indonesian legal document.
REGISTER_CLASSES = {"self": "Pemohon", "family": "Keluarga (satu KK)", "proxy": "Kuasa"}
REGISTER_DOCUMENTS = {"ktp": "KTP", "sim": "SIM", "passport": "Paspor", "kitas": "KITAS", "other": "Dokumen lain"}
REGISTER_EVIDENCE = {
    "payment": "bukti pembayaran",
    "identity": "identitas",
    "family_card": "salinan KK",
    "proxy_letter": "surat kuasa bermeterai",
}
REGISTER_IDENTITY = {
    "nik_last4": "4 angka terakhir NIK cocok",
    "birth_date": "tanggal lahir cocok",
    "birth_date+document": "tanggal lahir dan dokumen lama cocok",
}
REGISTER_FOUND = {"lookup": "tanpa kode: nomor permohonan dan tanggal lahir"}
REGISTER_BOOK = {"number": "nomor buku lengkap cocok", "last4": "4 angka terakhir nomor buku cocok"}


def receipt_classes(classes: Sequence[str]) -> Bilingual:
    """The label of the collector on a receipt, in both languages. Several classes may be of one person."""
    labels = {"self": both("Pemohon sendiri"), "family": both_in("receipt", "Keluarga satu KK"), "proxy": both("Kuasa")}
    return Bilingual(*(", ".join(texts) for texts in zip(*(labels[name] for name in classes), strict=True)))
