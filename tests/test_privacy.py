"""I6: nothing personal on a public screen, in a QR code, a URL, a log line or a metric. One whole way, then a look
at everything that leaves the house, and at what a stolen database would tell."""

import io
import json
import re
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select, update

from ampera import audit, clock, db
from ampera.accounts.devices import service as device_service
from ampera.accounts.models import Staff
from ampera.audit import AuditEntry
from ampera.handovers import service as handovers
from ampera.handovers.models import Signature
from ampera.offices.models import Office
from ampera.security import new_token, token_hash
from tests import builders
from tests.conftest import on_both
from tests.handovers import steps
from tests.leaks import leaks
from tests.test_promises import outage

PERSON = {
    "application_no": "9912345678901234",
    "passport_no": "X7391846",
    "holder_name": "Namarahasia Uji Coba",
    "birth_date": "1987-06-05",
    "issued_on": clock.today().isoformat(),
    "shelf": "C-77",
    "nik": "1671010506879876",
    "phone": "+6281299887766",
    "email": "rahasia.uji@contoh.example",
}
COLLECTOR = {**steps.FAMILY, "name": "Kerabatrahasia Uji", "document_last4": "8642"}
PERSONAL = {
    *(value for name, value in PERSON.items() if name not in ("issued_on", "shelf", "birth_date")),
    "Namarahasia", "namarahasia", "NAMARAHASIA", "Kerabatrahasia", "081299887766", "81299887766",
    "1987-06-05", "05-06-1987", "05/06/1987", "5 Juni 1987", "5 June 1987",
}  # fmt: skip


@dataclass
class Trace:
    """What left the house on the way: redirects, refusals, and what anybody may ask for."""

    log: str = ""
    secrets: set[str] = field(default_factory=set)
    urls: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    shown: dict[str, str] = field(default_factory=dict)
    qr: list[str] = field(default_factory=list)


class Watched:
    """A client whose redirects and refusals are kept."""

    def __init__(self, client: FlaskClient, trace: Trace) -> None:
        self.client, self.trace = client, trace

    def __getattr__(self, method: str) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            answer = getattr(self.client, method)(*args, **kwargs)
            self.trace.urls += [answer.location] if answer.location else []
            self.trace.refusals += [answer.text] if answer.status_code >= 400 else []
            return answer

        return call


@pytest.fixture
def trace(app, api, sign_in, monkeypatch, capfd) -> Trace:
    """The whole way of one book, with everything that can go wrong on it."""
    trace = Trace()
    desk, officer = Watched(api("desk"), trace), Watched(api("officer"), trace)
    given = desk.post("/api/v1/passports", json={"passports": [PERSON]}).get_json()
    book, (handout,) = given["rows"][0]["passport_id"], given["pickups"]
    trace.secrets = {handout["code"], handout["code"][3:], link_of(handout), handout["booking_code"]}
    trace.secrets |= {handout["booking_code"].replace("-", ""), desk.client.key, officer.client.key, builders.PASSWORD}
    visit_the_applicants_page(Watched(app.test_client(), trace), handout, trace)
    sign_in_and_look(app, trace, book)
    visit = at_the_window(officer, handout, book)
    look_at_the_screens(app, trace)
    refused_confirms(officer, visit, book)
    things_that_break(app, officer, visit, book, monkeypatch)
    answer = officer.post("/api/v1/handovers", json=confirm(visit, book))
    assert answer.status_code == 201, answer.get_json()
    record = answer.get_json()["handovers"][0]["id"]
    officer.post("/api/v1/handovers", json=confirm(visit, book))
    steps.scan(officer, handout["code"])
    supervisor = Watched(sign_in("supervisor"), trace)
    supervisor.get(f"/register/{record}")
    void = {"reason": "uji coba", "shelf": "C-78", "book": PERSON["passport_no"]}
    supervisor.post(f"/api/v1/handovers/{record}/void", json=void)
    trace.shown["metrics"] = app.test_client().get("/metrics").text
    trace.log = capfd.readouterr().err
    return trace


@on_both
def test_i6_nothing_personal_leaves_the_house(trace):
    lines = [json.loads(line) for line in trace.log.splitlines()]
    assert len(lines) > 30 and {200, 201, 302, 404, 409, 422, 500, 503} <= {line.get("status") for line in lines}
    assert_clean("the log", trace.log, PERSONAL | trace.secrets)
    assert_clean("a redirect", " ".join(trace.urls), PERSONAL | trace.secrets)
    assert_clean("a refusal", " ".join(trace.refusals), PERSONAL | trace.secrets)
    for place, text in trace.shown.items():
        assert text
        assert_clean(place, text, PERSONAL | trace.secrets)
    assert trace.urls and trace.refusals and len(trace.qr) == 2
    assert all(re.fullmatch("SAB[0-9A-HJKMNP-TV-Z]{26}", payload) for payload in trace.qr)


def test_i6_a_stolen_database_opens_nothing(trace, tmp_path):
    stolen = b"".join(Path(file).read_bytes() for file in tmp_path.glob("ampera.db*"))
    assert PERSON["holder_name"].encode() in stolen  # it is the right file
    booking = {
        secret for secret in trace.secrets if len(secret) <= 9
    }  # finds a pickup for a signed-in officer, proves nothing
    for secret in trace.secrets - booking:
        assert secret.encode() not in stolen


def test_i6_a_stolen_database_shows_no_identity_contact_or_signature(trace, tmp_path):
    """Names and numbers of books stay in clear: they are searched."""
    stolen = b"".join(Path(file).read_bytes() for file in tmp_path.glob("ampera.db*"))
    sealed = [PERSON["nik"], PERSON["birth_date"], PERSON["phone"], PERSON["phone"][3:], PERSON["email"]]
    assert not [value for value in sealed if value.encode() in stolen]
    assert b"\x89PNG\r\n\x1a\n" not in stolen  # every picture begins so
    with db.reading() as session:
        assert session.scalars(select(Signature.png)).first().startswith(b"\x89PNG")


def test_i6_audit_records_actions_without_personal_data(trace):
    with db.reading() as session:
        entries = "\n".join(
            f"{entry.action} {entry.subject} {entry.details}" for entry in session.scalars(select(AuditEntry))
        )
    assert "handover.recorded" in entries
    assert_clean("the audit", entries, PERSONAL | trace.secrets)


def assert_clean(place: str, text: str, forbidden: set[str]) -> None:
    assert not (found := [word for word in forbidden if word in text]), f"{place} tells {found}"


def link_of(handout: dict[str, str]) -> str:
    return handout["link"].rpartition("/")[2]


def visit_the_applicants_page(stranger: Watched, handout: dict[str, str], trace: Trace) -> None:
    page = f"/p/{link_of(handout)}"
    answer = stranger.get(page)
    assert answer.status_code == 200 and answer.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer.headers["X-Robots-Tag"] and answer.headers["Cache-Control"] == "no-store"
    for picture in (f"{page}/qr.png", f"{page}/qr.png?download=1"):
        image = Image.open(io.BytesIO(stranger.get(picture).data))
        trace.qr.append(zxingcpp.read_barcodes(image)[0].text)
    assert trace.qr == [handout["code"]] * 2
    stranger.get(f"{page}/slip.pdf", buffered=True)
    stranger.get(f"/api/v1/pickup-state/{link_of(handout)}")
    stranger.client.get(f"/p/{handout['code']}")  # a code is no link; its refusal offers the same address again


def sign_in_and_look(app: Any, trace: Trace, book: int) -> None:
    """Over the login form, with a wrong password first; then the desk's pages."""
    browser = Watched(app.test_client(), trace)
    browser.get(f"/desk/books/{book}")
    for password, status in (("salah-sekali-12345", 401), (builders.PASSWORD, 302)):
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get("/login").text)[1]
        form = {"login": "desk.plg", "password": password, "csrf_token": token}
        assert browser.post("/login", data=form).status_code == status
    assert PERSON["holder_name"] in browser.get(f"/desk/books/{book}").text
    browser.get("/desk", query_string={"q": PERSON["holder_name"]})
    browser.get("/api/v1/passports", query_string={"q": PERSON["phone"]})


def at_the_window(officer: Watched, handout: dict[str, str], book: int) -> int:
    steps.scan(officer, PERSON["nik"])
    steps.scan(officer, "SAB" + "0" * 26)
    steps.scan(officer, handout["booking_code"])
    visit = steps.scan(officer, handout["code"]).get_json()["visit"]["id"]
    officer.post("/api/v1/lanes/1/next")
    officer.post(f"/api/v1/visits/{visit}/recall", json={})
    officer.post(f"/api/v1/visits/{visit}/serve", json={"lane": 1})
    return visit


def look_at_the_screens(app: Any, trace: Trace) -> None:
    """Of the office and of the lane, by a display, while the visit is being served."""
    token = new_token("display")
    device_service.enrol_device(audit.command(1), 1, device_service.Display("uji"), token_hash(token))
    trace.secrets.add(token)
    display = Watched(app.test_client(), trace)
    header = {"Authorization": f"Bearer {token}"}
    for path in ("/api/v1/boards/PLG", "/api/v1/boards/PLG/1", "/board/PLG", "/board/PLG/1"):
        answer = display.get(path, headers=header)
        assert answer.status_code == 200
        trace.shown[path] = answer.text
    assert "A001" in trace.shown["/api/v1/boards/PLG"]
    trace.shown["the front page"] = app.test_client().get("/").text


def refused_confirms(officer: Watched, visit: int, book: int) -> None:
    checks = f"/api/v1/visits/{visit}/checks"
    officer.post(checks, json={"passport_id": book, "book": "X0000000", "identity": {"nik_last4": "0000"}})
    officer.post(checks, json={"passport_id": book, "book": PERSON["passport_no"]})
    officer.post("/api/v1/handovers", json=confirm(visit, book, key=str(uuid.uuid4()), book="X0000000"))
    officer.post("/api/v1/handovers", json=confirm(visit, book, key=str(uuid.uuid4()), signature=None))
    officer.post("/api/v1/handovers", json={**confirm(visit, book), "signature": PERSON["nik"]})
    officer.post("/api/v1/handovers", data=json.dumps(PERSON) + "}", content_type="application/json")
    officer.post("/api/v1/visits/999/leave", json={"reason": PERSON["holder_name"]})


def things_that_break(app: Any, officer: Watched, visit: int, book: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug whose exception quotes what it was given; the database's own refusal, which quotes the row; its absence."""

    def broken(*_: Any) -> None:
        raise RuntimeError(f"cannot handle {PERSON}")

    with monkeypatch.context() as patch:
        patch.setattr(handovers.cases, "load", broken)
        assert officer.post("/api/v1/handovers", json=confirm(visit, book)).status_code == 500
    with monkeypatch.context() as patch:
        patch.setattr(Office, "raise_revision", lambda conn, _office: conn.execute(DUPLICATE))
        assert officer.post("/api/v1/handovers", json=confirm(visit, book)).status_code == 409
    with outage(app):
        assert officer.post("/api/v1/handovers", json=confirm(visit, book)).status_code == 503


KEY = str(uuid.uuid4())
DUPLICATE = update(Staff).values(login=PERSON["nik"], name=PERSON["holder_name"])


def confirm(visit: int, passport_id: int, key: str = KEY, signature: Any = "", **changes: Any) -> dict[str, Any]:
    typed = {
        "passport_id": passport_id,
        "book": PERSON["passport_no"],
        "identity": {"birth_date": PERSON["birth_date"]},
    }
    return {
        "key": key,
        "visit_id": visit,
        "passports": [{**typed, **changes}],
        "collector": COLLECTOR,
        "signature": steps.signature() if signature == "" else signature,
    }


@pytest.mark.parametrize(
    "text",
    ["GET /p/0123456789abcdefghjkmnpqrs", "input SAB0123456789ABCDEFGHJKMNPQRS", "nik=1671010506879876", "X7391846",
     "6281299887766", "rahasia.uji@contoh.example", "pemohon Namarahasia Uji Coba", "9912345678901234"],
)  # fmt: skip
def test_scan_of_logs_finds_what_belongs_to_somebody(text):
    line = '{"at": "2026-12-01T02:00:08.123Z", "route": "/p/<link>", "ms": 12.6, "request": "9912345678901234"}'
    assert leaks(line, ["Namarahasia Uji Coba"]) == []
    assert len(leaks(f"{line}\n{text}", ["Namarahasia Uji Coba"])) == 1
