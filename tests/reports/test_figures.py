"""The figures: counted on the office's day, without what was voided; every drawing has its table; one CSV."""

import csv
import io
from datetime import timedelta

from ampera import clock, db
from ampera.offices.models import Office
from ampera.reports.days import Days
from ampera.reports.statistics.queries import figures
from tests import builders
from tests.conftest import on_both
from tests.handovers import steps


def of_today(office_id: int = 1):
    with db.reading() as session:
        today = clock.today()
        return figures(session, session.get_one(Office, office_id), Days(today, today), today)


@on_both
def test_a_day_is_counted_without_what_was_voided(day):
    found = of_today()
    assert (found.books, found.voided) == (2, 1)
    assert dict(found.by_class) == {"self": 1, "family": 1, "proxy": 0}
    assert found.visits == {"done": 2}
    assert sum(hour.books for hour in found.by_hour) == 2 and found.by_day == [(clock.today(), 2)]
    assert found.whole.count == found.service.count == found.wait.count == 2


def test_waiting_and_serving_are_measured_from_the_visit_s_own_times(api):
    officer, began = api("officer"), clock.now()
    (book,), code = builders.ready(1)
    with clock.freeze(began):
        visit = steps.scan(officer, code).get_json()["visit"]
    with clock.freeze(began + timedelta(seconds=90)):
        officer.post(f"/api/v1/visits/{visit['id']}/serve", json={"lane": 1})
    with clock.freeze(began + timedelta(seconds=120)):
        officer.post("/api/v1/handovers", json=steps.body(visit["id"], steps.book(book, 1)))
    found = of_today()
    assert (found.wait.p50, found.service.p90, found.whole.p50) == (90, 30, 120)


def test_scans_that_do_not_go_on_are_counted_by_verdict(day, api):
    officer = api("officer")
    steps.scan(officer, "kartu nama")
    steps.scan(officer, "kartu nama")
    steps.scan(officer, day.code)
    found = of_today()
    assert found.refused == [("malformed", 2), ("revoked", 1)]
    assert found.scans == 5


@on_both
def test_books_on_the_shelf_stand_by_age_and_the_late_ones_are_counted(app):
    for n, age in enumerate((0, 7, 8, 25, 40), 1):
        builders.passport(n, issued_on=clock.today() - timedelta(days=age))
    builders.passport(9, state="collected")
    found = of_today()
    assert dict(found.shelf) == {"≤ 7": 2, "≤ 14": 1, "≤ 21": 0, "≤ 30": 1, "> 30": 1}
    assert (found.on_shelf, found.overdue) == (5, 1)


def test_figures_of_offices_are_separate(day):
    assert of_today(builders.office("JKT")).books == 0


def test_the_page_shows_numbers_drawings_and_a_table_behind_each(day, sign_in):
    page = sign_in("supervisor").get("/reports").text
    assert page.count("<figure") == page.count("<details>") == page.count('role="img"') == 4
    assert "Contoh Orang" not in page and "style=" not in page
    week = clock.today() - timedelta(days=6)
    assert sign_in("admin").get(f"/reports?since={week}&until={clock.today()}").text.count("<figure") == 5


def test_an_empty_day_is_no_error(app, sign_in):
    assert "Belum ada penyerahan pada hari yang dipilih" in sign_in("officer").get("/reports?since=2020-01-01").text


def test_the_download_holds_the_same_numbers(day, sign_in):
    answer = sign_in("supervisor").get("/reports.csv")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["Bagian", "Rincian", "Jumlah"]
    assert ["Ringkasan", "Paspor diserahkan", "2"] in rows
    assert ["Pengambil", "Keluarga", "1"] in rows


def test_strangers_see_no_figures(client):
    assert client.get("/reports").status_code == client.get("/reports.csv").status_code == 302
