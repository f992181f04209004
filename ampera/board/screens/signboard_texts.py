"""What a screen says. Always both languages, whoever set up its browser: Indonesian large, English below it.

Nothing personal, and never why a vehicle is turned away: of the line only whether one may still join it.
"""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from ampera import clock, formats

# A number does not stand alone in the next row: \u00a0 keeps it beside its word.
WORDS = {
    "called": ("Silakan masuk", "Please proceed"),
    "called_window": ("Silakan ke loket\u00a0{window}", "Please go to window\u00a0{window}"),
    "serving": ("Sedang dilayani", "Being served"),
    "serving_window": ("Dilayani di loket\u00a0{window}", "Served at window\u00a0{window}"),
    "empty": ("Belum ada panggilan", "No call yet"),
    "closed": ("Tutup", "Closed"),
    "announced": ("Nomor antrean {n}, silakan menuju jalur {lane}", "Queue number {n}, please proceed to lane {lane}"),
    "announced_window": (
        "Nomor antrean {n}, silakan menuju jalur {lane}, loket {window}",
        "Queue number {n}, please proceed to lane {lane}, window {window}",
    ),
    "announced_short": ("{n}, silakan ke jalur {lane}", "to lane {lane}"),
    "announced_short_window": ("{n}, silakan ke jalur {lane}, loket {window}", "to lane {lane}, window {window}"),
    "nobody": ("Belum ada kendaraan menunggu", "No vehicles waiting"),
    "line_hours": ("Di luar jam layanan", "Outside service hours"),
    "line_by_hand": ("Antrean sedang ditutup", "The queue is closed for now"),
    "line_quota": ("Kuota hari ini sudah penuh", "Today's quota is full"),
    "line_last_vehicle": ("Kendaraan terakhir sudah diterima", "The last vehicle has been taken"),
    "line_again": ("Dibuka lagi {day}, pukul {time}", "Opens again {day} at {time}"),
    "day_today": ("hari ini", "today"),
    "day_0": ("Senin", "on Monday"),
    "day_1": ("Selasa", "on Tuesday"),
    "day_2": ("Rabu", "on Wednesday"),
    "day_3": ("Kamis", "on Thursday"),
    "day_4": ("Jumat", "on Friday"),
    "day_5": ("Sabtu", "on Saturday"),
    "day_6": ("Minggu", "on Sunday"),
    "sound_blocked": ("Suara belum diizinkan", "Sound is not allowed yet"),
    "sound_off": ("Suara dimatikan di sini", "Sound is off here"),
    "sound_quiet": ("Jam hening, tanpa suara", "Quiet hours, no sound"),
    "sound_test": ("Uji suara", "Sound test"),
    "stale": ("Gangguan sambungan. Ikuti arahan petugas.", "Connection problem. Please follow the officers."),
}
# A screen that shows a single lane has room to name it.
CALLED_TO = ("Silakan masuk jalur {lane}", "Please proceed to lane {lane}")


def on_screen(single_lane: int | None) -> dict[str, str]:
    """The words by key, the English ones under `<key>.en`."""
    words = dict(WORDS)
    if single_lane is not None:
        words["called"] = (CALLED_TO[0].format(lane=single_lane), CALLED_TO[1].format(lane=single_lane))
    return {key + suffix: text for key, pair in words.items() for suffix, text in zip(("", ".en"), pair, strict=True)}


def line_said(line: dict[str, Any], timezone: str) -> tuple[str, str] | None:
    """Why nobody may join the line and when it opens again, in both languages; None while it is open."""
    if line["open"] or not line["reason"]:
        return None
    texts = WORDS[f"line_{line['reason']}"]
    until = line["until"] or line["opens_at"]
    if not until:
        return f"{texts[0]}.", f"{texts[1]}."
    local = datetime.fromisoformat(until).astimezone(ZoneInfo(timezone))
    days = WORDS[_day(local.date(), clock.today(timezone))]
    first, second = (
        again.format(day=day, time=formats.time(until, timezone))
        for again, day in zip(WORDS["line_again"], days, strict=True)
    )
    return f"{texts[0]}. {first}.", f"{texts[1]}. {second}."


def _day(day: date, today: date) -> str:
    return "day_today" if day == today else f"day_{day.weekday()}"
