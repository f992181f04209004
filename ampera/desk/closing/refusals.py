"""What the end of a day may refuse: each code with its sentence."""

from flask_babel import lazy_gettext as _l

from ampera.errors import ErrorCode, register


@register
class ClosingRefusal(ErrorCode):
    DAY_IS_CLOSED = "day_is_closed", _l("Hari ini sudah ditutup.")
    DAY_IN_THE_FUTURE = "day_in_the_future", _l("Hari ini belum tiba.")
    NOTHING_TO_CLOSE = "nothing_to_close", _l("Pada hari ini tidak ada yang tercatat, jadi tidak ada yang ditutup.")
    VEHICLES_STILL_HERE = (
        "vehicles_still_here",
        _l("Masih ada kendaraan dalam antrean. Selesaikan kunjungannya dulu, lalu tutup hari ini."),
    )
