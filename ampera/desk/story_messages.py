"""The audit rows of a book as sentences in the reader's language. Each action of a story has a sentence here."""

from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from ampera import errors, formats
from ampera.desk.story_queries import StoryEvent
from ampera.handovers.labels import COLLECTOR_CLASSES
from ampera.passports.labels import CANCEL_GROUNDS
from ampera.visits.scan.messages import VERDICT_TITLES

SENTENCES = {
    "passport.taken_in": _l("Buku masuk"),
    "passport.updated": _l("Data buku diperbarui dari berkas"),
    "passport.held": _l("Ditahan untuk diperiksa: %(reason)s"),
    "passport.released": _l("Siap diambil lagi: %(reason)s"),
    "passport.moved": _l("Pindah dari rak %(before)s ke rak %(shelf)s"),
    "passport.corrected": _l("Kontak pemohon diperbaiki"),
    "passport.correction_asked": _l("Impor membawa data pemegang: menunggu orang kedua"),
    "passport.correction_proposed": _l("Perbaikan data diusulkan: %(reason)s"),
    "passport.correction_confirmed": _l("Perbaikan data disetujui orang kedua"),
    "passport.correction_rejected": _l("Perbaikan data ditolak"),
    "passport.late_allowed": _l("Boleh diambil sampai %(until)s: %(reason)s"),
    "passport.cancelled": _l("Paspor dibatalkan, dasar: %(ground)s, berita acara %(minutes)s"),
    "passport.picked": _l("Buku diambil dari rak"),
    "passport.at_window": _l("Buku dibawa ke jalur %(lane)s, loket %(window)s"),
    "passport.not_found": _l("Buku tidak ditemukan di rak"),
    "passport.taken_back": _l("Buku diambil kembali dari loket"),
    "passport.found": _l("Buku sudah ditemukan"),
    "passport.shelved": _l("Buku kembali ke rak"),
    "passport.viewed": _l("Halaman buku ini dibuka"),
    "pickup.issued": _l("Kode pengambilan dibuat"),
    "pickup.code_reissued": _l("Kode pengambilan baru dibuat, kode lama dicabut: %(reason)s"),
    "pickup.code_revoked": _l("Kode pengambilan dicabut: %(reason)s"),
    "passport.locked": _l("Terkunci: identitas atau nomor buku tiga kali tidak cocok"),
    "passport.lookup_mismatch": _l("Dicari tanpa kode di jalur %(lane)s: tanggal lahir tidak cocok"),
    "passport.unlocked": _l("Kunci dibuka penyelia: %(reason)s"),
    "pickup.locked": _l("Terkunci setelah identitas tiga kali tidak cocok"),
    "pickup.unlocked": _l("Kunci dibuka penyelia: %(reason)s"),
    "pickup.leaving": _l("Pemohon memberi tahu bahwa ia berangkat"),
    "pickup.arrived": _l("Pemohon memberi tahu bahwa ia sudah tiba"),
    "pickup.arrival_withdrawn": _l("Pemohon menarik kabar kedatangannya"),
    "notice.retried": _l("Pesan kepada pemohon dikirim ulang"),
    "pickup.announced": _l("Pemohon memberi tahu siapa yang datang: %(collector)s"),
    "pickup.announcement_withdrawn": _l("Pemohon menarik kabar tentang siapa yang datang"),
    "pickup.booked": _l("Jadwal dipesan: %(when)s"),
    "pickup.booking_moved": _l("Jadwal dipindahkan: %(when)s"),
    "pickup.booking_returned": _l("Jadwal dibatalkan: %(when)s"),
    "visit.opened": _l("Kendaraan masuk antrean dengan nomor %(queue_no)s"),
    "visit.joined": _l("Kode lain ditambahkan ke kendaraan yang sama"),
    "visit.directed": _l("Diarahkan ke antrean jalur %(lane)s"),
    "visit.called": _l("Dipanggil ke jalur %(lane)s"),
    "visit.recalled": _l("Dipanggil ulang"),
    "visit.served": _l("Mulai dilayani di jalur %(lane)s"),
    "visit.parked": _l("Menunggu di tepi jalur %(lane)s"),
    "visit.resumed": _l("Dilanjutkan di jalur %(lane)s"),
    "visit.done": _l("Kunjungan selesai"),
    "visit.diverted": _l("Diarahkan ke loket dalam"),
    "visit.no_show": _l("Terlewat: dipanggil tetapi tidak datang"),
    "visit.left": _l("Kendaraan pergi tanpa penyerahan"),
    "visit.returned": _l("Kembali ke antrean: %(reason)s"),
    "visit.handed_on": _l("Diserahkan ke jalur %(lane)s: %(reason)s"),
    "visit.undone": _l("Tindakan terakhir diurungkan petugasnya"),
    "visit.priority_set": _l("Antrean prioritas diatur"),
    "visit.order_changed": _l("Urutan berubah, melewati %(passed)s kendaraan"),
    "visit.vehicle_set": _l("Jenis kendaraan atau pelat nomor diperbaiki"),
    "visit.taken_out": _l("Satu kode dikeluarkan dari kendaraan"),
    "visit.refused": _l("Tindakan pada kunjungan ditolak"),
    "handover.mismatch": _l("Pemeriksaan di loket: ada yang tidak cocok"),
    "handover.refused": _l("Penyerahan ditolak: %(why)s"),
    "handover.recorded": _l("Diserahkan, nomor register %(number)s, pengambil: %(collector)s"),
    "handover.copied": _l("Salinan nama pada catatan lama disegel"),
    "handover.viewed": _l("Catatan penyerahan dibuka"),
    "handover.signature_viewed": _l("Tanda tangan dibuka"),
    "receipt.checked": _l("Tanda terima diperiksa petugas"),
    "privacy.exported": _l("Salinan data pribadi dibuat"),
    "requests.viewed": _l("Permintaan data pribadi dibuka"),
    "request.noted": _l("Permintaan data pribadi dicatat"),
    "request.answered": _l("Permintaan data pribadi dijawab"),
    "request.refused": _l("Permintaan data pribadi tidak dapat dicatat atau dijawab: %(why)s"),
    "handover.void_mismatch": _l("Pembatalan ditolak: nomor buku tidak cocok"),
    "handover.voided": _l("Penyerahan dibatalkan: %(reason)s. Buku kembali ke rak %(shelf)s"),
}
FOUND = {
    "scan": _l("Dipindai di jalur %(lane)s: %(verdict)s"),
    "lookup": _l("Dicari tanpa kode di jalur %(lane)s: %(verdict)s"),
}
ACTS = {
    "hold": _l("Penahanan buku"),
    "release": _l("Pelepasan buku"),
    "move": _l("Pemindahan rak"),
    "correct": _l("Perbaikan kontak"),
    "correction": _l("Perbaikan data"),
    "pick": _l("Pemindahan buku"),
    "late": _l("Izin diambil terlambat"),
    "cancel": _l("Pembatalan paspor"),
    "reissue": _l("Kode baru"),
    "revoke": _l("Pencabutan kode"),
    "unlock": _l("Pembukaan kunci"),
    "arrival": _l("Kabar kedatangan"),
    "booking": _l("Pemesanan jadwal"),
    "announcement": _l("Kabar tentang pengambil"),
    "void": _l("Pembatalan penyerahan"),
}
OTHER = _l("Tercatat: %(action)s")
REFUSED = _l("%(act)s ditolak: %(why)s")
WITHOUT_PERSON = {
    "key": _l("sistem lain"),
    "command": _l("perintah di server"),
    "display": _l("layar"),
    "tablet": _l("tablet"),
    "applicant": _l("pemohon"),
}
TONES = {
    "passport.cancelled": "stop",
    "passport.locked": "stop",
    "pickup.locked": "stop",
    "handover.refused": "stop",
    "passport.lookup_mismatch": "stop",
    "handover.mismatch": "stop",
    "handover.void_mismatch": "stop",
    "handover.voided": "stop",
    "passport.not_found": "stop",
    "passport.held": "wait",
    "pickup.code_revoked": "wait",
    "visit.diverted": "wait",
    "visit.no_show": "wait",
    "visit.left": "wait",
    "handover.recorded": "go",
}
QUIET = (  # page views, listed apart from changes
    "passport.viewed",
    "handover.viewed",
    "handover.signature_viewed",
    "receipt.checked",
    "privacy.exported",
    "requests.viewed",
)


class _Details(dict[str, Any]):
    """Details by name; a detail that an older row lacks is a dash."""

    def __missing__(self, name: str) -> str:
        return "–"


def sentence(event: StoryEvent) -> str:
    """The event as one sentence without its full stop."""
    details = _Details({name: value for name, value in event.details.items() if value not in (None, "", [])})
    act, _, verdict = event.action.partition(".")
    if act in FOUND:
        return str(FOUND[act]) % _Details(details, verdict=VERDICT_TITLES.get(verdict, verdict))
    if (code := details.get("why") or details.get("code")) is not None:
        details["why"] = (errors.sentence(code) or code).rstrip(".")
    if "collector" in details:
        details["collector"] = COLLECTOR_CLASSES.get(details["collector"], details["collector"])
    if "ground" in details:
        words = CANCEL_GROUNDS.get(details["ground"], "–")
        details["ground"] = gettext("Pasal 30 huruf %(letter)s, %(words)s", letter=details["ground"], words=words)
    if "until" in details:
        details["until"] = formats.date(date.fromisoformat(details["until"]))
    if "number" in details:
        details["number"] = f"{details['number']:06d}"
    verb = event.action.partition(".")[2].removesuffix("_refused")
    known = SENTENCES.get(event.action) or (REFUSED if verb in ACTS else OTHER)
    text = str(known) % _Details(details, action=event.action, act=ACTS.get(verb, ""))
    return text.removesuffix(": –")


def who(event: StoryEvent) -> str:
    """The name of the person, or the kind of machine that acted."""
    machine = WITHOUT_PERSON.get(event.actor)
    if event.who and machine:
        return gettext("%(machine)s atas nama %(name)s", machine=machine, name=event.who)
    return event.who or str(machine or "–")


def tone(event: StoryEvent) -> str:
    """The tone of the event; most are neutral."""
    return "stop" if event.action.endswith("_refused") else TONES.get(event.action, "neutral")
