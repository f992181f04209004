"""Who has seen whom: the supervisor's page, what it calls unusual, and the answer to a breach."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from ampera import audit, clock, db
from ampera.accounts.models import ApiKey
from ampera.audit import AuditEntry
from ampera.offices.models import Office
from ampera.offices.queries import office_card
from ampera.reports.access import cli, queries, unusual
from ampera.reports.access.looks import Look, chosen, kind_of, rows_of
from ampera.reports.days import Days
from tests import builders
from tests.conftest import on_both
from tests.handovers import steps as window

NOON = datetime(2026, 12, 1, 5, tzinfo=UTC)


def look(kind="page", *people, at=NOON, mark=None):
    return Look(at, kind, 1, None, people, len(people), mark)


def summary_of(*looks, here=(), is_open=True):
    return unusual.summary(1, looks, datetime.date, lambda person, _: person in here, lambda _: is_open)


def today():
    with db.reading() as session:
        office = office_card(session, 1)
    return office, Days(clock.today(office.timezone), clock.today(office.timezone))


def looks_now(**which):
    office, days = today()
    with db.reading() as session:
        return queries.looks(session, office, days, **which)


def test_thirty_people_without_a_visit_are_unusual_and_those_who_came_are_not():
    pages = [look("page", number) for number in range(unusual.USUAL.people)]
    assert summary_of(*pages).flags == ("without_visit",)
    assert summary_of(*pages[1:]).flags == ()
    assert summary_of(*pages, here=range(1000)).flags == ()


@pytest.mark.parametrize("kind", ["scan", "list", "export"])
def test_people_of_the_lane_and_of_lists_were_not_looked_for(kind):
    found = summary_of(look(kind, *range(100)))
    assert (found.people, found.without_visit, found.flags) == (0, 0, ())


def test_search_for_somebody_counts_and_a_long_list_of_hits_does_not():
    assert chosen(look("search", 1, 2, 3)) == (1, 2, 3) and chosen(look("search", 1, 2, 3, 4)) == ()


def test_same_search_and_same_person_five_times_on_one_day_are_unusual():
    assert summary_of(*[look("search", mark="m")] * 5).flags == ("repeated",)
    assert summary_of(*[look("page", 7)] * 5, here={7}).flags == ("repeated",)
    spread = [look("page", 7, at=NOON + timedelta(days=n)) for n in range(5)]
    assert summary_of(*spread, here={7}).flags == ()


def test_look_outside_the_hours_and_many_signatures_are_unusual():
    assert summary_of(look("scan", 1), is_open=False).flags == ("outside_hours",)
    assert summary_of(*[look("signature", n) for n in range(10)], here=range(10)).flags == ("signatures",)


@pytest.mark.parametrize(
    ("action", "kind"),
    [("passport.viewed", "page"), ("scan.ok", "scan"), ("lookup.held", "scan"), ("search.made", "search"),
     ("register.xlsx", "export"), ("register.viewed", "list"), ("visit.called", None), ("scans", None)],
)  # fmt: skip
def test_kind_of_an_action(action, kind):
    assert kind_of(action) == kind


def test_rows_of_a_rack_are_the_counted_books_without_the_number_of_the_key():
    assert rows_of("rack", {"here": 3, "missing": 1, "key": 77, "session": 5}) == 4


@on_both
def test_planted_snooper_is_named_with_people_and_ways(app, sign_in):
    books = [builders.passport(n, holder_name=f"Contoh Orang {n}") for n in range(1, 36)]
    snooper, honest = sign_in("desk"), sign_in("officer")
    for book in books:
        assert snooper.get(f"/desk/books/{book}").status_code == 200
    snooper.post("/desk", data={"q": "Contoh Orang 7"})
    honest.get(f"/desk/books/{books[0]}")
    page = sign_in("supervisor").get("/reports/access").text
    first = page.split("<tr>")[2]
    assert "Petugas Contoh desk.plg" in first and "Banyak orang tanpa kedatangan" in first
    assert "Petugas Contoh officer.plg" in page
    detail = sign_in("supervisor").get(f"/reports/access/{builders.staff('desk.plg').id}").text
    assert "Contoh Orang 35" in detail and "Mencari" in detail


def test_vehicle_that_came_and_an_export_name_everybody_who_was_seen(sign_in, day):
    """The day has three handovers: their books were scanned, and the file of the register has all of them."""
    desk = sign_in("desk")
    for book in day.books:
        desk.get(f"/desk/books/{book}")
    assert sign_in("supervisor").get("/register/buku-penyerahan.xlsx").status_code == 200
    office, days = today()
    with db.reading() as session:
        found = {row.staff_id: row for _, row in queries.summaries(session, office, days)}
    of_desk, of_officer = (found[builders.staff(login).id] for login in ("desk.plg", "officer.plg"))
    assert (of_desk.people, of_desk.without_visit, of_officer.at_the_lane) == (3, 0, 3)
    (export,) = [found for found in looks_now() if found.kind == "export"]
    assert sorted(export.people) == sorted(day.books)


def test_page_of_the_register_is_a_look_at_everybody_on_the_page(sign_in, day):
    sign_in("officer").get("/register")
    (seen,) = [found for found in looks_now() if found.kind == "list"]
    assert sorted(seen.people) == sorted(day.books)


def test_list_of_ended_visits_is_a_look_and_the_open_ones_are_work_in_hand(sign_in, api):
    officer, reader = api("officer"), sign_in("desk")
    ids, code = builders.ready(1)
    visit = window.serving(officer, code)
    for path in ("/api/v1/visits", "/api/v1/visits?state=serving", "/api/v1/visits?state=left"):
        assert reader.get(path).status_code == 200
    assert [found for found in looks_now() if found.kind == "visits"] == []
    officer.post(f"/api/v1/visits/{visit['id']}/leave", json={})
    assert reader.get("/api/v1/visits?state=left").get_json()["visits"]
    (seen,) = [found for found in looks_now() if found.kind == "visits"]
    assert (seen.staff_id, seen.people, seen.rows) == (builders.staff("desk.plg").id, tuple(ids), 1)


def test_exposure_of_an_account_and_of_a_key(app, api):
    builders.passport(1)
    program = api("desk")
    program.get("/api/v1/passports?q=Contoh+Orang+1")
    with db.reading() as session:
        entry = session.scalars(select(AuditEntry.details).where(AuditEntry.action == "search.made")).one()
    for which in (["--staff", "desk.plg"], ["--key", str(json.loads(entry)["key"])]):
        answer = exposure(app, *which)
        assert [(row["holder_name"], row["how"]) for row in answer["people"]] == [("Contoh Orang 1", ["search"])]
    assert exposure(app, "--staff", "officer.plg")["people"] == []


def test_exposure_of_a_key_has_the_books_of_the_scans(app, day):
    """The entry of a scan does not say which key: after a breach too many people are better than too few."""
    with db.reading() as session:
        key = session.scalars(select(ApiKey.id)).one()
    assert {row["passport_id"] for row in exposure(app, "--key", str(key))["people"]} == set(day.books)
    audit.note_access(builders.actor("officer"), "passport.viewed", f"passport:{builders.passport(9)}", {})
    assert {row["passport_id"] for row in exposure(app, "--key", str(key))["people"]} == set(day.books)


@pytest.mark.parametrize(
    "wrong", [[], ["--staff", "tidak.ada"], ["--key", "999"], ["--staff", "desk.plg", "--key", "1"],
              ["--staff", "desk.plg", "--from", "2026-12-02", "--to", "2026-12-01"]],
)  # fmt: skip
def test_exposure_refuses_wrong_options(app, wrong):
    done = app.test_cli_runner().invoke(cli.privacy, ["exposure", *wrong])
    assert done.exit_code != 0 and "Error" in done.output


def exposure(app, *arguments):
    done = app.test_cli_runner().invoke(cli.privacy, ["exposure", "--json", *arguments])
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


def test_entries_of_other_days_and_offices_are_left_out(app, sign_in):
    builders.office("JKT", "Kantor Contoh Jakarta")
    book, other = builders.passport(1), builders.passport(2, office_id=2)
    with clock.shift(timedelta(days=-1)):
        audit.note_access(builders.actor("desk"), "passport.viewed", f"passport:{book}", {})
    for _ in range(4):  # places in its own chain that the first office's days have too
        audit.note_access(builders.actor("desk", "JKT"), "passport.viewed", f"passport:{other}", {})
    audit.note_access(builders.actor("desk"), "passport.viewed", f"passport:{book}", {})
    with clock.shift(timedelta(days=1)):
        audit.note_access(builders.actor("desk"), "passport.viewed", f"passport:{book}", {})
    assert [found.people for found in looks_now()] == [(book,)]


def test_pages_are_for_supervisors_of_the_office(app, sign_in):
    assert sign_in("admin").get("/reports/access").status_code == 403
    builders.office("JKT", "Kantor Contoh Jakarta")
    other = builders.staff("desk.jkt").id
    assert sign_in("supervisor").get(f"/reports/access/{other}").status_code == 404


def test_day_without_looks_has_a_sentence(app, sign_in):
    page = sign_in("supervisor").get("/reports/access?since=2020-01-01&until=2020-01-01").text
    assert "tidak ada yang melihat data pribadi" in page
    assert isinstance(today()[0], Office)
