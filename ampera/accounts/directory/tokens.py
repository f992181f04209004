"""Judges the signed tokens of a directory: ID tokens, and logout tokens (OpenID Connect Back-Channel Logout 1.0).

The libraries are imported when they are used: they cost a start an eighth of a second.
"""

from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

# Never `none`, and never a shared secret: the public key of the directory could serve as one. Ed25519 is the newer
# name of EdDSA (RFC 9864).
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA", "Ed25519")
LEEWAY = 30  # seconds that two clocks may differ
LOGOUT_LIVES = timedelta(minutes=5)  # how old a logout token may be
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
LOGOUT_TYPES = ("jwt", "logout+jwt")
KEY_TYPES = ("RSA", "EC", "OKP")
MAX_LENGTH = 255


class TokenRefused(ValueError):
    """The token proves nothing. The text is a word for the log, without anything of the token."""


class UnknownKey(TokenRefused):
    """The token names a key that is not among these: the directory may have a new one."""


class Audience(NamedTuple):
    """For whom a token must be, and from whom."""

    issuer: str
    client_id: str


def key_set(document: Any) -> Any:
    """The keys of a JWKS document that sign. Raises TokenRefused when there are none."""
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    listed = document.get("keys") if isinstance(document, dict) else None
    keys = [key for key in listed if _signs(key)] if isinstance(listed, list) else []
    try:
        return KeySet.import_key_set({"keys": keys})
    except (JoseError, ValueError, TypeError, KeyError):
        raise TokenRefused("keys") from None


def id_claims(token: str, keys: Any, audience: Audience, nonce: str | None, at: datetime) -> dict[str, Any]:
    """The claims of a right ID token. Without a `nonce` (of a refreshed token) none is needed.

    Raises TokenRefused.
    """
    claims, header = _proved(token, keys)
    _check(claims, header, audience, nonce, at)
    if not is_identifier(claims["sub"]):
        raise TokenRefused("sub")
    return claims


def logout_claims(token: str, keys: Any, audience: Audience, at: datetime) -> dict[str, Any]:
    """The claims of a right logout token: `jti`, and `sid`, `sub` or both. Raises TokenRefused."""
    claims, header = _proved(token, keys)
    if str(header.get("typ", "JWT")).lower().removeprefix("application/") not in LOGOUT_TYPES:
        raise TokenRefused("typ")
    if claims.get("iss") != audience.issuer:
        raise TokenRefused("iss")
    if audience.client_id not in _audiences(claims):
        raise TokenRefused("aud")
    _check_times(claims, at)
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(LOGOUT_EVENT), dict):
        raise TokenRefused("events")
    if "nonce" in claims:  # an ID token may not end a session
        raise TokenRefused("nonce")
    if not is_identifier(claims.get("jti")):
        raise TokenRefused("jti")
    named = [claims[name] for name in ("sub", "sid") if claims.get(name) is not None]
    if not named or not all(map(is_identifier, named)):
        raise TokenRefused("subject")
    return claims


def is_identifier(value: Any) -> bool:
    """Whether this can be a subject, a session's or a token's name: up to 255 characters of ASCII."""
    return isinstance(value, str) and 0 < len(value) <= MAX_LENGTH and value.isascii() and value.isprintable()


def _proved(token: str, keys: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Claims and header of a token that one of these keys has signed."""
    from joserfc import jwt
    from joserfc.errors import InvalidKeyIdError, JoseError

    try:
        found = jwt.decode(token, keys, registry=_registry())
    except InvalidKeyIdError:
        raise UnknownKey("unknown key") from None
    except (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise TokenRefused(f"signature ({type(error).__name__})") from None
    return dict(found.claims), dict(found.header)


def _check(claims: dict[str, Any], header: dict[str, Any], audience: Audience, nonce: str | None, at: datetime) -> None:
    """The rules of OpenID Connect Core 3.1.3.7."""
    from authlib.oidc.core import CodeIDToken
    from joserfc.errors import JoseError

    options: Any = {
        "iss": {"essential": True, "value": audience.issuer},
        "aud": {"essential": True, "value": audience.client_id},
    }
    judged = CodeIDToken(claims, header, options, {"client_id": audience.client_id, "nonce": nonce})
    try:
        judged.validate(now=int(at.timestamp()), leeway=LEEWAY)
    except (JoseError, ValueError, TypeError) as error:
        raise TokenRefused(str(getattr(error, "claim", type(error).__name__))) from None


def _check_times(claims: dict[str, Any], at: datetime) -> None:
    made: Any = claims.get("iat")
    expires, now = claims.get("exp"), at.timestamp()
    if not _is_number(made) or not -LEEWAY <= now - made <= LOGOUT_LIVES.total_seconds() + LEEWAY:
        raise TokenRefused("iat")
    if expires is not None and not (_is_number(expires) and expires + LEEWAY > now):
        raise TokenRefused("exp")


def _audiences(claims: dict[str, Any]) -> list[Any]:
    found = claims.get("aud")
    return found if isinstance(found, list) else [found]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _signs(key: Any) -> bool:
    return isinstance(key, dict) and key.get("kty") in KEY_TYPES and key.get("use", "sig") == "sig"


@cache
def _registry() -> Any:
    from joserfc.errors import UnsupportedAlgorithmError
    from joserfc.jws import JWSRegistry

    class Signatures(JWSRegistry):
        """The algorithms above. The library's own list warns of the older name of Ed25519."""

        def get_alg(self, name: str) -> Any:
            if name not in ALGORITHMS:
                raise UnsupportedAlgorithmError("not allowed")
            return self.algorithms[name]

    return Signatures(strict_check_header=False)
