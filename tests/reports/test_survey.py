"""The survey: one answer per handover, counted so that nobody can be recognised, and its figures."""

import threading

import pytest
from flask import current_app
from sqlalchemy import func, select

from ampera import audit, clock, db
from ampera.audit import AuditEntry
from ampera.handovers.models import Handover
from ampera.pickups.codes import CodeKeys
from ampera.pickups.models import PickupCode
from ampera.survey import satisfaction_index, service
from ampera.survey.models import SurveyCount, SurveyMark
from tests import builders
from tests.conftest import on_both
from tests.handovers import steps

ANSWERED = "jawaban Anda sudah tercatat"


def link_of(pickup_id: int = 1) -> str:
    keys = CodeKeys.parse(current_app.extensions["ampera.settings"].code_keys)
    with db.reading() as session:
        query = select(PickupCode).where(PickupCode.pickup_id == pickup_id).order_by(PickupCode.generation.desc())
        return keys.link(session.scalars(query).first())


def collected(api, *numbers: int) -> str:
    """A pickup whose books are out; its link."""
    officer = api("officer")
    books, code = builders.ready(*numbers)
    visit = steps.serving(officer, code)
    rows = [steps.book(book, n) for book, n in zip(books, numbers, strict=True)]
    assert officer.post("/api/v1/handovers", json=steps.body(visit["id"], *rows)).status_code == 201
    return link_of(visit["passports"][0]["pickup_id"])


def counted() -> dict[tuple[str, int], int]:
    with db.reading() as session:
        rows = session.execute(select(SurveyCount.element, SurveyCount.score, SurveyCount.count.label("times")))
        return {(row.element, row.score): row.times for row in rows}


def given(month: str, **scores: list[int]) -> None:
    """So many answers to these questions in a month."""

    def build(unit: db.Unit) -> None:
        for element, times in scores.items():
            rows = ((score, count) for score, count in enumerate(times, 1) if count)
            unit.session.add_all(
                SurveyCount(office_id=1, month=month, element=element, score=score, count=count)
                for score, count in rows
            )

    db.current().write(build)


@on_both
def test_repeated_tap_is_counted_once(app, api, client):
    link = collected(api, 1)
    assert "Bagaimana layanan tadi?" in client.get(f"/p/{link}").text
    for score in ("4", "1", "4"):
        answer = client.post(f"/p/{link}/survey", data={"overall": score})
        assert answer.status_code == 303 and answer.location == f"/p/{link}#survey"
    assert counted() == {("overall", 4): 1}
    assert ANSWERED in client.get(f"/p/{link}").text


@on_both
def test_answers_of_many_handovers_add_up_in_the_counters(app, api, client):
    for n, score in enumerate(("4", "4", "3"), 1):
        client.post(f"/p/{collected(api, n)}/survey", data={"overall": score})
    assert counted() == {("overall", 4): 2, ("overall", 3): 1}


@on_both
def test_of_two_taps_at_once_one_counts(app, api):
    collected(api, 1)
    start = threading.Barrier(4)

    def tap() -> None:
        with app.app_context():
            start.wait()
            service.answer(audit.applicant(1), 1, {"overall": 4})

    taps = [threading.Thread(target=tap) for _ in range(4)]
    for tap in taps:
        tap.start()
    for tap in taps:
        tap.join()
    assert counted() == {("overall", 4): 1}


def test_the_nine_elements_may_be_sent_instead_and_some_left_out(app, api, client):
    link = collected(api, 1)
    client.post(f"/p/{link}/survey", data={"conduct": "4", "time": "2", "cost": ""})
    assert counted() == {("conduct", 4): 1, ("time", 2): 1}


@pytest.mark.parametrize("answers", [{}, {"overall": "5"}, {"overall": "x"}, {"time": "0"}, {"unknown": "3"}])
def test_what_is_no_answer_is_refused_and_may_be_sent_again(app, api, client, answers):
    link = collected(api, 1)
    assert client.post(f"/p/{link}/survey", data=answers).status_code == 422
    assert counted() == {}
    assert "survey__tap" in client.get(f"/p/{link}").text


def test_nobody_is_asked_before_a_handover_and_an_answer_then_counts_nothing(app, client):
    builders.ready(1)
    link = link_of()
    assert "survey" not in client.get(f"/p/{link}").text
    assert client.post(f"/p/{link}/survey", data={"overall": "4"}).status_code == 303
    assert counted() == {}


def test_an_unknown_link_answers_nothing(app, client):
    assert client.post(f"/p/{'0' * 26}/survey", data={"overall": "4"}).status_code == 404


def test_a_voided_handover_is_not_asked_about(app, api, sign_in, client):
    link = collected(api, 1)
    void = {"reason": "Salah orang (uji)", "shelf": "C-02-08", "book": "X0000001"}
    assert sign_in("supervisor").post("/api/v1/handovers/1/void", json=void).status_code == 200
    client.post(f"/p/{link}/survey", data={"overall": "4"})
    assert counted() == {} and "survey" not in client.get(f"/p/{link_of()}").text


def test_each_part_of_a_pickup_is_asked_about_once(app, api, client):
    officer = api("officer")
    books, code = builders.ready(1, 2)
    visit = steps.serving(officer, code)
    for book, n in zip(books, (1, 2), strict=True):
        officer.post("/api/v1/handovers", json=steps.body(visit["id"], steps.book(book, n)))
    for score in ("4", "3", "1"):
        client.post(f"/p/{link_of()}/survey", data={"overall": score})
    assert counted() == {("overall", 4): 1, ("overall", 3): 1}


def test_nothing_joins_an_answer_to_a_handover(app, api, client):
    link = collected(api, 1)
    with db.reading() as session:
        before = session.scalar(select(func.count()).select_from(AuditEntry))
    client.post(f"/p/{link}/survey", data={"overall": "1"})
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == before
        assert session.scalar(select(SurveyMark.handover_key)) == session.scalar(select(Handover.key))
    assert set(SurveyMark.__table__.columns.keys()) == {"handover_key"}
    assert "key" not in " ".join(SurveyCount.__table__.columns.keys())


def test_index_is_the_mean_of_nine_averages_times_25():
    counts = {(element, 3): 6 for element in satisfaction_index.ELEMENTS} | {("conduct", 4): 6}
    month = satisfaction_index.month("2026-11", counts)
    assert month.elements[6].average == 3.5
    assert (month.index, month.letter) == (round((8 * 3 + 3.5) / 9 * 25, 2), "C")
    assert month.overall.average is None and month.has_few


@pytest.mark.parametrize(
    ("value", "letter"),
    [(100, "A"), (88.31, "A"), (88.3, "B"), (76.61, "B"), (76.6, "C"), (65, "C"), (64.99, "D"), (25, "D")],
)
def test_the_letters_are_those_of_the_regulation(value, letter):
    assert satisfaction_index.letter(value) == letter


def test_under_five_answers_there_is_no_figure_and_no_number(app, sign_in):
    given("2026-10", overall=[0, 0, 1, 3])
    page = sign_in("supervisor").get("/reports/survey").text
    assert "agar tidak ada orang yang dapat dikenali" in page and "kurang dari 5" in page
    assert "93,75" not in page
    sheet = sign_in("supervisor").get("/reports/survey.csv").text
    assert "kurang dari 5" in sheet and ";4;" not in sheet


def test_report_shows_months_elements_and_the_index(app, sign_in):
    given("2026-10", **{element: [0, 0, 5, 5] for element in satisfaction_index.ELEMENTS}, overall=[0, 1, 4, 15])
    given("2026-11", overall=[0, 0, 0, 5])
    supervisor = sign_in("supervisor")
    page = supervisor.get("/reports/survey?month=2026-10").text
    for text in ("87,50 B", "92,50 A", "20 jawaban", "Oktober 2026", "Sikap dan kesopanan petugas"):
        assert text in page
    assert "100,00" in supervisor.get("/reports/survey?month=x").text
    rows = supervisor.get("/reports/survey.csv").text.splitlines()
    assert "2026-10;Indeks (IKM);;;87,50;B" in rows and "2026-11;Layanan secara keseluruhan;5;4,00;100,00;A" in rows


def test_english_report_has_english_number_formats(app, sign_in):
    given("2026-10", **{element: [0, 0, 5, 5] for element in satisfaction_index.ELEMENTS})
    english = sign_in("supervisor").get("/reports/survey?lang=en").text
    assert "87.50 B" in english and "October 2026" in english


def test_empty_report_explains_the_source_of_answers(app, sign_in):
    assert "Belum ada jawaban" in sign_in("desk").get("/reports/survey").text


def test_office_sees_only_answers_of_the_own_applicants(app, api, sign_in, client):
    builders.office("JKT", "Kantor Imigrasi Contoh Jakarta")
    given("2026-11", overall=[0, 0, 0, 7])
    assert "100,00" not in sign_in("supervisor", office="JKT").get("/reports/survey").text


def test_an_answer_is_counted_in_the_month_on_the_office_s_calendar(app, api, client):
    client.post(f"/p/{collected(api, 1)}/survey", data={"overall": "4"})
    with db.reading() as session:
        assert session.scalar(select(SurveyCount.month)) == f"{clock.today():%Y-%m}"
