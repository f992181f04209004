"""A screen comes to its right by the code it shows: once, for one place, and with nothing to learn for strangers."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from ampera import clock, db
from ampera.accounts.devices import enrolment_codes
from ampera.accounts.devices import service as device_service
from ampera.accounts.models import Device, Enrolment
from ampera.audit import AuditEntry
from ampera.live.rooms import HEARTBEAT
from ampera.web.limits import limiter
from tests import builders
from tests.board import steps
from tests.conftest import on_both
from tests.race import crowd

JSON = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
def without_limits(request, app, monkeypatch):
    """Limits of traffic have a test of their own."""
    monkeypatch.setattr(limiter, "enabled", "limit" in request.node.name)


def request_code(screen):
    answer = screen.post("/board/knock", json={}, headers=JSON)
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def code_for(screen, address="127.0.0.1"):
    return screen.post("/board/knock", json={}, headers=JSON, environ_base={"REMOTE_ADDR": address})


def ask(screen, asked, **where):
    return screen.post("/board/collect", json={"secret": asked["secret"], **where}, headers=JSON)


def confirm(admin, code, **form):
    return admin.post("/admin/devices/confirm", data={"name": "Layar gerbang", "place": "lane:2", "code": code, **form})


def devices():
    with db.reading() as session:
        return list(session.scalars(select(Device).order_by(Device.id)))


def count(model):
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(model))


def test_confirmed_code_opens_the_board_once(client, sign_in):
    asked = request_code(client)
    assert re.fullmatch(r"[0-9A-Z]{3}-[0-9A-Z]{3}", asked["code"]) and asked["expires_in_s"] == 600
    assert ask(client, asked).get_json() == {"state": "waiting"}
    answer = confirm(sign_in("admin"), asked["code"].lower().replace("-", " "), speaks="no", volume="35")
    assert answer.status_code == 303
    answer = ask(client, asked)
    assert answer.get_json()["path"] == "/board/PLG/2"
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie
    assert asked["secret"] not in answer.text and asked["secret"] not in cookie
    assert "data-revision" in client.get("/board/PLG/2").text
    assert ask(client, asked).status_code == 404
    (device,) = devices()
    assert (device.name, device.speaks, device.volume, device.revoked_at) == ("Layar gerbang", False, 35, None)
    assert count(Enrolment) == 0


def test_enrolled_screen_is_redirected_from_office_and_bare_addresses(client, sign_in):
    asked = request_code(client)
    confirm(sign_in("admin"), asked["code"])
    ask(client, asked, office="PLG")
    for address in ("/board", "/board/PLG"):
        assert client.get(address).location == "/board/PLG/2"
    assert "Layar ini belum terdaftar" in client.get("/board/PLG/1").text  # another window may be another screen


def test_bare_address_redirects_staff_to_the_office(sign_in):
    assert sign_in("supervisor").get("/board").location == "/board/PLG"


@pytest.mark.parametrize("typed", ["ZZZ-ZZZ", "", "K7R", "K7R-4QX-9", "'; --", "٣٣٣٣٣٣", "\x00"])
def test_wrong_code_is_refused_and_the_input_is_kept(client, sign_in, typed):
    request_code(client)
    answer = confirm(sign_in("admin"), typed, volume="40")
    assert answer.status_code == 422
    assert "Kode ini salah atau sudah berganti." in answer.text
    assert 'value="Layar gerbang"' in answer.text and 'value="40"' in answer.text
    assert devices() == []


def test_look_alike_characters_are_read_as_code_characters():
    assert enrolment_codes.cleaned(" o1-il0 x") == "01110X"


def test_expired_code_is_refused_and_the_screen_gets_a_new_code(client, sign_in):
    asked = request_code(client)
    with clock.shift(enrolment_codes.LIVES):
        admin = sign_in("admin")
        assert "Kode ini salah atau sudah berganti." in confirm(admin, asked["code"]).text
        assert ask(client, asked).status_code == 404
        again = request_code(client)
        assert again["code"] != asked["code"] and count(Enrolment) == 1
        assert confirm(admin, again["code"]).status_code == 303


def test_code_confirmed_in_the_last_second_can_be_collected(client, sign_in):
    asked = request_code(client)
    with clock.shift(enrolment_codes.LIVES - timedelta(seconds=5)):
        confirm(sign_in("admin"), asked["code"])
    with clock.shift(enrolment_codes.LIVES + timedelta(seconds=5)):
        assert ask(client, asked).status_code == 200


def test_screen_reloaded_during_enrolment_leaves_no_partial_state(client, sign_in):
    confirm(sign_in("admin"), request_code(client)["code"])  # the page with this secret is gone
    with clock.shift(enrolment_codes.COLLECTED_WITHIN + timedelta(seconds=1)):
        again = request_code(client)
        assert count(Enrolment) == 1
        (nobodys,) = devices()
        assert nobodys.revoked_at
        admin = sign_in("admin")
        assert "1 layar dicabut" in admin.get("/admin/devices").text
        confirm(admin, again["code"])
        assert ask(client, again).status_code == 200


def test_revocation_of_a_screen_asks_before_the_act(client, sign_in):
    steps.display(lane=1)
    admin, path = sign_in("admin"), f"/admin/devices/{devices()[0].id}/revoke"
    listed = admin.get("/admin/devices").text
    assert f'href="{path}"' in listed and f'action="{path}"' not in listed
    asked = admin.get(path).text
    assert "Jalur 1" in asked and "menampilkan kode pendaftaran lagi" in asked and f'action="{path}"' in asked
    assert devices()[0].revoked_at is None
    admin.post(path)
    assert admin.get(path).status_code == 404


def test_screen_revoked_before_collection_gets_nothing(client, sign_in):
    asked, admin = request_code(client), sign_in("admin")
    confirm(admin, asked["code"])
    admin.post(f"/admin/devices/{devices()[0].id}/revoke")
    answer = ask(client, asked)
    assert answer.status_code == 404 and "Set-Cookie" not in answer.headers


def test_unknown_secret_is_not_found(client):
    for secret in ("rahasia", "x" * 5000, "\x00", "é"):
        assert client.post("/board/collect", json={"secret": secret}, headers=JSON).status_code == 404
    for body in ({}, {"secret": 5}, {"secret": None}, [], "x"):
        assert client.post("/board/collect", json=body, headers=JSON).status_code == 400
    for data in (None, b"{", b"[]"):
        assert client.post("/board/knock", data=data, headers=JSON, content_type="text/plain").status_code == 400


@on_both
def test_one_network_cannot_fill_the_table(app, database):
    clients = [app.test_client() for _ in range(crowd.SIZE)]
    for _ in range(enrolment_codes.MOST_OF_A_NETWORK // crowd.SIZE + 1):
        crowd.at_once([lambda browser=browser: code_for(browser) for browser in clients])
    assert count(Enrolment) == enrolment_codes.MOST_OF_A_NETWORK
    assert code_for(clients[0]).status_code == 429
    assert code_for(clients[0], "192.0.2.77").status_code == 200
    with clock.shift(enrolment_codes.LIVES):
        request_code(clients[0])
        assert count(Enrolment) == 1


def test_one_ipv6_customer_is_one_network(client):
    answers = [
        code_for(client, f"2001:db8:0:7::{n:x}").status_code for n in range(enrolment_codes.MOST_OF_A_NETWORK + 1)
    ]
    assert answers == [200] * enrolment_codes.MOST_OF_A_NETWORK + [429]
    assert code_for(client, "2001:db8:0:8::1").status_code == 200


@on_both
def test_full_table_takes_from_the_network_with_the_most_codes(client, sign_in, database, monkeypatch):
    monkeypatch.setattr(device_service, "MOST", 6)
    confirm(sign_in("admin"), code_for(client, "192.0.2.1").get_json()["code"])
    collected_later = devices()[0].id
    own = code_for(client, "192.0.2.2").get_json()
    greedy = [code_for(client, "192.0.2.3").get_json() for _ in range(4)]
    newcomer = code_for(client, "192.0.2.4").get_json()
    assert count(Enrolment) == 6
    assert [ask(client, asked).status_code for asked in (own, newcomer, *greedy)] == [200, 200, 404, 200, 200, 200]
    assert devices()[0].id == collected_later and devices()[0].revoked_at is None


def test_confirmed_codes_are_never_taken(client, sign_in, monkeypatch):
    monkeypatch.setattr(device_service, "MOST", 3)
    admin, asked = sign_in("admin"), [request_code(client) for _ in range(3)]
    for screen in asked:
        confirm(admin, screen["code"])
    assert code_for(client, "192.0.2.9").status_code == 429
    assert [ask(client, screen).get_json()["state"] for screen in asked] == ["enrolled"] * 3


def test_limits_keep_guessing_slow(client, sign_in, monkeypatch):
    monkeypatch.setattr(device_service, "MOST_OF_A_NETWORK", 99)
    limiter.reset()
    admin = sign_in("admin")
    assert [confirm(admin, "ZZZ-ZZZ").status_code for _ in range(11)] == [422] * 10 + [429]
    answers = [client.post("/board/knock", json={}, headers=JSON).status_code for _ in range(31)]
    assert answers == [200] * 30 + [429]
    limiter.reset()


@on_both
def test_of_two_administrators_one_confirms(app, sign_in, client, database):
    builders.office("JKT", name="Kantor Imigrasi Contoh Lain")
    for _ in range(5):
        code, before = request_code(client)["code"], len(devices())
        admins = [sign_in("admin", office) for office in ("PLG", "JKT")] * 2
        answers = crowd.at_once([lambda admin=admin, code=code: confirm(admin, code).status_code for admin in admins])
        assert sorted(answers) == [303, 422, 422, 422] and len(devices()) == before + 1


@on_both
def test_a_confirmed_code_is_collected_once(app, sign_in, client, database):
    asked = request_code(client)
    confirm(sign_in("admin"), asked["code"])
    screens = [app.test_client() for _ in range(crowd.SIZE)]
    answers = crowd.at_once([lambda browser=browser: ask(browser, asked) for browser in screens])
    assert sorted(answer.status_code for answer in answers) == [200] + [404] * (crowd.SIZE - 1)
    assert [browser.get("/board").status_code for browser in screens].count(302) == 1


def test_every_act_of_staff_is_audited_without_codes(client, sign_in):
    asked, admin = request_code(client), sign_in("admin")
    confirm(admin, "ZZZ-ZZZ")
    confirm(admin, asked["code"])
    ask(client, asked)
    device = devices()[0].id
    form = {"name": "Layar baru", "place": "lane:1", "speaks": "yes", "volume": "50"}
    admin.post(f"/admin/devices/{device}", data=form)
    admin.post(f"/admin/devices/{device}", data=form)  # nothing differs
    sign_in("supervisor").post(f"/admin/devices/{device}/test")
    admin.post(f"/admin/devices/{device}/revoke")
    with db.reading() as session:
        rows = session.execute(
            select(AuditEntry.action, AuditEntry.details).where(AuditEntry.action.startswith("device."))
        ).all()
    acts = ["enrol_refused", "enrolled", "collected", "changed", "tested", "revoked"]
    assert [row.action for row in rows] == [f"device.{act}" for act in acts]
    details = "".join(row.details for row in rows)
    assert '"name":"Layar baru","name_before":"Layar gerbang"' in details
    assert asked["code"].replace("-", "") not in details and asked["secret"] not in details


def test_codes_and_secrets_stay_out_of_logs(client, sign_in, capfd):
    asked = request_code(client)
    confirm(sign_in("admin"), asked["code"])
    confirm(sign_in("admin"), asked["code"])
    ask(client, asked)
    logged = "".join(capfd.readouterr())
    assert "/board/collect" in logged
    assert not [
        secret for secret in (asked["code"], asked["code"].replace("-", ""), asked["secret"]) if secret in logged
    ]


def test_display_change_accepts_only_existing_lanes_and_sites(client, sign_in):
    steps.display(lane=1)
    admin, path = sign_in("admin"), f"/admin/devices/{devices()[0].id}"
    for wrong in ({"place": "lane:9"}, {"place": "site:Mal"}, {"volume": "101"}, {"volume": "-1"}, {"volume": "keras"}):
        answer = admin.post(path, data={"name": "Layar", "place": "lane:1", "volume": "50", **wrong})
        assert answer.status_code == 422 and "<details" in answer.text and " open>" in answer.text
    admin.post(f"{path}/revoke")
    for act in ("", "/test"):
        assert admin.post(path + act, data={"name": "x", "place": "all"}).status_code == 404


def test_moved_screen_follows_and_keeps_the_first_address(client, sign_in, listen):
    client.post("/board/enter", json={"token": steps.display(lane=1)}, headers=JSON)
    board = listen("/board", client, office="PLG", lane=1)
    screen = listen("/screen", client, office="PLG", lane=1)
    assert screen.newest()["lane"] == 1
    board.newest()
    form = {"name": "Layar pindah", "place": "lane:2", "volume": "10"}
    sign_in("admin").post(f"/admin/devices/{devices()[0].id}", data=form)
    assert screen.newest(lambda state: state["lane"] == 2)["volume"] == 10
    board.wait_until_closed()
    assert screen.is_listening
    answer = client.get("/board/PLG/1")
    assert answer.location == "/board/PLG/2"
    assert "data-revision" in client.get("/board/PLG/2").text
    assert client.get("/board/PLG/1").location == "/board/PLG/2"  # the address that its computer starts with


def test_screen_feed_pushes_each_change_without_heartbeats(client, sign_in, listen):
    token = steps.display()
    screen = listen("/screen", token=token)
    state = screen.newest()
    assert {"revision", "at", "name", "lane", "site", "speaks", "volume", "tested_at"} == set(state)
    assert (state["lane"], state["site"], state["speaks"], state["tested_at"]) == (None, "", True, None)
    path = f"/admin/devices/{devices()[0].id}"
    sign_in("supervisor").post(f"{path}/test")
    assert screen.newest(lambda state: state["tested_at"])
    sign_in("admin").post(path, data={"name": "x", "place": "all", "speaks": "no"})
    screen.newest(lambda state: not state["speaks"])
    received = len(screen.receive())
    with pytest.raises(AssertionError):
        screen.newest(lambda state: len(screen.states) > received, HEARTBEAT + 1)
    steps.revoke(token)
    screen.wait_until_closed()


def test_screen_feed_admits_only_that_display(client, sign_in, listen):
    token = steps.display(lane=1)
    assert not listen("/screen").is_listening
    assert not listen("/screen", office="PLG", lane=1).is_listening
    assert not listen("/screen", sign_in("admin"), office="PLG", lane=1).is_listening
    assert not listen("/screen", token=builders.key("admin")).is_listening
    client.post("/board/enter", json={"token": token}, headers=JSON)
    assert listen("/screen", client, office="PLG", lane=1).is_listening
    assert not listen("/screen", client, office="PLG", lane=2).is_listening


def test_display_of_a_site_watches_the_site_and_the_lanes_there(client, sign_in, listen):
    steps.at_site("Mal Contoh/1", 2)
    asked = request_code(client)
    confirm(sign_in("admin"), asked["code"], place="site:Mal Contoh/1")
    assert ask(client, asked).get_json()["path"] == "/board/PLG?site=Mal%20Contoh/1"
    assert 'data-lane="2"' in client.get("/board/PLG?site=Mal%20Contoh/1").text
    assert client.get("/board/PLG/2").status_code == 200 and "data-revision" in client.get("/board/PLG/2").text
    assert "data-revision" not in client.get("/board/PLG").text
    assert "data-revision" not in client.get("/board/PLG/1").text
    board = listen("/board", client, office="PLG", site="Mal Contoh/1")
    assert [lane["number"] for lane in board.newest()["lanes"]] == [2]
    revision = board.states[-1]["revision"]
    steps.vehicle(builders.with_key(client.application, "officer"), lane=2)
    board.newest(lambda state: state["revision"] > revision)
    answer = client.get("/api/v1/boards/PLG?site=Mal%20Contoh/1")
    assert [lane["number"] for lane in answer.get_json()["lanes"]] == [2]
    assert sign_in("officer").get("/board/PLG?site=Tidak%20ada").status_code == 404
