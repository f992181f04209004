"""Addresses in settings: each is read by the parser that uses it, and a refusal says what to write."""

import pytest

from ampera.settings import SettingsError
from tests.conftest import settings_for

FROM = {"MAIL_FROM": "Kantor Contoh <paspor@contoh.example>"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PUBLIC_URL", "https://paspor.example.go.id/"),
        ("PUBLIC_URL", "http://127.0.0.1:8841"),
        ("PUBLIC_URL", "https://[fd00::20]:8443"),
        ("PUBLIC_URL", "https://10.0.0.1"),
        ("BIND", "[::]:8000"),
        ("BIND", "ampera.lan:443"),
        ("MAIL_URL", "smtp://127.0.0.1:25"),
        ("MAIL_URL", "smtp://[::1]:2525"),
        ("MAIL_URL", "smtps://petugas%40contoh.example:a%3Ab%2Fc@mail.contoh.example"),
        ("REDIS_URL", "redis://:sandi@127.0.0.1:6379/0"),
        ("DATABASE_URL", "postgresql+psycopg://ampera:sandi@/ampera?host=/run/postgresql"),
        ("HOSTS", "ampera.lan, LOKET.lan."),
        ("HOSTS", "kantör.lan,10.0.0.1,"),
        ("MAIL_FROM", "paspor@contoh.example"),
        ("PROXIES", "2"),
    ],
)
def test_address_that_the_program_can_use_is_taken(tmp_path, name, value):
    settings_for(tmp_path, **{**FROM, name: value})


@pytest.mark.parametrize(
    ("name", "value", "advice"),
    [
        ("PUBLIC_URL", "paspor.example.go.id", "https://"),
        ("PUBLIC_URL", "https://paspor.example.go.id/ambil", "without a path"),
        ("PUBLIC_URL", "https://paspor.example.go.id?x=1", "without a path"),
        ("PUBLIC_URL", "https://petugas:sandi@paspor.example.go.id", "a password"),
        ("PUBLIC_URL", "https://paspor.example.go.id:99999", "https://"),
        ("PUBLIC_URL", "https://paspor .example.go.id", "https://"),
        ("PUBLIC_URL", "https://", "https://"),
        ("PUBLIC_URL", "https://*.example.go.id", "https://"),
        ("PUBLIC_URL", "https://paspor..example", "https://"),
        ("PUBLIC_URL", "https://.lan", "https://"),
        ("PUBLIC_URL", "https://paspor_baru.lan", "https://"),
        ("PUBLIC_URL", "https://256.1.1.1", "https://"),
        ("PUBLIC_URL", "https://fd00::1", "https://"),
        ("PUBLIC_URL", "https://[fd00::1%eth0]", "https://"),
        ("PUBLIC_URL", "https://paspor.lan\\x", "https://"),
        ("PUBLIC_URL", "https://paspor.lan:0", "https://"),
        ("PUBLIC_URL", f"https://{'a' * 64}.lan", "https://"),
        ("BIND", "8000", "HOST:PORT"),
        ("BIND", "127.0.0.1:99999", "HOST:PORT"),
        ("BIND", "::1:8000", "[::1]:8000"),
        ("BIND", "http://127.0.0.1:8000", "HOST:PORT"),
        ("BIND", "*:8000", "HOST:PORT"),
        ("BIND", "[fd00::g]:8000", "HOST:PORT"),
        ("BIND", "256.0.0.1:8000", "HOST:PORT"),
        ("MAIL_URL", "smtp://petugas@contoh.example:sandi@127.0.0.1:2525", "%40"),
        ("MAIL_URL", "smtp://petugas:sa/ndi@127.0.0.1:2525", "%2F"),
        ("MAIL_URL", "smtp://petugas:sa#ndi@127.0.0.1:2525", "%23"),
        ("MAIL_URL", "smtp://petugas:100%@127.0.0.1:2525", "%25"),
        ("MAIL_URL", "smtp://127.0.0.1:99999", "smtp://"),
        ("MAIL_URL", "http://127.0.0.1", "smtp://"),
        ("MAIL_FROM", "Kantor Contoh", "an address"),
        ("REDIS_URL", "redis://petugas:a@b@127.0.0.1", "%40"),
        ("REDIS_URL", "127.0.0.1:6379", "redis://"),
        ("DATABASE_URL", "postgresql://ampera@127.0.0.1/ampera", "postgresql+psycopg://"),
        ("DATABASE_URL", "mysql://ampera@127.0.0.1/ampera", "postgresql+psycopg://"),
        ("DATABASE_URL", "/var/lib/ampera.db", "sqlite:////"),
        ("HOSTS", "http://ampera.lan", "without http://"),
        ("HOSTS", "ampera.lan:8000", "without a port"),
        ("HOSTS", "*.lan", "names"),
        ("HOSTS", "a..lan", "names"),
        ("HOSTS", "a.lan b.lan", "commas"),
        ("PROXIES", "ya", "a number"),
        ("WHATSAPP_URL", "https://123456:a@b@graph.example.com/v21.0", "%40"),
    ],
)
def test_refusal_of_an_address_names_the_right_spelling(tmp_path, name, value, advice):
    with pytest.raises(SettingsError) as refused:
        settings_for(tmp_path, **{**FROM, name: value})
    assert f"AMPERA_{name}" in str(refused.value)
    assert advice in str(refused.value)
    assert "sandi" not in str(refused.value)  # no secret in an error
