"""Directories for tests: a real provider of OpenID Connect as its own process, and one that forges what it signs."""

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
from joserfc.jwk import RSAKey
from joserfc.jws import JWSRegistry

CLIENT = "ampera-tests"
SECRET = "kunci-direktori-contoh"
OFFICER, DESK, SUPERVISOR, ADMIN = "loket", "meja", "penyelia", "pengelola"
ROLES = f"{OFFICER}=officer@PLG,{DESK}=desk@PLG,{SUPERVISOR}=supervisor@PLG,{ADMIN}=admin@PLG,jakarta=officer@JKT"
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


def settings_of(issuer: str, **more: str) -> dict[str, str]:
    """The settings of an installation that uses this directory, without AMPERA_."""
    return {
        "OIDC_ISSUER": issuer,
        "OIDC_CLIENT_ID": CLIENT,
        "OIDC_CLIENT_SECRET": SECRET,
        "OIDC_ROLES": ROLES,
        "OIDC_SECOND_FACTOR": "mfa,otp",
        **more,
    }


class Directory:
    """The real provider. Every person has a new subject, so that a test finds nobody of an earlier one."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.client = httpx.Client(base_url=issuer)
        self.subjects: list[str] = []

    def __enter__(self) -> "Directory":
        return self

    def __exit__(self, *_: Any) -> None:
        for subject in self.subjects:
            self.dismiss(subject)
        self.client.close()

    def person(self, login: str, *groups: str, subject: str = "", **claims: Any) -> str:
        """A person of these groups, or another state of the person with this subject; gives the subject."""
        subject = subject or f"sub-{secrets.token_hex(8)}"
        claims = {"preferred_username": login, "name": f"Contoh {login}", "groups": list(groups), **claims}
        assert self.client.put(f"/users/{subject}", json=claims).is_success
        self.subjects.append(subject)
        return subject

    def answer(self, question: str, subject: str) -> str:
        """The address that the browser is sent back to when this person signs in."""
        answered = self.client.post(question.removeprefix(self.issuer), data={"sub": subject})
        assert answered.status_code == 302, answered.text
        return answered.headers["Location"]

    def dismiss(self, subject: str) -> None:
        """The person leaves: no token works any more."""
        assert self.client.post(f"/users/{subject}/revoke-tokens").is_success


class Forger:
    """A small provider in this process, which signs whatever a test wants.

    `claims` and `header` change the next ID tokens (None removes a claim); `described` changes its description.
    `refusal` is the status and error of its token endpoint; `is_down` makes it answer 500.
    `repeats_identity`: a refreshed answer has an ID token too. `repeats_codes`: a code works again.
    `signer` is the key that it signs ID tokens with.
    """

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "forger-1"})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.reset()

    def __enter__(self) -> "Forger":
        self.thread.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def reset(self) -> None:
        self.claims: dict[str, Any] = {}
        self.header: dict[str, Any] = {}
        self.described: dict[str, Any] = {}
        self.keys = [self.key]
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.refusal: tuple[int, str] | None = None
        self.has_refresh = True
        self.is_down = self.repeats_identity = self.repeats_codes = False
        self.signer: Any = self.key

    def answer(self, question: str, **changed: str | None) -> str:
        """The address that the browser is sent back to; `changed` are other parameters of it, None removes one."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(question).query).items()}
        code = secrets.token_urlsafe(12)
        self.codes[code] = asked
        answer = {"code": code, "state": asked["state"], "iss": self.issuer, **changed}
        kept = {name: value for name, value in answer.items() if value is not None}
        return f"{asked['redirect_uri']}?{urlencode(kept)}"

    def id_token(self, nonce: str = "", **claims: Any) -> str:
        now = int(time.time())
        usual = {
            "iss": self.issuer, "sub": "sub-forged", "aud": CLIENT, "iat": now, "exp": now + 300, "auth_time": now,
            "nonce": nonce, "preferred_username": "palsu", "name": "Contoh Palsu", "groups": [OFFICER],
        }  # fmt: skip
        return self.signed(usual | self.claims | claims, self.header, self.signer)

    def logout_token(self, **claims: Any) -> str:
        now = int(time.time())
        usual = {
            "iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 120, "jti": secrets.token_hex(8),
            "events": {LOGOUT_EVENT: {}}, "sub": "sub-forged",
        }  # fmt: skip
        return self.signed(usual | claims, {"typ": "logout+jwt"})

    def signed(self, claims: dict[str, Any], header: dict[str, Any], key: Any = None) -> str:
        """By hand: the library refuses to make most of what is wrong here. `key` is bytes for HS256."""
        content = json.dumps({name: value for name, value in claims.items() if value is not None}).encode()
        head = {"alg": "RS256", "kid": "forger-1", **header}
        text = f"{_base64(json.dumps(head).encode())}.{_base64(content)}"
        if head["alg"] == "none":
            return f"{text}."
        if head["alg"] == "HS256":
            return f"{text}.{_base64(hmac.digest(key, text.encode(), 'sha256'))}"
        return f"{text}.{_base64(JWSRegistry.algorithms[head['alg']].sign(text.encode(), key or self.key))}"

    def respond(self, path: str, form: dict[str, str], headers: Any) -> tuple[int, Any]:
        """Status and JSON of an answer."""
        self.asked.append((path, form))
        if self.is_down:
            return 500, {}
        if path == "/.well-known/openid-configuration":
            return 200, self._description()
        if path == "/jwks":
            return 200, {"keys": [key.as_dict(private=False) for key in self.keys]}
        if path == "/userinfo":
            return (self.refusal[0], {}) if self.refusal else (200, {"sub": "sub-forged"})
        return self._tokens(form, headers) if path == "/token" else (404, {})

    def _tokens(self, form: dict[str, str], headers: Any) -> tuple[int, Any]:
        if self.refusal:
            return self.refusal[0], {"error": self.refusal[1]}
        expected = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if headers.get("Authorization") != f"Basic {expected}":
            return 401, {"error": "invalid_client"}
        given = {"access_token": secrets.token_hex(8), "token_type": "Bearer"}
        if self.has_refresh:
            given["refresh_token"] = secrets.token_hex(8)
        if form.get("grant_type") == "refresh_token":
            return 200, given | ({"id_token": self.id_token()} if self.repeats_identity else {})
        code = form.get("code", "")
        asked = self.codes.get(code) if self.repeats_codes else self.codes.pop(code, None)
        challenge = _base64(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if asked is None or asked["code_challenge"] != challenge or asked["redirect_uri"] != form.get("redirect_uri"):
            return 400, {"error": "invalid_grant"}
        return 200, given | {"id_token": self.id_token(asked["nonce"])}

    def _description(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/jwks",
            "authorization_response_iss_parameter_supported": True,
            **self.described,
        }


def _handler(forger: Forger) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            self._answer({name: values[0] for name, values in parse_qs(body).items()})

        def _answer(self, form: dict[str, str]) -> None:
            status, answer = forger.respond(urlsplit(self.path).path, form, self.headers)
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Nothing: the output of a test is its own."""

    return Handler


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
