"""The default text of every kind of notice in both languages, and the words of its fields.

A text is short and polite. It names the next action, never a reason, and only the first name of a person.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from ampera import clock, formats
from ampera.languages import LANGUAGES, Bilingual, both, both_in


class Text(NamedTuple):
    """The text of a notice with its fields in braces."""

    subject: str
    body: str


def in_language(text: Bilingual, language: str) -> str:
    """The text in this language: "id" or "en"."""
    return text.en if language == "en" else text.id


SLOT_MINUTES = 15
# The Indonesian texts by kind: subject and body. The catalogue has their English.
_TEXTS: dict[str, tuple[Bilingual, Bilingual]] = {
    "ready": (
        both("Siap diambil: {documents}"),
        both(
            "Halo {first_name}, {documents} siap diambil tanpa turun dari kendaraan di {office}.\n\n"
            "Tunjukkan kode QR di halaman ini kepada petugas:\n{link}\n\n"
            "Ambil paling lambat {deadline}. Yang perlu dibawa tertulis di halaman itu."
        ),
    ),
    "reissued": (
        both("Kode pengambilan baru"),
        both(
            "Halo {first_name}, kode pengambilan Anda di {office} sudah diganti. Kode lama tidak berlaku lagi.\n\n"
            "Pakai kode QR di halaman baru ini:\n{link}\n\n"
            "Ambil {documents} paling lambat {deadline}."
        ),
    ),
    "reminder": (
        both("Ambil paling lambat {deadline}"),
        both(
            "Halo {first_name}, {documents} masih menunggu di {office}. "
            "Batas waktu pengambilan {deadline} (sisa {days} hari).\n\n"
            "Kode QR dan yang perlu dibawa:\n{link}"
        ),
    ),
    "extended": (
        both("Batas waktu diperpanjang sampai {deadline}"),
        both(
            "Halo {first_name}, batas waktu pengambilan {documents} di {office} diperpanjang sampai {deadline}.\n\n"
            "Kode QR Anda tetap berlaku:\n{link}"
        ),
    ),
    "booked": (
        both("Jadwal pengambilan: {slot}"),
        both(
            "Halo {first_name}, jadwal Anda di {office}: {slot}.\n\n"
            "Ubah jadwal, simpan ke kalender, dan tunjukkan kode QR di halaman ini:\n{link}"
        ),
    ),
    "slot_reminder": (
        both("Ingat jadwal Anda: {slot}"),
        both(
            "Halo {first_name}, jadwal pengambilan Anda di {office}: {slot}.\n\n"
            "Yang perlu dibawa, petunjuk arah, dan kode QR:\n{link}"
        ),
    ),
    "slot_off": (
        both("Jadwal Anda tidak berlaku lagi: {slot}"),
        both(
            "Halo {first_name}, {office} tidak melayani pada {slot}, jadi jadwal Anda itu tidak berlaku lagi.\n\n"
            "Pilih waktu lain di halaman ini:\n{link}\n\n"
            "Di sana juga tertulis jam layanan dan apakah Anda boleh datang tanpa jadwal."
        ),
    ),
    "collecting": (
        both("Sedang diambil: {documents}"),
        both(
            "Halo {first_name}, kode pengambilan Anda dipindai di {office} pada {time}. "
            "Apakah itu Anda atau orang yang Anda minta?\n\n"
            "Bila bukan, segera hubungi {contact} atau datang ke kantor.\n\n"
            "Ikuti di halaman ini:\n{link}"
        ),
    ),
    "collected": (
        both("Sudah diambil: {documents}"),
        both(
            "Halo {first_name}, {documents} sudah diserahkan di {office} pada {time} kepada {collector}.\n\n"
            "Tanda terima dan survei singkat:\n{link}\n\n"
            "Bila ini tidak benar, segera hubungi {contact}."
        ),
    ),
    "cancelled": (
        both("Dibatalkan: {documents}"),
        both(
            "Halo {first_name}, {documents} di {office} dibatalkan dan tidak dapat diambil lagi.\n\n"
            "Datang ke loket dalam dengan identitas asli, atau hubungi {contact}. "
            "Petugas menjelaskan surat pembatalan dan cara mendapat gantinya."
        ),
    ),
    "diverted": (
        both_in("notice", "Silakan ke loket dalam"),
        both(
            "Halo {first_name}, silakan ke loket dalam {office}. Petugas melanjutkan pengambilan di sana.\n\n"
            "Bawa bukti pembayaran dan identitas asli. Yang mewakili membawa juga Kartu Keluarga atau surat kuasa.\n\n"
            "Daftar lengkapnya:\n{link}"
        ),
    ),
    "details_changed": (
        both("Data pengambilan diubah"),
        both(
            "Halo {first_name}, data pengambilan {documents} di {office} diubah pada {time}.\n\n"
            "Bila Anda tidak meminta perubahan ini, segera hubungi {contact} atau datang ke kantor "
            "dengan identitas asli. Bila Anda memintanya, abaikan pesan ini."
        ),
    ),
    "link": (
        both("Halaman pengambilan Anda"),
        both(
            "Halo {first_name}, ini halaman pengambilan Anda di {office}:\n{link}\n\n"
            "Bila Anda tidak memintanya, abaikan pesan ini."
        ),
    ),
}
STANDARD = {
    (kind, language): Text(*(in_language(text, language) for text in texts))
    for kind, texts in _TEXTS.items()
    for language in LANGUAGES
}
COLLECTORS = {
    "self": both("pemohon sendiri"),
    "family": both("anggota keluarga"),
    "proxy": both("penerima kuasa"),
}
SOMEBODY = both("Bapak/Ibu")
OPEN_PAGE = both("Buka halaman pengambilan")
QR = both("Kode QR pengambilan")
WHY = both("Pesan otomatis {office}. Alamat ini tercatat pada permohonan Anda; jangan bagikan tautannya.")


def collectors(classes: str | Sequence[str], language: str) -> str:
    """The classes in which one collector took books, in words. Older notices have one class."""
    return ", ".join(collector(name, language) for name in ([classes] if isinstance(classes, str) else classes))


def collector(collector_class: str, language: str) -> str:
    """The class of a collector in words; an unknown class as stored."""
    text = COLLECTORS.get(collector_class)
    return in_language(text, language) if text else collector_class


def moment(at: datetime, timezone: str, language: str) -> str:
    """24-11-2026 10.15 WIB; in English 24-11-2026 10:15 WIB."""
    local = clock.local(at, timezone)
    return f"{formats.date(local.date())} {formats.clock_time(local, language)} {local.tzname()}"


def slot(starts_at: datetime, timezone: str, language: str) -> str:
    """25-11-2026, 09.00–09.15 WIB."""
    local = clock.local(starts_at, timezone)
    begins, ends = (formats.clock_time(at, language) for at in (local, local + timedelta(minutes=SLOT_MINUTES)))
    return f"{formats.date(local.date())}, {begins}–{ends} {local.tzname()}"
