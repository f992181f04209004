"""What sign-in, staff and devices may refuse: each code with its sentence."""

from flask_babel import lazy_gettext as _l

from ampera.errors import ErrorCode, register


@register
class AccountRefusal(ErrorCode):
    WRONG_PASSWORD = "wrong_password", _l("Nama masuk atau kata sandi tidak cocok. Periksa huruf besar dan coba lagi.")
    ACCOUNT_RESTS = (
        "account_rests",
        _l("Terlalu banyak kata sandi yang salah. Akun ini diistirahatkan sebentar; coba lagi nanti."),
    )
    LOGIN_TAKEN = "login_taken", _l("Nama masuk ini sudah dipakai.")
    UNKNOWN_ROLE = "unknown_role", _l("Peran ini tidak ada.")
    FRESH_SIGN_IN_NEEDED = "fresh_sign_in_needed", _l("Ketik ulang kata sandi Anda untuk tindakan ini.")
    CODE_UNKNOWN = (
        "code_unknown",
        _l("Kode ini salah atau sudah berganti. Ketik kode yang sekarang tampil di layarnya."),
    )
