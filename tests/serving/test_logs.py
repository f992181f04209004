"""The log tells what happened to whom operates the server, and nothing about the people it serves."""

import json
import logging

import httpx

from ampera.monitoring import logs
from tests.serving import wire

SECRET = "SAB0123456789ABCDEFGHJKMNPQRS"


def test_a_line_has_the_route_and_never_the_link_the_query_or_the_address(server):
    before = len(server.log)
    with httpx.Client(base_url=server.url, timeout=60) as client:
        answer = client.get(f"/p/{SECRET}?code={SECRET}", headers={"Referer": f"http://x/{SECRET}"})
        client.get(f"/nowhere/{SECRET}")
        client.post("/api/v1/scans", json={"input": SECRET}, headers={"Authorization": f"Bearer {SECRET}"})
    logged = server.log[before:]
    assert SECRET not in logged and SECRET[3:] not in logged and "127.0.0.1" not in logged
    lines = [json.loads(line) for line in logged.splitlines()]
    assert [line["status"] for line in lines] == [404, 404, 401]
    assert lines[0]["request"] == answer.headers["X-Request-Id"]
    assert {"at", "ms", "method", "route", "status"} <= set(lines[0])


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
