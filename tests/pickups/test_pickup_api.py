"""JSON of pickups: codes only for the desk, 404 for other offices, documented answers."""

import pytest

from ampera import audit
from ampera.passports.models import Passport
from tests import builders
from tests.pickups.steps import pickup_of, take_in


@pytest.fixture
def pickup_id(app):
    (book, _) = take_in("Keluarga Contoh", "Keluarga Contoh")
    return pickup_of(book)[0]


@pytest.mark.parametrize("role", ["desk", "supervisor"])
def test_desk_gets_a_pickup_with_the_code(api, pickup_id, role):
    answer = api(role).get(f"/api/v1/pickups/{pickup_id}").json
    assert answer["group"] == "Keluarga Contoh"
    assert [book["state"] for book in answer["passports"]] == ["ready", "ready"]
    assert len(answer["code"]) == 29
    assert answer["link"].startswith("http://localhost/p/")
    assert len(answer["booking_code"]) == 9
    assert [(code["generation"], code["state"]) for code in answer["codes"]] == [(1, "current")]


def test_officer_gets_the_books_without_a_code(api, pickup_id):
    response = api("officer").get(f"/api/v1/pickups/{pickup_id}")
    assert len(response.json["passports"]) == 2
    assert {"code", "link", "booking_code"}.isdisjoint(response.json)
    assert "booking_code" not in response.text


def test_reissue_answers_201_with_the_new_code(api, pickup_id):
    desk = api("desk")
    before = desk.get(f"/api/v1/pickups/{pickup_id}").json
    response = desk.post(f"/api/v1/pickups/{pickup_id}/codes", json={"reason": "slip hilang"})
    assert response.status_code == 201
    assert set(response.json) == {"pickup_id", "link", "code", "booking_code"}
    assert response.json["code"] != before["code"]
    assert desk.get(f"/api/v1/pickups/{pickup_id}").json["code"] == response.json["code"]


def test_reason_is_optional(api, pickup_id):
    desk = api("desk")
    assert desk.post(f"/api/v1/pickups/{pickup_id}/codes").status_code == 201
    assert desk.post(f"/api/v1/pickups/{pickup_id}/codes", json={}).status_code == 201
    assert desk.delete(f"/api/v1/pickups/{pickup_id}/codes/current").status_code == 204


def test_pickup_after_revoke_has_no_code(api, pickup_id):
    desk = api("desk")
    assert desk.delete(f"/api/v1/pickups/{pickup_id}/codes/current").status_code == 204
    answer = desk.get(f"/api/v1/pickups/{pickup_id}").json
    assert (answer["code"], answer["link"], answer["booking_code"]) == (None, None, None)
    refused = desk.delete(f"/api/v1/pickups/{pickup_id}/codes/current")
    assert (refused.status_code, refused.json["error"]["code"]) == (409, "wrong_state")


def test_supervisor_can_unlock(api, pickup_id):
    builders.set_columns(Passport, {"pickup_id": pickup_id}, misses=3, locked_at=audit.clock.now())
    assert api("supervisor").get(f"/api/v1/pickups/{pickup_id}").json["locked"] is True
    assert api("desk").post(f"/api/v1/pickups/{pickup_id}/unlock", json={}).status_code == 403
    assert api("supervisor").post(f"/api/v1/pickups/{pickup_id}/unlock", json={}).json["locked"] is False


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "", 200),
        ("post", "/codes", 403),
        ("delete", "/codes/current", 403),
        ("post", "/unlock", 403),
    ],
)
def test_officer_cannot_change_a_pickup(api, pickup_id, method, path, status):
    response = getattr(api("officer"), method)(f"/api/v1/pickups/{pickup_id}{path}")
    assert response.status_code == status


@pytest.mark.parametrize(
    ("method", "path"), [("get", ""), ("post", "/codes"), ("delete", "/codes/current"), ("post", "/unlock")]
)
def test_pickup_of_another_office_is_404(app, api, client, pickup_id, method, path):
    builders.office("JKT", "Kantor Imigrasi Contoh Jakarta")
    elsewhere = getattr(api("supervisor", office="JKT"), method)(f"/api/v1/pickups/{pickup_id}{path}")
    assert (elsewhere.status_code, elsewhere.json["error"]["code"]) == (404, "not_found")
    assert getattr(client, method)(f"/api/v1/pickups/{pickup_id}{path}").status_code == 401


@pytest.mark.parametrize("body", [{"reason": 7}, {"reason": "x" * 301}, {"cause": "x"}, ["reason"]])
def test_body_of_another_shape_is_refused(api, pickup_id, body):
    assert api("desk").post(f"/api/v1/pickups/{pickup_id}/codes", json=body).status_code == 422


def test_links_begin_with_the_public_url_setting(app, api, pickup_id):
    object.__setattr__(app.extensions["ampera.settings"], "public_url", "https://paspor.contoh.example")
    answer = api("desk").get(f"/api/v1/pickups/{pickup_id}").json
    assert answer["link"].startswith("https://paspor.contoh.example/p/")
