"""The texts of a screen, always in both languages: Indonesian in large type, English below.

They hold nothing personal and never say why a vehicle is turned away, only whether one may still join the queue.
"""

from datetime import date, datetime
from functools import cache
from typing import Any

from ampera import clock, formats
from ampera.languages import LANGUAGES, Bilingual, both, both_in


@cache
def texts() -> dict[str, Bilingual]:
    """The texts by key. Scripts fill the {placeholders} too. A \\u00a0 keeps a number on the line of its word."""
    return {
        "called": both("Silakan masuk"),
        "called_window": both("Silakan ke loket\u00a0{window}"),
        "called_window_short": both("Ke loket\u00a0{window}"),
        "serving": both("Sedang dilayani"),
        "serving_window": both("Dilayani di loket\u00a0{window}"),
        "serving_window_short": both("Di loket\u00a0{window}"),
        "parked": both("Menunggu di tepi"),
        "test": both("Uji layar, bukan panggilan"),
        "empty": both("Belum ada panggilan"),
        "closed": both("Tutup"),
        "announced": both("Nomor antrean {n}, silakan menuju jalur {lane}"),
        "announced_window": both("Nomor antrean {n}, silakan menuju jalur {lane}, loket {window}"),
        "announced_short": both("{n}, silakan ke jalur {lane}"),
        "announced_short_window": both("{n}, silakan ke jalur {lane}, loket {window}"),
        "nobody": both("Belum ada kendaraan menunggu"),
        "line_hours": both("Di luar jam layanan"),
        "line_by_hand": both("Antrean sedang ditutup"),
        "line_quota": both("Kuota hari ini sudah penuh"),
        "line_last_vehicle": both("Kendaraan terakhir sudah diterima"),
        "line_again": both("Dibuka lagi {day}, pukul {time}"),
        "day_today": both("hari ini"),
        "day_0": both_in("screen", "Senin"),
        "day_1": both_in("screen", "Selasa"),
        "day_2": both_in("screen", "Rabu"),
        "day_3": both_in("screen", "Kamis"),
        "day_4": both_in("screen", "Jumat"),
        "day_5": both_in("screen", "Sabtu"),
        "day_6": both_in("screen", "Minggu"),
        "sound_blocked": both("Suara belum diizinkan"),
        "sound_off": both("Suara dimatikan di sini"),
        "sound_quiet": both("Jam hening, tanpa suara"),
        "sound_test": both_in("screen", "Uji suara"),
        "stale": both("Gangguan sambungan. Ikuti arahan petugas."),
    }


def on_screen(single_lane: int | None) -> dict[str, str]:
    """The texts by key, the English ones under `<key>.en`. A screen that shows a single lane has room to name it."""
    shown = dict(texts())
    if single_lane is not None:
        shown["called"] = both("Silakan masuk jalur {lane}").format(lane=single_lane)
    return {key + suffix: text for key, pair in shown.items() for suffix, text in zip(("", ".en"), pair, strict=True)}


def closed_line(line: dict[str, Any], timezone: str) -> Bilingual | None:
    """Why no vehicle may join the queue, and when one may again; None while the queue is open."""
    if line["open"] or not line["reason"]:
        return None
    reason, until = texts()[f"line_{line['reason']}"], line["until"] or line["opens_at"]
    if not until:
        return Bilingual(*(f"{text}." for text in reason))
    day = clock.local(datetime.fromisoformat(until), timezone).date()
    times = Bilingual(*(formats.time(until, timezone, language) for language in LANGUAGES))
    again = texts()["line_again"].format(day=texts()[_day(day, clock.today(timezone))], time=times)
    return Bilingual(*(f"{text}. {opens}." for text, opens in zip(reason, again, strict=True)))


def _day(day: date, today: date) -> str:
    return "day_today" if day == today else f"day_{day.weekday()}"
