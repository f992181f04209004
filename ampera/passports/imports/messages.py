"""The sentences about errors in rows and files, for every code of `fields`, `sheets` and `intake`."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from ampera.passports.fields import FieldError

COLUMNS = {
    "application_no": _l("nomor permohonan"),
    "passport_no": _l("nomor paspor"),
    "holder_name": _l("nama"),
    "birth_date": _l("tanggal lahir"),
    "issued_on": _l("tanggal terbit"),
    "shelf": _l("rak"),
    "nik": _l("NIK"),
    "phone": _l("telepon"),
    "email": _l("email"),
    "group": _l("kelompok"),
    "kind": _l("jenis"),
    "document_no": _l("nomor dokumen"),
}

# Outcome of a row -> tone and word.
OUTCOMES = {
    "refused": ("stop", _l("Ditolak")),
    "updated": ("neutral", _l("Diperbarui")),
    "created": ("go", _l("Baru")),
    "unchanged": ("neutral", _l("Sama")),
}
HIDDEN = ("nik",)  # a report names the change but never shows the content

SENTENCES = {
    "required": _l("Wajib diisi."),
    "not_text": _l("Isi ini bukan teks."),
    "too_long": _l("Terlalu panjang. Paling banyak %(most)s karakter."),
    "control": _l("Ada karakter tersembunyi. Ketik ulang isinya."),
    "formula": _l("Ini rumus atau hasil rumus yang gagal. Tulis nilainya sebagai teks."),
    "number_cut": _l("Angka terakhir hilang karena kolom ini berformat angka. Ubah kolom menjadi teks, lalu isi lagi."),
    "turned_into_date": _l("Lembar kerja mengubah isi ini menjadi tanggal. Ubah kolom menjadi teks, lalu isi lagi."),
    "application_no_invalid": _l("Nomor permohonan terdiri dari 8 sampai 20 angka."),
    "passport_no_invalid": _l("Nomor paspor terdiri dari satu atau dua huruf dan 6–7 angka."),
    "document_no_invalid": _l("Nomor dokumen terdiri dari 4 sampai 20 huruf dan angka."),
    "holder_name_invalid": _l("Nama harus mengandung huruf."),
    "nik_invalid": _l("NIK terdiri dari 16 angka."),
    "nik_date": _l("Tanggal di dalam NIK tidak mungkin. Periksa angka ke-7 sampai ke-12."),
    "phone_invalid": _l("Nomor telepon tidak dapat dibaca. Tulis seperti 0812… atau +62812…."),
    "email_invalid": _l("Alamat email tidak dapat dibaca. Tulis seperti nama@contoh.id."),
    "kind_invalid": _l("Jenis tidak dikenal. Kosongkan untuk paspor."),
    "date_format": _l("Tanggal tidak dapat dibaca. Tulis hh-bb-tttt."),
    "date_unreal": _l("Tanggal tidak ada. Tulis hh-bb-tttt."),
    "birth_date_range": _l("Tanggal lahir tidak mungkin."),
    "issued_on_range": _l("Tanggal terbit tidak mungkin."),
    "issued_before_birth": _l("Tanggal terbit lebih awal daripada tanggal lahir."),
    # between rows, and against the shelf
    "duplicate_conflict": _l("Nomor permohonan ini sudah ada di baris %(row)s dengan isi lain."),
    "other_passport_no": _l("Permohonan ini sudah tercatat dengan nomor paspor lain."),
    "other_office": _l("Permohonan ini tercatat di kantor lain."),
    "collected": _l("Paspor ini sudah diserahkan; datanya tidak diubah lagi."),
    "cancelled": _l("Paspor ini sudah dibatalkan; datanya tidak diubah lagi."),
    # the file as a whole
    "file_empty": _l("Berkas ini kosong."),
    "file_too_large": _l("Berkas lebih besar dari %(most)s MB. Bagi menjadi beberapa berkas."),
    "unpacked_too_large": _l("Isi berkas ini terlalu besar setelah dibuka (lebih dari %(most)s MB)."),
    "not_a_sheet": _l("Ini bukan CSV atau XLSX. Simpan daftar sebagai salah satunya, lalu coba lagi."),
    "old_excel": _l("Ini berkas Excel lama atau berkas berkata sandi. Simpan sebagai XLSX tanpa kata sandi."),
    "unreadable": _l("Berkas ini rusak dan tidak dapat dibaca. Simpan ulang sebagai XLSX atau CSV."),
    "quotes": _l("Tanda kutip di baris %(row)s tidak ditutup dengan benar."),
    "no_rows": _l("Hanya ada judul kolom. Belum ada baris paspor di bawahnya."),
    "too_many_rows": _l("Lebih dari %(most)s baris. Bagi menjadi beberapa berkas."),
    "column_missing": _l("Kolom ini tidak ada di baris judul."),
    "column_twice": _l("Kolom ini ada dua kali di baris judul."),
}


def sentence(problem: FieldError) -> str:
    """The error in the reader's language."""
    text = str(SENTENCES[problem.code])
    return text % problem.params if problem.params else text


def column(name: str) -> str:
    """The name of a column in the reader's language."""
    return str(COLUMNS.get(name, name))


def file_sentence(problems: list[FieldError]) -> str:
    """Why a whole file is refused, in one sentence: missing columns are named together."""
    missing = [column(problem.field) for problem in problems if problem.code == "column_missing"]
    if missing:
        return gettext(
            "Kolom yang belum ada: %(columns)s. Nama kolom boleh berurutan bebas.", columns=", ".join(missing)
        )
    first = problems[0]
    return f"{column(first.field)}: {sentence(first)}" if first.field else sentence(first)
