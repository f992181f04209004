"""The words of each verdict: a title and one sentence of advice, in the reader's language and in both."""

from datetime import datetime
from typing import Any

from flask_babel import force_locale, gettext, ngettext

from ampera import clock
from ampera.languages import LANGUAGES
from ampera.offices import wording


def worded(answer: dict[str, Any]) -> dict[str, Any]:
    """The stored answer of a scan with `title` and `advice`, and `texts` in Indonesian and English."""
    texts = {}
    for language in LANGUAGES:
        with force_locale(language):
            title, advice = _words(answer["verdict"], answer["facts"])
            texts[language] = {"title": title, "advice": advice}
    title, advice = _words(answer["verdict"], answer["facts"])
    return {**answer, "title": title, "advice": advice, "texts": texts}


def _words(verdict: str, facts: dict[str, Any]) -> tuple[str, str]:
    if verdict == "closed":
        return gettext("Di luar jam layanan"), _when_open(facts)
    words = {
        "ok": (
            gettext("Silakan dilayani"),
            ngettext(
                "Ambil %(num)s buku dari rak yang tertera.",
                "Ambil %(num)s buku dari rak yang tertera.",
                facts.get("books", 0),
            ),
        ),
        "repeat": (
            gettext("Sudah terbaca"),
            gettext("Baru saja dipindai di jalur ini. Lanjutkan kunjungan yang sama."),
        ),
        "open_elsewhere": (
            gettext("Sedang dibuka di jalur %(n)s", n=facts.get("lane")),
            gettext(
                "Dibuka sejak %(s)s detik lalu. Hubungi jalur %(n)s sebelum melanjutkan.",
                s=facts.get("since_s"),
                n=facts.get("lane"),
            ),
        ),
        "collected": (gettext("Sudah diserahkan"), gettext("Jangan serahkan lagi. Arahkan ke loket dalam.")),
        "revoked": (
            gettext("Kode sudah diganti"),
            gettext("Minta pengambil membuka kode QR terbaru di halamannya."),
        ),
        "cancelled": (gettext("Paspor dibatalkan"), gettext("Jangan serahkan. Arahkan ke loket dalam.")),
        "held": (
            gettext("Perlu diperiksa"),
            gettext("Arahkan ke loket dalam, tanpa menyebut alasannya di jalur."),
        ),
        "overdue": (
            gettext("Lewat batas waktu"),
            gettext("Belum dibatalkan. Panggil penyelia untuk memutuskan."),
        ),
        "wrong_office": (
            gettext("Buku di kantor lain"),
            gettext("Buku tersimpan di %(office)s. Arahkan pengambil ke sana.", office=facts.get("office")),
        ),
        "unknown": (
            gettext("Kode tidak dikenal"),
            gettext("Bentuknya benar, tetapi tidak terdaftar. Ketik kode pengambilan."),
        ),
        "malformed": (
            gettext("Bukan kode pengambilan"),
            gettext("Pindai kode QR di halaman atau slip pengambilan, bukan di paspor."),
        ),
    }
    return words[verdict]


def _when_open(facts: dict[str, Any]) -> str:
    if "opens_at" in facts:
        opens = clock.local(datetime.fromisoformat(facts["opens_at"]), facts["timezone"])
        return gettext(
            "Layanan dibuka lagi %(day)s, pukul %(time)s.", day=wording.weekday_and_date(opens), time=wording.at(opens)
        )
    if facts.get("lane_closed"):
        return gettext("Jalur ini sedang ditutup. Pakai jalur lain, atau minta penyelia membukanya.")
    return gettext("Jadwal layanan berikutnya belum ditetapkan. Arahkan ke loket dalam.")
