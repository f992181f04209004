"""WhatsApp Cloud API: the approved template `ampera_<kind>` with the QR as picture and the link as button.

Meta receives the number, the first name, the QR and the end of the link. No use of WhatsApp avoids this.
"""

import hashlib
import json
import re
import time
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

import httpx

from ampera.notices.channels.base import PHONE, Failed, Message, Sent
from ampera.notices.channels.whatsapp import NAME
from ampera.notices.channels.whatsapp.errors import AGAIN, failure
from ampera.settings import Settings

CONNECT_SECONDS, ANSWER_SECONDS = 4.0, 8.0  # a picture and a message must fit into one try
MOST_ANSWER = 64 * 1024  # bytes of an answer that are read
MOST_PARAMETER = 200
KEPT_PICTURES, KEPT_SECONDS = 64, 3600.0  # one upload serves a whole family; Meta keeps it for 30 days
LONGEST_REST = 600.0
NOTHING = "–"  # a parameter may not be empty

# The numbered parameters of the body of each template. A change needs a new approval by Meta.
TEMPLATES = {
    "ready": ("first_name", "documents", "office", "deadline"),
    "reissued": ("first_name", "office", "documents", "deadline"),
    "reminder": ("first_name", "documents", "office", "deadline", "days"),
    "extended": ("first_name", "documents", "office", "deadline"),
    "booked": ("first_name", "office", "slot"),
    "slot_reminder": ("first_name", "office", "slot"),
    "slot_off": ("first_name", "office", "slot"),
    "collecting": ("first_name", "office", "time", "contact"),
    "collected": ("first_name", "documents", "office", "time", "collector", "contact"),
    "cancelled": ("first_name", "documents", "office", "contact"),
    "diverted": ("first_name", "office"),
    "details_changed": ("first_name", "documents", "office", "time", "contact"),
    "link": ("first_name", "office"),
}
# A template has a picture always or never: `link` has none, because it may be requested when no QR is left.
PICTURED = ("ready", "reissued", "reminder", "extended", "booked", "slot_reminder")
NO_BUTTON = ("cancelled", "details_changed")


class Access(NamedTuple):
    """The URL of the API, the id of the sending number, and the access token."""

    base: str
    phone_id: str
    token: str


class WhatsApp:
    """The channel `whatsapp`. After a refusal for the whole account it pauses as long as `Retry-After` says."""

    name, needs = NAME, PHONE

    def __init__(self, url: str, rate: float) -> None:
        self.rate = rate
        self._access = access(url)
        self._client: httpx.Client | None = None
        self._paused_until = 0.0
        self._pictures: dict[str, tuple[str, float]] = {}

    def send(self, address: str, message: Message, key: str) -> Sent | Failed:
        """`address` is E.164. The webhook reports contain `key`."""
        if time.monotonic() < self._paused_until:
            return Failed("WhatsApp asked for a pause", is_down=True)
        picture = self._uploaded(message.qr_png) if message.qr_png and message.kind in PICTURED else ""
        if isinstance(picture, Failed):
            return picture
        answer = self._post("/messages", json=body_of(address, message, picture, key))
        if isinstance(answer, Failed):
            return answer
        try:
            return Sent(str(answer["messages"][0]["id"])[:200])
        except (KeyError, IndexError, TypeError):
            return Failed("WhatsApp's answer has no message id")

    def close(self) -> None:
        if self._client:
            self._client.close()
        self._client = None

    def _connected(self) -> httpx.Client:
        """The client whose connection serves all messages until `close`."""
        if self._client is None:
            self._client = httpx.Client(
                base_url=f"{self._access.base}/{self._access.phone_id}",
                headers={"Authorization": f"Bearer {self._access.token}"},
                timeout=httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS),
            )
        return self._client

    def _uploaded(self, png: bytes) -> str | Failed:
        """The media id of the picture, uploaded when it is not in the cache."""
        name, now = hashlib.sha256(png).hexdigest(), time.monotonic()
        kept, until = self._pictures.get(name, ("", 0.0))
        if until > now:
            return kept
        answer = self._post(
            "/media",
            data={"messaging_product": "whatsapp", "type": "image/png"},
            files={"file": ("qr.png", png, "image/png")},
        )
        if isinstance(answer, Failed):
            return answer
        media = str(answer.get("id", ""))
        if not media:
            return Failed("WhatsApp's answer has no media id")
        while len(self._pictures) >= KEPT_PICTURES:
            self._pictures.pop(next(iter(self._pictures)))
        self._pictures[name] = (media, now + KEPT_SECONDS)
        return media

    def _post(self, path: str, **content: Any) -> dict[str, Any] | Failed:
        """The JSON of a good answer. A reason never has the text of an exception, which may quote the address."""
        until = time.monotonic() + ANSWER_SECONDS
        try:
            with self._connected().stream("POST", path, **content) as response:
                answer = _read(response, until)
        except httpx.TimeoutException:
            return Failed("WhatsApp does not answer in time")
        except httpx.ConnectError:
            return Failed("WhatsApp cannot be reached", is_down=True)
        except httpx.HTTPError as error:
            return Failed(f"{AGAIN} ({type(error).__name__})")
        if response.is_success:
            return answer
        failed = failure(_code(answer), response.status_code)
        if failed.is_down or response.status_code in (429, 503):
            self._pause(response.headers.get("Retry-After", ""))
        return failed

    def _pause(self, retry_after: str) -> None:
        if retry_after.isascii() and retry_after.isdecimal():
            self._paused_until = time.monotonic() + min(float(retry_after[:6]), LONGEST_REST)


def from_settings(settings: Settings) -> WhatsApp:
    """The channel of these settings."""
    return WhatsApp(settings.whatsapp_url, settings.whatsapp_rate)


def access(url: str) -> Access:
    """From https://PHONE_NUMBER_ID:ACCESS_TOKEN@HOST/VERSION; the settings have checked the form."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return Access(
        f"{parts.scheme}://{host}{parts.path.rstrip('/')}", parts.username or "", unquote(parts.password or "")
    )


def body_of(address: str, message: Message, picture: str, key: str) -> dict[str, Any]:
    """The JSON of a template message: header, body and button, each with parameters."""
    header = [{"type": "header", "parameters": [{"type": "image", "image": {"id": picture}}]}] if picture else []
    texts = [{"type": "text", "text": value} for value in parameters(message)]
    button = []
    if message.link_token and message.kind not in NO_BUTTON:
        token = [{"type": "text", "text": message.link_token}]
        button = [{"type": "button", "sub_type": "url", "index": "0", "parameters": token}]
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": address.lstrip("+"),
        "type": "template",
        "template": {
            "name": f"ampera_{message.kind}",
            "language": {"code": message.language},
            "components": [*header, {"type": "body", "parameters": texts}, *button],
        },
        "biz_opaque_callback_data": key,
    }


def parameters(message: Message) -> list[str]:
    """The parameters in the order of the template. Meta refuses empty values, line breaks, tabs and repeated spaces."""
    values = {**message.parameters, "first_name": message.first_name}
    values.setdefault("office", message.office)
    clean = (re.sub(r"\s+", " ", values.get(name, "")).strip() for name in TEMPLATES[message.kind])
    return [value[:MOST_PARAMETER] or NOTHING for value in clean]


def _read(response: httpx.Response, until: float) -> dict[str, Any]:
    """The JSON object of the answer, {} for anything else. Length and time are limited."""
    content = bytearray()
    for chunk in response.iter_bytes():
        content += chunk
        if len(content) > MOST_ANSWER:
            return {}
        if time.monotonic() > until:
            raise httpx.ReadTimeout("too slow")
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def _code(answer: dict[str, Any]) -> int | None:
    error = answer.get("error")
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, int) else None
