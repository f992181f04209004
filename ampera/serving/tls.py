"""Certificates: files of your own, or a self-made one for the tablets of a local network (the camera needs HTTPS).

The self-made one comes from a small authority in the instance folder, which tablets may install (`/ca.crt`). It can
vouch for local names and addresses only: a thief of its key could not pose as any other site.
"""

import fcntl
import os
import socket
import struct
from ipaddress import IPv4Address
from pathlib import Path

from ampera.settings import Settings, SettingsError

SELF_SIGNED = "self-signed"
SIOCGIFADDR = 0x8915  # Linux: ask for the IPv4 address of an interface


def files(settings: Settings) -> tuple[str, str] | None:
    """The certificate's and the key's file, None without TLS. Raises SettingsError when they cannot be read."""
    if settings.tls == "off":
        return None
    if settings.tls == SELF_SIGNED:
        made = str(self_made(settings.instance))
        return made, made
    certificate, _, key = settings.tls.rpartition(":")
    if not (certificate and os.access(certificate, os.R_OK) and os.access(key, os.R_OK)):
        raise SettingsError("AMPERA_TLS must be 'off', 'self-signed' or CERTIFICATE_FILE:KEY_FILE, both readable.")
    return certificate, key


def certificate_file(settings: Settings) -> Path | None:
    """The file of the certificate that is served; None without TLS, and before a self-made one is there."""
    if settings.tls == "off":
        return None
    if settings.tls != SELF_SIGNED:
        return Path(settings.tls.rpartition(":")[0])
    file = settings.instance / "tls" / "server.pem"
    return file if file.exists() else None


def self_made(instance: Path) -> Path:
    """The file with key and certificate for this machine's addresses; made or renewed if needed."""
    from ampera.serving import certificates

    addresses = lan_addresses()
    issuer_file, file = authority_file(instance), instance / "tls" / "server.pem"
    if not (issuer_file.exists() and certificates.may_vouch(certificates.load(issuer_file), addresses)):
        certificates.make_authority(issuer_file, addresses)
    authority = certificates.load(issuer_file)
    if not (file.exists() and certificates.fits(certificates.load(file), authority, addresses)):
        certificates.make_certificate(file, issuer_file, addresses)
    return file


def lan_addresses() -> list[IPv4Address]:
    """This machine's addresses in its networks, in the order of its interfaces, without loopback."""
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _index, name in socket.if_nameindex():
            try:
                answer = fcntl.ioctl(probe, SIOCGIFADDR, struct.pack("256s", name.encode()))
            except OSError:
                continue  # this interface has no IPv4 address
            found.append(IPv4Address(answer[20:24]))
    return [address for address in found if not address.is_loopback]


def authority_file(instance: Path) -> Path:
    """The file with key and certificate of the local authority."""
    return instance / "tls" / "authority.pem"
