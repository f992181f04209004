"""What messages to applicants may refuse: each code with its sentence."""

from flask_babel import lazy_gettext as _l

from ampera.errors import ErrorCode, register


@register
class NoticeRefusal(ErrorCode):
    NO_ADDRESS = "no_address", _l("Tidak ada alamat yang dapat dipakai. Perbaiki kontak buku ini dulu.")
