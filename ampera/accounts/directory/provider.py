"""The directory as a server: its description, its keys, and what it answers. Every request has bounds of time and size.

Nothing of an answer, no token and no code ever gets into a log or the text of an exception. The client library is
imported when it is used: a server without a directory starts without it.
"""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from urllib.parse import quote_plus, urlsplit

from ampera import tasks
from ampera.accounts.directory import tokens
from ampera.accounts.directory.tokens import Audience, UnknownKey
from ampera.settings import Settings
from ampera.web.addresses import is_loopback

if TYPE_CHECKING:
    import httpx

CONNECT_SECONDS, ANSWER_SECONDS, TOTAL_SECONDS = 4.0, 6.0, 10.0
MOST_ANSWER = 256 * 1024  # bytes of an answer that are read
KEPT_SECONDS = 3600.0  # how long the description and the keys are kept
KEYS_REST_SECONDS = 30.0  # between two requests for new keys: strangers can send tokens with unknown ones
# What the directory answers about a person who must sign in again, or may not any more.
DENIALS = ("invalid_grant", "interaction_required", "login_required", "consent_required", "access_denied")

T = TypeVar("T")


class Unreachable(Exception):
    """The directory gives no usable answer. The text is a word for the log."""


class Denied(Exception):
    """The directory has answered: not this person."""


class Description(NamedTuple):
    """What the directory says about itself (OpenID Connect Discovery)."""

    authorization: str
    token: str
    jwks: str
    userinfo: str
    posts_secret: bool  # in the body of a request instead of the header
    names_itself: bool  # in each answer to a sign-in (RFC 9207)


@dataclass(frozen=True)
class Tokens:
    """What the directory gives for a code. `identity` is the ID token, still unjudged."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    identity: str = field(default="", repr=False)


class Provider:
    """The directory of these settings."""

    def __init__(self, issuer: str, client_id: str, client_secret: str) -> None:
        self.audience = Audience(issuer, client_id)
        self._secret = client_secret
        self._lock = threading.Lock()
        self._described: tuple[Description, float] | None = None
        self._keys: tuple[Any, float] | None = None

    @cached_property
    def _client(self) -> "httpx.Client":
        """Connections are not kept: one that the directory has closed meanwhile would look like its refusal."""
        import httpx

        return httpx.Client(
            timeout=httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS),
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    def description(self) -> Description:
        """Raises Unreachable, also when it is the description of another directory."""
        now = time.monotonic()
        if self._described is None or now - self._described[1] > KEPT_SECONDS:
            status, found = self._ask("GET", f"{self.audience.issuer.rstrip('/')}/.well-known/openid-configuration")
            if status != 200:
                raise Unreachable("description")
            self._described = self._read_description(found), now
        return self._described[0]

    def redeem(self, code: str, verifier: str, redirect_uri: str) -> Tokens:
        """The tokens for a code. Raises Unreachable, Denied."""
        return self._tokens(
            grant_type="authorization_code", code=code, redirect_uri=redirect_uri, code_verifier=verifier
        )

    def refresh(self, token: str) -> Tokens:
        """New tokens, or Denied when the person may not go on; Unreachable when that is not known."""
        found = self._tokens(grant_type="refresh_token", refresh_token=token)
        return found if found.refresh else Tokens(found.access, token, found.identity)

    def greet(self, access: str) -> None:
        """Ask for the person of this access token. Raises Denied, Unreachable."""
        address = self.description().userinfo
        if not address:
            raise Unreachable("no userinfo")
        status, _ = self._ask("GET", address, headers={"Authorization": f"Bearer {access}"})
        if status == 401:
            raise Denied("userinfo")
        if status != 200:
            raise Unreachable("userinfo")

    def judged(self, judge: Callable[[Any], T]) -> T:
        """`judge(keys)`, once more with new keys when the token's key is unknown. Raises TokenRefused, Unreachable."""
        try:
            return judge(self._signing_keys(newer_than=KEPT_SECONDS))
        except UnknownKey:
            return judge(self._signing_keys(newer_than=KEYS_REST_SECONDS))

    def _signing_keys(self, newer_than: float) -> Any:
        with self._lock:
            now = time.monotonic()
            if self._keys is None or now - self._keys[1] > newer_than:
                status, found = self._ask("GET", self.description().jwks)
                if status != 200:
                    raise Unreachable("keys")
                self._keys = tokens.key_set(found), now
            return self._keys[0]

    def _tokens(self, **form: str) -> Tokens:
        described = self.description()
        more: dict[str, Any] = {}
        if described.posts_secret:
            form |= {"client_id": self.audience.client_id, "client_secret": self._secret}
        else:
            more["auth"] = quote_plus(self.audience.client_id), quote_plus(self._secret)  # RFC 6749 2.3.1
        status, found = self._ask("POST", described.token, data=form, **more)
        error = found.get("error")
        if status != 200 and error in DENIALS:
            raise Denied(error)
        if status != 200:
            raise Unreachable("client" if error in ("invalid_client", "unauthorized_client") else "token")
        return Tokens(_text(found, "access_token"), _text(found, "refresh_token"), _text(found, "id_token"))

    def _read_description(self, found: dict[str, Any]) -> Description:
        if found.get("issuer") != self.audience.issuer:
            raise Unreachable("another issuer")
        ways = found.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        return Description(
            authorization=self._address(found, "authorization_endpoint"),
            token=self._address(found, "token_endpoint"),
            jwks=self._address(found, "jwks_uri"),
            userinfo=self._address(found, "userinfo_endpoint") if found.get("userinfo_endpoint") else "",
            posts_secret=isinstance(ways, list) and "client_secret_basic" not in ways,
            names_itself=found.get("authorization_response_iss_parameter_supported") is True,
        )

    def _address(self, found: dict[str, Any], name: str) -> str:
        """An address of the description: with TLS, as the issuer itself has it, unless that is on this machine."""
        address = _text(found, name)
        try:
            parts = urlsplit(address)
            is_good = parts.scheme == "https" or (
                parts.scheme == "http"
                and self.audience.issuer.startswith("http:")
                and is_loopback(parts.hostname or "")
            )
        except ValueError:
            is_good = False
        if not is_good or "#" in address:
            raise Unreachable(name)
        return address

    def _ask(self, method: str, address: str, **content: Any) -> tuple[int, dict[str, Any]]:
        """Status and JSON object of an answer, {} for anything else. Redirects are not followed."""
        import httpx

        try:
            return tasks.within(TOTAL_SECONDS, partial(self._send, method, address, **content))
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, ValueError) as error:
            raise Unreachable(type(error).__name__) from None

    def _send(self, method: str, address: str, **content: Any) -> tuple[int, dict[str, Any]]:
        until = time.monotonic() + TOTAL_SECONDS
        with self._client.stream(method, address, **content) as response:
            body = bytearray()
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > MOST_ANSWER or time.monotonic() > until:
                    raise Unreachable("too long")
        return response.status_code, _object(bytes(body))


@lru_cache(4)
def known_provider(issuer: str, client_id: str, client_secret: str) -> Provider:
    """One for each process, which remembers the directory's description and keys."""
    return Provider(issuer, client_id, client_secret)


def provider_of(settings: Settings) -> Provider:
    """The directory of these settings."""
    return known_provider(settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret)


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _text(found: dict[str, Any], name: str) -> str:
    value = found.get(name)
    return value if isinstance(value, str) else ""
