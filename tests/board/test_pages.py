"""The screens' pages: right from the first answer, entered once by an enrolled link, closed when that was revoked."""

import re

import pytest

from ampera import audit
from ampera.board.screens.signboard_texts import closed_line, on_screen
from ampera.offices import service as offices
from tests import builders
from tests.board import steps


@pytest.fixture
def screen(client):
    """A browser that opened an enrolled link of lane 1."""
    token = steps.display(lane=1)
    assert client.post("/board/enter", json={"token": token}, headers=JSON).get_json()["path"] == "/board/PLG/1"
    client.display = token
    return client


JSON = {"Accept": "application/json"}


def text(client, path="/board/PLG"):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def marks(page):
    return re.findall(r'data-queue-no="(\w+)" data-state="(\w+)"', page)


def test_the_page_is_right_before_any_script_runs(sign_in, api):
    officer = api("officer")
    visits = [steps.vehicle(officer, n) for n in (1, 2, 3)]
    officer.post(f"/api/v1/visits/{visits[0]['id']}/serve", json={"lane": 1})
    steps.call(officer, visits[1], lane=2)
    page = text(sign_in("supervisor"))
    assert marks(page) == [("A001", "serving"), ("A002", "called"), ("A003", "waiting")]
    assert re.search(r'<body class="theme-board" data-revision="5" data-stale="false">', page)
    assert "Sedang dilayani" in page and "Please proceed" in page
    assert marks(text(sign_in("officer"), "/board/PLG/2")) == [("A002", "called"), ("A003", "waiting")]
    assert "Silakan masuk jalur 2" in text(sign_in("officer"), "/board/PLG/2")


def test_a_call_is_announced_in_place_of_the_message(sign_in, api):
    officer = api("officer")
    steps.call(officer, steps.vehicle(officer), lane=2)
    page = text(sign_in("supervisor"))
    assert "Nomor antrean A001, silakan menuju jalur 2" in page
    assert re.search(r'id="message"[^>]* hidden>', page)


def test_screen_shows_closed_lanes_and_an_empty_queue(sign_in):
    supervisor = sign_in("supervisor")
    supervisor.post("/api/v1/lanes/2/close")
    page = text(supervisor)
    assert "gate--empty" in page and "gate--closed" in page and "Belum ada kendaraan menunggu" in page


def test_right_of_a_screen_is_a_cookie_that_scripts_cannot_read(screen):
    answer = screen.get("/board/PLG/1")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Max-Age=34560000" in cookie
    assert "data-revision" in answer.get_data(as_text=True)
    assert screen.get("/api/v1/boards/PLG/1").status_code == 200
    assert "data-revision" not in text(screen, "/board/PLG") and "data-revision" not in text(screen, "/board/PLG/2")


def test_one_browser_may_drive_several_screens(screen):
    screen.post("/board/enter", json={"token": steps.display(lane=2)}, headers=JSON)
    for path in ("/board/PLG/1", "/board/PLG/2"):
        assert "data-revision" in text(screen, path)


def test_display_of_an_office_may_show_each_lane(client):
    client.post("/board/enter", json={"token": steps.display()}, headers=JSON)
    for path in ("/board/PLG", "/board/PLG/1", "/board/PLG/2"):
        assert "data-revision" in text(client, path)


def test_the_cookie_opens_the_socket_too(screen, listen):
    assert [lane["number"] for lane in listen("/board", screen, office="PLG", lane=1).newest()["lanes"]] == [1]
    assert not listen("/board", screen, office="PLG", lane=2).is_listening


def test_revoked_screen_shows_the_enrolment_page(screen, listen):
    socket = listen("/board", screen, office="PLG", lane=1)
    socket.newest()
    steps.revoke(screen.display)
    socket.wait_until_closed()
    assert "Layar ini belum terdaftar" in text(screen, "/board/PLG/1")
    assert screen.get("/api/v1/boards/PLG/1").status_code == 401


def test_page_without_enrolment_shows_only_how_to_enrol(client):
    for path in ("/board/PLG", "/board/PLG/1", "/board/NONE", "/board/PLG/99"):
        page = text(client, path)
        assert "Layar ini belum terdaftar" in page and "data-revision" not in page


def test_staff_of_another_office_find_nothing(sign_in):
    builders.office("JKT", name="Kantor Imigrasi Contoh Lain")
    assert sign_in("supervisor", "JKT").get("/board/PLG").status_code == 404


@pytest.mark.parametrize("body", [{"token": "ampera_display_invented"}, {"token": "x" * 5000}])
def test_an_unknown_token_enters_nowhere(client, body):
    answer = client.post("/board/enter", json=body, headers=JSON)
    assert answer.status_code == 404 and "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("body", [{}, [], "token", {"token": None}, {"token": ["x"]}])
def test_nonsense_is_refused(client, body):
    assert client.post("/board/enter", json=body, headers=JSON).status_code == 400


def test_a_key_is_no_screen(client):
    answer = client.post("/board/enter", json={"token": builders.key("officer")}, headers=JSON)
    assert answer.status_code == 404


def test_enrolment_attempts_are_rate_limited(client):
    tried = [client.post("/board/enter", json={"token": "x"}, headers=JSON).status_code for _ in range(40)]
    assert tried[0] == 404 and tried[-1] == 429


def test_nothing_on_the_page_needs_an_inline_script_or_style(sign_in):
    page = text(sign_in("supervisor"))
    assert " style=" not in page and " onclick=" not in page
    assert all("src=" in tag or "application/json" in tag for tag in re.findall(r"<script[^>]*>", page))


def test_every_text_of_a_screen_has_an_english_text():
    words = on_screen(None)
    assert {key for key in words if not key.endswith(".en")} == {key[:-3] for key in words if key.endswith(".en")}


def test_full_day_is_shown_and_the_queue_is_still_served(sign_in, api):
    steps.vehicle(api("officer"))
    command = audit.command(1)
    offices.set_option(command, "day_quota", 1)
    page = text(sign_in("supervisor"))
    assert re.search(r'id="line"[^>]*data-over="message">', page)
    assert "Kuota hari ini sudah penuh" in page and "Today&#39;s quota is full" in page
    assert "gate--empty" in page and "gate--closed" not in page


@pytest.mark.parametrize(
    ("reason", "until", "texts"),
    [
        (None, None, None),
        ("by_hand", None, ("Antrean sedang ditutup.", "The queue is closed for now.")),
        (
            "quota",
            "2030-01-02T01:00:00.000Z",
            (
                "Kuota hari ini sudah penuh. Dibuka lagi Rabu, pukul 08.00.",
                "Today's quota is full. Opens again on Wednesday at 08:00.",
            ),
        ),
    ],
)
def test_closed_queue_is_explained_in_both_languages(reason, until, texts):
    line = {"open": reason is None, "reason": reason, "opens_at": until, "until": None}
    assert closed_line(line, "Asia/Jakarta") == texts
