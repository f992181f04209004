"""The default text of every kind of notice in both languages, and the words of its fields.

A text is short and polite. It names the next action, never a reason, and only the first name of a person.
"""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from ampera import clock


class Text(NamedTuple):
    """The text of a notice with its fields in braces."""

    subject: str
    body: str


SLOT_MINUTES = 15
STANDARD = {
    ("ready", "id"): Text(
        "Siap diambil: {documents}",
        "Halo {first_name}, {documents} siap diambil dari kendaraan di {office}.\n\n"
        "Tunjukkan kode QR di halaman ini kepada petugas:\n{link}\n\n"
        "Ambil paling lambat {deadline}. Yang perlu dibawa tertulis di halaman itu.",
    ),
    ("ready", "en"): Text(
        "Ready for collection: {documents}",
        "Hello {first_name}, {documents} can be collected from your vehicle at {office}.\n\n"
        "Show the officer the QR code on this page:\n{link}\n\n"
        "Please collect by {deadline}. The page says what to bring.",
    ),
    ("reissued", "id"): Text(
        "Kode pengambilan baru",
        "Halo {first_name}, kode pengambilan Anda di {office} sudah diganti. Kode lama tidak berlaku lagi.\n\n"
        "Pakai kode QR di halaman baru ini:\n{link}\n\n"
        "Ambil {documents} paling lambat {deadline}.",
    ),
    ("reissued", "en"): Text(
        "New pickup code",
        "Hello {first_name}, your pickup code at {office} was replaced. The old one is no longer valid.\n\n"
        "Please use the QR code on this new page:\n{link}\n\n"
        "Collect {documents} by {deadline}.",
    ),
    ("reminder", "id"): Text(
        "Ambil paling lambat {deadline}",
        "Halo {first_name}, {documents} masih menunggu di {office}. "
        "Batas waktu pengambilan {deadline} (sisa {days} hari).\n\n"
        "Kode QR dan yang perlu dibawa:\n{link}",
    ),
    ("reminder", "en"): Text(
        "Please collect by {deadline}",
        "Hello {first_name}, {documents} can still be collected at {office}. "
        "The last day is {deadline} (days left: {days}).\n\n"
        "QR code and what to bring:\n{link}",
    ),
    ("extended", "id"): Text(
        "Batas waktu diperpanjang sampai {deadline}",
        "Halo {first_name}, batas waktu pengambilan {documents} di {office} diperpanjang sampai {deadline}.\n\n"
        "Kode QR Anda tetap berlaku:\n{link}",
    ),
    ("extended", "en"): Text(
        "More time to collect: until {deadline}",
        "Hello {first_name}, you now have until {deadline} to collect {documents} at {office}.\n\n"
        "Your QR code stays valid:\n{link}",
    ),
    ("booked", "id"): Text(
        "Jadwal pengambilan: {slot}",
        "Halo {first_name}, jadwal Anda di {office}: {slot}.\n\n"
        "Ubah jadwal, simpan ke kalender, dan tunjukkan kode QR di halaman ini:\n{link}",
    ),
    ("booked", "en"): Text(
        "Your time for collection: {slot}",
        "Hello {first_name}, your time at {office} is {slot}.\n\n"
        "Move it, save it to your calendar and show the QR code from this page:\n{link}",
    ),
    ("slot_reminder", "id"): Text(
        "Ingat jadwal Anda: {slot}",
        "Halo {first_name}, jadwal pengambilan Anda di {office}: {slot}.\n\n"
        "Yang perlu dibawa, petunjuk arah, dan kode QR:\n{link}",
    ),
    ("slot_reminder", "en"): Text(
        "Reminder of your time: {slot}",
        "Hello {first_name}, your time for collection at {office} is {slot}.\n\n"
        "What to bring, the way and the QR code:\n{link}",
    ),
    ("slot_off", "id"): Text(
        "Jadwal Anda tidak berlaku lagi: {slot}",
        "Halo {first_name}, {office} tidak melayani pada {slot}, jadi jadwal Anda itu tidak berlaku lagi.\n\n"
        "Pilih waktu lain di halaman ini:\n{link}\n\n"
        "Di sana juga tertulis jam layanan dan apakah Anda boleh datang tanpa jadwal.",
    ),
    ("slot_off", "en"): Text(
        "Your time no longer holds: {slot}",
        "Hello {first_name}, {office} is not open for collection on {slot}, so that time of yours no longer holds.\n\n"
        "Please choose another one on this page:\n{link}\n\n"
        "It also tells the opening hours and whether you may come without a time.",
    ),
    ("collecting", "id"): Text(
        "Sedang diambil: {documents}",
        "Halo {first_name}, kode pengambilan Anda dipindai di {office} pada {time}. Apakah itu Anda atau orang yang "
        "Anda minta?\n\nBila bukan, segera hubungi {contact} atau datang ke kantor.\n\nIkuti di halaman ini:\n{link}",
    ),
    ("collecting", "en"): Text(
        "Being collected now: {documents}",
        "Hello {first_name}, your pickup code was scanned at {office}, {time}. Was that you or the person you sent?"
        "\n\nIf not, contact {contact} or come to the office at once.\n\nFollow it on this page:\n{link}",
    ),
    ("collected", "id"): Text(
        "Sudah diambil: {documents}",
        "Halo {first_name}, {documents} sudah diserahkan di {office} pada {time} kepada {collector}.\n\n"
        "Tanda terima dan survei singkat:\n{link}\n\n"
        "Bila ini tidak benar, segera hubungi {contact}.",
    ),
    ("collected", "en"): Text(
        "Collected: {documents}",
        "Hello {first_name}, {documents} left {office} on {time}, handed to {collector}.\n\n"
        "Your receipt and a short survey:\n{link}\n\n"
        "If this is not right, contact {contact} at once.",
    ),
    ("cancelled", "id"): Text(
        "Tidak dapat diambil lagi: {documents}",
        "Halo {first_name}, {documents} di {office} tidak dapat diambil lagi.\n\n"
        "Datang ke loket dalam dengan identitas asli, atau hubungi {contact}. Petugas menjelaskan langkah berikutnya.",
    ),
    ("cancelled", "en"): Text(
        "No longer available: {documents}",
        "Hello {first_name}, {documents} at {office} can no longer be collected.\n\n"
        "Please come to the inside counter with your original identity document, or contact {contact}. "
        "The staff will explain the next step.",
    ),
    ("diverted", "id"): Text(
        "Silakan ke loket dalam",
        "Halo {first_name}, silakan ke loket dalam {office}. Petugas melanjutkan pengambilan di sana.\n\n"
        "Bawa bukti pembayaran dan identitas asli. Yang mewakili membawa juga Kartu Keluarga atau surat kuasa.\n\n"
        "Daftar lengkapnya:\n{link}",
    ),
    ("diverted", "en"): Text(
        "Please come to the inside counter",
        "Hello {first_name}, please come to the inside counter of {office}. The staff will continue there.\n\n"
        "Bring the proof of payment and your original identity document. If you collect for somebody else, also bring "
        "the family card or the letter of authority.\n\nThe full list:\n{link}",
    ),
    ("link", "id"): Text(
        "Halaman pengambilan Anda",
        "Halo {first_name}, ini halaman pengambilan Anda di {office}:\n{link}\n\n"
        "Bila Anda tidak memintanya, abaikan pesan ini.",
    ),
    ("link", "en"): Text(
        "Your pickup page",
        "Hello {first_name}, this is your pickup page at {office}:\n{link}\n\n"
        "If you did not ask for it, please ignore this message.",
    ),
}
COLLECTORS = {
    "id": {"self": "pemohon sendiri", "family": "anggota keluarga", "proxy": "penerima kuasa"},
    "en": {"self": "the applicant", "family": "a family member", "proxy": "an authorised representative"},
}
SOMEBODY = {"id": "Bapak/Ibu", "en": "Sir or Madam"}
OPEN_PAGE = {"id": "Buka halaman pengambilan", "en": "Open the pickup page"}
QR = {"id": "Kode QR pengambilan", "en": "Pickup QR code"}
WHY = {
    "id": "Pesan otomatis {office}. Alamat ini tercatat pada permohonan Anda; jangan bagikan tautannya.",
    "en": "Automatic message of {office}. This address is on your application; please do not share the link.",
}


def day(of: date) -> str:
    """24-11-2026."""
    return f"{of:%d-%m-%Y}"


def moment(at: datetime, timezone: str, language: str) -> str:
    """24-11-2026 10.15 WIB; in English 24-11-2026 10:15 WIB."""
    local = clock.local(at, timezone)
    return f"{day(local.date())} {_time(local, language)} {local.tzname()}"


def slot(starts_at: datetime, timezone: str, language: str) -> str:
    """25-11-2026, 09.00–09.15 WIB."""
    local = clock.local(starts_at, timezone)
    ends = local + timedelta(minutes=SLOT_MINUTES)
    return f"{day(local.date())}, {_time(local, language)}–{_time(ends, language)} {local.tzname()}"


def _time(local: datetime, language: str) -> str:
    return f"{local:%H:%M}" if language == "en" else f"{local:%H.%M}"
