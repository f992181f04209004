"""The doctor's look at the server from outside, through whatever stands in front of it. It changes nothing."""

import http.client
import json
from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

from ampera.tools.upkeep.findings import Finding

SECONDS = 10
SOCKET = "/socket.io/?EIO=4&transport="
UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "YW1wZXJhLWRvY3Rvci4uLg==",
}
NEEDED = "a proxy must pass Host, X-Forwarded-Proto, Upgrade and Connection (docs/operate/tls.md)"


def examine_site(url: str, may_poll: bool = True) -> Iterator[Finding]:
    """Whether pages open, forms are taken and sockets are opened at this address, as a browser there would ask.

    Several processes take websockets only.
    """
    site = urlsplit(url)
    origin = {"Origin": f"{site.scheme}://{site.netloc}", "Accept": "application/json"}
    try:
        status, code = ask(site, "GET", "/healthz", {})
        yield Finding(
            "site", status == 200, f"{url} answers {status}{code}." + ("" if status == 200 else _advice(code))
        )
        # Without a session, so that a server that takes the form refuses the person and not the page.
        status, code = ask(site, "POST", "/api/v1/scans", {**origin, "Content-Type": "application/json"}, "{}")
        yield Finding("forms", status == 401, "Are taken." if status == 401 else f"Get {status}{code}.{_advice(code)}")
        if may_poll:
            status, code = ask(site, "GET", f"{SOCKET}polling", origin)
            yield Finding("sockets", status == 200, "Open." if status == 200 else f"Get {status}{code}.{_advice(code)}")
        status, code = ask(site, "GET", f"{SOCKET}websocket", {**origin, **UPGRADE})
        yield Finding("websockets", status == 101, "Open." if status == 101 else f"Get {status}{code}: {NEEDED}.")
    except (OSError, http.client.HTTPException) as error:
        yield Finding("site", False, f"{url} cannot be reached ({type(error).__name__}).")


def ask(site: SplitResult, method: str, path: str, headers: dict[str, str], body: str | None = None) -> tuple[int, str]:
    """The status of the answer, and the code of an error with a blank before it."""
    kind = http.client.HTTPSConnection if site.scheme == "https" else http.client.HTTPConnection
    connection = kind(site.netloc, timeout=SECONDS)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        content = b"" if answer.status == 101 else answer.read(65536)
    finally:
        connection.close()
    try:
        return answer.status, f" {json.loads(content)['error']['code']}"
    except (ValueError, KeyError, TypeError):
        return answer.status, ""


def _advice(code: str) -> str:
    if code.strip() in ("wrong_origin", "wrong_host"):
        return f" Set AMPERA_PUBLIC_URL to this address, or AMPERA_HOSTS to its name; {NEEDED}."
    return ""
