"""The plan of a simulated morning: a seed draws the people, and the options decide how many they are."""

from dataclasses import replace
from random import Random

import pytest
from click.testing import CliRunner

from ampera.tools.simulate import cli, plan
from ampera.tools.simulate.options import EXCEPTIONS, Options, lanes_of
from ampera.tools.simulate.results import figures


def test_same_seed_draws_the_same_people() -> None:
    seventh = Options(minutes=60, seed=7)
    assert plan.vehicles(seventh) == plan.vehicles(seventh) != plan.vehicles(replace(seventh, seed=8))


def test_other_share_of_one_exception_changes_no_other() -> None:
    few, many = (
        plan.vehicles(Options(minutes=240, vehicles_per_hour=200, shares={**EXCEPTIONS, "overdue": share}))
        for share in (0.1, 0.3)
    )
    overdue = [[vehicle.number for vehicle in found if "overdue" in vehicle.exceptions] for found in (few, many)]
    assert set(overdue[0]) < set(overdue[1])
    assert [replace(vehicle, exceptions=vehicle.exceptions - {"overdue"}) for vehicle in few] == [
        replace(vehicle, exceptions=vehicle.exceptions - {"overdue"}) for vehicle in many
    ]


@pytest.mark.parametrize("name", EXCEPTIONS)
def test_share_of_each_exception_is_kept(name) -> None:
    found = plan.vehicles(Options(minutes=600, vehicles_per_hour=300, shares={name: 0.2}))
    assert 0.17 < sum(vehicle.exceptions == {name} for vehicle in found) / len(found) < 0.23


@pytest.mark.parametrize("wrong", ["overdu=0.1", "overdue=2", "overdue=many", "overdue"])
def test_wrong_share_is_refused(wrong) -> None:
    assert CliRunner().invoke(cli.simulate, ["--share", wrong]).exit_code == 2


def test_long_morning_has_the_shares_of_the_plan() -> None:
    found = plan.vehicles(Options(minutes=600, vehicles_per_hour=600))
    assert 0.4 < sum(vehicle.kind == "motorcycle" for vehicle in found) / len(found) < 0.5
    own = [vehicle for vehicle in found if "neighbour" not in vehicle.exceptions]
    assert max(vehicle.books for vehicle in own) == plan.LARGEST_GROUP
    assert 120 < figures.percentile([vehicle.service for vehicle in own if vehicle.books == 1], 0.5) < 180
    for wanted in (*plan.EVENTS, None):
        assert any(vehicle.event == wanted for vehicle in found)


def test_arrivals_reach_the_full_rate_in_the_middle_only() -> None:
    came = list(plan.arrivals(Random(3), 4 * 3600.0, 6000))
    hours = [sum(hour * 3600 <= at < (hour + 1) * 3600 for at in came) for hour in range(4)]
    middle = sum(5400 <= at < 9000 for at in came)
    assert 5700 < middle < 6300 and hours[0] < hours[1] and hours[3] < hours[2]


@pytest.mark.parametrize("wanted", [Options(), Options(vehicles_per_hour=600), Options(lanes=1, windows=1)])
def test_separate_lanes_have_as_many_windows_as_mixed_lanes(wanted) -> None:
    mixed, separate = wanted.complete(), replace(wanted, layout="separate").complete()
    windows = [sum(lane.windows for lane in lanes_of(options)) for options in (mixed, separate)]
    assert windows[0] == windows[1] or wanted.lanes == 1
    assert {lane.kind for lane in lanes_of(separate)} == {"car", "motorcycle"}
