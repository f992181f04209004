"""What the desk's pages may refuse: each code with its sentence."""

from flask_babel import lazy_gettext as _l

from ampera.errors import ErrorCode, register


@register
class DeskRefusal(ErrorCode):
    TOO_MANY_NUMBERS = "too_many_numbers", _l("Terlalu banyak nomor sekali periksa. Catat hasilnya dulu.")
