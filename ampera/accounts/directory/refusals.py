"""What the sign-in with a directory may refuse: each code with its sentence."""

from flask_babel import lazy_gettext as _l

from ampera.errors import ErrorCode, register


@register
class DirectoryRefusal(ErrorCode):
    UNREACHABLE = (
        "directory_unreachable",
        _l("Direktori tidak menjawab. Coba lagi sebentar lagi, atau masuk dengan akun kantor ini."),
    )
    REFUSED = "directory_refused", _l("Direktori tidak memasukkan Anda. Mulai lagi dari halaman masuk.")
    NO_RIGHT = (
        "directory_no_right",
        _l("Akun direktori Anda tidak punya hak di sini. Minta pengelola direktori memasukkan Anda ke grup kantor."),
    )
    SEVERAL_OFFICES = (
        "directory_several_offices",
        _l("Grup Anda di direktori menunjuk beberapa kantor. Minta pengelola direktori menyisakan satu."),
    )
    DISABLED = "directory_account_disabled", _l("Akun Anda dinonaktifkan di sini. Hubungi administrator kantor.")
    OTHER_PERSON = (
        "directory_other_person",
        _l("Direktori memasukkan orang lain. Keluar dulu di sana, lalu ulangi dengan akun Anda."),
    )
