"""'Find my pickup' reveals nothing: right and wrong input get the same answer, statements and time."""

import re
import statistics
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from ampera import create_app, db
from ampera.notices.delivery import fan_out_service
from ampera.notices.link_requests import service as link_requests_service
from ampera.notices.models import Delivery
from ampera.web.limits import limiter
from tests import builders
from tests.conftest import on_both, settings_for
from tests.statements import executed

NUMBER, BORN = "9977665544332211", "17-08-1985"
INPUTS = {
    "right": (NUMBER, BORN),
    "wrong day": (NUMBER, "18-08-1985"),
    "wrong number": ("9977665544332212", BORN),
    "unknown": ("1111222233334444", "01-01-2001"),
    "short and unknown": ("12345678", "01-01-2001"),
    "without a pickup": ("9977665544330000", BORN),
}
# These headers count requests and seconds, whatever the input.
VARYING = {"X-Request-Id", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Retry-After"}


@pytest.fixture
def app(tmp_path, database, morning):
    app = create_app(settings_for(tmp_path, DATABASE_URL=database, MAIL_URL="smtp://127.0.0.1:1"))
    app.testing = True
    with app.app_context():
        born = link_requests_service.date(1985, 8, 17)
        builders.ready(
            1, application_no=NUMBER, birth_date=born, email="rahasia@contoh.example", phone="+6281299887766"
        )
        builders.passport(2, application_no="9977665544330000", birth_date=born)
        yield app
    app.extensions["ampera.db"].dispose()


@pytest.fixture
def unlimited(app, monkeypatch):
    monkeypatch.setattr(limiter, "enabled", False)


def ask(client, name):
    number, born = INPUTS[name]
    return client.post("/find", data={"number": number, "born": born})


def seen(app, name) -> tuple:
    """Everything that a requester sees: the answer, and the page of the redirect."""
    client = app.test_client()
    answer = ask(client, name)
    page = client.get(answer.location)
    return tuple(
        (response.status, response.data, tuple(sorted(pair for pair in response.headers if pair[0] not in VARYING)))
        for response in (answer, page)
    )


@on_both
def test_right_and_wrong_input_get_the_same_answer(app):
    first, *others = (seen(app, name) for name in INPUTS)
    assert first[0][0] == "303 SEE OTHER" and first[1][0] == "200 OK"
    assert all(other == first for other in others)


def test_number_over_the_limit_gets_the_same_answer(app, unlimited):
    answers = {seen(app, "right") for _ in range(6)}
    link_requests_service.process_requests()
    answers |= {seen(app, name) for name in ("right", "unknown")}
    assert len(answers) == 1


@on_both
def test_right_and_wrong_input_run_the_same_statements(app, unlimited):
    database = app.extensions["ampera.db"]
    ask(app.test_client(), "right")
    work = {}
    for name in INPUTS:
        with executed(*{database.reader, database.writer}) as done:
            ask(app.test_client(), name)
        work[name] = tuple(done)
    assert len(set(work.values())) == 1 and work["right"]
    assert not [statement for statement in work["right"] if "passports" in statement]
    with db.reading() as session:
        lengths = {len(key) for key in session.scalars(select(link_requests_service.LinkRequest.key))}
    assert len(lengths) == 1


def test_right_and_wrong_input_take_the_same_time(app, unlimited):
    """Requests alternate, so that load affects both inputs. Only a difference of about a query would show."""
    client = app.test_client()
    took: dict[str, list[float]] = {"right": [], "unknown": []}
    for _ in range(100):
        for name, times in took.items():
            began = time.perf_counter()
            ask(client, name)
            times.append(time.perf_counter() - began)
    right, unknown = (statistics.median(times) for times in took.values())
    assert abs(right - unknown) < max(right, unknown) / 2


def test_search_input_never_reaches_urls_cookies_or_logs(app, capfd):
    client = app.test_client()
    answer = ask(client, "right")
    assert answer.location == "/find/noted" and "Set-Cookie" not in answer.headers
    client.post("/find", data={"number": NUMBER, "born": "31-02-1985"})
    client.post("/find", data={"number": f"{NUMBER}x", "born": BORN})
    link_requests_service.process_requests()
    log = re.sub(r'"request": "\w+"', "", capfd.readouterr().err)  # a random request id may contain a year
    assert "/find" in log
    personal = (NUMBER, BORN, "1985", "rahasia@contoh", "81299887766", "/p/")
    assert not [value for value in personal if value in log]
    metrics = client.get("/metrics").text
    assert "find.ask" in metrics and not [value for value in personal[:2] if value in metrics]


def test_database_does_not_contain_the_search_input(app, tmp_path):
    ask(app.test_client(), "unknown")
    assert INPUTS["unknown"][0].encode() not in stored(tmp_path)
    link_requests_service.process_requests()
    assert INPUTS["unknown"][0].encode() not in stored(tmp_path)


def test_link_is_sent_only_to_the_holder_in_a_family(app):
    family = [builders.passport(n, email=f"kerabat{n}@contoh.example") for n in (3, 4, 5)]
    builders.pickup(*family)
    app.test_client().post("/find", data={"number": "9900000000000004", "born": "05-01-1990"})
    link_requests_service.process_requests()
    fan_out_service.fan_out([1], {"mail": "email"})
    with db.reading() as session:
        assert list(session.scalars(select(Delivery.address))) == ["kerabat4@contoh.example"]


def stored(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.glob("ampera.db*"))
