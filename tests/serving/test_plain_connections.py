"""What a production server refuses to send without TLS: pages, the database, Redis, WhatsApp, and mail."""

import pytest

from ampera.installation.plain_connections import problems
from ampera.notices.channels import smtp
from ampera.settings import SettingsError
from ampera.tools.upkeep import doctor
from tests.conftest import settings_for

PRODUCTION = {
    "ENV": "production",
    "SECRET_KEY": "q8Zr-T5v_x2B" * 4,
    "CODE_KEYS": f"k1:{'0123456789abcdef' * 4}",
    "BIND": "127.0.0.1:8000",
}
BEHIND = {"BIND": "0.0.0.0:8000", "PROXIES": "1", "PUBLIC_URL": "https://paspor.example.go.id"}
ELSEWHERE = "postgresql+psycopg://ampera:x@db.example.go.id/ampera"
MAIL = {"MAIL_URL": "smtp://mail.example.go.id:25", "MAIL_FROM": "kantor@example.go.id"}


def found(folder, **settings):
    return list(problems(settings_for(folder, **{**PRODUCTION, **settings})))


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"BIND": "0.0.0.0:8000"}, "would go without TLS"),
        ({"BIND": "[::]:8000"}, "would go without TLS"),
        ({"BIND": "192.0.2.7:80", "PUBLIC_URL": "https://paspor.example.go.id"}, "would go without TLS"),
        ({"BIND": "0.0.0.0:80", "PROXIES": "1", "PUBLIC_URL": "http://paspor.example.go.id"}, "would go without TLS"),
        ({"DATABASE_URL": ELSEWHERE}, "AMPERA_DATABASE_URL leads to another machine"),
        ({"DATABASE_URL": f"{ELSEWHERE}?sslmode=require"}, "AMPERA_DATABASE_URL leads to another machine"),
        ({"REDIS_URL": "redis://:x@redis.example.go.id/0"}, "AMPERA_REDIS_URL leads to another machine"),
        ({"REDIS_URL": "rediss://redis.example.go.id/0?ssl_cert_reqs=none"}, "AMPERA_REDIS_URL leads"),
    ],
)
def test_connection_without_tls_is_refused_unless_the_setting_names_the_kind(tmp_path, settings, sentence):
    (problem,) = found(tmp_path, **settings)
    kind = problem.rpartition(" ")[2].rstrip(".")
    assert sentence in problem and not found(tmp_path, **settings, PLAIN_CONNECTIONS=kind)
    others = {"http", "postgresql", "redis", "mail"} - {kind}
    assert found(tmp_path, **settings, PLAIN_CONNECTIONS=",".join(sorted(others))) == [problem]


def test_whatsapp_goes_over_tls_only(tmp_path):
    words = {"WHATSAPP_SECRET": "s", "WHATSAPP_VERIFY": "v"}
    (problem,) = found(tmp_path, **words, WHATSAPP_URL="http://1:token@graph.example.org/v21.0")
    assert "must begin with https://" in problem
    assert not found(tmp_path, **words, WHATSAPP_URL="https://1:token@graph.example.org/v21.0")


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"BIND": "[::1]:8000"},
        {"BIND": "0.0.0.0:443", "TLS": "self-signed"},
        BEHIND,
        {"DATABASE_URL": "postgresql+psycopg://ampera:x@127.0.0.1/ampera", "REDIS_URL": "redis://localhost/0"},
        {"DATABASE_URL": "postgresql+psycopg:///ampera?host=/run/postgresql"},
        {"DATABASE_URL": f"{ELSEWHERE}?sslmode=verify-full", "REDIS_URL": "rediss://redis.example.go.id/0"},
    ],
)
def test_documented_ways_to_install_start(tmp_path, settings):
    assert not found(tmp_path, **settings)


def test_unknown_kind_is_refused(tmp_path):
    with pytest.raises(SettingsError, match="AMPERA_PLAIN_CONNECTIONS must be"):
        settings_for(tmp_path, PLAIN_CONNECTIONS="everything")


def test_doctor_names_refused_and_allowed_connections(app, tmp_path):
    def connections(**settings):
        read = settings_for(tmp_path, **{**PRODUCTION, **settings})
        return [(finding.ok, finding.text) for finding in doctor.examine(read) if finding.check == "connections"]

    ((is_well, text),) = connections(BIND="0.0.0.0:8000")
    assert not is_well and "AMPERA_TLS" in text
    ((is_well, text),) = connections(BIND="0.0.0.0:8000", PLAIN_CONNECTIONS="http")
    assert is_well and "http" in text


@pytest.mark.parametrize(
    ("settings", "is_plain"),
    [
        (PRODUCTION | MAIL, False),
        (PRODUCTION | MAIL | {"PLAIN_CONNECTIONS": "mail"}, True),
        (PRODUCTION | MAIL | {"MAIL_URL": "smtp://127.0.0.1:25"}, True),
        (MAIL, True),
    ],
)
def test_mail_leaves_the_machine_over_checked_tls_only(tmp_path, settings, is_plain):
    assert smtp.from_settings(settings_for(tmp_path, **settings)).may_be_plain is is_plain
