"""The officer's steps over the API, as verbs, for a book that `builders.passport(n)` made."""

import base64
import io
import uuid
from typing import Any

from PIL import Image, ImageDraw


def signature() -> str:
    """A drawn line as the tablet sends it."""
    picture = Image.new("RGBA", (300, 100), (0, 0, 0, 0))
    ImageDraw.Draw(picture).line([(20, 70), (90, 20), (160, 80), (280, 40)], fill=(20, 22, 43, 255), width=3)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


def scan(client: Any, code: str, lane: int = 1, scan_id: str | None = None, **more: Any) -> Any:
    body = {"scan_id": scan_id or str(uuid.uuid4()), "lane": lane, "input": code, **more}
    return client.post("/api/v1/scans", json=body)


def serving(client: Any, code: str, lane: int = 1) -> dict[str, Any]:
    """Scan, and claim the visit."""
    visit = scan(client, code, lane).get_json()["visit"]
    answer = client.post(f"/api/v1/visits/{visit['id']}/serve", json={"lane": lane})
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()


def book(passport_id: int, n: int, **changes: Any) -> dict[str, Any]:
    """What is typed for the book of `builders.passport(n)`."""
    return {
        "passport_id": passport_id,
        "book": f"X{n:07d}",
        "identity": {"nik_last4": f"167101{n:010d}"[-4:]},
        **changes,
    }


def body(visit_id: int, *books: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A complete request of the applicant in person."""
    return {
        "key": str(uuid.uuid4()),
        "visit_id": visit_id,
        "passports": list(books),
        "collector": {"class": "self", "shown": ["payment", "identity"]},
        "signature": signature(),
        **changes,
    }


FAMILY = {
    "class": "family",
    "name": "Contoh Kerabat",
    "document": "ktp",
    "document_last4": "1234",
    "shown": ["payment", "family_card", "identity"],
}
