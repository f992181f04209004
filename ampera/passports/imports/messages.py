"""The sentences about errors in rows and files, for every code of `fields`, `sheets` and `intake`."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from ampera.passports.fields import FieldError
from ampera.passports.refusals import PassportRefusal

COLUMNS = {
    "application_no": _l("nomor permohonan"),
    "passport_no": _l("nomor paspor"),
    "holder_name": _l("nama"),
    "birth_date": _l("tanggal lahir"),
    "issued_on": _l("tanggal terbit"),
    "shelf": _l("rak"),
    "nik": _l("NIK"),
    "phone": _l("telepon"),
    "email": _l("surel"),
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
    "control": _l("Ada karakter tersembunyi atau baris baru di dalam isinya. Hapus selnya, lalu ketik ulang."),
    "damaged": _l("Ada huruf yang rusak. Simpan daftar sebagai XLSX atau CSV UTF-8, atau ketik ulang isinya."),
    "formula": _l("Ini rumus atau hasil rumus yang gagal. Tulis nilainya sebagai teks."),
    "number_cut": _l("Angka terakhir hilang karena kolom ini berformat angka. Ubah kolom menjadi teks, lalu isi lagi."),
    "turned_into_date": _l("Lembar kerja mengubah isi ini menjadi tanggal. Ubah kolom menjadi teks, lalu isi lagi."),
    "application_no_invalid": _l("Nomor permohonan terdiri atas 8 sampai 20 angka."),
    "passport_no_invalid": _l("Nomor paspor terdiri atas satu atau dua huruf dan 6–7 angka."),
    "document_no_invalid": _l("Nomor dokumen terdiri atas 4 sampai 20 huruf dan angka."),
    "holder_name_invalid": _l("Nama harus mengandung huruf."),
    "nik_invalid": _l("NIK terdiri atas 16 angka."),
    "nik_date": _l("Tanggal di dalam NIK tidak mungkin. Periksa angka ke-7 sampai ke-12."),
    "phone_invalid": _l("Nomor telepon tidak dapat dibaca. Tulis seperti 0812… atau +62812…."),
    "email_invalid": _l("Alamat surel tidak dapat dibaca. Tulis seperti nama@contoh.id."),
    "kind_invalid": _l("Kantor ini tidak punya jenis ini. Kosongkan untuk paspor, atau minta admin menambah jenisnya."),
    "date_format": _l("Tanggal tidak dapat dibaca. Tulis hh-bb-tttt, tahun dengan empat angka."),
    "date_unreal": _l("Tanggal tidak ada. Tulis hh-bb-tttt."),
    "birth_date_range": _l("Tanggal lahir tidak mungkin."),
    "issued_on_range": _l("Tanggal terbit tidak mungkin."),
    "issued_before_birth": _l("Tanggal terbit lebih awal daripada tanggal lahir."),
    "ambiguous_date": _l(
        "Tanggal ini dapat berarti %(first)s atau %(second)s: di kolom ini hari dan bulan tertukar di sebagian baris."
        " Periksa pada paspornya, lalu tulis sebagai teks hh-bb-tttt."
    ),
    "too_many_cells": _l(
        "Baris ini punya %(cells)s sel, padahal judulnya %(headings)s. Mungkin ada tanda pemisah di dalam isinya."
        " Beri tanda kutip pada isi itu, atau simpan daftar sebagai XLSX."
    ),
    # warnings: the book is taken in
    "left_out": _l("Isi ini tidak dapat dibaca. Bukunya dicatat tanpa isi ini."),
    "first_taken": _l("Ada lebih dari satu, atau ada catatan di dalamnya. Yang pertama dicatat."),
    "nik_other_date": _l("Tanggal lahir di dalam NIK berbeda dari kolom tanggal lahir. Periksa keduanya."),
    "needs_second_person": _l(
        "Nama, tanggal lahir, NIK, atau nomor buku ini hanya berubah dengan persetujuan orang kedua."
        " Sampai saat itu data lama yang berlaku."
    ),
    # warnings about the file
    "row_left_out": _l("Baris ini bukan paspor (jumlah, tanda tangan, nomor kolom), jadi dilewati."),
    "unread_sheet": "",  # see UNREAD_SHEETS
    "unknown_column": _l("Kolom “%(heading)s” (kolom ke-%(place)s) tidak dikenal. Isinya tidak dibaca."),
    "hidden_rows": _l("%(count)s baris tersembunyi atau tersaring di lembar “%(sheet)s” ikut dibaca."),
    "hidden_columns": _l("Kolom tersembunyi di lembar “%(sheet)s” ikut dibaca: %(headings)s."),
    # between rows, and against the shelf
    "duplicate_conflict": _l("Nomor permohonan ini sudah ada di baris %(row)s dengan isi lain."),
    "application_known": _l("Permohonan ini sudah punya buku di sini. Yang sudah tercatat tidak berubah."),
    "other_passport_no": _l("Permohonan ini sudah tercatat dengan nomor paspor lain."),
    "duplicate_passport_no": _l("Nomor paspor ini sudah dipakai buku lain di rak."),
    "collected": _l("Paspor ini sudah diserahkan; datanya tidak diubah lagi."),
    "cancelled": _l("Paspor ini sudah dibatalkan; datanya tidak diubah lagi."),
    # the file as a whole
    "numbers_exhausted": PassportRefusal.NUMBERS_EXHAUSTED.sentence,
    "file_empty": _l("Berkas ini kosong."),
    "file_too_large": _l("Berkas lebih besar dari %(most)s MB. Bagi menjadi beberapa berkas."),
    "unpacked_too_large": _l(
        "Isi berkas ini terlalu besar setelah dibuka (lebih dari %(most)s MB)."
        " Salin daftarnya ke buku kerja baru, simpan sebagai XLSX, lalu coba lagi."
    ),
    "not_a_sheet": _l("Ini bukan CSV atau XLSX. Simpan daftar sebagai salah satunya, lalu coba lagi."),
    "other_format": _l(
        "Ini berkas %(what)s, apa pun namanya. Buka di Excel atau LibreOffice, simpan sebagai XLSX, lalu coba lagi."
    ),
    "zipped": _l("Ini arsip ZIP. Keluarkan berkasnya dulu, lalu pilih XLSX atau CSV di dalamnya."),
    "hidden_sheet": _l("Daftar ada di lembar tersembunyi “%(sheet)s”. Tampilkan lembarnya, simpan, lalu coba lagi."),
    "old_excel": _l("Ini berkas Excel lama atau berkas berkata sandi. Simpan sebagai XLSX tanpa kata sandi."),
    "unreadable": _l("Berkas ini rusak dan tidak dapat dibaca. Simpan ulang sebagai XLSX atau CSV."),
    "quotes": _l("Tanda kutip di baris %(row)s tidak ditutup dengan benar."),
    "no_rows": _l("Hanya ada judul kolom. Belum ada baris paspor di bawahnya."),
    "too_many_rows": _l("Lebih dari %(most)s baris. Bagi menjadi beberapa berkas."),
    "column_missing": _l("Kolom ini tidak ada di baris judul."),
    "column_twice": _l("Kolom ini ada dua kali di baris judul."),
}

# Why a sheet is not read.
UNREAD_SHEETS = {
    "hidden": _l("Lembar “%(sheet)s” tersembunyi, jadi tidak dibaca. Tampilkan lembarnya bila ada paspor di situ."),
    "columns": _l("Lembar “%(sheet)s” tidak dibaca: judul kolomnya tidak lengkap (belum ada: %(columns)s)."),
    "twice": _l("Lembar “%(sheet)s” tidak dibaca: ada kolom yang judulnya dua kali."),
    "rows": _l("Lembar “%(sheet)s” tidak dibaca: tidak ada baris paspor di bawah judulnya."),
}


# Code -> the sentence with the place of the other book, by the parameter that names the place.
BY_PLACE = {
    "duplicate_passport_no": {
        "rows": _l("Nomor paspor ini juga ada di baris %(rows)s. Periksa buku dan perbaiki daftarnya."),
        "application": _l("Nomor paspor ini sudah tercatat untuk permohonan %(application)s di rak."),
    }
}


def sentence(problem: FieldError) -> str:
    """The error in the reader's language."""
    params = dict(problem.params)
    if problem.code == "unread_sheet":
        text = UNREAD_SHEETS[params["why"]]
        params["columns"] = ", ".join(map(column, params.get("columns", ())))
    else:
        placed = (words for place, words in BY_PLACE.get(problem.code, {}).items() if place in params)
        text = next(placed, SENTENCES[problem.code])
        if "headings" in params and isinstance(params["headings"], list):
            params["headings"] = ", ".join(params["headings"])
    return str(text) % params if params else str(text)


def column(name: str) -> str:
    """The name of a column in the reader's language."""
    return str(COLUMNS.get(name, name))


def file_sentence(problems: list[FieldError]) -> str:
    """Why a whole file is refused, in one sentence: missing columns are named together."""
    missing = [column(problem.field) for problem in problems if problem.code == "column_missing"]
    if missing:
        return gettext(
            "Kolom yang belum ada: %(columns)s. Nama kolom boleh berurutan bebas,"
            " dan dicari di %(within)s baris pertama.",
            columns=", ".join(missing),
            within=next(problem.params.get("within", "") for problem in problems if problem.code == "column_missing"),
        )
    first = problems[0]
    return f"{column(first.field)}: {sentence(first)}" if first.field else sentence(first)
