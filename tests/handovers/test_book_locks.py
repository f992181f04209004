"""Wrong identities and wrong book numbers count together, for the book: its lock goes wherever the book goes."""

import pytest
from sqlalchemy import select

from ampera import clock, db
from ampera.audit import AuditEntry
from ampera.passports import service as passports
from ampera.passports.models import Passport
from ampera.pickups import service as pickups
from tests import builders
from tests.handovers import steps

WRONG_IDENTITY = {"identity": {"nik_last4": "9999"}}
WRONG_BIRTH = {"identity": {"birth_date": "1901-01-01"}}
WRONG_BOOK = {"book": "X7654321"}
WRONG_LAST4 = {"book": "9999"}
BOTH_WRONG = {**WRONG_BOOK, **WRONG_IDENTITY}


@pytest.fixture
def officer(api):
    return api("officer")


def guess(client, visit, book, typed):
    return client.post(f"/api/v1/visits/{visit['id']}/checks", json={"passport_id": book, **typed})


def lock(client, visit, book):
    for _ in range(3):
        assert guess(client, visit, book, WRONG_BOOK).status_code == 200


def columns(book):
    with db.reading() as session:
        return tuple(session.execute(select(Passport.misses, Passport.locked_at).where(Passport.id == book)).one())


def is_locked(book):
    return columns(book)[1] is not None


def code_of(answer):
    return answer.status_code, answer.get_json()["error"]["code"]


@pytest.mark.parametrize(
    "typed",
    [
        [WRONG_BOOK] * 3,
        [WRONG_LAST4] * 3,
        [WRONG_IDENTITY] * 3,
        [WRONG_BIRTH] * 3,
        [BOTH_WRONG] * 3,
        [WRONG_BOOK, WRONG_IDENTITY, WRONG_LAST4],
        [WRONG_BIRTH, WRONG_BOOK, WRONG_IDENTITY],
        [{**WRONG_BOOK, "identity": {"nik_last4": "0001"}}, WRONG_IDENTITY, WRONG_BOOK],
    ],
)
def test_three_misses_of_any_kind_lock_the_book(officer, typed):
    (book,), code = builders.ready(1)
    visit = steps.serving(officer, code)
    left = [guess(officer, visit, book, guessed).get_json()["tries_left"] for guessed in typed]
    assert left == [2, 1, 0]
    assert code_of(guess(officer, visit, book, {"book": "X0000001"})) == (409, "locked")
    refused = officer.post("/api/v1/handovers", json=steps.body(visit["id"], steps.book(book, 1)))
    assert code_of(refused) == (409, "locked") and "passports.0" in refused.get_json()["error"]["fields"]


def test_wrong_numbers_of_handovers_count_and_a_repeated_request_does_not(officer):
    (book,), code = builders.ready(1)
    visit = steps.serving(officer, code)
    for n in range(3):
        request = steps.body(visit["id"], steps.book(book, 1, book=f"X765432{n}"))
        answers = [officer.post("/api/v1/handovers", json=request).get_json() for _ in range(2)]
        assert answers[0] == answers[1] and answers[0]["error"]["tries_left"] == 2 - n
    assert code_of(officer.post("/api/v1/handovers", json=steps.body(visit["id"], steps.book(book, 1)))) == (
        409,
        "locked",
    )


def test_too_little_typed_is_no_miss(officer):
    (book,), code = builders.ready(1)
    visit = steps.serving(officer, code)
    for typed in ({"book": ""}, {"book": " - "}, {"identity": {}}, {"identity": {"document_last4": "1111"}}):
        guess(officer, visit, book, typed)
    officer.post("/api/v1/handovers", json=steps.body(visit["id"], steps.book(book, 1, book="")))
    assert columns(book) == (0, None)


def test_handover_of_another_book_forgives_nothing(officer):
    books, code = builders.ready(1, 2, 3)
    visit = steps.serving(officer, code)
    for book, n in ((books[1], 2), (books[2], 3)):
        guess(officer, visit, books[0], WRONG_IDENTITY)
        request = steps.body(visit["id"], steps.book(book, n), collector=steps.FAMILY)
        assert officer.post("/api/v1/handovers", json=request).status_code == 201
    assert columns(books[0])[0] == 2


def test_locked_book_leaves_the_other_books_of_the_vehicle_free(officer):
    (first, second), code = builders.ready(1, 2)
    visit = steps.serving(officer, code)
    lock(officer, visit, first)
    card = {book["passport_id"]: book for book in officer.get("/api/v1/visits").get_json()["visits"][0]["passports"]}
    assert (card[first]["locked"], card[first]["status"], card[first]["state"]) == (True, "held", "ready")
    assert (card[second]["locked"], card[second]["status"]) == (False, "ok")
    both = steps.body(visit["id"], steps.book(second, 2), steps.book(first, 1), collector=steps.FAMILY)
    refused = officer.post("/api/v1/handovers", json=both)
    assert code_of(refused) == (409, "locked") and list(refused.get_json()["error"]["fields"]) == ["passports.1"]
    request = steps.body(visit["id"], steps.book(second, 2), collector=steps.FAMILY)
    assert officer.post("/api/v1/handovers", json=request).status_code == 201
    assert is_locked(first)


def post(client, **changes):
    row = {
        "application_no": f"99{1:014d}", "passport_no": "X0000001", "holder_name": "Contoh Orang 1",
        "birth_date": "1990-01-02", "issued_on": clock.today().isoformat(), "shelf": "C-00-01", **changes,
    }  # fmt: skip
    return client.post("/api/v1/passports", json={"passports": [row]})


@pytest.mark.parametrize(
    "act",
    [
        lambda app, book, pickup: post(builders.with_key(app, "desk"), group="ROMBONGAN LAIN"),
        lambda app, book, pickup: post(builders.with_key(app, "desk"), shelf="Z-09"),
        lambda app, book, pickup: pickups.reissue(builders.actor("desk"), pickup),
        lambda app, book, pickup: passports.move(builders.actor("desk"), book, "Z-10"),
        lambda app, book, pickup: (
            passports.hold(builders.actor("desk"), book, "uji"),
            passports.release(builders.actor("desk"), book, "uji"),
        ),
        lambda app, book, pickup: passports.correct(builders.actor("desk"), book, "081200000001", ""),
    ],
    ids=["regrouped", "imported-again", "reissued", "moved", "held-and-released", "contact-corrected"],
)
def test_lock_survives_whatever_a_clerk_does_with_the_book(app, officer, act):
    (book,), code = builders.ready(1)
    visit = steps.serving(officer, code)
    lock(officer, visit, book)
    officer.post(f"/api/v1/visits/{visit['id']}/leave", json={})
    with db.reading() as session:
        pickup = session.get_one(Passport, book).pickup_id
    act(app, book, pickup)
    assert is_locked(book)


def test_lock_survives_a_new_visit(officer):
    (book,), code = builders.ready(1)
    visit = steps.serving(officer, code)
    lock(officer, visit, book)
    officer.post(f"/api/v1/visits/{visit['id']}/leave", json={})
    assert steps.scan(officer, code).get_json()["verdict"] == "held"


def test_only_a_supervisor_unlocks_one_book_and_not_without_end(officer, api):
    (book, other), code = builders.ready(1, 2)
    visit = steps.serving(officer, code)
    for again in range(4):
        lock(officer, visit, book)
        path = f"/api/v1/passports/{book}/unlock"
        assert [officer.post(path, json={}).status_code, api("desk").post(path, json={}).status_code] == [403, 403]
        assert api("supervisor").post(path, json={"reason": "kartu dilihat"}).status_code == (200 if again < 3 else 429)
    assert is_locked(book) and not is_locked(other)
    with db.reading() as session:
        actions = list(session.scalars(select(AuditEntry.action).where(AuditEntry.subject == f"passport:{book}")))
    assert actions.count("passport.unlocked") == 3 and actions.count("passport.locked") == 4


def test_guess_after_guess_never_gets_more_than_three_answers(officer):
    (book,), code = builders.ready(1)
    visit = steps.serving(officer, code)
    statuses = [guess(officer, visit, book, {"book": f"{n:04d}"}).status_code for n in range(5000, 5030)]
    assert statuses.count(200) == 3 and statuses.count(409) == 27


def test_answers_of_a_locked_book_contain_neither_number_nor_identity(officer):
    (book,), code = builders.ready(1)
    visit = steps.serving(officer, code)
    texts = [guess(officer, visit, book, BOTH_WRONG).text for _ in range(4)]
    assert not any(secret in text for text in texts for secret in ("X0000001", "0000001", "1990-01-02", "1671010"))


def test_handover_forgives_the_misses_of_the_book(officer):
    (book,), code = builders.ready(1)
    visit = steps.serving(officer, code)
    guess(officer, visit, book, WRONG_BOOK)
    assert officer.post("/api/v1/handovers", json=steps.body(visit["id"], steps.book(book, 1))).status_code == 201
    assert columns(book) == (0, None)


@pytest.mark.parametrize("document", ["KTP", "paspor", "ktp\x00", "apa saja"])
def test_register_takes_only_known_kinds_of_documents(officer, document):
    assert family_status(officer, document=document) == 422


@pytest.mark.parametrize(
    "mark", ["\x00", "\x1b", "\n", "\r", "\u2028", "\u202e", "\u2066", "\u200b", "\ufeff", "\u00ad", "\U000e0041"]
)
@pytest.mark.parametrize("field", ["name", "document_last4"])
def test_register_takes_no_hidden_character_about_the_collector(officer, field, mark):
    assert family_status(officer, **{field: f"12{mark}3"}) == 422


@pytest.mark.parametrize("name", ["Sukarno", "Nur'aini", "Łukasz Contoh", "محمد", "Contoh, S.Kom.", "李 Contoh"])
def test_register_takes_any_real_name(officer, name):
    assert family_status(officer, name=name) == 201


def family_status(officer, **changes):
    (book,), code = builders.ready(1)
    visit = steps.serving(officer, code)
    request = steps.body(visit["id"], steps.book(book, 1), collector={**steps.FAMILY, **changes})
    return officer.post("/api/v1/handovers", json=request).status_code
