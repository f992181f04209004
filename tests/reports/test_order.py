"""The supervisor sees every change of the order: number, kind, reason, who, and whom it passed."""

import pytest

from ampera import clock, db
from ampera.reports.days import Days
from ampera.reports.order.queries import OfficerTotal, out_of_turn_totals
from tests import builders
from tests.visits import steps


@pytest.fixture
def changed(app, api):
    officer = api("officer")
    visits = [steps.vehicle(officer, n) for n in (1, 2, 3)]
    steps.moved(officer, visits[2], "call", reason="books_ready")
    steps.moved(officer, visits[1], "call")
    steps.vehicle(officer, 4, priority="pregnant")


def test_the_supervisor_reads_who_went_first_and_why(app, changed):
    page = builders.signed_in(app, "supervisor").get("/reports/order").text
    for text in ("A003", "Bukunya sudah di loket", "2 kendaraan", "alasan tidak disebut", "P001", "Hamil"):
        assert text in page
    assert "Petugas Contoh officer.plg" in page


def test_supervisor_reads_each_officers_count_of_calls_and_services_out_of_turn(app, api, changed):
    officer = api("officer")
    steps.moved(officer, steps.vehicle(officer, 5), "serve", reason="at_window")
    steps.moved(officer, steps.vehicle(officer, 6), "serve")
    with db.reading() as session:
        totals = out_of_turn_totals(session, 1, Days(clock.today(), clock.today()))
    assert totals == [OfficerTotal("Petugas Contoh officer.plg", 2, 2, 2, 7)]
    assert "Mendahului urutan, per petugas" in builders.signed_in(app, "supervisor").get("/reports/order").text


def test_changes_of_other_days_or_offices_are_absent(app, changed):
    builders.office("JKT", "Kantor Imigrasi Contoh Jakarta")
    for client, query in (("PLG", "?since=2020-01-01&until=2020-01-02"), ("JKT", "")):
        page = builders.signed_in(app, "supervisor", client).get(f"/reports/order{query}").text
        assert "A003" not in page and "tidak ada yang mendahului" in page


def test_order_report_is_closed_to_officers_and_desk(app, changed):
    assert builders.signed_in(app, "officer").get("/reports/order").status_code == 403
