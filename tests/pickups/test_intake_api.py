"""`POST /passports`: records of other systems, and the codes in the answer."""

from typing import Any

import pytest

from ampera.pickups.schemas import MAX_ROWS
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


def test_posted_books_are_answered_with_pickups_and_codes(api):
    answer = post(api("desk"), record(1, group="KELUARGA"), record(2, group="KELUARGA"), record(3)).json
    assert [row["outcome"] for row in answer["rows"]] == ["created"] * 3
    assert [row["index"] for row in answer["rows"]] == [0, 1, 2]
    together, again, alone = (row["pickup_id"] for row in answer["rows"])
    assert together == again != alone
    assert {pickup["pickup_id"] for pickup in answer["pickups"]} == {together, alone}
    for pickup in answer["pickups"]:
        assert pickup["code"].startswith("SAB")
        assert len(pickup["code"]) == 29
        assert "/p/" in pickup["link"]
        assert len(pickup["booking_code"]) == 9


def test_repeated_post_is_unchanged_and_gives_the_same_codes(api):
    first = post(api("desk"), record(1)).json
    again = post(api("supervisor"), record(1)).json
    assert again["rows"][0] | {"outcome": "created"} == first["rows"][0]
    assert again["rows"][0]["outcome"] == "unchanged"
    assert again["pickups"] == first["pickups"]


def test_refused_row_is_reported_and_does_not_stop_the_others(api):
    answer = post(api("desk"), record(1, birth_date="31-02-1990", nik=5), {}, record(2)).json
    assert [row["outcome"] for row in answer["rows"]] == ["refused", "refused", "created"]
    problems = [(problem["field"], problem["code"]) for problem in answer["rows"][0]["problems"]]
    assert problems == [("birth_date", "date_unreal"), ("nik", "not_text")]
    assert all(problem["message"] for row in answer["rows"] for problem in row["problems"])
    assert len(answer["pickups"]) == 1


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
def test_body_of_another_shape_is_refused(api, body):
    answer = api("desk").post(PATH, json=body)
    assert answer.status_code == 422
    assert answer.json["error"]["fields"]


def test_hostile_values_are_refused_row_by_row(api):
    hostile = ("\ud800", "\x00", "=1+1", "x" * 100_000, ["x"], {"x": {}}, True, 1e308)
    answer = post(api("desk"), *(record(n, holder_name=value) for n, value in enumerate(hostile)))
    assert answer.status_code == 200
    assert {row["outcome"] for row in answer.json["rows"]} == {"refused"}


def test_only_the_desk_can_post_books(api, client):
    assert post(api("officer"), record()).status_code == 403
    assert post(api("admin"), record()).status_code == 403
    assert post(client, record()).status_code == 401


def test_application_number_of_another_office_gets_another_code(api):
    builders.office("JKT")
    (theirs,) = post(api("desk"), record(1)).json["pickups"]
    (ours,) = post(api("desk", "JKT"), record(1)).json["pickups"]
    assert all(theirs[name] != ours[name] for name in ("pickup_id", "code", "link", "booking_code"))
