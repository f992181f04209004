"""The way of a book from the shelf to the window: permissions, races, and the pick list of the desk."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from ampera import clock, db
from ampera.audit import AuditEntry
from ampera.board.desk_queries import desk_state
from ampera.offices.models import Office
from ampera.passports import service as passports
from ampera.visits.models import Arrival, Pick
from ampera.visits.picks import service as picks_service
from tests import builders
from tests.board import steps as lane
from tests.board.conftest import listen as listen
from tests.conftest import on_both
from tests.handovers import steps
from tests.statements import executed


def act(client: Any, what: str, *books: int, **more: Any) -> Any:
    return client.post("/api/v1/desk/picks", json={"passport_ids": list(books), "act": what, **more})


def desk(client: Any) -> dict[str, Any]:
    return client.get("/api/v1/desk/state").get_json()


def shown(client: Any) -> dict[int, dict[str, Any]]:
    """The books of the pick list by id."""
    return {book["passport_id"]: book for visit in desk(client)["picks"] for book in visit["books"]}


def ids(visit: dict[str, Any]) -> list[int]:
    return [book["passport_id"] for book in visit["passports"]]


def announced(pickup_of: int, kind: str = "leaving", minutes: int = 30) -> None:
    def write(unit: db.Unit) -> None:
        row = {"pickup_id": pickup_of, "office_id": 1, "kind": kind, "at": unit.at}
        unit.session.add(Arrival(**row, expires_at=unit.at + timedelta(minutes=minutes)))

    db.current().write(write)


@on_both
def test_batch_is_taken_handed_to_a_window_and_collected(app, api):
    clerk, officer = api("desk"), api("officer")
    visit = lane.vehicle(officer, 1, books=2)
    first, second = ids(visit)
    assert desk(clerk)["walk"] == [first, second]
    taken = act(clerk, "take", first, second).get_json()
    assert [book["pick"] for book in taken["picks"]] == ["taken", "taken"] and taken["refused"] == []
    assert shown(clerk)[first]["pick_by"] == "Petugas Contoh desk.plg" and desk(clerk)["walk"] == []
    act(clerk, "hand", first, second, lane=2, window=1)
    assert (shown(clerk)[first]["pick_lane"], shown(clerk)[first]["pick_window"]) == (2, 1)
    officer.post(f"/api/v1/visits/{visit['id']}/serve", json={"lane": 1})
    answer = officer.post("/api/v1/handovers", json=steps.body(visit["id"], steps.book(first, 1)))
    assert answer.status_code == 201, answer.get_json()
    assert list(shown(clerk)) == [second] and desk(clerk)["returns"] == []
    with db.reading() as session:
        assert session.scalars(select(Pick.passport_id)).all() == [second]


@on_both
def test_of_two_clerks_one_takes_the_book_and_the_other_sees_who_has_the_book(app, api):
    visit = lane.vehicle(api("officer"), 1, books=3)
    clerks = [builders.actor("desk"), builders.actor("supervisor")]
    start, answers = threading.Barrier(2), {}

    def take(who: Any) -> None:
        with app.app_context():
            start.wait()
            answers[who.role] = picks_service.pick(who, ids(visit), "take")

    threads = [threading.Thread(target=take, args=(who,)) for who in clerks]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    won = [role for role, answer in answers.items() if isinstance(answer, picks_service.Picked)]
    assert len(won) == 1
    lost = answers["desk" if won == ["supervisor"] else "supervisor"]
    assert lost.code == "taken_by_other" and lost.status == 409
    assert {book["by"] for book in lost.detail["refused"]} == {f"Petugas Contoh {won[0]}.plg"}


def test_free_books_of_a_batch_are_taken_and_the_others_refused(app, api):
    visit = lane.vehicle(api("officer"), 1, books=2)
    first, second = ids(visit)
    act(api("supervisor"), "take", first)
    answer = act(api("desk"), "take", first, second)
    assert answer.status_code == 200
    assert [book["passport_id"] for book in answer.get_json()["picks"]] == [second]
    (refused,) = answer.get_json()["refused"]
    assert (refused["passport_id"], refused["code"]) == (first, "taken_by_other")
    assert refused["by"] == "Petugas Contoh supervisor.plg" and refused["message"]


@pytest.mark.parametrize(("what", "more"), [("take", {}), ("hand", {"lane": 2}), ("missing", {}), ("shelve", {})])
def test_repeated_act_changes_nothing(app, api, what, more):
    (book,), clerk = ids(lane.vehicle(api("officer"), 1)), api("desk")
    assert act(clerk, what, book, **more).status_code == 200
    with db.reading() as session:
        before = session.scalars(select(AuditEntry.id)).all()
    again = act(clerk, what, book, **more)
    assert again.status_code == 200 and again.get_json()["refused"] == []
    with db.reading() as session:
        assert session.scalars(select(AuditEntry.id)).all() == before


@on_both
def test_missing_book_alarms_until_found(app, api):
    clerk, officer = api("desk"), api("officer")
    visit = lane.vehicle(officer, 1)
    (book,) = ids(visit)
    act(clerk, "missing", book)
    (missing,) = desk(clerk)["missing"]
    assert (missing["passport_id"], missing["queue_no"]) == (book, visit["queue_no"])
    assert act(api("supervisor"), "take", book).get_json()["error"]["code"] == "book_missing"
    act(api("supervisor"), "found", book)
    assert desk(clerk)["missing"] == [] and shown(clerk)[book]["pick"] == "taken"
    assert act(clerk, "found", book).get_json()["error"]["code"] == "taken_by_other"


@on_both
def test_book_at_a_wrong_window_is_taken_back_and_handed_to_another_one(app, api):
    clerk, officer = api("desk"), api("officer")
    (book,) = ids(lane.vehicle(officer, 1))
    assert act(clerk, "take_back", book).get_json()["error"]["code"] == "wrong_state"
    act(clerk, "hand", book, lane=1, window=1)
    assert act(officer, "take_back", book).status_code == 403
    (taken,) = act(api("supervisor"), "take_back", book).get_json()["picks"]
    assert (taken["pick"], taken["pick_lane"], taken["pick_by"]) == ("taken", None, "Petugas Contoh supervisor.plg")
    assert act(clerk, "take_back", book).get_json()["error"]["code"] == "taken_by_other"
    act(api("supervisor"), "hand", book, lane=2, window=1)
    assert shown(clerk)[book]["pick_lane"] == 2


def test_book_of_a_vehicle_that_is_served_is_not_taken_back(app, api):
    clerk, officer = api("desk"), api("officer")
    visit = lane.vehicle(officer, 1)
    (book,) = ids(visit)
    act(clerk, "hand", book, lane=1, window=1)
    officer.post(f"/api/v1/visits/{visit['id']}/serve", json={"lane": 1})
    assert act(clerk, "take_back", book).get_json()["error"]["code"] == "wrong_state"
    assert shown(clerk)[book]["pick"] == "at_window"


def test_every_act_is_in_the_history_of_the_book(app, api):
    (book,), clerk = ids(lane.vehicle(api("officer"), 1)), api("desk")
    for what in ("missing", "found", "hand", "take_back", "shelve", "take"):
        assert act(clerk, what, book).status_code == 200
    with db.reading() as session:
        rows = session.execute(select(AuditEntry.action).where(AuditEntry.subject == f"passport:{book}")).scalars()
        assert [action for action in rows if action.startswith("passport.")] == [
            "passport.not_found",
            "passport.found",
            "passport.at_window",
            "passport.taken_back",
            "passport.shelved",
            "passport.picked",
        ]


def test_book_without_a_named_lane_goes_to_the_lane_of_the_vehicle(app, api):
    (book,) = ids(lane.vehicle(api("officer"), 1, lane=2))
    act(api("desk"), "hand", book)
    assert (shown(api("desk"))[book]["pick_lane"], shown(api("desk"))[book]["pick_window"]) == (2, 1)
    nowhere = builders.passport(9)
    assert act(api("desk"), "hand", nowhere).get_json()["error"]["code"] == "unknown_lane"


def test_unknown_window_is_refused_by_field(app, api):
    (book,) = ids(lane.vehicle(api("officer"), 1))
    for more, field in (({"lane": 77}, "lane"), ({"lane": 1, "window": 2}, "window")):
        answer = act(api("desk"), "hand", book, **more)
        assert answer.status_code == 422 and field in answer.get_json()["error"]["fields"]


@pytest.mark.parametrize("what", ["take", "missing", "found", "shelve", "take_back"])
def test_officer_may_only_hand_books_to_a_window(app, api, what):
    (book,), officer = ids(lane.vehicle(api("officer"), 1)), api("officer")
    assert act(officer, what, book).status_code == 403
    assert act(officer, "hand", book, lane=1).status_code == 200


@pytest.mark.parametrize("what", ["take", "hand", "missing", "shelve"])
def test_book_of_another_office_is_not_found(app, api, what):
    builders.office("JKT")
    (book,) = ids(lane.vehicle(api("officer"), 1))
    act(api("desk"), "take", book)
    assert act(api("desk", "JKT"), what, book, **({"lane": 1} if what == "hand" else {})).status_code == 404
    assert shown(api("desk"))[book]["pick"] == "taken"


@on_both
def test_only_ready_books_are_fetched(app, api):
    held, gone = builders.passport(1, state="held"), builders.passport(2, state="collected")
    for book in (held, gone):
        for what in ("take", "missing"):
            answer = act(api("desk"), what, book)
            assert (answer.status_code, answer.get_json()["error"]["code"]) == (409, "not_ready")


@on_both
def test_books_of_ended_visits_are_listed_for_return(app, api):
    officer, clerk = api("officer"), api("desk")
    left, held, waits = (lane.vehicle(officer, n) for n in (1, 2, 3))
    act(clerk, "take", *ids(left), *ids(held), *ids(waits))
    officer.post(f"/api/v1/visits/{left['id']}/leave", json={})
    passports.hold(builders.actor("desk"), ids(held)[0], "cek foto")
    returns = desk(clerk)["returns"]
    assert [book["passport_id"] for book in returns] == ids(left) + ids(held)
    assert returns[0]["queue_no"] == left["queue_no"] and list(shown(clerk)) == ids(waits)
    act(clerk, "shelve", *ids(left), *ids(held))
    assert desk(clerk)["returns"] == []


def test_walk_follows_the_racks_of_the_office(app, api):
    shelves = ["A-10", "A-2", "Z-1", "C-1", ""]
    books = {shelf: builders.passport(n, shelf=shelf) for n, shelf in enumerate(shelves, 1)}
    steps.scan(api("officer"), builders.pickup(*books.values()))
    assert desk(api("desk"))["walk"] == [books[shelf] for shelf in ("A-2", "A-10", "C-1", "Z-1", "")]

    def set_order(unit: db.Unit) -> None:
        unit.session.get_one(Office, 1).options = {"rack_order": "C, A"}

    db.current().write(set_order)
    assert desk(api("desk"))["walk"] == [books[shelf] for shelf in ("C-1", "A-2", "A-10", "Z-1", "")]


@on_both
def test_arrival_is_listed_once_until_expiry(app, api):
    books, code = builders.ready(1, 2)
    visit = lane.vehicle(api("officer"), 3)
    announced(pickup_of=1, kind="arrived", minutes=30)
    queued, early = desk(api("desk"))["picks"]
    assert (queued["visit_id"], queued["arrival"]) == (visit["id"], None)
    assert (early["visit_id"], early["queue_no"], early["arrival"]) == (None, None, "arrived")
    assert [book["passport_id"] for book in early["books"]] == books and set(books) <= set(desk(api("desk"))["walk"])
    act(api("desk"), "take", *books)
    with clock.shift(timedelta(minutes=31)):
        state = desk(api("desk"))
    assert len(state["picks"]) == 1 and [book["passport_id"] for book in state["returns"]] == books
    steps.scan(api("officer"), code)
    assert [visit["queue_no"] for visit in desk(api("desk"))["picks"]] == ["A001", "A002"]


def test_desk_and_tablets_receive_picks_at_once(app, api, sign_in, listen):
    visit = lane.vehicle(api("officer"), 1)
    clerk, tablet = listen("/desk", sign_in("desk")), listen("/lane", sign_in("officer"), lane=1)
    clerk.newest()
    tablet.newest()
    act(api("desk"), "take", *ids(visit))
    assert clerk.newest(lambda state: state["picks"][0]["books"][0]["pick"] == "taken")["missing"] == []
    act(api("desk"), "hand", *ids(visit), lane=1)
    state = tablet.newest(lambda state: state["waiting"][0]["picks"]["at_window"] == 1)
    assert state["waiting"][0]["picks"] == {"books": 1, "at_window": 1, "missing": 0}


def test_long_queue_needs_as_few_statements_as_one_vehicle(app, api):
    def count() -> int:
        with executed(db.current().reader) as statements, db.reading() as session:
            desk_state(session, 1)
        return len(statements)

    lane.vehicle(api("officer"), 1)
    few = count()
    for n in range(2, 30):
        lane.vehicle(api("officer"), n)
    assert count() == few <= 5


def test_forms_without_scripts_do_the_same_and_return(app, api, sign_in):
    first, second = ids(lane.vehicle(api("officer"), 1, books=2))
    clerk = sign_in("desk")
    answer = clerk.post("/desk/picks", data={"passport_id": [first, second], "act": "take", "by": "vehicle"})
    assert (answer.status_code, answer.location) == (303, "/desk?by=vehicle")
    assert "2 buku tercatat" in clerk.get("/desk").text
    clerk.post("/desk/picks", data={"passport_id": first, "act": "hand", "place": "2/1"})
    assert shown(api("desk"))[first]["pick_lane"] == 2
    assert 'name="take_back"' in clerk.get("/desk?by=vehicle").text
    clerk.post("/desk/picks", data={"take_back": first, "act": "take"})
    assert shown(api("desk"))[first]["pick"] == "taken"
    sign_in("supervisor").post("/desk/picks", data={"passport_id": second, "act": "take"})
    assert sign_in("supervisor").post("/desk/picks", data={"act": "take"}).status_code == 303
    assert clerk.post("/desk/picks", data={"passport_id": first, "act": "steal"}).status_code == 422
    assert sign_in("officer").post("/desk/picks", data={"passport_id": first, "act": "shelve"}).status_code == 403


def test_form_names_the_clerk_who_was_faster(app, api, sign_in):
    (book,) = ids(lane.vehicle(api("officer"), 1))
    act(api("supervisor"), "take", book)
    clerk = sign_in("desk")
    clerk.post("/desk/picks", data={"passport_id": book, "act": "take"})
    assert (
        "Contoh Orang 1: Buku ini sudah dibawa petugas lain. Petugas Contoh supervisor.plg" in clerk.get("/desk").text
    )
