"""What the register and statistics may refuse: each code with its sentence."""

from flask_babel import lazy_gettext as _l

from ampera.errors import ErrorCode, register


@register
class ReportRefusal(ErrorCode):
    RANGE_TOO_LONG = "range_too_long", _l("Rentang ini terlalu panjang. Pilih rentang yang lebih pendek.")
    TOO_MANY_ROWS = "too_many_rows", _l("Terlalu banyak baris untuk dicetak. Pilih hari yang lebih sedikit.")
    SEARCH_ENDED = "search_ended", _l("Pencarian ini sudah berakhir. Ketik lagi yang dicari.")
