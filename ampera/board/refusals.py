"""What screens and places may refuse: each code with its sentence."""

from flask_babel import lazy_gettext as _l

from ampera.errors import ErrorCode, register


@register
class BoardRefusal(ErrorCode):
    UNKNOWN_PLACE = "unknown_place", _l("Tempat ini tidak ada di kantor Anda.")
    LANE_IN_USE = (
        "lane_in_use",
        _l("Ada kendaraan di jalur ini, jadi layarnya tidak diuji. Coba lagi bila jalur kosong."),
    )
    BAD_VOLUME = "bad_volume", _l("Isi dengan angka 0 sampai 100.")
