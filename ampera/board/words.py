"""What a screen says. Always both languages, whoever set up its browser: Indonesian large, English below it."""

WORDS = {
    "called": ("Silakan masuk", "Please proceed"),
    "serving": ("Sedang dilayani", "Being served"),
    "empty": ("Belum ada panggilan", "No call yet"),
    "closed": ("Tutup", "Closed"),
    "announced": ("Nomor antrean {n}, silakan menuju jalur {lane}", "Queue number {n}, please proceed to lane {lane}"),
    "nobody": ("Belum ada kendaraan menunggu", "No vehicles waiting"),
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
