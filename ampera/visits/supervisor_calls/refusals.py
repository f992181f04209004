"""What calls for a supervisor may refuse: each code with its sentence."""

from flask_babel import lazy_gettext as _l

from ampera.errors import ErrorCode, register


@register
class SupervisorCallRefusal(ErrorCode):
    CALL_TAKEN = "call_taken", _l("Penyelia lain sudah mengambil panggilan ini.")
    CALL_OVER = "call_over", _l("Panggilan untuk penyelia ini sudah berakhir.")
    OWN_CALL = "own_call", _l("Yang memutuskan harus penyelia lain, bukan petugas yang memanggil atau melayani.")
    NOT_A_SUPERVISOR = "not_a_supervisor", _l("Akun ini bukan penyelia kantor ini.")
    NOTHING_TO_DECIDE = "nothing_to_decide", _l("Tidak ada buku di kendaraan ini yang memerlukan keputusan itu.")
