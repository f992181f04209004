"""The texts of each verdict: a title and one sentence of advice, in the reader's language and in both."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _l

from ampera import clock, formats
from ampera.formats import ngettext
from ampera.languages import LANGUAGES, in_both
from ampera.offices import labels
from ampera.visits import states
from ampera.visits.cards import ScanAnswer
from ampera.visits.labels import visit_sentence

# Short titles for lists and statistics, where the facts of one scan are not at hand.
VERDICT_TITLES = {
    "ok": _l("Silakan dilayani"),
    "repeat": _l("Sudah terbaca"),
    "open_elsewhere": _l("Sedang dibuka di jalur lain"),
    "collected": _l("Sudah diserahkan"),
    "revoked": _l("Kode sudah diganti"),
    "cancelled": _l("Paspor dibatalkan"),
    "held": _l("Perlu diperiksa"),
    "overdue": _l("Lewat batas waktu"),
    "wrong_office": _l("Buku di kantor lain"),
    "closed": _l("Di luar jam layanan"),
    "unknown": _l("Kode tidak dikenal"),
    "malformed": _l("Bukan kode pengambilan"),
    "not_found": _l("Pencarian tanpa kode: tidak ditemukan"),
}


def worded(answer: ScanAnswer) -> dict[str, Any]:
    """The stored answer of a scan with `title` and `advice`, and `texts` in Indonesian and English."""
    titles = in_both(lambda: TEXTS[answer["verdict"]](answer["facts"]))
    texts = {
        language: {"title": title, "advice": advice}
        for language, (title, advice) in zip(LANGUAGES, titles, strict=True)
    }
    return {**answer, **texts[str(get_locale())], "texts": texts}


def _ok(facts: dict[str, Any]) -> tuple[str, str]:
    advice = ngettext(
        "Ambil %(num)s buku dari rak yang tertera.",
        "Ambil %(num)s buku dari rak yang tertera.",
        facts.get("books", 0),
    )
    if "lookup" in facts:
        identity = gettext("Tanpa kode: minta kartu identitasnya.")
        advice = f"{advice} {identity}"
    return _merged(facts) or gettext("Silakan dilayani"), advice


def _merged(facts: dict[str, Any]) -> str | None:
    """The code was of another waiting vehicle, whose number is gone now."""
    if "merged" not in facts:
        return None
    return gettext("Kode %(no)s digabung ke %(into)s", no=facts["merged"], into=facts["queue_no"])


def _open_elsewhere(facts: dict[str, Any]) -> tuple[str, str]:
    if facts.get("parked"):
        return _parked(facts)
    if "idle_s" in facts:
        idle = gettext(
            "Tidak ada kegiatan di sana selama %(age)s. Tanyakan jalur %(n)s di mana bukunya, lalu ambil alih.",
            age=formats.age(facts["idle_s"]),
            n=facts.get("lane"),
        )
        return gettext("Sedang dibuka di jalur %(n)s", n=facts.get("lane")), idle
    advice = gettext(
        "Dibuka sejak %(age)s lalu. Hubungi jalur %(n)s sebelum melanjutkan.",
        age=formats.age(facts.get("since_s")),
        n=facts.get("lane"),
    )
    return gettext("Sedang dibuka di jalur %(n)s", n=facts.get("lane")), advice


def _parked(facts: dict[str, Any]) -> tuple[str, str]:
    """The vehicle waits at the side. Its books lie at the window of the officer who is named beside this."""
    title = gettext("Menunggu di tepi, ditunda di jalur %(n)s", n=facts.get("lane"))
    if "idle_s" in facts:
        return title, gettext("Tanyakan jalur %(n)s di mana bukunya, lalu ambil alih.", n=facts.get("lane"))
    return title, gettext("Petugas jalur %(n)s melanjutkannya. Minta kendaraan tetap di tepi.", n=facts.get("lane"))


def _malformed(facts: dict[str, Any]) -> tuple[str, str]:
    if facts.get("mistyped"):
        return gettext("Kode salah ketik"), gettext(
            "Periksa lagi 8 huruf dan angkanya di halaman atau slip pengambilan."
        )
    advice = gettext("Pindai kode QR di halaman atau slip pengambilan, bukan di paspor.")
    return gettext("Bukan kode pengambilan"), advice


def _held(facts: dict[str, Any]) -> tuple[str, str]:
    """Only a supervisor opens the lock of a book; anything else needs the inside counter."""
    if facts.get("locked"):
        return gettext("Buku terkunci"), gettext("Panggil penyelia; hanya penyelia yang dapat membuka kuncinya.")
    return gettext("Perlu diperiksa"), gettext("Arahkan ke loket dalam, tanpa menyebut alasannya di jalur.")


def _unknown(facts: dict[str, Any]) -> tuple[str, str]:
    """One text for an unknown number and a wrong birth date: the difference would be an answer to a guess."""
    if facts.get("lookup") == "several":
        return gettext("Lebih dari satu yang cocok"), gettext(
            "Ketik seluruh nomor permohonan, bukan 6 angka terakhirnya."
        )
    if "lookup" in facts:
        return gettext("Tidak ditemukan"), gettext(
            "Nomor permohonan atau tanggal lahirnya tidak cocok. Periksa keduanya, atau arahkan ke loket dalam."
        )
    return gettext("Kode tidak dikenal"), gettext("Bentuknya benar, tetapi tidak terdaftar. Ketik kode pengambilan.")


def _revoked(facts: dict[str, Any]) -> tuple[str, str]:
    if "lookup" in facts:
        return gettext("Kodenya dicabut"), gettext("Jangan serahkan. Arahkan ke loket dalam.")
    return gettext("Kode sudah diganti"), gettext("Minta pengambil membuka kode QR terbaru di halamannya.")


def _visit_over(facts: dict[str, Any]) -> tuple[str, str]:
    """The visit has ended after the scan. One that may come back is scanned again."""
    title = visit_sentence(facts["state"], facts["queue_no"], facts.get("lane"))
    if facts["state"] == states.DONE:
        return title, gettext("Jangan serahkan lagi. Pindai kode berikutnya.")
    return title, gettext("Jangan serahkan. Pindai lagi bila kendaraannya ada di sini.")


def _wrong_office(facts: dict[str, Any]) -> tuple[str, str]:
    advice = gettext("Buku tersimpan di %(office)s. Arahkan pengambil ke sana.", office=facts.get("office"))
    return gettext("Buku di kantor lain"), advice


def _closed(facts: dict[str, Any]) -> tuple[str, str]:
    """Why no vehicle is admitted, and when one is again. Older stored answers contain only the hours."""
    titles = {
        "by_hand": gettext("Layanan sedang ditutup"),
        "quota": gettext("Kuota hari ini sudah penuh"),
        "last_vehicle": gettext("Kendaraan terakhir sudah lewat"),
    }
    reason = facts.get("reason", "hours")
    if reason == "slot":
        return _needs_slot(facts)
    if "reason" not in facts and "opens_at" not in facts and facts.get("lane_closed"):
        return gettext("Jalur ditutup"), gettext(
            "Jalur ini sedang ditutup. Pakai jalur lain, atau minta penyelia membukanya."
        )
    advice = f"{_why_closed(reason, facts)} {_when_open(reason, facts)}".strip()
    return titles.get(reason, gettext("Di luar jam layanan")), advice


def _needs_slot(facts: dict[str, Any]) -> tuple[str, str]:
    """The office admits only vehicles with a slot. A reason for priority admits an urgent vehicle without one."""
    urgent = gettext("Bila mendesak, pilih alasan prioritas lalu pindai lagi.")
    if "booked_for" in facts:
        own = gettext("Jadwalnya %(when)s.", when=_moment(facts, "booked_for"))
        return gettext("Di luar jadwalnya"), f"{own} {urgent}"
    first = gettext("Pemohon memesan waktu di halaman pengambilannya.")
    return gettext("Perlu memesan jadwal"), f"{first} {urgent}"


def _why_closed(reason: str, facts: dict[str, Any]) -> str:
    if reason == "by_hand" and "until" in facts:
        return gettext("Ditutup sementara sampai %(when)s.", when=_moment(facts, "until"))
    if reason == "by_hand":
        return gettext("Ditutup sementara; penyelia yang membukanya lagi.")
    if reason == "quota" and int(facts.get("kept", 0)):
        return gettext("Sisa tempat hari ini untuk kendaraan yang sudah memesan jadwal.")
    if reason == "quota":
        return gettext("Banyaknya kendaraan hari ini sudah tercapai.")
    if reason == "last_vehicle":
        return gettext("Kendaraan terakhir diterima sebelum %(when)s.", when=_moment(facts, "last_vehicle_at"))
    return ""


def _when_open(reason: str, facts: dict[str, Any]) -> str:
    if "opens_at" not in facts:
        if reason == "by_hand":  # the sentence before this one states all that is known
            return ""
        return gettext("Jadwal layanan berikutnya belum ditetapkan. Arahkan ke loket dalam.")
    if facts["opens_at"] == facts.get("until"):
        return ""
    opens = _local(facts, "opens_at")
    return gettext(
        "Layanan dibuka lagi %(day)s, pukul %(time)s.", day=formats.weekday_date(opens), time=formats.clock_zone(opens)
    )


def _moment(facts: dict[str, Any], name: str) -> str:
    return labels.when(_local(facts, name), clock.local(clock.now(), facts["timezone"]))


def _local(facts: dict[str, Any], name: str) -> datetime:
    return clock.local(datetime.fromisoformat(facts[name]), facts["timezone"])


# verdict -> its texts, rendered only when they are needed, because a vehicle waits for every scan
TEXTS: dict[str, Callable[[dict[str, Any]], tuple[str, str]]] = {
    "ok": _ok,
    "repeat": lambda facts: (
        _merged(facts) or gettext("Sudah terbaca"),
        gettext("Baru saja dipindai di jalur ini. Lanjutkan kunjungan yang sama."),
    ),
    "open_elsewhere": _open_elsewhere,
    "collected": lambda _: (
        gettext("Sudah diserahkan"),
        gettext("Jangan serahkan lagi. Arahkan ke loket dalam."),
    ),
    "revoked": _revoked,
    "cancelled": lambda _: (gettext("Paspor dibatalkan"), gettext("Jangan serahkan. Arahkan ke loket dalam.")),
    "held": _held,
    "overdue": lambda _: (
        gettext("Lewat batas waktu"),
        gettext("Belum dibatalkan. Panggil penyelia untuk memutuskan."),
    ),
    "wrong_office": _wrong_office,
    "closed": _closed,
    "visit_over": _visit_over,
    "visit_left": lambda facts: (
        gettext("Kode ini tidak ikut %(no)s lagi", no=facts["queue_no"]),
        gettext("Jangan serahkan. Pindai lagi kodenya."),
    ),
    "called_elsewhere": lambda facts: (
        gettext("%(no)s dipanggil ke jalur %(n)s", no=facts["queue_no"], n=facts["lane"]),
        gettext("Arahkan kendaraannya ke jalur %(n)s.", n=facts["lane"]),
    ),
    "changed": lambda _: (
        gettext("Keadaannya sudah berubah"),
        gettext("Pindai lagi kodenya untuk melanjutkan."),
    ),
    "unknown": _unknown,
    "malformed": _malformed,
}
