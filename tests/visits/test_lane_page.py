"""The page of the tablet: the points that an office offers, and the point that an address opens."""

import re

import pytest
from sqlalchemy import update

from ampera import db
from ampera.offices.models import Lane, Office


def offered(html: str) -> list[str]:
    return [query.replace("&amp;", "&") for query in re.findall(r'data-point="([^"]+)"', html)]


@pytest.fixture
def officer(app, sign_in):
    return sign_in("officer")


def set_up(has_gate: bool = False, **lane_1: object) -> None:
    def change(unit: db.Unit) -> None:
        unit.session.execute(update(Office).values(options={"separate_gate": has_gate}))
        if lane_1:
            unit.session.execute(update(Lane).where(Lane.number == 1).values(**lane_1))

    db.current().write(change)


def test_office_without_a_gate_offers_each_lane_and_window_once(officer):
    set_up(windows=2)
    assert offered(officer.get("/lane").text) == ["lane=1&window=1", "lane=1&window=2", "lane=2"]


def test_separate_gate_is_a_point_of_every_lane(officer):
    set_up(has_gate=True)
    points = [f"lane={n}{more}" for n in (1, 2) for more in ("&point=gate", "&point=window", "")]
    assert offered(officer.get("/lane").text) == points


def test_lanes_are_grouped_by_the_names_of_sites(officer):
    set_up(site="Mal Contoh")
    html = officer.get("/lane").text
    assert html.index("lane=2") < html.index("<h2>Mal Contoh</h2>") < html.index("lane=1")


@pytest.mark.parametrize(
    ("query", "point"),
    [
        ("lane=1", ("", "both")),
        ("lane=1&window=2&point=window", ("2", "window")),
        ("lane=1&window=9", ("", "both")),
        ("lane=2&window=1", ("", "both")),
        ("lane=1&point=gate", ("", "gate")),
        ("lane=1&point=nonsense", ("", "both")),
    ],
)
def test_address_opens_an_existing_point(officer, query, point):
    set_up(has_gate=True, windows=2)
    html = officer.get(f"/lane?{query}").text
    assert re.search(r'data-window="(\d*)"\s+data-point="(\w+)"', html).groups() == point


def test_gate_cannot_be_opened_in_an_office_without_one(officer):
    set_up()
    assert 'data-point="both"' in officer.get("/lane?lane=1&point=gate").text


@pytest.mark.parametrize("query", ["lane=9", "lane=x", "choose=1"])
def test_address_without_a_lane_shows_the_choice(officer, query):
    set_up()
    assert offered(officer.get(f"/lane?{query}").text) == ["lane=1", "lane=2"]
