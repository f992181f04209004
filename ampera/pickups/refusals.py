"""What links, codes and intake may refuse: each code with its sentence."""

from flask_babel import lazy_gettext as _l

from ampera.errors import ErrorCode, register


@register
class PickupRefusal(ErrorCode):
    UNKNOWN_LINK = "unknown_link", _l("Tautan ini tidak dikenal.")
    UNKNOWN_FIELD = "unknown_field", _l("Isian ini tidak dikenal.")
