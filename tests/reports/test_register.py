"""The register: lines and filters, one record in full, the book on paper and as a file, closed to others."""

import dataclasses
import html
import io
import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from sqlalchemy import select, update

from ampera import clock, db
from ampera.audit import AuditEntry
from ampera.handovers.models import Handover
from ampera.reports.days import Days
from ampera.reports.register import pdf, queries, sealed_search, views
from tests import builders, intruder
from tests.conftest import on_both
from tests.reports import paper

PAGES = ("/register", "/register/1", "/register/1/signature.png", "/register/buku-penyerahan.pdf")


def audited(action: str) -> list[AuditEntry]:
    with db.reading() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.action == action)))


@on_both
def test_today_s_handovers_stand_there_newest_first(day, sign_in):
    page = sign_in("officer").get("/register").text
    assert "3 penyerahan, 1 dibatalkan" in page
    assert page.index("000003") < page.index("000002") < page.index("000001")
    assert "buku ke rak C-02-08" in page and "Contoh Kerabat" in page


def test_empty_day_shows_what_to_do(app, sign_in):
    assert "Belum ada penyerahan yang cocok" in sign_in("desk").get("/register").text


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("collector=self", [1]),
        ("collector=family", [2, 3]),
        ("state=voided", [3]),
        ("state=live", [1, 2]),
        ("lane=1", [1, 2, 3]),
        ("lane=2", []),
        ("officer=1", []),
        ("q=orang+3", [3]),
        ("q=2", [2]),
        ("q=X0000001", [1]),
        ("since=2020-01-01&until=2020-01-31", []),
        ("lane=x&page=-4&collector=raja&state=%00", [1, 2, 3]),
    ],
)
def test_filters_narrow_the_rows_and_invalid_values_are_ignored(day, sign_in, query, numbers):
    page = sign_in("desk").get(f"/register?{query}").text
    assert [n for n in (1, 2, 3) if f"{n:06d}" in page] == numbers


def test_yesterday_is_another_page(day, sign_in):
    yesterday = clock.today() - timedelta(days=1)
    page = sign_in("desk").get(f"/register?since={yesterday}&until={yesterday}").text
    assert "000001" not in page


def test_record_shows_all_details_and_the_view_is_audited(day, sign_in):
    page = sign_in("officer").get(f"/register/{day.records[1]}").text
    for text in ("Contoh Orang 2", "Keluarga", "Contoh Kerabat", "KTP …1234", "Empat angka terakhir NIK cocok",
                 "Nomor paspor lengkap cocok", "Salinan Kartu Keluarga", "X0000002", "signature.png"):  # fmt: skip
        assert text in page
    assert "1671" not in page
    (row,) = audited("handover.viewed")
    assert row.subject == f"handover:{day.records[1]}" and "signature" in row.details and "Contoh" not in row.details


def test_void_is_shown_above_the_record(day, sign_in):
    page = sign_in("supervisor").get(f"/register/{day.records[2]}").text
    assert "Salah orang (uji)" in page and "C-02-08" in page and "/void" not in page


def test_only_a_supervisor_is_offered_the_void(day, sign_in):
    assert "/void" in sign_in("supervisor").get(f"/register/{day.records[0]}").text
    assert "/void" not in sign_in("officer").get(f"/register/{day.records[0]}").text


def test_the_signature_is_a_picture_that_nobody_keeps(day, sign_in):
    answer = sign_in("desk").get(f"/register/{day.records[0]}/signature.png")
    assert answer.data.startswith(b"\x89PNG") and answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", PAGES)
def test_the_register_is_closed_to_strangers_and_administrators(day, client, sign_in, path):
    assert client.get(path).status_code == 302
    assert sign_in("admin").get(path).status_code == 403


@pytest.mark.parametrize("path", PAGES[1:3])
def test_another_office_s_record_does_not_exist(day, sign_in, path):
    builders.office("JKT", "Kantor Imigrasi Contoh Jakarta")
    assert sign_in("supervisor", office="JKT").get(path).status_code == 404
    assert "000001" not in sign_in("supervisor", office="JKT").get("/register").text


@on_both
def test_the_book_on_paper_holds_every_line_and_signature(day, sign_in):
    answer = sign_in("desk").get("/register/buku-penyerahan.pdf")
    assert answer.mimetype == "application/pdf"
    assert b"[0 0 841.89 595.28]" in answer.data and paper.pages(answer.data) == 1
    text = paper.text(answer.data)
    for written in (
        "000001",
        "000003",
        "Contoh Orang 1",
        "Keluarga (satu KK)",
        "DIBATALKAN",
        "Salah orang (uji)",
        "Halaman 1 dari",
        "Identitas: 4 angka terakhir NIK cocok",
        "Buku: nomor buku lengkap cocok",
        "Jumlah: 3 penyerahan, 1 dibatalkan",
        "Mengetahui,",
        "NIP:",
    ):
        assert written in text
    assert paper.pictures(answer.data) == 3  # the family's one signature stands beside both books
    (row,) = audited("register.pdf")
    assert '"rows":3' in row.details


def test_too_many_lines_are_refused_before_anything_is_drawn(day, sign_in, monkeypatch):
    monkeypatch.setattr(views, "MAX_PRINTED", 2)
    desk = sign_in("desk")
    assert "Terlalu banyak baris untuk dicetak" in desk.get("/register").text
    assert desk.get("/register/buku-penyerahan.pdf").status_code == 422
    assert desk.get("/register/buku-penyerahan.pdf?collector=self").status_code == 200


def test_paper_survives_long_names_foreign_letters_and_many_pages(day, sign_in):
    long = "Nama Contoh yang Sangat Panjang Sekali " * 3 + "山田 Ünal"
    intruder.change(update(Handover).values(holder_name=long))
    assert sign_in("desk").get("/register/buku-penyerahan.pdf").status_code == 200


@on_both
def test_the_sheet_holds_numbers_dates_and_text_but_no_formula(day, sign_in):
    evil = '=HYPERLINK("http://contoh.test","klik")'
    intruder.change(update(Handover).where(Handover.id == day.records[0]).values(holder_name=evil))
    answer = sign_in("desk").get("/register/buku-penyerahan.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    heads, first, second, *_rest = sheet.iter_rows()
    assert [cell.value for cell in heads][:4] == ["Nomor", "Tanggal", "Jam", "Pemegang"]
    assert first[0].value == 1 and first[1].value.date() == clock.today()
    assert first[3].value == f"'{evil}" and first[3].data_type == "s"
    assert first[4].value == "9900000000000001"
    assert [cell.value for cell in second][6:10] == ["Keluarga", "Contoh Kerabat", "KTP", "1234"]
    assert sheet.max_row == 4
    assert (first[1].number_format, first[2].number_format) == ("dd-mm-yyyy", "hh:mm:ss")
    row = {head.value: cell.value for head, cell in zip(heads, second, strict=True)}
    assert row["Bukti yang ditunjukkan"].count(", ") == 2 and row["Bukti identitas"] == "Empat angka terakhir NIK cocok"
    assert row["Bukti buku"] == "Nomor paspor lengkap cocok" and len(row["Sidik SHA-256 tanda tangan"]) == 64
    assert row["Kantor"] == "Kantor Imigrasi Contoh Palembang"
    assert sheet.auto_filter.ref == f"A1:{heads[-1].column_letter}4" and sheet.freeze_panes == "A2"
    assert sheet.page_setup.orientation == "landscape" and sheet.print_title_rows == "$1:$1"
    assert "Kantor Imigrasi Contoh Palembang" in sheet.oddHeader.center.text
    assert len(audited("register.xlsx")) == 1


@pytest.mark.parametrize("start", "=+-@＝＋－＠")
def test_text_that_a_spreadsheet_would_run_is_harmless(day, sign_in, start):
    intruder.change(update(Handover).where(Handover.id == day.records[0]).values(holder_name=f"{start}1+1"))
    answer = sign_in("desk").get("/register/buku-penyerahan.xlsx")
    first = openpyxl.load_workbook(io.BytesIO(answer.data)).active["D2"]
    assert first.value == f"'{start}1+1" and first.data_type == "s"


@on_both
def test_search_finds_the_collector_by_any_part_of_the_name(day, sign_in):
    page = sign_in("desk").get("/register?q=kerabat").text
    assert "000002" in page and "000003" in page and "000001" not in page


@pytest.mark.parametrize("query", ["q=2", "q=000002", "q=000002&state=live"])
def test_number_of_a_record_finds_the_record_on_any_day(day, sign_in, query):
    page = sign_in("desk").get(f"/register?since=2020-01-01&until=2020-01-31&{query}").text
    assert [n for n in (1, 2, 3) if f"{n:06d}" in page] == [2]


LAST_WEEK = f"?since={clock.today() - timedelta(days=7)}&until={clock.today() + timedelta(days=1)}"
FILES = ("/register/buku-penyerahan.pdf", "/register/buku-penyerahan.xlsx")


@pytest.mark.parametrize("file", FILES)
def test_only_a_supervisor_takes_more_than_today(day, sign_in, api, file):
    for caller in (sign_in("officer"), sign_in("desk"), api("officer"), api("desk"), api("supervisor")):
        assert caller.get(file).status_code == 200
        assert caller.get(file + LAST_WEEK).status_code == 403
    assert sign_in("supervisor").get(file + LAST_WEEK).status_code == 200
    assert "Unduh XLSX" not in sign_in("desk").get("/register" + LAST_WEEK).text
    assert "Unduh XLSX" in sign_in("supervisor").get("/register" + LAST_WEEK).text


@pytest.mark.parametrize("file", FILES)
def test_more_than_today_needs_a_fresh_sign_in(day, sign_in, file):
    supervisor = sign_in("supervisor")
    with clock.shift(timedelta(minutes=11)):
        assert supervisor.get(file).status_code == 200
        answer = supervisor.get(file + LAST_WEEK)
        assert answer.status_code == 302 and answer.location.startswith("/login/confirm?next=")
        named = supervisor.get(f"{file}{LAST_WEEK}&q=Contoh").location
        assert named.startswith("/login/confirm?next=") and "Contoh" not in named
    assert len(audited("register.pdf") + audited("register.xlsx")) == 1, "only the book of today was given out"


def test_file_given_again_after_a_void_is_another_file(day, sign_in):
    supervisor = sign_in("supervisor")
    first = paper.text(supervisor.get(FILES[0]).data)
    assert "Jumlah: 3 penyerahan, 1 dibatalkan" in first
    void = {"reason": "Salah buku (uji)", "shelf": "C-02-09", "book": "X0000001"}
    assert supervisor.post(f"/api/v1/handovers/{day.records[0]}/void", json=void).status_code == 200
    assert "Jumlah: 3 penyerahan, 2 dibatalkan" in paper.text(supervisor.get(FILES[0]).data)


def test_long_book_has_running_pages_and_one_total(app, monkeypatch):
    """Some hundred rows are drawn from the same row; the pages are numbered through, and the total is on the last."""
    row = queries.RegisterRow(
        1, 1, clock.now(), "Contoh Orang", "9900000000000001", "X0000001", "self", "Contoh Orang", None, None,
        "Petugas Contoh", 1, "A001", ["payment"], None, "Alat rusak (uji)", None, None, None, None,
    )  # fmt: skip
    monkeypatch.setattr(pdf, "register_rows", lambda *_: (dataclasses.replace(row, number=n) for n in range(1, 301)))
    days = queries.RegisterFilter(days=Days(clock.today(), clock.today()))
    heading = pdf.Heading("Kantor Contoh", "", "hari ini", "WIB", "Dicetak")
    with db.reading() as session:
        content, rows = pdf.pdf(session, 1, "Asia/Jakarta", days, heading)
    text, pages = paper.text(content), paper.pages(content)
    assert rows == 300 and pages > 10
    assert f"Halaman {pages} dari" in text and text.count("Jumlah: 300 penyerahan, 0 dibatalkan") == 1
    assert all(f"{n:06d}" in text for n in (1, 150, 300))


def links(page: str) -> list[str]:
    return [html.unescape(link) for link in re.findall(r'(?:href|action)="([^"]*)"', page)]


def test_posted_search_leads_to_links_without_the_text(day, sign_in):
    supervisor = sign_in("supervisor")
    asked = supervisor.post("/register", data={"q": "Kerabat Contoh", "collector": "family", "state": "live"})
    assert asked.status_code == 303 and "erabat" not in asked.location
    assert {"since", "until", "collector", "state", "search"} == set(parse_qs(urlsplit(asked.location).query))
    page = supervisor.get(asked.location).text
    assert "000002" in page and "000001" not in page and 'value="Kerabat Contoh"' in page
    assert not any("erabat" in link for link in links(page))
    (sheet,) = (link for link in links(page) if ".xlsx" in link)
    rows = openpyxl.load_workbook(io.BytesIO(supervisor.get(sheet).data)).active
    assert [row for row in rows.iter_rows(values_only=True) if row[0] == 1] == []
    with clock.shift(timedelta(minutes=11)):
        confirm = supervisor.get(sheet.replace("since=", "since=2026-01-01&x=")).location
    assert confirm.startswith("/login/confirm?next=") and "search" in confirm and "erabat" not in confirm


def test_address_of_a_search_serves_nobody_else_and_ends(day, sign_in):
    address = sign_in("supervisor").post("/register", data={"q": "Contoh"}).location
    for client, later in ((sign_in("desk"), 0), (sign_in("supervisor"), 15)):
        with clock.shift(timedelta(hours=later)):
            answer = sign_in("supervisor").get(address) if later else client.get(address)
        assert answer.status_code == 422 and "000001" not in answer.text
    assert sign_in("supervisor").get("/register?search=x").status_code == 422
    short, long = (sealed_search.sealed("k" * 32, builders.actor("desk"), text) for text in ("a", "ü" * 100))
    assert len(short) == len(long)


def test_form_without_a_search_leads_to_plain_filters(day, sign_in):
    desk = sign_in("desk")
    assert "search" not in desk.post("/register", data={"q": " ", "lane": "1", "officer": "x"}).location
    wrong = desk.post("/register", data={"since": "foo", "q": "Contoh", "lane": "1"})
    assert wrong.status_code == 422 and 'method="post"' in wrong.text and 'name="q" value="Contoh"' in wrong.text
