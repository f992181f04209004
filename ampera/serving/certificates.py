"""X.509 with the standard curves: a small authority, limited to local names and addresses, and its certificates."""

import os
import socket
from datetime import timedelta
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from typing import cast

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from ampera import clock

AUTHORITY_DAYS = 3650
CERTIFICATE_DAYS = 397  # the longest that all browsers accept
RENEW_DAYS = 30  # before the end
LOCAL_NAMES = ("localhost", "local")
LOCAL_NETWORKS = tuple(
    map(IPv4Network, ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"))
)


def load(file: Path) -> x509.Certificate:
    """The first certificate in a file, which may also hold keys."""
    return x509.load_pem_x509_certificate(file.read_bytes())


def may_vouch(authority: x509.Certificate, addresses: list[IPv4Address]) -> bool:
    """Whether this authority is fresh and may sign for all of these addresses."""
    allowed = authority.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
    networks = [name.value for name in allowed if isinstance(name.value, IPv4Network)]
    return _is_fresh(authority) and all(any(address in network for network in networks) for address in addresses)


def fits(certificate: x509.Certificate, authority: x509.Certificate, addresses: list[IPv4Address]) -> bool:
    """Whether this certificate is fresh, signed by this authority, and holds for all of these addresses."""
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    is_complete = set(addresses) <= set(names.get_values_for_type(x509.IPAddress))
    return is_complete and _is_fresh(certificate) and _is_signed(certificate, authority)


def make_authority(file: Path, addresses: list[IPv4Address]) -> None:
    """Write a new authority: its key and its certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(f"Si Ampera Bertanjak, {socket.gethostname()}")
    strangers = [a for a in addresses if not any(a in network for network in LOCAL_NETWORKS)]
    allowed = [
        *map(x509.DNSName, LOCAL_NAMES),
        *map(x509.IPAddress, LOCAL_NETWORKS),
        *(x509.IPAddress(IPv4Network(address)) for address in strangers),
    ]
    builder = (
        _builder(name, name, key, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.NameConstraints(permitted_subtrees=allowed, excluded_subtrees=None), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
    )
    _write(file, key, builder.sign(key, hashes.SHA256()))


def make_certificate(file: Path, authority_file: Path, addresses: list[IPv4Address]) -> None:
    """Write a server's key, its certificate for these addresses, and the authority's certificate."""
    issuer = load(authority_file)
    issuer_key = cast(ec.EllipticCurvePrivateKey, serialization.load_pem_private_key(authority_file.read_bytes(), None))
    key = ec.generate_private_key(ec.SECP256R1())
    host = socket.gethostname().partition(".")[0]
    names = [
        *map(x509.DNSName, ("localhost", f"{host}.local")),
        *map(x509.IPAddress, [IPv4Address("127.0.0.1"), *addresses]),
    ]
    builder = (
        _builder(_name(f"{host}.local"), issuer.subject, key, CERTIFICATE_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    _write(file, key, builder.sign(issuer_key, hashes.SHA256()), issuer)


def _is_fresh(certificate: x509.Certificate) -> bool:
    return certificate.not_valid_after_utc - clock.now() > timedelta(days=RENEW_DAYS)


def _is_signed(certificate: x509.Certificate, authority: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(authority)
    except (ValueError, InvalidSignature):
        return False
    return True


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text[:64])])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, days: int
) -> x509.CertificateBuilder:
    now = clock.now()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))  # a tablet's clock may be slow
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _write(file: Path, key: ec.EllipticCurvePrivateKey, *chain: x509.Certificate) -> None:
    """Write key and chain to one file that only the owner can read; the file is never incomplete."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = serialization.Encoding.PEM
    text = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    text += b"".join(certificate.public_bytes(pem) for certificate in chain)
    draft = file.with_suffix(f".{os.getpid()}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(text)
    draft.replace(file)
