"""Whatever somebody shows to a scanner: no text is accepted, none is answered with a 5xx, and memory stays flat."""

import random
import time
import uuid
from collections import Counter
from pathlib import Path

from sqlalchemy import delete

from ampera import db
from ampera.pickups import codes
from ampera.visits.models import Scan, Visit
from ampera.web.limits import limiter
from tests import builders
from tests.visits.test_scan import count

FLAT = 64 * 1024 * 1024  # bytes that the process may grow after the first tenth
PREFIXES = ("", "]Q1", "\\000026", " ", "\x02", "SAB", "sab", "https://contoh.example/p/", "LBP", "P<IDN")


def payload(draw: random.Random, code: str) -> str:
    """A text of a scanner: letters of any kind, a code of another shape, or the right code with a wrong place."""
    kind = draw.randrange(5)
    if kind == 0:
        return "".join(chr(draw.choice((draw.randrange(32, 127), draw.randrange(0x20, 0xD7FF)))) for _ in range(20))
    if kind == 1:
        return draw.choice(PREFIXES) + "".join(draw.choice(codes.ALPHABET) for _ in range(draw.randrange(40)))
    if kind == 2:
        return draw.choice(PREFIXES) + bytes(draw.randrange(256) for _ in range(draw.randrange(60))).decode("latin-1")
    if kind == 3:
        return codes.PREFIX + "".join(draw.choice(codes.ALPHABET) for _ in range(codes.DERIVED_CHARS))
    place = draw.randrange(3, len(code))
    other = draw.choice([char for char in codes.ALPHABET if char != code[place]])
    return code[:place] + other + code[place + 1 :]


def memory() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def test_no_drawn_payload_is_accepted(app, api, monkeypatch, request):
    monkeypatch.setattr(limiter, "enabled", False)
    (_, code), officer, draw = builders.ready(1), api("officer"), random.Random()
    wanted, verdicts, first, began = request.config.getoption("payloads"), Counter(), 0, time.monotonic()
    for number in range(wanted):
        body = {"scan_id": str(uuid.UUID(int=draw.getrandbits(128))), "lane": 1, "input": payload(draw, code)}
        answer = officer.post("/api/v1/scans", json=body)
        assert answer.status_code in (200, 422), (answer.status_code, body["input"])
        verdicts[answer.get_json().get("verdict", "refused")] += 1
        if number % 10_000 == 0:
            db.current().write(lambda unit: unit.session.execute(delete(Scan)))  # the disk is not what is tried here
        if number == wanted // 10:
            first = memory()
    print(f"{wanted / (time.monotonic() - began):.0f} payloads a second: {dict(verdicts)}")  # seen with -rP
    assert set(verdicts) <= {"malformed", "unknown", "refused"} and verdicts["unknown"] and verdicts["malformed"]
    assert count(Visit) == 0
    assert memory() - first < FLAT
