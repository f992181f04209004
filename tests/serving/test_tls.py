"""HTTPS with the self-made certificate, and with the authority's rule: local names and addresses only."""

import ssl
import stat
import warnings
from datetime import timedelta
from ipaddress import IPv4Address

import pytest
from cryptography import x509

from ampera import clock
from ampera.serving import certificates, tls
from ampera.settings import SettingsError
from tests.conftest import settings_for
from tests.services import LiveServer
from tests.serving import wire

GET = b"GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n\r\n"


def test_self_signed_https_is_trusted_by_the_authority_and_only_pages_are_redirected(new_server, tmp_path):
    with new_server(TLS="self-signed") as server:
        context = ssl.create_default_context(cafile=tmp_path / "tls" / "authority.pem")
        assert b"200 OK" in _https(server, context, b"/readyz")
        shown = _https(server, context, b"/ca.crt").partition(b"\r\n\r\n")[2]
        assert x509.load_der_x509_certificate(shown) == certificates.load(tmp_path / "tls" / "authority.pem")

        plain = wire.exchange(server, GET % (b"/lane?x=1", server.port))
        assert f"Location: https://127.0.0.1:{server.port}/lane?x=1".encode() in plain
        for sent in (
            b"GET /api/v1/visits",
            b"POST /login",
            b"GET /metrics",
            b"GET /desk HTTP/1.1\r\nAuthorization: Bearer x",
        ):
            request = sent if b"HTTP" in sent else sent + b" HTTP/1.1"
            refused = wire.exchange(server, request + b"\r\nHost: localhost\r\n\r\n")
            assert refused.startswith(b"HTTP/1.1 403 ") and b"Location" not in refused, sent
        assert server.terminate() == 0


def test_only_new_versions_and_authenticated_ciphers_are_spoken(new_server, tmp_path):
    with new_server(TLS="self-signed") as server:

        def speaks(version: ssl.TLSVersion, ciphers: str) -> bool:
            client = ssl.create_default_context(cafile=tmp_path / "tls" / "authority.pem")
            client.set_ciphers(f"{ciphers}:@SECLEVEL=0")
            client.minimum_version = client.maximum_version = version
            try:
                return b"200 OK" in _https(server, client, b"/healthz")
            except ssl.SSLError:
                return False

        assert speaks(ssl.TLSVersion.TLSv1_3, "ALL") and speaks(ssl.TLSVersion.TLSv1_2, "ALL")
        assert speaks(ssl.TLSVersion.TLSv1_2, "ECDHE-ECDSA-AES256-GCM-SHA384")
        for old in ("ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA384"):
            assert not speaks(ssl.TLSVersion.TLSv1_2, old), old
        with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
            assert not speaks(ssl.TLSVersion.TLSv1_1, "ALL")


def test_keys_are_readable_by_the_owner_only(tmp_path):
    file = tls.self_made(tmp_path)
    for path in (file, tls.authority_file(tmp_path)):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_certificate_is_kept_until_a_change_is_needed(tmp_path, monkeypatch):
    authority, first = tls.authority_file(tmp_path), certificates.load(tls.self_made(tmp_path))
    kept = authority.read_bytes()
    assert certificates.load(tls.self_made(tmp_path)) == first

    monkeypatch.setattr(tls, "lan_addresses", lambda: [IPv4Address("192.168.7.7")])
    moved = certificates.load(tls.self_made(tmp_path))
    assert moved != first and authority.read_bytes() == kept

    with clock.shift(timedelta(days=certificates.CERTIFICATE_DAYS - 10)):
        assert certificates.load(tls.self_made(tmp_path)) != moved
    assert authority.read_bytes() == kept


def test_new_authority_is_made_only_for_an_address_outside_the_limits(tmp_path, monkeypatch):
    tls.self_made(tmp_path)
    before = tls.authority_file(tmp_path).read_bytes()
    monkeypatch.setattr(tls, "lan_addresses", lambda: [IPv4Address("198.51.100.7")])
    file = tls.self_made(tmp_path)
    assert tls.authority_file(tmp_path).read_bytes() != before
    certificates.load(file).verify_directly_issued_by(certificates.load(tls.authority_file(tmp_path)))


@pytest.mark.parametrize("value", ["selfsigned", "missing.crt:missing.key", "/etc/passwd"])
def test_files_that_are_not_there_are_refused_with_a_sentence(tmp_path, value):
    with pytest.raises(SettingsError, match="AMPERA_TLS must be"):
        tls.files(settings_for(tmp_path, TLS=value))


def _https(server: LiveServer, context: ssl.SSLContext, path: bytes) -> bytes:
    with wire.connect(server) as raw, context.wrap_socket(raw, server_hostname="127.0.0.1") as wrapped:
        wrapped.sendall(GET % (path, server.port))
        return wire.read_all(wrapped)
