"""Requests of persons about the own data: noted with a clock, answered by a supervisor, deleted after a while."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from ampera import clock, db
from ampera.audit import AuditEntry
from ampera.passports.corrections import service as corrections
from ampera.passports.corrections.models import Correction
from ampera.reports.persons import deadlines, service
from ampera.reports.persons.models import PersonRequest
from ampera.retention.tasks import delete_due
from tests import builders
from tests.conftest import on_both
from tests.reports import paper

NUMBER = f"99{1:014d}"
MOMENT = datetime(2026, 12, 1, 3, tzinfo=UTC)
PROOFS = ("1671010000000001", "X0000001", "1990-01-02", "02-01-1990")


@pytest.fixture
def book(app):
    return builders.passport(1)


def local(hours_ago: float = 0) -> str:
    return f"{clock.local(clock.now()) - timedelta(hours=hours_ago):%Y-%m-%dT%H:%M}"


def form(hours_ago: float = 0, **changes):
    wish = {"application_no": NUMBER, "kind": "access", "way": "counter", "asked": "salinan untuk keluarga"}
    return {**wish, "received": local(hours_ago), **changes}


def noted(kind="access", hours_ago: float = 0, asked="uji coba", number=NUMBER):
    received_at = clock.now() - timedelta(hours=hours_ago)
    made = service.note(builders.actor("desk"), service.Wish(number, kind, "letter", asked, received_at))
    assert isinstance(made, service.RequestState)
    return made.id


def stored(request_id):
    with db.reading() as session:
        return session.get_one(PersonRequest, request_id)


def entries(action):
    with db.reading() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.action == action)))


@pytest.mark.parametrize(
    ("hours", "state", "seconds"),
    [(0, "running", 72 * 3600), (47, "running", 25 * 3600), (48, "soon", 24 * 3600), (72, "soon", 0),
     (75, "overdue", 3 * 3600)],
)  # fmt: skip
def test_clock_runs_seventy_two_hours_from_the_reception(hours, state, seconds):
    found = deadlines.clock_of(MOMENT, MOMENT + timedelta(hours=hours))
    assert (found.state, found.seconds) == (state, seconds)


@on_both
def test_clerk_notes_a_request_and_the_page_shows_what_is_left(book, sign_in):
    desk = sign_in("desk")
    assert "Tidak ada permintaan yang menunggu" in desk.get("/desk/requests").text
    assert desk.post("/desk/requests", data=form(hours_ago=70)).status_code == 303
    desk.post("/desk/requests", data=form(hours_ago=80, kind="objection"))
    page = desk.get("/desk/requests").text
    assert page.index("Lewat 8 j") < page.index("Sisa 1 j 59 mnt") and "salinan untuk keluarga" in page
    assert "Contoh Orang 1" in page and f"/desk/requests/{stored(1).id}" not in page  # a clerk answers nothing


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [({"application_no": "9900000000000077"}, "Tidak ada permohonan dengan nomor ini"),
     ({"asked": "  "}, "Tulis dengan singkat apa yang diminta"),
     ({"received": "kemarin"}, "Isi kapan permintaan sampai"), ({"hours_ago": -2}, "Isi kapan permintaan sampai"),
     ({"hours_ago": 24 * 91}, "Isi kapan permintaan sampai"), ({"kind": "lain"}, "Ada isian yang perlu diperbaiki")],
)  # fmt: skip
def test_wrong_field_is_named_and_what_was_typed_stays(book, sign_in, changes, sentence):
    answer = sign_in("desk").post("/desk/requests", data=form(**changes))
    assert answer.status_code == 422 and sentence in answer.text and "aria-invalid" in answer.text
    assert not entries("request.noted") and entries("request.refused")


def test_same_request_is_noted_one_time(book, sign_in):
    desk = sign_in("desk")
    desk.post("/desk/requests", data=form())
    answer = desk.post("/desk/requests", data=form())
    assert answer.status_code == 409 and "sudah tercatat dan belum dijawab" in answer.text
    assert len(entries("request.noted")) == 1


def test_application_of_another_office_is_unknown(book, app):
    builders.office("JKT", "Kantor Contoh Jakarta")
    made = service.note(builders.actor("desk", "JKT"), service.Wish(NUMBER, "access", "letter", "uji", clock.now()))
    assert made.fields["application_no"] == "application_unknown"


@on_both
def test_copy_is_given_out_one_time_and_is_in_the_history_with_the_reason(book, sign_in):
    request_id, supervisor = noted(), sign_in("supervisor")
    answer = supervisor.post(f"/desk/requests/{request_id}/paper")
    assert answer.status_code == 200 and answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store" and NUMBER not in answer.headers["Content-Disposition"]
    text = paper.text(answer.data).replace("\n", " ")
    assert "Contoh Orang 1" in text and not [proof for proof in PROOFS if proof in text]
    assert stored(request_id).outcome == "granted"
    again = supervisor.post(f"/desk/requests/{request_id}/paper")
    assert again.status_code == 303 and "sudah dijawab" in supervisor.get("/desk/requests").text
    (entry,) = entries("privacy.exported")
    details = json.loads(entry.details)
    assert (entry.subject, details["reason"], details["request"]) == (f"passport:{book}", "request", request_id)
    assert "Salinan data pribadi dibuat" in supervisor.get(f"/desk/books/{book}").text


def test_copy_of_two_supervisors_at_once_is_given_to_the_first_one(book):
    request_id = noted()
    first = service.hand_out(builders.actor("supervisor"), request_id, {})
    second = service.hand_out(builders.actor("supervisor2"), request_id, {})
    assert isinstance(first, service.RequestState) and second.code == "already_answered"
    assert len(entries("privacy.exported")) == 1


def test_answer_needs_a_fresh_proof_of_the_password(book, sign_in):
    request_id, supervisor = noted("objection"), sign_in("supervisor")
    words = {"words": "Dasar: Pasal 30 (uji)", "outcome": "refused"}
    with clock.shift(timedelta(minutes=30)):
        page = supervisor.get(f"/desk/requests/{request_id}")
        assert page.status_code == 302 and "/login/confirm" in page.location
        paper_answer = supervisor.post(f"/desk/requests/{request_id}/paper")
        assert paper_answer.status_code == 303 and "/login/confirm" in paper_answer.location
        kept = supervisor.post(f"/desk/requests/{request_id}/answer", data=words)
        assert kept.status_code == 403 and 'name="proof"' in kept.text and "Dasar: Pasal 30 (uji)" in kept.text
        wrong = supervisor.post(f"/desk/requests/{request_id}/answer", data={**words, "proof": "salah-sekali-1"})
        assert wrong.status_code == 403 and stored(request_id).outcome is None
        supervisor.post(f"/desk/requests/{request_id}/answer", data={**words, "proof": builders.PASSWORD})
    assert stored(request_id).outcome == "refused"


def test_objection_is_answered_in_words_that_only_the_request_keeps(book, sign_in):
    request_id, supervisor = noted("objection", hours_ago=80), sign_in("supervisor")
    for outcome, words in (("granted", " "), ("mungkin", "Baik")):
        answer = supervisor.post(f"/desk/requests/{request_id}/answer", data={"words": words, "outcome": outcome})
        assert answer.status_code == 422 and stored(request_id).outcome is None
    supervisor.post(f"/desk/requests/{request_id}/answer", data={"words": "Pesan dihentikan", "outcome": "granted"})
    page = supervisor.get("/desk/requests").text
    assert "Pesan dihentikan" in page and "terlambat 8 j" in page and "Tidak ada permintaan yang menunggu" in page
    (entry,) = entries("request.answered")
    assert json.loads(entry.details) == {"request": request_id, "kind": "objection", "outcome": "granted", "late": True}
    shown = supervisor.get(f"/desk/requests/{request_id}").text
    assert "Pesan dihentikan" in shown and "<form class=" not in shown.split("<main")[1]


def test_request_for_a_copy_is_not_granted_with_words_and_may_be_refused(book, sign_in):
    request_id, supervisor = noted(), sign_in("supervisor")
    path, words = f"/desk/requests/{request_id}/answer", "Identitas tidak dapat dibuktikan"
    assert supervisor.post(path, data={"words": words, "outcome": "granted"}).status_code == 422
    assert supervisor.post(path, data={"words": words, "outcome": "refused"}).status_code == 303
    assert stored(request_id).answer == words


def decide(book, act):
    """A clerk proposes another name, and a supervisor decides."""
    made = corrections.propose(builders.actor("desk"), book, {"holder_name": "Contoh Benar"}, "uji coba")
    return act(builders.actor("supervisor"), made.id)


@on_both
@pytest.mark.parametrize(("act", "outcome"), [(corrections.confirm, "granted"), (corrections.reject, "refused")])
def test_decided_correction_answers_the_request_for_a_correction(book, act, outcome):
    request_id, other = noted("correction"), noted("objection")
    decided = decide(book, act)
    found = stored(request_id)
    assert (found.outcome, found.correction_id) == (outcome, decided.id)
    assert found.answered_by_id == builders.staff("supervisor.plg").id and stored(other).outcome is None


def test_correction_that_was_proposed_before_the_request_is_no_answer(book):
    made = corrections.propose(builders.actor("desk"), book, {"holder_name": "Contoh Benar"}, "uji coba")
    with clock.shift(timedelta(hours=1)):
        request_id = noted("correction")
        corrections.confirm(builders.actor("supervisor"), made.id)
        assert stored(request_id).outcome is None
    with db.reading() as session:
        assert session.scalars(select(Correction.state)).one() == "confirmed"


def test_request_of_another_office_is_not_found(book, app):
    request_id = noted()
    builders.office("JKT", "Kantor Contoh Jakarta")
    for act in (service.answer(builders.actor("supervisor", "JKT"), request_id, "refused", "uji"),
                service.hand_out(builders.actor("supervisor", "JKT"), request_id, {})):  # fmt: skip
        assert act.code == "not_found"
    refused = service.answer(builders.actor("desk"), request_id, "refused", "uji")
    assert refused.code == "forbidden" and stored(request_id).outcome is None


def test_history_has_no_word_of_a_request(book, sign_in):
    supervisor = sign_in("supervisor")
    supervisor.post("/desk/requests", data=form(kind="objection", asked="kata rahasia contoh"))
    supervisor.post("/desk/requests/1/answer", data={"words": "jawaban rahasia contoh", "outcome": "refused"})
    supervisor.get("/desk/requests")
    with db.reading() as session:
        found = list(session.scalars(select(AuditEntry)))
    assert len(found) >= 3 and not [entry for entry in found if "rahasia" in entry.details]


@on_both
def test_words_go_ninety_days_after_the_answer_and_the_outcome_stays(book):
    old, waiting = noted("objection", asked="kata lama"), noted("objection", asked="belum dijawab")
    service.answer(builders.actor("supervisor"), old, "refused", "jawaban lama")
    with clock.shift(timedelta(days=89)):
        delete_due()
        assert stored(old).asked == "kata lama"
    with clock.shift(timedelta(days=91)):
        delete_due()
        found = stored(old)
        assert (found.asked, found.answer, found.outcome) == ("", "", "refused")
        assert stored(waiting).asked == "belum dijawab"


def test_page_of_requests_is_a_look_at_everybody_on_the_page(book, sign_in):
    noted()
    sign_in("supervisor").get("/desk/requests")
    (entry,) = entries("requests.viewed")
    assert json.loads(entry.details)["shown"] == [book]


def test_link_on_the_page_of_a_book_fills_in_the_application(book, sign_in):
    desk = sign_in("desk")
    assert f"/desk/requests?book_id={book}" in desk.get(f"/desk/books/{book}").text
    assert f'value="{NUMBER}"' in desk.get(f"/desk/requests?book_id={book}").text
    assert desk.get("/desk/requests?book_id=99999999999999999999").status_code == 200


def test_language_switch_of_a_refused_form_leads_back_to_the_request(book, sign_in):
    request_id = noted()
    answer = sign_in("supervisor").get(f"/desk/requests/{request_id}/answer?lang=en")
    assert answer.status_code == 302 and answer.location.endswith(f"/desk/requests/{request_id}?lang=en")


def test_page_in_english_has_english_clocks_and_kinds(book, sign_in):
    noted(hours_ago=80)
    page = sign_in("supervisor").get("/desk/requests?lang=en").text
    assert "Overdue by 8 h" in page and "Copy of the data" in page and "by letter" in page


@on_both
def test_desk_counts_what_waits_and_what_is_overdue(book, sign_in):
    desk = sign_in("desk")
    assert "Permintaan data</a>" in desk.get("/desk").text
    noted()
    assert 'Permintaan data <span class="num">1</span>' in desk.get("/desk").text
    noted("objection", hours_ago=73)
    assert 'Permintaan data <span class="num">2, 1 lewat batas</span>' in desk.get("/desk").text
    assert "Permintaan data" not in sign_in("officer").get("/desk").text
