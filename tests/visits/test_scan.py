"""A scan: one verdict for every text a reader may send, one answer for one id, at most one open visit."""

import random
import uuid
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from ampera import clock, db
from ampera.offices.models import Lane, OpeningHours
from ampera.passports.models import Passport
from ampera.pickups import codes
from ampera.pickups.models import Pickup, PickupCode
from ampera.visits.models import Scan, Visit
from tests import builders
from tests.conftest import drawn
from tests.handovers import steps
from tests.visits import steps as visits


@pytest.fixture
def officer(api):
    return api("officer")


def verdict(client, code, lane=1, **more):
    answer = steps.scan(client, code, lane, **more)
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()["verdict"]


def test_good_code_opens_a_visit_with_a_queue_number(officer):
    books, code = builders.ready(1, 2)
    answer = steps.scan(officer, code).get_json()
    assert (answer["verdict"], answer["tone"], answer["title"]) == ("ok", "go", "Silakan dilayani")
    visit = answer["visit"]
    assert visit["queue_no"] == "A001" and visit["state"] == "waiting" and visit["lane"] == 1
    assert [book["passport_id"] for book in visit["passports"]] == books


def test_same_scan_id_gives_the_same_answer_for_ever(officer):
    (book,), code = builders.ready(1)
    scan_id = str(uuid.uuid4())
    first = steps.scan(officer, code, scan_id=scan_id).get_json()
    change(Passport, book, state="cancelled")
    assert steps.scan(officer, code, scan_id=scan_id).get_json() == first
    assert steps.scan(officer, code, lane=2, scan_id=scan_id).status_code == 422
    assert count(Scan) == 1


def test_second_scan_at_one_lane_is_a_repeat_and_later_ok(officer):
    _, code = builders.ready(1)
    assert verdict(officer, code) == "ok"
    assert verdict(officer, code) == "repeat"
    with clock.shift(timedelta(minutes=2)):
        assert verdict(officer, code) == "ok"
    assert count(Visit) == 1


def test_served_visit_is_open_elsewhere_until_the_lease_ends(officer, api):
    _, code = builders.ready(1)
    steps.serving(officer, code, lane=1)
    answer = steps.scan(api("officer2"), code, lane=2).get_json()
    assert answer["verdict"] == "open_elsewhere" and answer["facts"]["lane"] == 1


def test_visit_whose_lease_has_ended_is_still_open_elsewhere_and_may_be_taken_over(officer, api):
    _, code = builders.ready(1)
    steps.serving(officer, code, lane=1)
    with clock.shift(timedelta(minutes=10)):
        answer = steps.scan(api("officer2"), code, lane=2).get_json()
    assert (answer["verdict"], answer["tone"], answer["next"]) == ("open_elsewhere", "wait", "serve")
    assert answer["facts"]["lane"] == 1 and answer["facts"]["idle_s"] >= 600
    assert "tidak ada kegiatan" in answer["advice"].lower() and "rak" not in answer["advice"]
    assert answer["visit"]["claim"]["officer"]


def test_another_officer_at_the_same_lane_does_not_get_a_green(officer, api):
    _, code = builders.ready(1)
    steps.serving(officer, code, lane=1)
    assert verdict(api("officer2"), code, lane=1) == "open_elsewhere"
    assert verdict(officer, code, lane=1) == "repeat"


@pytest.mark.parametrize("typed", ["ZYQ2-AAPY", "ZYQ2-AAP", "zyq2 aapyx", "ZYQ2AAP"])
def test_mistyped_booking_code_gets_the_advice_for_typing(officer, typed):
    answer = steps.scan(officer, typed).get_json()
    assert (answer["verdict"], answer["title"]) == ("malformed", "Kode salah ketik")
    assert "paspor" not in answer["advice"]


@pytest.mark.parametrize("read", ["X1234567", "https://qris.example/abc", "00020101021126", "P<IDNCONTOH<<SATU"])
def test_other_codes_get_the_advice_for_scanning(officer, read):
    assert steps.scan(officer, read).get_json()["title"] == "Bukan kode pengambilan"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"state": "held"}, "held"),
        ({"state": "cancelled"}, "cancelled"),
        ({"state": "collected"}, "collected"),
        ({"issued_on": clock.today() - timedelta(days=40)}, "overdue"),
    ],
)
def test_scan_of_a_book_that_may_not_go_is_refused_and_stored(officer, fields, expected):
    (book,), code = builders.ready(1)
    change(Passport, book, **fields)
    answer = steps.scan(officer, code).get_json()
    assert answer["verdict"] == expected and answer["visit"] is None and answer["advice"]
    assert count(Scan) == 1 and count(Visit) == 0


def test_pickup_of_several_books_gets_the_mildest_verdict(officer):
    (first, second), code = builders.ready(1, 2)
    change(Passport, first, state="held")
    answer = steps.scan(officer, code).get_json()
    assert answer["verdict"] == "ok"
    assert [book["status"] for book in answer["visit"]["passports"]] == ["held", "ok"]
    change(Passport, second, state="cancelled")
    assert verdict(officer, code, lane=2) == "held"


def test_revoked_code_stops_even_while_the_visit_is_open(officer):
    _, old = builders.ready(1)
    assert verdict(officer, old) == "ok"
    with db.reading() as session:
        pickup_id = session.scalar(select(Pickup.id))
    change_code(old, "revoked")
    new = builders.pickup(pickup_id=pickup_id, generation=2)
    assert verdict(officer, old) == "revoked"
    assert verdict(officer, new) in ("ok", "repeat")


def test_scan_of_a_book_elsewhere_names_only_the_office(officer, api):
    elsewhere = builders.office("JKT", "Kantor Imigrasi Contoh Jakarta")
    _, code = builders.ready(1, office_id=elsewhere)
    answer = steps.scan(officer, code).get_json()
    assert answer["verdict"] == "wrong_office" and "Contoh Jakarta" in answer["advice"]
    assert answer["pickup_id"] is None and answer["visit"] is None


def test_visit_of_another_office_is_not_shown(officer, api):
    elsewhere = builders.office("JKT", "Kantor Imigrasi Contoh Jakarta")
    _, code = builders.ready(1, office_id=elsewhere)
    steps.serving(api("officer", "JKT"), code)
    answer = steps.scan(officer, code).get_json()
    assert answer["verdict"] == "wrong_office" and answer["visit"] is None
    with clock.shift(timedelta(days=1)):
        steps.scan(officer, code)
    with db.reading() as session:
        assert session.scalar(select(Visit.state)) == "serving"


def test_scan_outside_the_hours_names_the_next_opening(officer):
    db.current().write(lambda unit: unit.conn.execute(update(OpeningHours).values(opens="23:59", closes="24:00")))
    _, code = builders.ready(1)
    noon = clock.now().replace(hour=5, minute=0)
    with clock.freeze(noon):
        answer = steps.scan(officer, code).get_json()
    assert answer["verdict"] == "closed" and "23.59 WIB" in answer["advice"]


def test_closed_lane_admits_no_vehicle(officer):
    db.current().write(lambda unit: unit.conn.execute(update(Lane).values(is_open=False)))
    _, code = builders.ready(1)
    assert verdict(officer, code) == "closed"


def test_short_code_finds_the_pickup(officer):
    builders.ready(1)
    with db.reading() as session:
        booking = session.scalar(select(PickupCode.booking_code))
    assert verdict(officer, codes.printed(booking).lower()) == "ok"


def test_locked_pickup_is_held(officer):
    _, code = builders.ready(1)
    db.current().write(lambda unit: unit.conn.execute(update(Passport).values(locked_at=unit.at)))
    assert verdict(officer, code) == "held"


def test_second_code_joins_the_named_vehicle(officer):
    _, first = builders.ready(1)
    _, second = builders.ready(2)
    visit = steps.scan(officer, first).get_json()["visit"]
    joined = steps.scan(officer, second, visit_id=visit["id"]).get_json()["visit"]
    assert joined["id"] == visit["id"] and len(joined["passports"]) == 2 and count(Visit) == 1


def test_waiting_code_moves_into_the_named_vehicle(officer):
    _, first = builders.ready(1)
    _, second = builders.ready(2)
    alone = steps.scan(officer, second).get_json()["visit"]
    visit = steps.scan(officer, first).get_json()["visit"]
    answer = steps.scan(officer, second, visit_id=visit["id"]).get_json()
    joined = answer["visit"]
    assert joined["id"] == visit["id"] and len(joined["passports"]) == 2
    assert answer["title"] == f"Kode {alone['queue_no']} digabung ke {visit['queue_no']}"
    validity = officer.get(f"/api/v1/scans/{answer['scan_id']}/validity").get_json()
    assert (validity["title"], validity["facts"]) == (answer["title"], answer["facts"])
    with db.reading() as session:
        assert session.get_one(Visit, alone["id"]).state == "left"


def test_separate_gate_sends_a_rescanned_motorcycle_to_lanes_for_motorcycles(officer):
    visits.option("separate_gate", True)
    visits.lane(1, kind="car")
    visits.lane(2, kind="motorcycle")
    _, code = builders.ready(1)
    answers = [steps.scan(officer, code, kind="motorcycle"), steps.scan(officer, code)]
    assert [answer.get_json()["facts"]["lanes"] for answer in answers] == [[2], [2]]


def test_open_visit_of_yesterday_does_not_hold_the_pickup_today(officer):
    _, code = builders.ready(1)
    assert verdict(officer, code) == "ok"
    with clock.shift(timedelta(days=1)):
        answer = steps.scan(officer, code).get_json()
    assert answer["verdict"] == "ok" and answer["visit"]["queue_no"] == "A001" and count(Visit) == 2


def test_queue_numbers_of_one_day_are_unique(officer):
    for n in range(1, 6):
        _, code = builders.ready(n)
        steps.scan(officer, code)
    with db.reading() as session:
        assert sorted(session.scalars(select(Visit.queue_no))) == ["A001", "A002", "A003", "A004", "A005"]


@drawn
def test_garbage_is_no_pickup_code(officer, tries):
    @settings(max_examples=tries, deadline=None, suppress_health_check=list(HealthCheck))
    @given(garbage=st.one_of(st.text(max_size=600), st.binary(max_size=200).map(lambda raw: raw.decode("latin-1"))))
    def scanned(garbage):
        assert verdict(officer, garbage) in ("malformed", "unknown")

    scanned()


@drawn
def test_nearly_right_codes_open_nothing(officer, tries):
    _, code = builders.ready(1)
    draw = random.Random(7)
    for _ in range(tries):
        place = draw.randrange(3, len(code))
        other = draw.choice([char for char in codes.ALPHABET if char != code[place]])
        assert verdict(officer, code[:place] + other + code[place + 1 :]) == "unknown"
    assert count(Visit) == 0


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"scan_id": "x", "lane": 1, "input": "a"},
        {"scan_id": str(uuid.uuid4()), "lane": "1", "input": "a"},
        {"scan_id": str(uuid.uuid4()), "lane": 1, "input": 5},
        {"scan_id": str(uuid.uuid4()), "lane": 1, "input": "a", "colour": "blue"},
        {"scan_id": str(uuid.uuid4()), "lane": 77, "input": "a"},
        [],
        None,
        "text",
    ],
)
def test_body_of_another_shape_is_refused_by_field(officer, body):
    answer = officer.post("/api/v1/scans", json=body)
    assert answer.status_code in (400, 422) and answer.get_json()["error"]["code"]


def change(model, key, **values):
    db.current().write(lambda unit: unit.conn.execute(update(model).where(model.id == key).values(**values)))


def change_code(code, state):
    db.current().write(
        lambda unit: unit.conn.execute(
            update(PickupCode).where(PickupCode.code_hash == codes.fingerprint(code)).values(state=state)
        )
    )


def count(model):
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(model))
