"""Two offices with one of everything in the first, and a client for every kind of caller."""

import io
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from ampera import audit, clock, db
from ampera.accounts import service
from ampera.accounts.badges import service as badges
from ampera.accounts.devices import service as device_service
from ampera.accounts.roles import ROLES
from ampera.accounts.tablets.browser_views import COOKIE as TABLET
from ampera.audit import Tablet
from ampera.passports.corrections import service as corrections
from ampera.pickups.codes import CodeKeys
from ampera.pickups.models import PickupCode
from ampera.reports.persons import service as requests
from ampera.security import new_token, token_hash
from ampera.web import csrf_tokens
from ampera.web.limits import limiter
from tests import builders
from tests.access.table import TABLE
from tests.apps import new_app
from tests.conftest import settings_for
from tests.handovers import steps

SAFE = {"GET", "HEAD", "OPTIONS"}
# Who works on an enrolled tablet: a session there is of this tablet alone.
AT_TABLETS = (("gate", "officer"), ("gate", "supervisor"), ("window", "officer"), ("desk", "desk"))
CALLERS = ("stranger", "display", *ROLES, *(f"key of {role}" for role in ROLES))


@dataclass
class World:
    """Two offices; everything that paths name belongs to PLG. Each test begins with the same database file."""

    app: Flask
    ids: dict[str, Any]
    tokens: dict[tuple[str, str], str]
    start: bytes = b""

    def caller(self, kind: str, office: str = "PLG", site: str = "http://localhost") -> Any:
        """A client: stranger, display, a role (in a browser, at this site) or "key of ROLE"."""
        client = _Caller(self.app, self.app.response_class)
        client.bearer = self.tokens.get((kind, office), "") if " " in kind or kind == "display" else ""
        with self.app.app_context():
            client.token = csrf_tokens.signed("for-the-test")
        with client.session_transaction(base_url=site) as session:
            session["csrf_token"] = "for-the-test"
            if kind in ROLES:
                session["token"] = self.tokens[kind, office]
        return client

    def at_tablet(self, kind: str, role: str, is_enrolled: bool = True) -> Any:
        """Somebody in this role at a tablet for this use; not enrolled: the same session in another browser."""
        client = self.caller("stranger")
        with client.session_transaction() as session:
            session["token"] = self.tokens[f"{role} at {kind}", "PLG"]
        if is_enrolled:
            client.set_cookie(TABLET, self.tokens[f"tablet {kind}", "PLG"])
        return client

    def restore(self) -> None:
        database, file = self.app.extensions["ampera.db"], Path(self.app.extensions["ampera.db"].url.database)
        database.dispose()
        for leftover in file.parent.glob("ampera.db-*"):
            leftover.unlink()
        file.write_bytes(self.start)


class _Caller(builders._Browser):
    bearer = ""

    def call(self, rule: Any, method: str, world: World, **more: Any) -> Any:
        """One request of this rule with the ids of the world and the body of its row."""
        path = re.sub(r"<(?:any\(([\w-]+).*?\):)?(?:\w+:)?(\w+)>", lambda m: m[1] or str(world.ids[m[2]]), rule.rule)
        headers = {"Authorization": f"Bearer {self.bearer}"} if self.bearer else {}
        body = {} if method in SAFE else _body(rule, world)
        headers |= more.pop("headers", {})
        return self.open(path, method=method, headers=headers, buffered=True, **body, **more)


def _body(rule: Any, world: World) -> dict[str, Any]:
    body = TABLE[rule.endpoint].body
    if body == "handover":
        return {"json": steps.body(world.ids["visit_id"], steps.book(world.ids["passport_id"], 2))}
    filled = {name: world.ids.get(str(value).strip("{}"), value) for name, value in (body or {}).items()}
    is_json = rule.rule.startswith(("/api/", "/board/", "/account/factors/passkeys", "/login/decision/"))
    return {"json": filled} if is_json and body is not None else {"data": filled}


@contextmanager
def new_world(factory: pytest.TempPathFactory, empty_database: bytes) -> Iterator[World]:
    """The app on a database of its own, without limits of traffic (they are not what is asked here)."""
    folder = factory.mktemp("world")
    (folder / "ampera.db").write_bytes(empty_database)
    app = new_app(settings_for(folder), factory)
    before, limiter.enabled = limiter.enabled, False
    with app.app_context():
        builders.office()
        builders.office("JKT", "Kantor Imigrasi Contoh Jakarta")
        built = World(app, _things(app), _tokens() | _tablet_tokens())
        app.extensions["ampera.db"].dispose()
        built.start = (folder / "ampera.db").read_bytes()
        yield built
    limiter.enabled = before
    app.extensions["ampera.db"].dispose()


def _things(app: Flask) -> dict[str, Any]:
    """One of everything in PLG: a book that is out, one at the window, an import, an account, a display, a key."""
    officer, desk = builders.with_key(app, "officer"), builders.signed_in(app, "desk")
    (gone,), code = builders.ready(1)
    request = steps.body(steps.serving(officer, code)["id"], steps.book(gone, 1))
    handover = officer.post("/api/v1/handovers", json=request).get_json()["handovers"][0]["id"]
    (book,), code = builders.ready(2)
    visit = steps.serving(officer, code)
    scan = steps.scan(officer, code).get_json()
    upload = desk.post("/desk/import", data={"file": (io.BytesIO(b"nomor permohonan\n1\n"), "uji.csv")})
    token = new_token("display")
    device = device_service.enrol_device(audit.command(1), 1, device_service.Display("uji"), token_hash(token))
    wanted = device_service.WorkTablet("window", "uji")
    tablet = device_service.enrol_device(audit.command(1), 1, wanted, token_hash(new_token("device")))
    keys = CodeKeys.parse(app.extensions["ampera.settings"].code_keys)
    with db.reading() as session:
        link = keys.link(session.scalars(select(PickupCode).where(PickupCode.state == "current")).one())
    proposal = corrections.propose(builders.actor("desk"), book, {"holder_name": "Contoh Benar"}, "uji coba")
    assert isinstance(proposal, corrections.Decided)
    wish = requests.Wish(f"99{2:014d}", "access", "counter", "uji coba", clock.now())
    asked = requests.note(builders.actor("desk"), wish)
    assert isinstance(asked, requests.RequestState)
    badges.make(audit.command(1), builders.staff("officer2.plg").id, "h")
    delivery = builders.dead_delivery(visit["passports"][0]["pickup_id"])
    return {
        "visit_id": visit["id"], "scan_id": scan["scan_id"], "passport_id": book,
        "pickup_id": scan["pickup_id"], "code": code,
        "handover_id": handover, "key": request["key"], "link": link, "import_id": upload.location.split("/")[-1],
        "staff_id": builders.staff("officer2.plg").id, "device_id": device.id, "tablet_id": tablet.id,
        "sign_in_id": 1, "key_id": 1, "token": token,
        "uuid": str(uuid.uuid4()), "office": "PLG", "lane": 1, "number": 1, "weekday": 0, "day": "2030-01-01",
        "name": "call_seconds", "filename": "css/tokens.css", "version": "v", "clip": "chime.mp3",
        "delivery_id": delivery, "correction_id": proposal.id, "request_id": asked.id,
    }  # fmt: skip


def _tokens() -> dict[tuple[str, str], str]:
    found = {}
    for office_id, code in ((1, "PLG"), (2, "JKT")):
        for role in ROLES:
            found[role, code] = new_token("session")
            service.sign_in(builders.actor(role, code), token_hash(found[role, code]))
            found[f"key of {role}", code] = builders.key(role, code)
        found["display", code] = new_token("display")
        device_service.enrol_device(
            audit.command(office_id), office_id, device_service.Display("uji"), token_hash(found["display", code])
        )
    return found


def _tablet_tokens() -> dict[tuple[str, str], str]:
    found, admin = {}, audit.command(1)
    for kind in dict(AT_TABLETS):
        found[f"tablet {kind}", "PLG"] = new_token("device")
        wanted = device_service.WorkTablet(kind, f"uji {kind}")
        made = device_service.enrol_device(admin, 1, wanted, token_hash(found[f"tablet {kind}", "PLG"]))
        place = Tablet(made.id, made.name, kind, None, 0)
        for role in (role for at, role in AT_TABLETS if at == kind):
            found[f"{role} at {kind}", "PLG"] = new_token("session")
            who = replace(builders.actor(role), tablet=place)
            service.sign_in(who, token_hash(found[f"{role} at {kind}", "PLG"]))
    return found


def rules(app: Flask) -> list[tuple[Any, str]]:
    """Every rule with each of its methods."""
    return [
        (rule, method)
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"})
    ]
