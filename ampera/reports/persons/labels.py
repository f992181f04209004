"""The words of the copy on paper: its sections, their fields and the codes in them, in both languages."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from ampera.handovers.labels import BOOK_BY, FOUND_BY, IDENTITY_BY
from ampera.languages import LANGUAGES, Bilingual, both, both_in, in_both
from ampera.notices.history_labels import STATES as MESSAGE_STATES
from ampera.offices import document_labels
from ampera.offices.labels import CLASSES, EVIDENCE
from ampera.offices.options.labels import CHANNELS, KINDS, NOTICES
from ampera.passports.labels import BOOK_STATES
from ampera.reports.access.labels import KINDS as LOOKS
from ampera.reports.persons.request_labels import KINDS as REQUESTS
from ampera.reports.persons.request_labels import OUTCOMES, WAYS
from ampera.visits.labels import ORDER_REASONS, VISIT_STATES

HELD = both("Ada. Ditutup sampai paspor diserahkan.")
NONE = both("Tidak ada yang tersimpan.")
YES, NO = both("Ya"), both("Tidak")


class Section(NamedTuple):
    """A part of the paper. `widths` are of the columns of a table in millimetres; without any each row is a card."""

    name: str
    title: Bilingual
    fields: tuple[str, ...]
    widths: tuple[int, ...] = ()


SECTIONS = (
    Section(
        "books",
        both_in("copy", "Buku"),
        ("kind", "application_no", "state", "holder_name", "passport_no", "birth_date", "nik", "document_no",
         "issued_on", "shelf", "late_until", "held_reason", "wrong_tries", "is_in_group", "created_at", "updated_at",
         "collected_at", "locked_at"),
    ),
    Section("contacts", both_in("copy", "Kontak"), ("application_no", "phone", "email"), (50, 48, 80)),
    Section(
        "announced_collectors",
        both("Pengambil yang diumumkan"),
        ("at", "collector_class", "name", "relation"),
        (34, 40, 64, 40),
    ),
    Section(
        "bookings",
        both("Waktu datang yang dipesan"),
        ("starts_at", "kind", "booked_at", "used_at"),
        (46, 40, 46, 46),
    ),
    Section("arrivals", both_in("copy", "Kabar kedatangan"), ("at", "kind", "expires_at"), (46, 72, 60)),
    Section(
        "messages",
        both_in("copy", "Pesan"),
        ("created_at", "kind", "channel", "address", "state", "ended_at"),
        (24, 36, 28, 30, 36, 24),
    ),
    Section(
        "visits",
        both("Kedatangan"),
        ("opened_at", "queue_no", "kind", "lane", "called_at", "served_at", "ended_at", "out_at", "state", "found_by",
         "plate", "look", "priority"),
    ),
    Section(
        "register",
        both("Buku penyerahan"),
        ("number", "at", "kind", "holder_name", "application_no", "passport_no", "collector_class", "collector_name",
         "shown", "identity_by", "book_by", "found_by", "officer_name", "lane_number", "office_name",
         "signature_sha256", "unsigned_reason", "voided_at", "voided_by_name", "void_reason", "void_shelf"),
    ),
    Section(
        "corrections",
        both("Perbaikan data"),
        ("proposed_at", "proposed_by", "state", "decided_at", "decided_by", "reason", "proposed", "before"),
    ),
    Section(
        "requests",
        both("Permintaan"),
        ("kind", "way", "received_at", "asked", "answered_at", "outcome", "answer"),
    ),
    Section("looks", both("Siapa yang melihat"), ("at", "name", "role", "how", "with"), (28, 52, 30, 42, 26)),
)  # fmt: skip

FIELDS = {
    "address": both("Alamat, disamarkan"),
    "answer": both("Jawaban"),
    "answered_at": both("Dijawab pada"),
    "application_no": both("Nomor permohonan"),
    "asked": both("Yang diminta"),
    "at": both("Waktu"),
    "before": both("Data sebelumnya"),
    "birth_date": both("Tanggal lahir"),
    "book_by": both("Pemeriksaan buku"),
    "booked_at": both("Dipesan pada"),
    "called_at": both("Dipanggil pada"),
    "channel": both("Saluran"),
    "collected_at": both("Diambil pada"),
    "collector_class": both("Golongan pengambil"),
    "collector_name": both("Nama pengambil"),
    "created_at": both("Dicatat pada"),
    "decided_at": both("Diputuskan pada"),
    "decided_by": both("Diputuskan oleh"),
    "document_no": both("Nomor dokumen lama"),
    "email": both("Surel"),
    "ended_at": both("Berakhir pada"),
    "expires_at": both("Berlaku sampai"),
    "found_by": both("Cara ditemukan"),
    "held_reason": both("Alasan ditahan"),
    "holder_name": both("Nama pemegang"),
    "how": both("Cara melihat"),
    "identity_by": both("Pemeriksaan identitas"),
    "is_in_group": both("Dalam kelompok"),
    "issued_on": both("Tanggal terbit"),
    "kind": both("Jenis"),
    "lane": both("Jalur"),
    "lane_number": both("Jalur"),
    "late_until": both("Boleh terlambat sampai"),
    "locked_at": both("Terkunci sejak"),
    "look": both("Ciri kendaraan"),
    "name": both("Nama"),
    "nik": both("NIK"),
    "number": both("Nomor register"),
    "office_name": both("Kantor"),
    "officer_name": both("Petugas"),
    "opened_at": both("Tiba pada"),
    "out_at": both("Keluar dari kendaraan pada"),
    "outcome": both("Hasil"),
    "passport_no": both("Nomor buku"),
    "phone": both("Telepon"),
    "plate": both("Pelat nomor"),
    "priority": both("Antrean prioritas"),
    "proposed": both("Data yang diusulkan"),
    "proposed_at": both("Diusulkan pada"),
    "proposed_by": both("Diusulkan oleh"),
    "queue_no": both("Nomor antrean"),
    "reason": both("Alasan"),
    "received_at": both("Diterima pada"),
    "relation": both("Hubungan"),
    "role": both("Peran"),
    "served_at": both("Mulai dilayani pada"),
    "shelf": both("Rak"),
    "shown": both("Bukti yang ditunjukkan"),
    "signature_sha256": both("Tanda tangan, sidik SHA-256"),
    "starts_at": both("Waktu datang"),
    "state": both("Keadaan"),
    "unsigned_reason": both("Tanpa tanda tangan karena"),
    "updated_at": both("Terakhir diubah pada"),
    "used_at": both("Dipakai pada"),
    "void_reason": both("Alasan pembatalan"),
    "void_shelf": both("Kembali ke rak"),
    "voided_at": both("Dibatalkan pada"),
    "voided_by_name": both("Dibatalkan oleh"),
    "way": both("Cara datang"),
    "with": both("Dengan"),
    "wrong_tries": both("Percobaan yang tidak cocok"),
}
DAYS = ("birth_date", "issued_on", "late_until")
ROLES = {
    "admin": both("Administrator"),
    "supervisor": both("Penyelia"),
    "desk": both("Meja"),
    "officer": both("Petugas jalur"),
    "command": both("Perintah di server"),
}
OWN = {
    ("arrivals", "kind"): {"leaving": both("Berangkat"), "arrived": both("Sudah tiba")},
    ("corrections", "state"): {
        "open": both("Menunggu keputusan"),
        "replaced": both("Diganti usulan lain"),
        "confirmed": both("Disetujui"),
        "rejected": both("Ditolak"),
    },
    ("looks", "role"): ROLES,
    ("looks", "with"): {"person": both("Akun sendiri"), "key": both("Program (kunci API)")},
}
# (section, field) -> the labels of its codes.
SHARED: dict[tuple[str, str], Mapping[str, Any]] = {
    ("books", "state"): {state: label for state, (_, label) in BOOK_STATES.items()},
    ("announced_collectors", "collector_class"): {name: label for name, (_, label) in CLASSES.items()},
    ("bookings", "kind"): KINDS,
    ("messages", "kind"): NOTICES,
    ("messages", "channel"): CHANNELS,
    ("messages", "state"): {state: label for state, (_, label) in MESSAGE_STATES.items()},
    ("visits", "kind"): KINDS,
    ("visits", "state"): VISIT_STATES,
    ("visits", "found_by"): FOUND_BY,
    ("visits", "priority"): ORDER_REASONS,
    ("register", "collector_class"): {name: label for name, (_, label) in CLASSES.items()},
    ("register", "shown"): EVIDENCE,
    ("register", "identity_by"): IDENTITY_BY,
    ("register", "book_by"): BOOK_BY,
    ("register", "found_by"): FOUND_BY,
    ("requests", "kind"): REQUESTS,
    ("requests", "way"): WAYS,
    ("requests", "outcome"): {outcome: label for outcome, (_, label) in OUTCOMES.items()},
    ("looks", "how"): LOOKS,
}
Codes = dict[tuple[str, str], dict[str, Bilingual]]


def codes(options: dict[str, Any]) -> Codes:
    """The labels of all codes of the copy in both languages. Needs the app; the paper itself is drawn without it."""
    kinds = document_labels.kinds_of(options)
    names = {kind: Bilingual(*(document_labels.name(options, kind, at) for at in LANGUAGES)) for kind in kinds}
    indonesian, english = in_both(_written)
    found = {
        key: {code: Bilingual(label, english[key][code]) for code, label in labels.items()}
        for key, labels in indonesian.items()
    }
    return found | OWN | {("books", "kind"): names, ("register", "kind"): names}


def _written() -> dict[tuple[str, str], dict[str, str]]:
    return {key: {code: str(label) for code, label in labels.items()} for key, labels in SHARED.items()}
