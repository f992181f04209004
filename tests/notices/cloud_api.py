"""A fake WhatsApp Cloud API for one phone number and one token, written after Meta's documentation.

It checks each request and answers as documented; `script` holds answers to give instead.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PHONE_ID, TOKEN = "106540352242922", "EAAJB-contoh-token"
MOST_TEXT = 1024


@dataclass
class Scripted:
    """An answer given instead of the documented one; `close` drops the connection, `stall` waits first (seconds)."""

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    close: bool = False
    stall: float = 0.0


class CloudApi:
    """`sent` are the accepted messages, `media` the pictures by id.

    `templates` are the approved templates by name and language: number of parameters, has picture, has button.
    """

    def __init__(self, templates: dict[tuple[str, str], tuple[int, bool, bool]]) -> None:
        self.templates = templates
        self.sent: list[dict[str, Any]] = []
        self.media: dict[str, bytes] = {}
        self.script: list[Scripted] = []
        self.requests: list[str] = []
        self.released = threading.Event()
        self.url = ""

    def script_error(self, code: int, status: int = 400, **headers: str) -> None:
        body = json.dumps(error(code, "scripted +6281200000001")).encode()
        self.script.append(Scripted(status, body, {name.replace("_", "-"): value for name, value in headers.items()}))

    def answer(self, path: str, headers: Any, body: bytes) -> tuple[int, dict[str, Any]]:
        if headers.get("Authorization") != f"Bearer {TOKEN}":
            return 401, error(190, "Invalid OAuth access token.")
        if path == f"/v21.0/{PHONE_ID}/media":
            return self._media(headers, body)
        if path == f"/v21.0/{PHONE_ID}/messages":
            return self._message(headers, body)
        return 400, error(33, f"Object with ID '{path}' does not exist")

    def _media(self, headers: Any, body: bytes) -> tuple[int, dict[str, Any]]:
        kind = headers.get("Content-Type", "").encode()
        form = message_from_bytes(b"Content-Type: " + kind + b"\r\n\r\n" + body)
        parts = {part.get_param("name", header="Content-Disposition"): part for part in form.get_payload()}
        values = {name: part.get_payload(decode=True) for name, part in parts.items()}
        if values.get("messaging_product") != b"whatsapp":
            return 400, error(100, "(#100) The parameter messaging_product is required.")
        if parts["file"].get_content_type() != "image/png" or not values["file"].startswith(b"\x89PNG"):
            return 400, error(131053, "Media upload error")
        media_id = str(4490709327384033 + len(self.media))
        self.media[media_id] = values["file"]
        return 200, {"id": media_id}

    def _message(self, headers: Any, body: bytes) -> tuple[int, dict[str, Any]]:
        message = json.loads(body) if headers.get_content_type() == "application/json" else {}
        if message.get("messaging_product") != "whatsapp" or message.get("type") != "template":
            return 400, error(100, "(#100) Invalid parameter")
        to = message.get("to", "")
        if not (to.isdecimal() and message.get("recipient_type") == "individual"):
            return 400, error(131009, "Parameter value is not valid")
        wrong = self._wrong(message["template"])
        if wrong:
            return 400, error(wrong, "template")
        if len(message.get("biz_opaque_callback_data", "")) > 512:
            return 400, error(100, "(#100) biz_opaque_callback_data is too long")
        self.sent.append(message)
        wamid = f"wamid.HBgM{len(self.sent):04d}{to[-4:]}=="
        return 200, {
            "messaging_product": "whatsapp",
            "contacts": [{"input": to, "wa_id": to}],
            "messages": [{"id": wamid, "message_status": "accepted"}],
        }

    def _wrong(self, template: dict[str, Any]) -> int:
        """The documented error code when the message does not fit the approved template, else 0."""
        approved = self.templates.get((template["name"], template["language"]["code"]))
        if approved is None:
            return 132001
        parts = {part["type"]: part for part in template["components"]}
        body = [parameter["text"] for parameter in parts["body"]["parameters"] if parameter["type"] == "text"]
        count, has_picture, has_button = approved
        if len(body) != count or ("button" in parts) != has_button:
            return 132000
        if ("header" in parts) != has_picture:
            return 132012
        if any(not text or len(text) > MOST_TEXT or set("\n\t") & set(text) or "     " in text for text in body):
            return 132018
        if has_picture and parts["header"]["parameters"][0]["image"]["id"] not in self.media:
            return 131053
        if has_button:
            button = parts["button"]
            if (button["sub_type"], button["index"]) != ("url", "0") or not button["parameters"][0]["text"]:
                return 132012
        return 0


def error(code: int, text: str) -> dict[str, Any]:
    """An error in the format of the Graph API."""
    return {
        "error": {
            "message": text,
            "type": "OAuthException",
            "code": code,
            "error_data": {"messaging_product": "whatsapp", "details": text},
            "fbtrace_id": "AKrHs3contoh",
        }
    }


@contextmanager
def cloud_api(templates: dict[tuple[str, str], tuple[int, bool, bool]]) -> Iterator[CloudApi]:
    """The server on a free port; `url` is the value for AMPERA_WHATSAPP_URL."""
    api = CloudApi(templates)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            api.requests.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"]))
            scripted = api.script.pop(0) if api.script else None
            if scripted is None:
                status, answer = api.answer(self.path, self.headers, body)
                scripted = Scripted(status, json.dumps(answer).encode())
            if scripted.stall:
                api.released.wait(scripted.stall)
            if scripted.close or scripted.stall:  # the client has gone
                self.close_connection = True
                return
            self.send_response(scripted.status)
            for name, value in {"Content-Type": "application/json", **scripted.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(scripted.body)))
            self.end_headers()
            self.wfile.write(scripted.body)

        def log_message(self, *_: Any) -> None:
            """Write no log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    api.url = f"http://{PHONE_ID}:{TOKEN}@127.0.0.1:{server.server_port}/v21.0"
    try:
        yield api
    finally:
        api.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
