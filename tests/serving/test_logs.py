"""The log tells what happened to whom operates the server, and nothing about the people it serves."""

import json
import logging
import sys
import threading
from dataclasses import replace

import httpx
import pytest

from ampera import db
from ampera.monitoring import logs
from tests import builders
from tests.serving import wire

SECRET = "SAB0123456789ABCDEFGHJKMNPQRS"


def test_a_line_has_the_route_and_never_the_link_the_query_or_the_address(server):
    before = len(server.log)
    with httpx.Client(base_url=server.url, timeout=60) as client:
        answer = client.get(f"/p/{SECRET}?code={SECRET}", headers={"Referer": f"http://x/{SECRET}"})
        answers = [
            answer,
            client.get(f"/nowhere/{SECRET}"),
            client.post("/api/v1/scans", json={"input": SECRET}, headers={"Authorization": f"Bearer {SECRET}"}),
        ]
    logged = server.log[before:]
    assert SECRET not in logged and SECRET[3:] not in logged and "127.0.0.1" not in logged
    lines = {line["request"]: line for line in map(json.loads, logged.splitlines()) if "request" in line}
    ours = [lines[answer.headers["X-Request-Id"]] for answer in answers]  # clients of other tests may still ask
    assert [line["status"] for line in ours] == [404, 404, 401]
    assert {"at", "ms", "method", "route", "status"} <= set(ours[0])


def test_line_of_a_refused_request_has_the_account_and_no_name(sign_in, capsys):
    officer = sign_in("officer")
    logs.configure()
    capsys.readouterr()
    assert officer.get("/admin/accounts").status_code == 403
    logged = capsys.readouterr().err
    (line,) = (line for line in map(json.loads, logged.splitlines()) if line["event"] == "request")
    assert (line["by"], line["status"], line["code"]) == (f"staff:{builders.staff('officer.plg').id}", 403, "forbidden")
    assert builders.staff("officer.plg").name not in logged and "officer.plg" not in logged


def test_gunicorn_log_of_a_bad_request_omits_the_request(new_server):
    # A server of its own: lines that repeat are left out, and other tests send bad requests too.
    with new_server() as server:
        before = len(server.log)
        wire.exchange(server, f"GET /p/{SECRET} NONSENSE\r\n\r\n".encode())
        logged = server.log[before:]
    assert "Invalid request" in logged
    assert SECRET not in logged and "127.0.0.1" not in logged


def test_failure_is_logged_with_type_and_place_without_text(capsys):
    logs.configure()
    try:
        raise ValueError(f"duplicate key {SECRET}") from KeyError(SECRET)
    except ValueError:
        logs.log.error("it failed", exc_info=True)
    line = json.loads(capsys.readouterr().err)
    assert SECRET not in json.dumps(line)
    assert line["failure"] == ["ValueError", "KeyError"]
    assert line["frames"][-1].startswith("tests/serving/test_logs.py:")


def test_message_formatted_by_a_library_is_not_logged(capsys):
    logs.configure()
    logging.getLogger("some.library").error(f"cannot read {SECRET}")
    line = json.loads(capsys.readouterr().err)
    assert SECRET not in json.dumps(line)
    assert line["logger"] == "some.library" and line["place"].startswith("test_logs.test_message_formatted_by")


@pytest.mark.parametrize(
    ("proxies", "given", "is_taken"),
    [
        (1, "4bf92f3577b34da6a3ce929d0e0e4736", True),
        (1, "00f067aa-0ba902b7", True),
        (0, "4bf92f3577b34da6a3ce929d0e0e4736", False),
        (1, "short", False),
        (1, "x" * 65, False),
        (1, 'quoted"},{"level":"', False),
        (1, f"{SECRET} and more", False),
    ],
)
def test_id_of_a_request_is_that_of_a_trusted_proxy(app, client, proxies, given, is_taken):
    app.extensions["ampera.settings"] = replace(app.extensions["ampera.settings"], proxies=proxies)
    answer = client.get("/healthz", headers={"X-Request-Id": given})
    assert (answer.headers["X-Request-Id"] == given) is is_taken


def test_page_of_a_failure_shows_the_id_of_the_request(client, monkeypatch):
    monkeypatch.setattr(db, "reading", lambda: 1 / 0)
    answer = client.get("/")
    assert answer.status_code == 500 and answer.headers["X-Request-Id"] in answer.get_data(as_text=True)


def test_uncaught_failure_is_logged_without_text(capsys, monkeypatch):
    for owner, name in ((sys, "excepthook"), (threading, "excepthook"), (sys, "unraisablehook")):
        monkeypatch.setattr(owner, name, None)
    logs.configure()
    logs.take_over_failures()
    error = ValueError(SECRET)
    sys.excepthook(ValueError, error, None)
    threading.excepthook(threading.ExceptHookArgs((ValueError, error, None, None)))
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [line["failure"] for line in lines] == [["ValueError"]] * 2 and SECRET not in json.dumps(lines)
