"""`POST /passports`: what other systems post, and the codes they get back."""

from typing import Any

import pytest

from ampera.pickups.intake_api import MAX_ROWS
from tests import builders

PATH = "/api/v1/passports"


def record(n: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "application_no": f"88{n:014d}",
        "passport_no": f"X{n:07d}",
        "holder_name": f"Contoh {n}",
        "birth_date": "1990-03-02",
        "issued_on": "2026-11-01",
        "shelf": "A-01",
        **more,
    }


def post(client: Any, *records: Any) -> Any:
    return client.post(PATH, json={"passports": records})


def test_books_are_answered_with_their_pickups_and_codes(api):
    told = post(api("desk"), record(1, group="KELUARGA"), record(2, group="KELUARGA"), record(3)).json
    assert [row["outcome"] for row in told["rows"]] == ["created"] * 3
    assert [row["index"] for row in told["rows"]] == [0, 1, 2]
    together, again, alone = (row["pickup_id"] for row in told["rows"])
    assert together == again != alone
    assert {one["pickup_id"] for one in told["pickups"]} == {together, alone}
    for one in told["pickups"]:
        assert one["code"].startswith("SAB")
        assert len(one["code"]) == 29
        assert "/p/" in one["link"]
        assert len(one["booking_code"]) == 9


def test_the_same_post_again_is_unchanged_and_gives_the_same_codes(api):
    first = post(api("desk"), record(1)).json
    again = post(api("supervisor"), record(1)).json
    assert again["rows"][0] | {"outcome": "created"} == first["rows"][0]
    assert again["rows"][0]["outcome"] == "unchanged"
    assert again["pickups"] == first["pickups"]


def test_a_refused_row_is_told_and_does_not_stop_the_others(api):
    told = post(api("desk"), record(1, birth_date="31-02-1990", nik=5), {}, record(2)).json
    assert [row["outcome"] for row in told["rows"]] == ["refused", "refused", "created"]
    problems = [(problem["field"], problem["code"]) for problem in told["rows"][0]["problems"]]
    assert problems == [("birth_date", "date_unreal"), ("nik", "not_text")]
    assert all(problem["message"] for row in told["rows"] for problem in row["problems"])
    assert len(told["pickups"]) == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"passports": None},
        {"passports": 5},
        {"passports": ["x"]},
        {"passports": [{**record(), "unknown": "x"}]},
        {"passports": [], "more": 1},
        {"passports": [record()] * (MAX_ROWS + 1)},
    ],
    ids=["nothing", "list", "null", "number", "text", "unknown field", "unknown key", "too many"],
)
def test_another_shape_is_refused_as_a_whole(api, body):
    answer = api("desk").post(PATH, json=body)
    assert answer.status_code == 422
    assert answer.json["error"]["fields"]


def test_hostile_values_are_refused_row_by_row(api):
    hostile = ("\ud800", "\x00", "=1+1", "x" * 100_000, ["x"], {"x": {}}, True, 1e308)
    told = post(api("desk"), *(record(n, holder_name=value) for n, value in enumerate(hostile)))
    assert told.status_code == 200
    assert {row["outcome"] for row in told.json["rows"]} == {"refused"}


def test_only_the_desk_takes_books_in(api, client):
    assert post(api("officer"), record()).status_code == 403
    assert post(api("admin"), record()).status_code == 403
    assert post(client, record()).status_code == 401


def test_an_application_of_another_office_gets_no_code(api):
    builders.office("JKT")
    post(api("desk"), record(1))
    told = post(api("desk", "JKT"), record(1)).json
    assert told["rows"][0]["problems"][0]["code"] == "other_office"
    assert (told["rows"][0]["pickup_id"], told["pickups"]) == (None, [])
