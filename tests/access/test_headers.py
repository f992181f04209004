"""What every answer says to the browser over HTTPS: all routes, kinds of files, errors, and the polls of sockets."""

import re

import pytest

from ampera import clock
from ampera.web.response_headers import HSTS
from tests.access.world import new_world, rules

HTTPS = "https://localhost"
ALWAYS = {
    "Strict-Transport-Security": HSTS,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
POLICY = ("default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'")
FILES = ("css/tokens.css", "fonts/plus-jakarta-sans-var.woff2", "img/favicon.svg", "js/lib/forms.js", "voice/chime.mp3")
ODD = ("/nowhere", "/static/v/nowhere.css", "/socket.io/?EIO=4&transport=polling", "/socket.io/?EIO=4&sid=nobody")
WITH_CHARSET = re.compile(r"text/|.*[/+]xml\b")


@pytest.fixture(scope="module")
def world(tmp_path_factory, empty_database, until_morning):
    with clock.shift(until_morning), new_world(tmp_path_factory, empty_database) as built:
        yield built


def missing(answer):
    """Which headers of this answer are not as they must be."""
    policy = answer.headers.get("Content-Security-Policy", "").split("; ")
    wrong = {name for name, value in ALWAYS.items() if answer.headers.getlist(name) != [value]}
    wrong |= {part for part in POLICY if part not in policy}
    if WITH_CHARSET.match(answer.content_type or "") and "charset=utf-8" not in answer.content_type.lower():
        wrong.add("charset")
    if answer.get_data() and not answer.content_type:
        wrong.add("Content-Type")
    return wrong


def places(world):
    """Every route as strangers and as staff, and addresses outside the routes."""
    for rule, method in rules(world.app):
        for kind in ("stranger", "supervisor", "admin"):
            yield (rule.rule, method, kind), world.caller(kind, site=HTTPS).call(rule, method, world, base_url=HTTPS)
    for path in (*ODD, *(f"{world.app.static_url_path}/{name}" for name in FILES)):
        yield path, world.caller("stranger").get(path, base_url=HTTPS, buffered=True)


def test_every_answer_restricts_the_browser(world):
    world.restore()
    wrong = {place: found for place, answer in places(world) if (found := missing(answer))}
    assert not wrong


def test_every_cookie_is_hidden_from_scripts_for_tls_and_for_this_site(world):
    world.restore()
    cookies = {cookie for _, answer in places(world) for cookie in answer.headers.getlist("Set-Cookie")}
    assert {"__Host-ampera", "__Host-ampera_device"} <= {cookie.partition("=")[0] for cookie in cookies}
    wanted = {"HttpOnly", "Secure", "SameSite=Lax", "Path=/"}
    wrong = [cookie for cookie in cookies if not wanted <= {*cookie.split("; ")} or "Domain=" in cookie]
    assert not wrong and all(cookie.startswith("__Host-") for cookie in cookies)


def test_no_answer_lets_another_origin_read(world):
    world.restore()
    readable = {
        (rule.rule, method)
        for rule, method in rules(world.app)
        for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"})
        if "Access-Control-Allow-Origin"
        in world.caller("supervisor", site=HTTPS).call(rule, method, world, base_url=HTTPS, headers=headers).headers
    }
    poll = world.caller("stranger").get(ODD[2], base_url=HTTPS, headers={"Origin": "https://evil.example"})
    assert not readable and poll.status_code == 400


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PUT", "PROPFIND"])
def test_method_without_a_use_is_refused(world, method):
    for path in ("/login", "/api/v1/visits", "/socket.io/"):
        answer = world.caller("stranger").open(path, method=method, headers={"X-Word": "echo-of-a-secret"})
        assert answer.status_code in (400, 405) and "echo-of-a-secret" not in answer.text


@pytest.mark.parametrize("folder", ["", "/", "/css", "/css/", "/js/lib/", "/../ampera/", "/%2e%2e/setup.cfg"])
def test_no_folder_is_listed(world, folder):
    assert world.caller("stranger").get(f"{world.app.static_url_path}{folder}").status_code == 404
