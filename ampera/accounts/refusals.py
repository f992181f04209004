"""What sign-in, staff and devices may refuse: each code with its sentence."""

from flask_babel import lazy_gettext as _l

from ampera.errors import ErrorCode, register

MISSED = 401  # the status of a proof that was wrong or used before


@register
class AccountRefusal(ErrorCode):
    WRONG_PASSWORD = "wrong_password", _l("Kata sandi ini tidak cocok. Periksa huruf besar dan coba lagi.")
    ACCOUNT_RESTS = (
        "account_rests",
        _l("Terlalu banyak kata sandi yang salah. Akun ini dikunci sementara; coba lagi nanti."),
    )
    LOGIN_TAKEN = "login_taken", _l("Nama masuk ini sudah dipakai.")
    UNKNOWN_ROLE = "unknown_role", _l("Peran ini tidak ada.")
    LOGIN_INVALID = (
        "login_invalid",
        _l("Nama masuk terdiri atas huruf kecil a sampai z, angka, titik, garis bawah atau tanda hubung, tanpa spasi."),
    )
    NAME_INVALID = (
        "staff_name_invalid",
        _l("Nama ditulis dalam satu baris, paling panjang 80 huruf, tanpa tanda khusus."),
    )
    ROLE_ABOVE_OWNER = "role_above_owner", _l("Peran kunci tidak boleh melebihi peran pemiliknya.")
    UNKNOWN_SCOPE = "unknown_scope", _l("Bagian API ini tidak ada.")
    NETWORK_INVALID = (
        "network_invalid",
        _l("Tulis alamat atau jaringan IP, dipisah spasi, misalnya 10.1.2.0/24; paling banyak 20."),
    )
    KEY_ENDED = "key_ended", _l("Kunci ini sudah berakhir. Buat kunci baru.")
    OWN_ACCOUNT = "own_account", _l("Ini akun Anda sendiri. Mintalah administrator lain, atau buka halaman Akun saya.")
    LAST_ADMINISTRATOR = (
        "last_administrator",
        _l("Ini administrator aktif yang terakhir. Buat administrator lain lebih dulu."),
    )
    PASSWORD_WEAK = "password_weak", _l("Kata sandi ini mudah ditebak. Pakai empat kata yang tidak berhubungan.")
    IDENTIFICATION_MISSING = (
        "identification_missing",
        _l("Pilih cara Anda memastikan bahwa benar orang ini yang meminta."),
    )
    WHOLE_SIGN_IN_NEEDED = (
        "whole_sign_in_needed",
        _l("Masuk lagi dengan langkah kedua Anda, lalu ubah langkah kedua dalam sepuluh menit."),
    )
    PASSWORD_LEAKED = (
        "password_leaked",
        _l("Kata sandi ini pernah bocor di tempat lain, dan orang mencobanya. Pakai yang lain."),
    )
    PASSWORD_SHORT = "password_short", _l("Kata sandi terdiri atas sedikitnya 15 huruf, misalnya empat kata.")
    PASSWORD_VERY_SHORT = "password_very_short", _l("Kata sandi terdiri atas sedikitnya 8 huruf.")
    PASSWORD_LONG = "password_long", _l("Kata sandi terdiri atas paling banyak 200 huruf.")
    PASSWORD_SAME = "password_same", _l("Kata sandi yang baru harus berbeda dari yang lama.")
    PASSWORD_UNLIKE = "password_unlike", _l("Kedua kata sandi yang baru tidak sama.")
    PASSWORD_SHORT_ALONE = (
        "password_short_alone",
        _l("Kata sandi Anda terlalu pendek tanpa langkah kedua. Ganti dulu dengan sedikitnya 15 huruf."),
    )
    FACTOR_NEEDED = "factor_needed", _l("Akun ini memerlukan langkah kedua. Ketik juga kode enam angka dari aplikasi.")
    FACTOR_WRONG = (
        "factor_wrong",
        _l("Kode ini salah atau sudah dipakai. Tunggu kode berikutnya di aplikasi, lalu ketik lagi."),
    )
    FACTOR_REQUIRED = (
        "factor_required",
        _l("Peran Anda memerlukan langkah kedua. Pasang yang lain lebih dulu."),
    )
    BADGE_UNKNOWN = (
        "badge_unknown",
        _l("Lencana ini tidak berlaku di tablet ini. Pilih nama, atau masuk dengan kata sandi."),
    )
    PIN_WRONG = "pin_wrong", _l("PIN ini tidak cocok. Setelah lima kali salah hanya kata sandi yang berlaku.")
    PIN_OVER = "pin_over", _l("PIN ini sudah berakhir. Masuk dengan kata sandi.")
    PIN_SHAPE = "pin_shape", _l("PIN terdiri atas enam angka.")
    PIN_EASY = "pin_easy", _l("PIN ini mudah ditebak. Pakai angka yang lebih beragam.")
    PIN_UNLIKE = "pin_unlike", _l("Kedua PIN tidak sama.")
    PASSKEY_REFUSED = (
        "passkey_refused",
        _l("Kunci sandi ini tidak diterima. Coba lagi, atau pakai cara masuk yang lain."),
    )
    PASSKEY_KNOWN = "passkey_known", _l("Kunci sandi ini sudah terpasang.")
    TOO_MANY_PASSKEYS = "too_many_passkeys", _l("Paling banyak sepuluh kunci sandi. Hapus satu lebih dulu.")
    FRESH_SIGN_IN_NEEDED = "fresh_sign_in_needed", _l("Ketik ulang kata sandi Anda untuk tindakan ini.")
    TABLET_NEEDED = (
        "tablet_needed",
        _l("Peran Anda hanya masuk di tablet kantor yang terdaftar. Peramban ini belum terdaftar."),
    )
    TABLET_OF_OTHER_OFFICE = "tablet_of_other_office", _l("Tablet ini terdaftar pada kantor lain.")
    TABLET_NOT_FOR_ROLE = (
        "tablet_not_for_role",
        _l("Tablet ini tidak terdaftar untuk peran Anda. Pakai tablet lain atau komputer."),
    )
    DEVICE_NAME_NEEDED = "device_name_needed", _l("Beri tablet ini nama, misalnya tempatnya.")
    DIRECTORY_ACCOUNT = (
        "directory_account",
        _l("Akun ini berasal dari direktori. Kata sandi dan perannya diatur di sana."),
    )
    DIRECTORY_PROOF_NEEDED = (
        "directory_proof_needed",
        _l("Tindakan ini perlu dibuktikan lagi dengan akun direktori Anda. Buka tautannya, lalu ulangi."),
    )
    CODE_UNKNOWN = (
        "code_unknown",
        _l("Kode ini salah atau sudah berganti. Ketik kode yang sekarang tampil di layarnya."),
    )
