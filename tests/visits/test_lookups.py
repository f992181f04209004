"""A lookup without a code: it finds what a scan finds, answers no guess, and what it finds says that no code came."""

import io
import json
import uuid
from datetime import date, timedelta

import openpyxl
import pytest
from sqlalchemy import select

from ampera import clock, db
from ampera.audit import FORMER_MARK, MARK, AuditEntry
from ampera.handovers.models import Handover
from ampera.passports.models import Passport
from ampera.pickups.models import PickupCode
from ampera.visits.models import Scan, Visit, VisitPickup
from ampera.visits.scan import application_queries
from tests import builders
from tests.conftest import on_both
from tests.handovers import steps
from tests.race.crowd import SIZE, at_once, posts
from tests.reports import paper
from tests.visits import steps as visits

WRONG = "1971-07-17"


@pytest.fixture
def officer(api):
    return api("officer")


def number(n):
    return f"99{n:014d}"


def born(n):
    return (date(1990, 1, 1) + timedelta(days=n)).isoformat()


def body(application_no, birth_date, **more):
    return {
        "lookup_id": str(uuid.uuid4()),
        "lane": 1,
        "application_no": application_no,
        "birth_date": birth_date,
        **more,
    }


def look_up(client, application_no, birth_date, **more):
    return client.post("/api/v1/lookups", json=body(application_no, birth_date, **more))


def answer_to(client, application_no, birth_date, **more):
    answer = look_up(client, application_no, birth_date, **more)
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()


def rows(statement):
    with db.reading() as session:
        return session.scalars(statement).all()


def audited(action):
    return [json.loads(details) for details in rows(select(AuditEntry.details).where(AuditEntry.action == action))]


def misses(n=1):
    return rows(select(Passport.misses).where(Passport.application_no == number(n)))[0]


@on_both
def test_number_and_birth_date_open_a_visit_like_a_scan(officer):
    (passport_id,), code = builders.ready(1)
    found = answer_to(officer, number(1), born(1))
    assert (found["verdict"], found["tone"], found["title"]) == ("ok", "go", "Silakan dilayani")
    assert "Tanpa kode: minta kartu identitasnya." in found["advice"]
    assert "scan_id" not in found and uuid.UUID(found["lookup_id"]) and found["visit"]["queue_no"] == "A001"
    (book,) = found["visit"]["passports"]
    assert (book["passport_id"], book["found_by"]) == (passport_id, "lookup")
    (again,) = answer_to(officer, number(1), born(1))["visit"]["passports"]
    assert again["found_by"] == "lookup"
    repeat = steps.scan(officer, code).get_json()
    assert repeat["verdict"] == "repeat" and repeat["visit"]["id"] == found["visit"]["id"]


@on_both
def test_last_six_digits_are_enough(officer):
    builders.ready(123)
    builders.ready(321)
    assert answer_to(officer, "000 123", born(123))["verdict"] == "ok"


@pytest.mark.parametrize("typed", ["9900.0000.0000.0001", " 99-0000 0000/000001 ", "９９0000000000０００1"])
def test_separators_and_full_width_digits_are_read(officer, typed):
    builders.ready(1)
    assert answer_to(officer, typed, born(1))["verdict"] == "ok"


@pytest.mark.parametrize(
    ("fields", "at", "code"),
    [
        ({"application_no": "12345"}, "application_no", "bad_application_no"),
        ({"application_no": "1234567"}, "application_no", "bad_application_no"),
        ({"application_no": "99%0000000000000"}, "application_no", "bad_application_no"),
        ({"birth_date": "3001-01-01"}, "birth_date", "birth_date_ahead"),
        ({"birth_date": "02-02-1990"}, "birth_date", "invalid"),
        ({"lane": 77}, "lane", "unknown_lane"),
    ],
)
def test_bad_input_is_refused_by_field_and_is_no_miss(officer, fields, at, code):
    builders.ready(1)
    refused = officer.post("/api/v1/lookups", json=body(number(1), born(1)) | fields)
    assert refused.status_code == 422 and refused.get_json()["error"]["code"] == code
    assert at in refused.get_json()["error"]["fields"]
    assert misses() == 0 and not rows(select(Scan))


@on_both
def test_same_lookup_gives_the_same_answer_and_another_body_is_refused(officer):
    (book,), code = builders.ready(1)
    request = body(number(1), born(1))
    first = officer.post("/api/v1/lookups", json=request).get_json()
    builders.set_columns(Passport, {"id": book}, state="cancelled")
    assert officer.post("/api/v1/lookups", json=request).get_json() == first
    other = officer.post("/api/v1/lookups", json=request | {"birth_date": WRONG})
    assert other.status_code == 422 and other.get_json()["error"]["fields"].keys() == {"lookup_id"}
    assert steps.scan(officer, code, scan_id=request["lookup_id"]).status_code == 422
    assert misses() == 0 and len(rows(select(Scan))) == 1


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"state": "held"}, "held"),
        ({"state": "cancelled"}, "cancelled"),
        ({"state": "collected"}, "collected"),
        ({"issued_on": clock.today() - timedelta(days=40)}, "overdue"),
    ],
)
def test_book_that_may_not_go_gets_the_verdict_of_a_scan(officer, fields, expected):
    (book,), _ = builders.ready(1)
    builders.set_columns(Passport, {"id": book}, **fields)
    found = answer_to(officer, number(1), born(1))
    assert (found["verdict"], found["visit"]) == (expected, None) and found["advice"]


def test_revoked_code_opens_nothing_by_a_lookup_either(officer):
    builders.ready(1)
    builders.set_columns(PickupCode, {"generation": 1}, state="revoked")
    found = answer_to(officer, number(1), born(1))
    assert found["verdict"] == "revoked" and "loket dalam" in found["advice"] and not rows(select(Visit))


def test_lookup_adds_a_pickup_to_a_vehicle(officer):
    visit = visits.vehicle(officer, 1)
    builders.ready(2)
    joined = answer_to(officer, number(2), born(2), visit_id=visit["id"])["visit"]
    assert [book["found_by"] for book in joined["passports"]] == ["code", "lookup"] and joined["id"] == visit["id"]


@on_both
def test_code_that_is_shown_later_outweighs_each_lookup(officer):
    _, code = builders.ready(1)
    answer_to(officer, number(1), born(1))
    assert rows(select(VisitPickup.found_by)) == ["lookup"]
    steps.scan(officer, code)
    assert rows(select(VisitPickup.found_by)) == ["code"]
    answer_to(officer, number(1), born(1))
    assert rows(select(VisitPickup.found_by)) == ["code"]


# Nobody learns by trying.


def stripped(answer):
    return {name: value for name, value in answer.items() if name != "lookup_id"}


@on_both
def test_unknown_number_wrong_date_locked_book_and_other_office_have_one_answer(officer):
    builders.ready(1)
    builders.ready(2, locked_at=clock.now())
    builders.ready(3, office_id=builders.office("JKT", "Kantor Imigrasi Contoh Jakarta"))
    answers = [
        stripped(answer_to(officer, given, birth_date))
        for given, birth_date in (
            (number(9), born(9)), (number(1), WRONG), (number(2), born(2)), (number(3), born(3)), ("000001", WRONG),
        )
    ]  # fmt: skip
    assert all(found == answers[0] for found in answers)
    assert (answers[0]["verdict"], answers[0]["pickup_id"], answers[0]["visit"]) == ("unknown", None, None)
    assert not rows(select(Visit))


@on_both
def test_wrong_dates_lock_the_book_and_are_audited(officer, api):
    builders.ready(1)
    for year in (1971, 1972, 1973):
        answer_to(officer, number(1), f"{year}-01-01")
    assert misses() == 3 and rows(select(Passport.locked_at))[0]
    assert len(audited("passport.lookup_mismatch")) == 3 and len(audited("passport.locked")) == 1
    assert answer_to(api("officer2"), number(1), born(1))["verdict"] == "unknown", "a lock answers no right guess"


def test_same_wrong_guess_again_is_one_miss(officer):
    builders.ready(1)
    for _ in range(4):
        answer_to(officer, number(1), WRONG)
    assert misses() == 1 and len(rows(select(Scan))) == 4


@on_both
def test_officer_who_guesses_too_often_gets_no_answer_for_an_hour(officer, api, monkeypatch):
    monkeypatch.setattr(application_queries, "MOST", 3)
    builders.ready(1)
    for n in range(3):
        assert answer_to(officer, number(n + 50), born(n))["verdict"] == "unknown"
    for given in (number(1), number(60)):
        refused = look_up(officer, given, born(1))
        assert refused.status_code == 429 and refused.get_json()["error"]["code"] == "too_many_lookups"
    assert len(audited("lookup.refused")) == 2 and misses() == 0
    assert answer_to(api("officer2"), number(1), born(1))["verdict"] == "ok", "each officer has an own count"
    with clock.shift(application_queries.WITHIN):
        assert answer_to(api("officer"), number(1), born(1))["verdict"] != "unknown"


@on_both
def test_guesses_at_once_are_counted_one_by_one(app, monkeypatch):
    monkeypatch.setattr(application_queries, "MOST", 3)
    clients = [builders.with_key(app, "officer")] * SIZE
    answers = posts(clients, "/api/v1/lookups", [body(number(n + 50), born(n)) for n in range(SIZE)])
    assert sorted(answer.status_code for answer in answers) == [200] * 3 + [429] * (SIZE - 3)


@on_both
def test_six_digits_of_several_books_with_that_date_ask_for_the_whole_number(officer):
    builders.ready(1)
    builders.ready(2, application_no="8800000000000001", birth_date=date(1990, 1, 2))
    several = answer_to(officer, "000001", born(1))
    assert several["facts"] == {"lookup": "several"} and "seluruh nomor" in several["advice"]
    assert misses() == 0 and not rows(select(Visit))
    assert answer_to(officer, number(1), born(1))["verdict"] == "ok"


def test_six_digits_count_a_miss_at_every_book_that_ends_so(officer):
    builders.ready(1)
    builders.ready(2, application_no="8800000000000001")
    answer_to(officer, "000001", WRONG)
    assert rows(select(Passport.misses).order_by(Passport.id)) == [1, 1]


@on_both
def test_birth_date_and_number_are_stored_and_logged_nowhere(officer, capfd):
    builders.ready(1)
    steps.scan(officer, "kartu")
    for given, birth_date in ((number(1), WRONG), ("123456", "1988-11-23"), (number(1), born(1))):
        answer_to(officer, given, birth_date)
    kept = [str(entry) for entry in rows(select(AuditEntry.details))]
    with db.reading() as session:
        kept += [str(dict(row)) for row in session.execute(select(Scan.__table__)).mappings()]
    kept += capfd.readouterr()
    for secret in (WRONG, "1988-11-23", "123456", born(1), number(1), "17-07-1971"):
        assert not [text for text in kept if secret in text], secret


def test_mark_of_a_lookup_depends_on_the_secret_of_the_installation(officer):
    answer_to(officer, number(1), WRONG)
    (mark,) = rows(select(Scan.body_hash))
    assert len(mark) == MARK  # `audit.mark`: keyed, so that nobody tries all dates against it


def test_lookup_with_a_mark_of_an_earlier_version_still_counts_as_the_same(officer):
    asked = {"lookup_id": str(uuid.uuid4())}
    first = answer_to(officer, number(1), WRONG, **asked)
    (mark,) = rows(select(Scan.body_hash))
    builders.set_columns(Scan, {"body_hash": mark}, body_hash=mark[:FORMER_MARK])
    assert answer_to(officer, number(1), WRONG, **asked) == first and len(rows(select(Scan.scan_id))) == 1
    assert look_up(officer, number(1), born(1), **asked).status_code == 422


@pytest.mark.parametrize("role", ["desk", "admin"])
def test_only_the_lane_looks_up(api, role):
    assert look_up(api(role), number(1), WRONG).status_code == 403


# What was found so is handed over on more proof, and the record says so.


def served(officer, n=1):
    visit = answer_to(officer, number(n), born(n))["visit"]
    officer.post(f"/api/v1/visits/{visit['id']}/serve", json={"lane": 1})
    return visit


@on_both
def test_birth_date_proves_nothing_again_where_a_nik_is_on_record(officer):
    builders.ready(1)
    visit = served(officer)
    known = steps.book(visit["passports"][0]["passport_id"], 1, identity={"birth_date": born(1)})
    check = {name: known[name] for name in ("passport_id", "identity")}
    assert officer.post(f"/api/v1/visits/{visit['id']}/checks", json=check).get_json()["identity"] is None
    refused = officer.post("/api/v1/handovers", json=steps.body(visit["id"], known))
    assert refused.status_code == 422 and refused.get_json()["error"]["code"] == "evidence_missing"
    proved = steps.book(visit["passports"][0]["passport_id"], 1)
    assert officer.post("/api/v1/handovers", json=steps.body(visit["id"], proved)).status_code == 201


@on_both
def test_record_and_register_and_report_state_that_no_code_was_shown(officer, sign_in):
    builders.ready(1)
    visit = served(officer)
    proved = steps.book(visit["passports"][0]["passport_id"], 1)
    record = officer.post("/api/v1/handovers", json=steps.body(visit["id"], proved)).get_json()["handovers"][0]["id"]
    answer_to(officer, number(50), WRONG)
    assert rows(select(Handover.found_by)) == ["lookup"]
    supervisor = sign_in("supervisor")
    assert "Tanpa kode" in supervisor.get("/register").text
    assert "Tanpa kode: dicari" in supervisor.get(f"/register/{record}").text
    printed = paper.text(supervisor.get("/register/buku-penyerahan.pdf").data)
    assert "Ditemukan tanpa kode" in printed
    workbook = openpyxl.load_workbook(io.BytesIO(supervisor.get("/register/buku-penyerahan.xlsx").data)).active
    heads, row = ([cell.value for cell in line] for line in workbook.iter_rows())
    assert dict(zip(heads, row, strict=True))["Ditemukan dengan"].startswith("Tanpa kode: dicari")
    page = supervisor.get("/reports").text
    assert 'id="lookups"' in page and "Petugas Contoh officer.plg" in page
    sheet = supervisor.get("/reports.csv").text
    assert "Tanpa kode: pencarian;Petugas Contoh officer.plg;2" in sheet
    assert "Tanpa kode: tidak ditemukan;Petugas Contoh officer.plg;1" in sheet
    assert "Tanpa kode: paspor diserahkan;Petugas Contoh officer.plg;1" in sheet
    assert "Pemindaian;Pencarian tanpa kode: tidak ditemukan;1" in sheet and "Kode tidak dikenal" not in sheet
    assert "Pencarian tanpa kode: tidak ditemukan" in page
    assert 'id="lookups"' not in sign_in("officer").get("/reports").text, "only supervisors see the count of a person"


def test_code_and_booking_code_are_written_into_the_record(officer):
    (book,), code = builders.ready(1)
    visit = steps.serving(officer, code)
    officer.post("/api/v1/handovers", json=steps.body(visit["id"], steps.book(book, 1)))
    (other,), _ = builders.ready(2)
    short = rows(select(PickupCode.booking_code).order_by(PickupCode.id.desc()))[0]
    visit = steps.serving(officer, short)
    officer.post("/api/v1/handovers", json=steps.body(visit["id"], steps.book(other, 2)))
    assert rows(select(Handover.found_by).order_by(Handover.id)) == ["code", "booking_code"]


@on_both
def test_lookups_and_scans_of_one_pickup_at_once_open_one_visit(app):
    _, code = builders.ready(1)
    jobs = []
    for n in range(SIZE):
        client = builders.with_key(app, ("officer", "officer2")[n % 2])
        job = (look_up, client, number(1), born(1)) if n % 4 < 2 else (steps.scan, client, code)
        jobs.append(lambda job=job: job[0](*job[1:]))
    answers = at_once(jobs)
    assert len({answer.get_json()["visit"]["id"] for answer in answers}) == 1
    assert len(rows(select(Visit))) == 1 and rows(select(VisitPickup.found_by)) == ["code"]


def test_story_of_a_book_contains_lookups(officer, sign_in):
    (book,), _ = builders.ready(1)
    answer_to(officer, number(1), WRONG)
    answer_to(officer, number(1), born(1))
    page = sign_in("supervisor").get(f"/desk/books/{book}").text
    assert "tanggal lahir tidak cocok" in page and "Dicari tanpa kode di jalur 1: Silakan dilayani" in page


def test_overdue_book_is_let_in_to_wait_for_a_supervisor(officer):
    builders.ready(1, issued_on=clock.today() - timedelta(days=40))
    assert answer_to(officer, number(1), born(1))["next"] == "supervisor"
    waiting = answer_to(officer, number(1), born(1), for_supervisor=True)
    assert (waiting["verdict"], waiting["visit"]["passports"][0]["found_by"]) == ("overdue", "lookup")
