"""Who may watch what, over HTTP and by socket: the room comes from a verified right."""

import pytest

from tests import builders
from tests.board import steps

BOARDS = ("/api/v1/boards/PLG", "/api/v1/boards/PLG/1", "/api/v1/boards/PLG/2")


@pytest.fixture(autouse=True)
def another_office(app):
    builders.office("JKT", name="Kantor Imigrasi Contoh Lain")


@pytest.mark.parametrize("path", BOARDS)
@pytest.mark.parametrize("role", ["officer", "desk", "supervisor", "admin"])
def test_staff_and_keys_watch_only_the_own_office(api, sign_in, role, path):
    assert api(role).get(path).status_code == 200
    assert sign_in(role).get(path).status_code == 200
    assert api(role, "JKT").get(path).status_code == 404


@pytest.mark.parametrize(
    ("enrolled_for", "allowed"),
    [({}, BOARDS), ({"lane": 1}, BOARDS[1:2]), ({"office": "JKT"}, ()), ({"lane": 2}, BOARDS[2:])],
)
def test_display_watches_only_the_enrolled_lane_or_office(client, enrolled_for, allowed):
    token = steps.display(**enrolled_for)
    for path in BOARDS:
        assert client.get(path, headers=steps.bearer(token)).status_code == (200 if path in allowed else 404)


def test_a_display_can_do_nothing_else(client):
    headers = steps.bearer(steps.display())
    for path in ("/api/v1/lanes/1/state", "/api/v1/desk/state", "/api/v1/visits"):
        assert client.get(path, headers=headers).status_code == 403
    assert client.post("/api/v1/lanes/1/close", headers=headers).status_code == 403


def test_strangers_see_nothing(client):
    for path in (*BOARDS, "/api/v1/lanes/1/state", "/api/v1/desk/state"):
        assert client.get(path).status_code == 401
    assert client.get(BOARDS[0], headers=steps.bearer("ampera_display_invented")).status_code == 401
    assert client.get("/api/v1/pickup-state/" + "0" * 26).status_code == 404
    assert client.get("/api/v1/pickup-state/nonsense").status_code == 404


def test_what_does_not_exist_is_not_found(api):
    for path in ("/api/v1/boards/XXX", "/api/v1/boards/PLG/9", "/api/v1/lanes/9/state"):
        assert api("officer").get(path).status_code == 404


def test_lanes_and_desks_belong_to_roles(api):
    wanted = {"officer": (200, 200), "desk": (403, 200), "supervisor": (200, 200), "admin": (403, 403)}
    for role, statuses in wanted.items():
        client = api(role)
        assert (
            client.get("/api/v1/lanes/1/state").status_code,
            client.get("/api/v1/desk/state").status_code,
        ) == statuses


def test_display_receives_only_the_own_room(listen):
    office, lane = steps.display(), steps.display(lane=2)
    assert len(listen("/board", token=office).newest()["lanes"]) == 2
    assert [lane["number"] for lane in listen("/board", token=lane).newest()["lanes"]] == [2]
    assert listen("/board", token=lane, office="PLG", lane=2).is_listening
    assert [lane["number"] for lane in listen("/board", token=office, office="PLG", lane=1).newest()["lanes"]] == [1]
    assert not listen("/board", token=lane, office="PLG", lane=1).is_listening
    assert not listen("/board", token=lane, office="PLG").is_listening
    assert not listen("/board", token=office, office="JKT").is_listening


@pytest.mark.parametrize(
    "auth", [{}, {"office": "PLG"}, {"token": "x"}, {"token": 5}, {"office": ["PLG"]}, {"lane": "1"}]
)
def test_strangers_receive_nothing(listen, auth):
    for namespace in ("/board", "/lane", "/desk", "/pickup", "/supervisor", "/attention"):
        assert not listen(namespace, **auth).is_listening


def test_staff_connect_with_the_session(listen, sign_in):
    officer, desk, admin, elsewhere = sign_in("officer"), sign_in("desk"), sign_in("admin"), sign_in("officer", "JKT")
    assert listen("/board", officer, office="PLG", lane=1).newest()["office"] == "PLG"
    assert listen("/lane", officer, lane=1).newest()["lane"] == 1
    assert listen("/desk", desk).newest()["picks"] == []
    assert not listen("/lane", desk, lane=1).is_listening
    assert not listen("/lane", officer, lane=9).is_listening
    assert not listen("/desk", admin).is_listening
    assert listen("/supervisor", sign_in("supervisor")).newest()["calls"] == []
    assert not any(listen("/supervisor", client).is_listening for client in (officer, desk, admin))
    assert not listen("/board", elsewhere, office="PLG").is_listening
    assert listen("/lane", elsewhere, lane=1).newest()["office"] == "JKT"


def test_a_key_opens_no_tablet(listen):
    assert not listen("/lane", token=builders.key("officer"), lane=1).is_listening
    assert not listen("/desk", token=builders.key("desk")).is_listening
    assert not listen("/supervisor", token=builders.key("supervisor")).is_listening


def test_a_page_of_another_site_gets_no_socket(sign_in):
    officer = sign_in("officer")
    path = "/socket.io/?EIO=4&transport=polling"
    assert officer.get(path, headers={"Origin": "http://evil.example"}).status_code == 400
    assert officer.get(path, headers={"Origin": "http://localhost"}).status_code == 200


def test_a_revoked_display_is_disconnected_at_once(listen, client):
    token = steps.display()
    socket, other = listen("/board", token=token), listen("/board", token=steps.display(lane=1))
    socket.newest()
    steps.revoke(token)
    socket.wait_until_closed()
    assert other.is_listening
    assert client.get("/api/v1/boards/PLG", headers=steps.bearer(token)).status_code == 401


def test_signed_out_staff_receive_nothing_more(listen, sign_in):
    officer = sign_in("officer")
    socket = listen("/lane", officer, lane=1)
    socket.newest()
    assert officer.post("/logout").status_code == 302
    socket.wait_until_closed()


def test_replaced_link_receives_nothing_more(listen, api):
    visit = steps.vehicle(api("officer"))
    pickup_id = visit["passports"][0]["pickup_id"]
    link = steps.link(pickup_id)
    socket = listen("/pickup", link=link)
    assert socket.newest()["visit"]["queue_no"] == "A001"
    assert api("supervisor").post(f"/api/v1/pickups/{pickup_id}/codes").status_code == 201
    steps.call(api("officer"), visit)
    fresh = listen("/pickup", link=steps.link(pickup_id))
    fresh.newest(lambda state: state["visit"]["state"] == "called")
    assert {state["visit"]["state"] for state in socket.receive()} == {"waiting"}
    assert not listen("/pickup", link=link).is_listening
