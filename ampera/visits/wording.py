"""The words of each verdict: a title and one sentence of advice, in the reader's language and in both."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask_babel import force_locale, get_locale, gettext, ngettext

from ampera import clock
from ampera.languages import LANGUAGES
from ampera.offices import wording


def worded(answer: dict[str, Any]) -> dict[str, Any]:
    """The stored answer of a scan with `title` and `advice`, and `texts` in Indonesian and English."""
    texts = {}
    for language in LANGUAGES:
        with force_locale(language):
            title, advice = WORDS[answer["verdict"]](answer["facts"])
        texts[language] = {"title": title, "advice": advice}
    return {**answer, **texts[str(get_locale())], "texts": texts}


def _ok(facts: dict[str, Any]) -> tuple[str, str]:
    advice = ngettext(
        "Ambil %(num)s buku dari rak yang tertera.",
        "Ambil %(num)s buku dari rak yang tertera.",
        facts.get("books", 0),
    )
    return gettext("Silakan dilayani"), advice


def _open_elsewhere(facts: dict[str, Any]) -> tuple[str, str]:
    advice = gettext(
        "Dibuka sejak %(s)s detik lalu. Hubungi jalur %(n)s sebelum melanjutkan.",
        s=facts.get("since_s"),
        n=facts.get("lane"),
    )
    return gettext("Sedang dibuka di jalur %(n)s", n=facts.get("lane")), advice


def _wrong_office(facts: dict[str, Any]) -> tuple[str, str]:
    advice = gettext("Buku tersimpan di %(office)s. Arahkan pengambil ke sana.", office=facts.get("office"))
    return gettext("Buku di kantor lain"), advice


def _when_open(facts: dict[str, Any]) -> str:
    if "opens_at" in facts:
        opens = clock.local(datetime.fromisoformat(facts["opens_at"]), facts["timezone"])
        return gettext(
            "Layanan dibuka lagi %(day)s, pukul %(time)s.", day=wording.weekday_and_date(opens), time=wording.at(opens)
        )
    if facts.get("lane_closed"):
        return gettext("Jalur ini sedang ditutup. Pakai jalur lain, atau minta penyelia membukanya.")
    return gettext("Jadwal layanan berikutnya belum ditetapkan. Arahkan ke loket dalam.")


# verdict -> its words, made only when they are needed: a scan is on the way of a waiting car
WORDS: dict[str, Callable[[dict[str, Any]], tuple[str, str]]] = {
    "ok": _ok,
    "repeat": lambda _: (
        gettext("Sudah terbaca"),
        gettext("Baru saja dipindai di jalur ini. Lanjutkan kunjungan yang sama."),
    ),
    "open_elsewhere": _open_elsewhere,
    "collected": lambda _: (
        gettext("Sudah diserahkan"),
        gettext("Jangan serahkan lagi. Arahkan ke loket dalam."),
    ),
    "revoked": lambda _: (
        gettext("Kode sudah diganti"),
        gettext("Minta pengambil membuka kode QR terbaru di halamannya."),
    ),
    "cancelled": lambda _: (gettext("Paspor dibatalkan"), gettext("Jangan serahkan. Arahkan ke loket dalam.")),
    "held": lambda _: (
        gettext("Perlu diperiksa"),
        gettext("Arahkan ke loket dalam, tanpa menyebut alasannya di jalur."),
    ),
    "overdue": lambda _: (
        gettext("Lewat batas waktu"),
        gettext("Belum dibatalkan. Panggil penyelia untuk memutuskan."),
    ),
    "wrong_office": _wrong_office,
    "closed": lambda facts: (gettext("Di luar jam layanan"), _when_open(facts)),
    "unknown": lambda _: (
        gettext("Kode tidak dikenal"),
        gettext("Bentuknya benar, tetapi tidak terdaftar. Ketik kode pengambilan."),
    ),
    "malformed": lambda _: (
        gettext("Bukan kode pengambilan"),
        gettext("Pindai kode QR di halaman atau slip pengambilan, bukan di paspor."),
    ),
}
