"""The search for books by any known part, in one office only, and fast among 100,000 books."""

import json

import pytest

from ampera import clock, db
from ampera.audit import AuditEntry
from ampera.desk.search_queries import hits
from ampera.offices.models import Office
from ampera.passports import fields
from ampera.passports.models import Passport
from ampera.passports.search import queries
from ampera.pickups.models import PickupCode
from ampera.web.limits import limiter
from tests import builders
from tests.conftest import on_both


@pytest.fixture
def shelf(app):
    """Three books of the office, one with a one-word name, and a book of another office."""
    builders.passport(
        1,
        holder_name="Putri Uji Coba",
        name_key="putri uji coba",
        application_no="9912345600004471",
        passport_no="X1234567",
        phone="+6281234567890",
        shelf="C-04-18",
    )
    builders.passport(2, holder_name="Percobaan", name_key="percobaan", shelf="D-01-03", state="collected")
    builders.passport(3, holder_name="Uji Coba Kedua", name_key="uji coba kedua", shelf="C-04-19", state="held")
    builders.passport(4, office_id=builders.office("JKT"), holder_name="Putri Jauh", name_key="putri jauh")


def names(text: str) -> list[str]:
    with db.reading() as session:
        return [book.holder_name for book in queries.found(session, 1, text)]


@pytest.mark.parametrize(
    "text",
    ["putri", "Uji PUT", "coba put", "pútri", "9912345600004471", "4471", "99123456", "X1234567", "x 123-45 67",
     "C-04-18", "c-04-18", "081234567890", "0812 3456 7890", "+62 812-3456-7890", "6281234567890", "81234567890"],
)  # fmt: skip
def test_any_known_part_finds_the_book(shelf, text):
    assert "Putri Uji Coba" in names(text)


@pytest.mark.parametrize("text", ["0812345678", "62812345", "7890"])
def test_telephone_number_is_found_as_a_whole_only(shelf, text):
    """It is encrypted in the database, and only a mark of the whole number is searched."""
    assert names(text) == []


@pytest.mark.parametrize("text", ["", "  ", "%", "_", "utri", "zzz", "putri zzz", "4567", "'; --", "+", "\x00"])
def test_the_middle_of_a_word_or_a_number_finds_nothing(shelf, text):
    assert names(text) == []


@pytest.mark.parametrize(
    "text",
    ["X123456", "X12345", "x 123-45", "X1", "X", "1234567", "234567", "67", "X1234567%", "X123456_", "X1234567 8", "%",
     "1671010000000001", "167101", "0001", "1990-01-02", "02-01-1990", "1990", "02011990", "P9912216", "2216", "P99",
     "Ｘ１２３４５６", "x١٢٣٤٥٦", "X*", "X???????", "X1234567*", "^X1234567$", "X12345[67]", "X\t123456",
     "X-1-2-3-4-5-6", "NIK 1671010000000001", "nik:1671", "1671 0100 0000 0001", "１６７１０１", "2 Januari 1990",
     "2-1-1990", "02/01/1990", "1990.01.02", "2/1/90", "contoh 1990", "contoh X1234567", "X1234567 X1234568",
     "X1234567' OR 1=1", "p9912216", "passport_no:X1", "X1234567\x00", "\uff38"],
)  # fmt: skip
def test_part_of_a_book_number_or_any_evidence_of_the_holder_finds_nothing(app, text):
    builders.passport(1, passport_no="X1234567", application_no="9988776655443322", shelf="C", document_no="P9912216")
    assert names(text) == []


@pytest.mark.parametrize("role", ["officer", "desk", "supervisor"])
@pytest.mark.parametrize("path", ["/api/v1/passports?q=", "/desk?q=", "/register?q="])
def test_searches_for_whole_book_numbers_are_rate_limited_and_recorded(app, api, role, path):
    builders.passport(1, passport_no="X1234567")
    client = api(role)
    statuses = [client.get(f"{path}X{n:07d}").status_code for n in range(31)]
    assert (statuses[0], statuses[-1]) == (200, 429)
    with db.reading() as session:
        found = session.query(AuditEntry).filter_by(action="search.made").all()
    assert len(found) == 30 and {entry.staff_id for entry in found} != {None}
    assert len({json.loads(entry.details)["query"] for entry in found}) == 30
    assert not any("X00000" in entry.details for entry in found)


def test_restart_forgives_the_searches_of_a_minute_and_keeps_the_records(app, api):
    """Locks of accounts and books and the requests of a day are counted in the database; see their own tests."""
    officer = api("officer")
    for n in range(30):
        officer.get(f"/api/v1/passports?q=X{n:07d}")
    assert officer.get("/api/v1/passports?q=X7654321").status_code == 429
    limiter.reset()  # the counters of a process that starts again
    assert officer.get("/api/v1/passports?q=X7654321").status_code == 200
    with db.reading() as session:
        assert session.query(AuditEntry).filter_by(action="search.made").count() == 31


def test_record_of_a_search_has_the_hits_and_no_text(app, api):
    builders.passport(1, holder_name="Contoh Rahasia", name_key="contoh rahasia")
    api("officer").get("/api/v1/passports?q=contoh rahasia")
    api("officer").get("/api/v1/passports?q= ")
    with db.reading() as session:
        (entry,) = session.query(AuditEntry).filter_by(action="search.made").all()
    assert json.loads(entry.details)["hits"] == 1 and "ahasia" not in entry.details


@on_both
def test_books_of_another_office_are_not_found(shelf):
    assert names("putri") == ["Putri Uji Coba"]


@on_both
def test_collectable_books_come_first_then_by_name(shelf):
    assert names("co") == ["Putri Uji Coba", "Uji Coba Kedua"]
    builders.passport(9, holder_name="Contoh Awal", name_key="contoh awal", state="collected")
    assert names("co")[-1] == "Contoh Awal"


@on_both
def test_a_booking_code_finds_every_book_of_the_pickup(app):
    books, code = builders.ready(1, 2)
    builders.passport(3)
    with db.reading() as session:
        office = session.get_one(Office, 1)
        booking = session.query(PickupCode).one().booking_code
        for text in (booking, f"{booking[:4]}-{booking[4:]}".lower(), code):
            assert [hit.book.id for hit in hits(session, office, text, clock.today())] == books


def test_a_booking_code_of_another_office_finds_nothing(app):
    jkt = builders.office("JKT")
    _, code = builders.ready(1, office_id=jkt)
    with db.reading() as session:
        assert hits(session, session.get_one(Office, 1), code, clock.today()) == []


def test_search_results_contain_no_evidence_of_the_holder(shelf, api):
    answer = api("officer").get("/api/v1/passports?q=putri")
    assert answer.status_code == 200
    (found,) = answer.json["passports"]
    assert set(found) == {
        "passport_id", "pickup_id", "application_no", "holder_name", "state", "status", "shelf", "deadline",
    }  # fmt: skip
    assert "X1234567" not in answer.text and "1671" not in answer.text and "+62" not in answer.text


def test_the_search_refuses_unknown_parameters(app, api, client):
    assert api("desk").get("/api/v1/passports?q=" + "a" * 101).status_code == 422
    assert api("desk").get("/api/v1/passports").json == {"passports": []}
    assert api("admin").get("/api/v1/passports?q=a").status_code == 403
    assert client.get("/api/v1/passports?q=a").status_code == 401


def test_searches_for_codes_are_rate_limited(app, api):
    officer = api("officer")
    _, code = builders.ready(1)
    statuses = [officer.get(f"/api/v1/passports?q={code}").status_code for _ in range(31)]
    assert statuses[0] == 200 and statuses[-1] == 429
    assert officer.get("/api/v1/passports?q=contoh").status_code == 200


def test_one_book_is_found_among_thousands(app):
    now, today = clock.now(), clock.today()
    rows = [
        {
            "office_id": 1, "application_no": f"88{n:014d}", "passport_no": f"Y{n:07d}", "state": "ready",
            "holder_name": f"Contoh Ke{n}", "name_key": f"contoh ke{n}", "birth_date": today, "issued_on": today,
            "shelf": f"Z-{n}", "kind": "passport", "created_at": now, "updated_at": now,
        }
        for n in range(5_000)
    ]  # fmt: skip
    db.current().write(lambda unit: unit.conn.execute(Passport.__table__.insert(), rows))
    with db.reading() as session:
        for text in ("ke4999", "contoh ke4999", "Z-4999", "880000000004999"[-8:]):
            assert [book.holder_name for book in queries.found(session, 1, text)][:1] == ["Contoh Ke4999"]
        assert queries.found(session, 1, "tidakada") == []


NAMES = (
    *("Nur'aini Percobaan", "O’Contoh Sampel", "Đặng Thị Uji", "Łukasz Sampel", "Søren Uji", "Strauß Contoh"),
    *("Ħal Sampel", "Işıl Uji", "Ægir Œuvre", "Þór Sampel", "Guðrún Uji", "Nuraini Contoh", "Al-Contoh Uji"),
    *("ʿAlī Uji", "Siti–Aisyah Uji", "Nurʻaini Sampel"),
)


@pytest.fixture
def strangers(app):
    """Books with names that people without these letters on the keyboard look for."""
    for number, name in enumerate(NAMES, 1):
        builders.passport(number, holder_name=name, name_key=fields.name_key(name))


@pytest.mark.parametrize(
    ("text", "place"),
    [("nuraini p", 0), ("nur aini", 0), ("nur'aini", 0), ("nur`aini", 0), ("NURʼAINI", 0), ("ocontoh", 1),
     ("o'contoh", 1), ("contoh sam", 1), ("dang", 2), ("đặng", 2), ("dang thi", 2), ("lukasz", 3), ("Łuk", 3),
     ("soren", 4), ("SØREN", 4), ("strauss", 5), ("STRAUSS", 5), ("hal", 6), ("isil", 7), ("aegir", 8), ("oeuvre", 8),
     ("thor", 9), ("gudrun", 10), ("nur’aini c", 11), ("alcontoh", 12), ("al contoh", 12), ("al-contoh", 12),
     ("so\u00adren", 4), ("\u202dsoren\u202c", 4), ("\ufeffdang", 2), ("ｄａｎｇ", 2), ("ali u", 13),
     ("siti aisyah", 14), ("sitiaisyah", 14), ("nur aini s", 15), ("nuraini s", 15)],
)  # fmt: skip
def test_a_name_is_found_in_any_spelling(strangers, text, place):
    assert NAMES[place] in names(text)


@pytest.mark.parametrize("mark", ["\u202c", "\u200b", "\u00ad", "\u2060", "\ufeff", "\u00a0"])
@pytest.mark.parametrize("text", ["9912345600004471", "081234567890", "X1234567", "C-04-18", "putri"])
def test_invisible_characters_do_not_hide_a_book(shelf, text, mark):
    assert "Putri Uji Coba" in names(f"{mark}{text}{mark}")
    assert "Putri Uji Coba" in names(f"{text[:2]}{mark}{text[2:]}" if mark != "\u00a0" else text)


def test_posted_search_finds_the_same_books(shelf, api, client):
    desk = api("desk")
    assert desk.post("/api/v1/passports/search", json={"q": "putri"}).json == desk.get("/api/v1/passports?q=putri").json
    assert desk.post("/api/v1/passports/search", json={"q": "a" * 101}).status_code == 422
    assert desk.post("/api/v1/passports/search", json={"q": "a", "more": 1}).status_code == 422
    assert client.post("/api/v1/passports/search", json={"q": "a"}).status_code == 401


def test_posted_and_addressed_guesses_count_together(app, api):
    officer = api("officer")
    statuses = [officer.get("/api/v1/passports?q=X7654321").status_code for _ in range(20)]
    statuses += [officer.post("/api/v1/passports/search", json={"q": "X7654321"}).status_code for _ in range(11)]
    assert statuses == [200] * 30 + [429]
    assert officer.get("/api/v1/passports?q=X7654321", json={"q": "contoh"}).status_code == 429
    assert officer.post("/api/v1/passports/search?q=contoh", json={"q": "X7654321"}).status_code == 429
    assert officer.post("/api/v1/passports/search", json={"q": "contoh"}).status_code == 200


def test_desk_form_posts_the_text_and_repeats_no_pickup_code(app, sign_in):
    _, code = builders.ready(1)
    desk = sign_in("desk")
    assert 'role="search" method="post"' in desk.get("/desk").text
    named = desk.post("/desk", data={"q": "contoh"})
    assert named.status_code == 200 and 'value="contoh"' in named.text and "1 paspor cocok" in named.text
    for answer in (desk.post("/desk", data={"q": code}), desk.get("/desk", query_string={"q": code.lower()})):
        assert "1 paspor cocok" in answer.text and code not in answer.text.upper()
