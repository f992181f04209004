"""The tablet knows whether its lane's screen keeps up, lags, is gone, or was never enrolled."""

from datetime import timedelta

from ampera import clock
from tests import builders
from tests.board import steps


def of_tablet(api, lane=1):
    return api("officer").get(f"/api/v1/lanes/{lane}/state").get_json()["screen"]


def test_no_screen_is_enrolled(api):
    steps.display(lane=2)
    assert of_tablet(api) == {"state": "none", "age_s": None, "revision": None}


def test_a_screen_that_never_came_is_gone(api):
    steps.display(lane=1)
    assert of_tablet(api) == {"state": "gone", "age_s": None, "revision": None}


def test_acknowledging_screen_is_current_until_silence(api, listen):
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
    with clock.freeze(clock.now()):
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


def listed(api, role="supervisor"):
    return {screen["id"]: screen for screen in api(role).get("/api/v1/screens").get_json()["screens"]}


def test_a_site_s_screen_stands_in_before_the_office_s(api, listen):
    steps.at_site("Mal Contoh", 2)
    office, site = listen("/board", token=steps.display()), listen("/board", token=steps.display(site="Mal Contoh"))
    with clock.freeze(clock.now()):
        office.show(office.newest()["revision"])
        assert (of_tablet(api, 1)["state"], of_tablet(api, 2)["state"]) == ("current", "gone")
        site.show(site.newest()["revision"])
        assert of_tablet(api, 2)["state"] == "current"
        steps.display(lane=2)
        assert of_tablet(api, 2)["state"] == "gone"


def test_of_several_screens_the_best_one_counts(api, listen):
    good, bad = (listen("/board", token=steps.display(lane=1)) for _ in range(2))
    began = clock.now()
    with clock.freeze(began):
        bad.show(bad.newest()["revision"])
        steps.vehicle(api("officer"))
        good.show(good.newest(lambda state: state["revision"] > 0)["revision"])
        of_tablet(api)
    with clock.freeze(began + timedelta(seconds=5)):
        bad.show(0)  # the last one to say something
        assert of_tablet(api) == {"state": "current", "age_s": 5, "revision": 1}


def test_list_shows_how_each_screen_keeps_up(api, listen):
    screens = [listen("/board", token=steps.display(lane=lane)) for lane in (1, 2, None)]
    began = clock.now()
    with clock.freeze(began):
        for screen in screens[:2]:
            screen.show(screen.newest()["revision"])
        for n in (1, 2, 3):
            steps.vehicle(api("officer"), n)
        screens[0].show(3)
        listed(api)
    with clock.freeze(began + timedelta(seconds=5)):
        screens[1].show(0)
        rows = listed(api)
        assert [rows[n]["state"] for n in (1, 2, 3)] == ["current", "behind", "never"]
        assert [rows[n]["revision"] for n in (1, 2, 3)] == [3, 0, None]
        assert [rows[n]["behind"] for n in (1, 2, 3)] == [0, 3, None]
        assert rows[2]["since"] == clock.iso(began) and rows[1]["since"] is None
        assert [rows[n]["lane"] for n in (1, 2, 3)] == [1, 2, None]
        assert rows[2]["said"].startswith("Revisi 0, tertinggal 3 sejak ")
    with clock.freeze(began + timedelta(seconds=9)):
        row = listed(api)[1]
        assert (row["state"], row["since"], row["word"]) == ("gone", clock.iso(began), "Terputus")


def test_a_screen_older_than_the_server_s_memory_is_gone_not_new(api, app):
    steps.display()
    assert listed(api)[1]["state"] == "never"
    app.extensions["ampera.screens"].store.started = clock.now().timestamp() + 1  # as after a restart
    row = listed(api)[1]
    assert (row["state"], row["since"], row["said"]) == ("gone", None, "Tanpa kabar sejak server dinyalakan")


def test_list_excludes_other_offices_and_revoked_screens(api):
    builders.office("JKT", name="Kantor Imigrasi Contoh Lain")
    steps.display(office="JKT")
    token = steps.display()
    assert list(listed(api)) == [2]
    steps.revoke(token)
    assert listed(api) == {}
    assert api("desk").get("/api/v1/screens").status_code == 403


def test_supervisors_read_the_page_and_test_only(api, sign_in):
    steps.display(lane=1)
    page = sign_in("supervisor").get("/admin/devices").text
    assert "/admin/devices/1/test" in page and "Belum pernah tersambung" in page
    assert "/admin/devices/1/revoke" not in page and "/admin/devices/confirm" not in page
