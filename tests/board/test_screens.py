"""The tablet knows whether its lane's screen keeps up, lags, is gone, or was never enrolled."""

from datetime import timedelta

from ampera import clock
from tests.board import steps


def of_tablet(api, lane=1):
    return api("officer").get(f"/api/v1/lanes/{lane}/state").get_json()["screen"]


def test_no_screen_is_enrolled(api):
    steps.display(lane=2)
    assert of_tablet(api) == {"state": "none", "age_s": None, "revision": None}


def test_a_screen_that_never_came_is_gone(api):
    steps.display(lane=1)
    assert of_tablet(api) == {"state": "gone", "age_s": None, "revision": None}


def test_a_screen_that_acknowledges_is_current_until_it_is_silent(api, listen):
    screen = listen("/board", token=steps.display(lane=1))
    began = clock.now()
    with clock.freeze(began):
        screen.show(screen.newest()["revision"])
        assert of_tablet(api) == {"state": "current", "age_s": 0, "revision": 0}
    with clock.freeze(began + timedelta(seconds=6)):
        assert of_tablet(api) == {"state": "current", "age_s": 6, "revision": 0}
    with clock.freeze(began + timedelta(seconds=8)):
        assert of_tablet(api)["state"] == "gone"


def test_a_screen_that_stays_at_an_old_picture_lags(api, listen):
    screen = listen("/board", token=steps.display(lane=1))
    began = clock.now()
    with clock.freeze(began):
        screen.show(screen.newest()["revision"])
        steps.vehicle(api("officer"))
        assert of_tablet(api)["state"] == "current"  # right after a change every screen is behind
    with clock.freeze(began + timedelta(seconds=4)):
        screen.show(0)
        assert of_tablet(api) == {"state": "behind", "age_s": 0, "revision": 0}
        screen.show(1)
        assert of_tablet(api)["state"] == "current"


def test_a_busy_screen_that_follows_does_not_lag(api, listen):
    screen, began = listen("/board", token=steps.display(lane=1)), clock.now()
    for n in range(1, 6):
        with clock.freeze(began + timedelta(seconds=n)):
            steps.vehicle(api("officer"), n)
            assert of_tablet(api)["state"] in ("current", "gone")
            screen.show(n)
            assert of_tablet(api)["state"] == "current"


def test_the_offices_screen_stands_in_where_a_lane_has_none(api, listen):
    office, lane = listen("/board", token=steps.display()), listen("/board", token=steps.display(lane=2))
    office.show(office.newest()["revision"])
    assert of_tablet(api, 1)["state"] == "current"
    assert of_tablet(api, 2)["state"] == "gone"
    lane.show(0)
    assert of_tablet(api, 2)["state"] == "current"


def test_what_staff_look_at_does_not_count(api, listen, sign_in):
    steps.display(lane=1)
    preview = listen("/board", sign_in("supervisor"), office="PLG", lane=1)
    preview.show(preview.newest()["revision"])
    assert of_tablet(api)["state"] == "gone"


def test_only_numbers_are_revisions(api, listen):
    screen = listen("/board", token=steps.display(lane=1))
    for nonsense in ("7", True, None, [1], {"revision": 1}):
        screen.show(nonsense)
    assert of_tablet(api)["state"] == "gone"
