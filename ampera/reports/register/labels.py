"""The headings of the register as a spreadsheet. The printed register holds the same, set in fewer columns."""

from flask_babel import lazy_gettext as _l

COLUMNS = (
    _l("Nomor"),
    _l("Tanggal"),
    _l("Jam"),
    _l("Pemegang"),
    _l("Nomor permohonan"),
    _l("Nomor paspor"),
    _l("Golongan"),
    _l("Pengambil"),
    _l("Dokumen"),
    _l("4 terakhir"),
    _l("Petugas"),
    _l("Jalur"),
    _l("Antrean"),
    _l("Tanpa tanda tangan karena"),
    _l("Dibatalkan pada"),
    _l("Dibatalkan oleh"),
    _l("Alasan pembatalan"),
    _l("Rak tujuan"),
    _l("Jenis dokumen"),
    _l("Bukti yang ditunjukkan"),
    _l("Bukti identitas"),
    _l("Bukti buku"),
    _l("Sidik SHA-256 tanda tangan"),
    _l("Kantor"),
    _l("Ditemukan dengan"),
    _l("Tablet"),
)
