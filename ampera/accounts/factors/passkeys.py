"""Passkeys (WebAuthn): what the browser is asked, and whether its answer proves the owner.

The library is imported when it is used: it costs a start a fifth of a second.
"""

import hashlib
import hmac
import ipaddress
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from ampera.accounts.factors.codes import ISSUER
from ampera.accounts.factors.models import Passkey

MAX_NAME = 40


@dataclass(frozen=True)
class Site:
    """The address that a passkey belongs to, like `https://paspor.example.go.id`, and its host name."""

    origin: str
    host: str


@dataclass(frozen=True)
class NewPasskey:
    """A passkey that the browser has made."""

    credential_id: str
    public_key: str
    sign_count: int
    name: str


@dataclass(frozen=True)
class Answer:
    """A proved answer: the credential, the new count of its signatures, and whether it checked finger, face or PIN."""

    credential_id: str
    sign_count: int
    is_user_verified: bool


def site_of(address: str) -> Site | None:
    """The site of passkeys at this address; None where browsers offer none: a bare number, or no TLS."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if _is_number(host) or (parts.scheme != "https" and host != "localhost"):
        return None
    return Site(f"{parts.scheme}://{parts.netloc}", host)


def owner_handle(secret: str, staff_id: int) -> bytes:
    """How an authenticator knows the account. The handle names nobody: an authenticator shows it to anybody."""
    return hmac.digest(f"passkey-owner\x1f{secret}".encode(), str(staff_id).encode(), hashlib.sha256)


def registration(site: Site, owner: bytes, login: str, challenge: bytes, have: list[Passkey]) -> Any:
    """The options of `navigator.credentials.create`."""
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers import structs

    wanted = structs.AuthenticatorSelectionCriteria(
        resident_key=structs.ResidentKeyRequirement.PREFERRED,
        user_verification=structs.UserVerificationRequirement.PREFERRED,
    )
    options = generate_registration_options(
        rp_id=site.host, rp_name=ISSUER, user_name=login, user_id=owner, challenge=challenge,
        authenticator_selection=wanted, exclude_credentials=_descriptors(have),
    )  # fmt: skip
    return json.loads(options_to_json(options))


def registered(site: Site, credential: Any, challenge: bytes, name: str) -> NewPasskey | None:
    """The passkey that this answer has made; None when it proves none."""
    from webauthn import verify_registration_response
    from webauthn.helpers import bytes_to_base64url
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        made = verify_registration_response(
            credential=credential, expected_challenge=challenge, expected_rp_id=site.host, expected_origin=site.origin
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    return NewPasskey(
        bytes_to_base64url(made.credential_id), bytes_to_base64url(made.credential_public_key), made.sign_count, name
    )


def question(site: Site, challenge: bytes, have: list[Passkey]) -> Any:
    """The options of `navigator.credentials.get`. Without passkeys the browser offers those that it keeps itself."""
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers.structs import UserVerificationRequirement

    verification = UserVerificationRequirement.PREFERRED if have else UserVerificationRequirement.REQUIRED
    options = generate_authentication_options(
        rp_id=site.host, challenge=challenge, allow_credentials=_descriptors(have), user_verification=verification
    )
    return json.loads(options_to_json(options))


def answered(site: Site, credential: Any, challenge: bytes, key: Passkey) -> Answer | None:
    """Whether the owner of this passkey has answered this challenge at this site; None when not."""
    from webauthn import base64url_to_bytes, verify_authentication_response
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        proved = verify_authentication_response(
            credential=credential, expected_challenge=challenge, expected_rp_id=site.host, expected_origin=site.origin,
            credential_public_key=base64url_to_bytes(key.public_key), credential_current_sign_count=key.sign_count,
        )  # fmt: skip
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    return Answer(key.credential_id, proved.new_sign_count, proved.user_verified)


def challenge_of(credential: Any) -> bytes:
    """The challenge that this answer names; empty for whatever is no answer."""
    from webauthn import base64url_to_bytes

    try:
        client_data = json.loads(base64url_to_bytes(credential["response"]["clientDataJSON"]))
        return base64url_to_bytes(client_data["challenge"])
    except (KeyError, TypeError, ValueError):
        return b""


def _descriptors(keys: list[Passkey]) -> list[Any]:
    from webauthn import base64url_to_bytes
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(key.credential_id)) for key in keys]


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
