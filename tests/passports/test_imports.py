"""The import page and its JSON: preview, one confirmation, a report; only for the uploading office."""

import io
import os
import stat
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import func, select

from ampera import clock, create_app, db
from ampera.passports.imports import jobs
from ampera.passports.imports.views import import_store
from ampera.passports.models import Passport
from ampera.tools.demo.samples import Style, sample

HEAD = "Nomor Permohonan;Nomor Paspor;Nama;Tanggal Lahir;Tanggal Terbit;Rak"


def made(rows: int = 30, bad: int = 3) -> bytes:
    return sample("csv", rows, 5, clock.today(), Style(bad=bad)).content


def sent(content: bytes, name: str = "buku contoh.csv") -> dict[str, Any]:
    return {"file": (io.BytesIO(content), name)}


def upload(client: Any, content: bytes) -> dict[str, Any]:
    """Upload a file and wait until the server has read it."""
    answer = client.post("/api/v1/imports", data=sent(content))
    assert answer.status_code == 202, answer.text
    job = answer.json
    for _ in range(200):
        if job["state"] != "reading":
            return job
        time.sleep(0.05)
        job = client.get(f"/api/v1/imports/{job['import_id']}").json
    raise AssertionError(job)


def books() -> int:
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(Passport)) or 0


def files(app: Any) -> list[Path]:
    return sorted((app.extensions["ampera.settings"].instance / "imports").iterdir())


def test_server_removes_files_that_nobody_confirmed_and_no_command_does(app):
    store = import_store(app)
    store.folder.mkdir()
    for name, age in (("old.rows", timedelta(minutes=31)), ("new.rows", timedelta(minutes=29))):
        store.path(*name.split(".")).touch()
        moment = (clock.now() - age).timestamp()
        os.utime(store.folder / name, (moment, moment))
    create_app(app.extensions["ampera.settings"])
    assert [file.name for file in files(app)] == ["new.rows", "old.rows"]
    jobs.remove_expired()
    assert [file.name for file in files(app)] == ["new.rows"]


def test_a_preview_saves_nothing_and_a_confirmation_all_accepted_rows(app, sign_in):
    clerk = sign_in("desk")
    job = upload(clerk, made())
    assert job["counts"] == {"rows": 30, "created": 27, "updated": 0, "unchanged": 0, "refused": 3}
    assert job["state"] == "ready"
    assert {problem["code"] for problem in job["problems"]} == {"date_unreal", "passport_no_invalid", "required"}
    assert all(problem["row"] and problem["column"] and problem["message"] for problem in job["problems"])
    assert books() == 0
    saved = clerk.post(f"/api/v1/imports/{job['import_id']}/confirm")
    assert (saved.status_code, saved.json["state"], saved.json["counts"]["created"]) == (200, "saved", 27)
    assert books() == 27
    assert clerk.post(f"/api/v1/imports/{job['import_id']}/confirm").json == saved.json
    assert upload(clerk, made())["counts"]["unchanged"] == 27


def test_the_page_works_without_scripts(app, sign_in):
    clerk = sign_in("desk")
    assert 'type="file"' in clerk.get("/desk/import").text
    preview = clerk.post("/desk/import", data=sent(made()), follow_redirects=True)
    page = preview.text
    assert "3 dari 30 baris bermasalah" in page
    assert page.index("has-problem") < page.index("Baru")
    assert "Simpan 27 baris" in page
    where = preview.request.path
    done = clerk.post(f"{where}/confirm", follow_redirects=True)
    assert "27 baris disimpan" in done.text
    assert "Simpan 27 baris" not in done.text
    assert books() == 27


def test_result_of_a_saved_import_is_listed_and_kept_for_a_day(app, sign_in):
    clerk = sign_in("desk")
    assert "Impor terakhir" not in clerk.get("/desk/import").text
    first, unsaved = upload(clerk, made()), upload(clerk, made())
    clerk.post(f"/api/v1/imports/{first['import_id']}/confirm")
    page = clerk.get("/desk/import").text
    assert "27 baru, 0 diperbarui, 0 sama, 3 ditolak" in page and page.count("buku contoh.csv") == 2  # once for readers
    assert f'href="/desk/import/{first["import_id"]}"' in page and unsaved["import_id"] not in page
    with clock.shift(timedelta(hours=23)):
        import_store().sweep()
        assert "perbaiki" in sign_in("desk").get(f"/desk/import/{first['import_id']}").text
    with clock.shift(timedelta(hours=25)):
        import_store().sweep()
        later = sign_in("desk").get("/desk/import").text
        assert files(app) == [] and "buku contoh.csv" in later and first["import_id"] not in later


def test_changes_are_shown_old_and_new_but_never_a_nik(app, sign_in):
    clerk = sign_in("desk")
    line = "8800000000000001;X1234567;Contoh;02-03-1990;01-11-2026"
    first = f"{HEAD};NIK\n{line};A-01;8801010203900001"
    second = f"{HEAD};NIK\n{line};B-02;8801010203900002"
    job = upload(clerk, first.encode())
    clerk.post(f"/api/v1/imports/{job['import_id']}/confirm")
    page = clerk.get(f"/desk/import/{upload(clerk, second.encode())['import_id']}").text
    assert "<del>A-01</del> B-02" in page
    assert "88010102039" not in page


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", "Berkas ini kosong"),
        (HEAD.encode(), "Hanya ada judul kolom"),
        (b"Nama;Rak\nContoh;A", "Kolom yang belum ada: nomor permohonan, nomor paspor, tanggal lahir, tanggal terbit"),
        (b"\x89PNG\r\n\x1a\n\x00", "Ini bukan CSV atau XLSX"),
        (b"PK\x03\x04", "rusak"),
    ],
    ids=["empty", "header only", "wrong columns", "no sheet", "broken"],
)
def test_an_unreadable_file_is_refused_with_the_reason(app, sign_in, content, text):
    clerk = sign_in("desk")
    job = upload(clerk, content)
    assert (job["state"], text in job["message"]) == ("refused", True)
    assert clerk.post(f"/api/v1/imports/{job['import_id']}/confirm").status_code == 409
    page = clerk.post("/desk/import", data=sent(content), follow_redirects=True)
    assert (page.status_code, text in page.text) == (200, True)


def test_thirty_megabytes_and_no_file_at_all_are_refused(app, sign_in):
    clerk = sign_in("desk")
    for path in ("/api/v1/imports", "/desk/import"):
        large = clerk.post(path, data=b"x" * 30_000_000, content_type="multipart/form-data; boundary=x")
        assert large.status_code == 413
    assert clerk.post("/api/v1/imports").json["error"]["code"] == "invalid"
    assert clerk.post("/desk/import").status_code == 422


def test_the_report_has_every_row_and_no_formula(app, sign_in):
    clerk = sign_in("desk")
    job = upload(clerk, made(30, 9))
    report = clerk.get(f"/api/v1/imports/{job['import_id']}/report.csv")
    assert report.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert report.text.startswith("\ufeffbaris;nomor permohonan;nama;hasil;kolom;isi;masalah")
    assert len(report.text.splitlines()) == 31
    cells = [cell.strip('"') for line in report.text.splitlines() for cell in line.split(";")]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]
    only = clerk.get(f"/desk/import/{job['import_id']}/report.csv?only=refused")
    assert len(only.text.splitlines()) == 10


def test_an_import_is_visible_to_the_desk_of_the_same_office_only(app, sign_in):
    from tests import builders

    builders.office("JKT")
    job = upload(sign_in("desk"), made())
    where = f"/api/v1/imports/{job['import_id']}"
    for path in (where, f"{where}/report.csv"):
        assert sign_in("desk", "JKT").get(path).status_code == 404
        assert sign_in("officer").get(path).status_code == 403
        assert sign_in("supervisor").get(path).status_code == 200
    assert sign_in("desk", "JKT").post(f"{where}/confirm").status_code == 404
    assert books() == 0
    for strange in ("nothing", "../secrets", "AAAAAAAAAAAAAAAA"):
        assert sign_in("desk").get(f"/api/v1/imports/{strange}").status_code == 404


def test_uploaded_files_are_private_and_removed_after_half_an_hour(app, sign_in):
    clerk = sign_in("desk")
    job = upload(clerk, made())
    kept = files(app)
    assert {path.suffix for path in kept} == {".json", ".rows", ".outcomes"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept} == {0o600}
    assert stat.S_IMODE(kept[0].parent.stat().st_mode) == 0o700
    with clock.shift(timedelta(minutes=31)):
        assert clerk.get(f"/api/v1/imports/{job['import_id']}").status_code == 404
        other = upload(clerk, made())
        assert {path.stem for path in files(app)} == {other["import_id"]}
    clerk.post(f"/api/v1/imports/{other['import_id']}/confirm")
    assert {path.suffix for path in files(app) if path.stem == other["import_id"]} == {".json", ".outcomes"}


def test_only_one_of_two_simultaneous_confirmations_saves(app, sign_in):
    from ampera.passports.imports.views import import_store

    clerk = sign_in("desk")
    job = upload(clerk, made())
    with app.test_request_context():
        imports = import_store()
        waiting = imports.get(job["import_id"], 1)
        assert imports.claim(waiting)
        assert not imports.claim(waiting)
        assert clerk.post(f"/api/v1/imports/{job['import_id']}/confirm").status_code == 409
        imports.release(waiting)
    assert clerk.post(f"/api/v1/imports/{job['import_id']}/confirm").json["state"] == "saved"


def lines(*rows: str) -> bytes:
    return "\n".join([f"{HEAD};No. WA;Catatan", *rows]).encode()


def row(n: int, birth: str = "02-03-1990", wa: str = "", note: str = "") -> str:
    return f"88000000000000{n:02d};X12345{n:02d};Contoh {n};{birth};01-11-2026;A-1;{wa};{note}"


def cells_of(answer: Any) -> list[list[Any]]:
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert [sheet.title for sheet in book] == ["CSV"]
    return [[cell.value or "" for cell in row] for row in book.active]


def test_the_preview_names_what_was_read_and_what_was_not(app, sign_in):
    clerk = sign_in("desk")
    job = upload(clerk, lines(row(1, wa="tidak ada", note="titip"), row(2), "Jumlah: 2 buku"))
    assert job["sheets"] == [{"name": "CSV", "rows": 2, "read": True}]
    assert {"sheet": "CSV", "heading": "No. WA", "field": "phone"} in job["columns"]
    assert {"sheet": "CSV", "heading": "Catatan", "field": None} in job["columns"]
    found = [(problem["code"], problem["row"], problem["column"]) for problem in job["problems"]]
    assert found == [("left_out", 2, "phone"), ("row_left_out", 4, None), ("unknown_column", None, None)]
    assert job["counts"] == {"rows": 2, "created": 2, "updated": 0, "unchanged": 0, "refused": 0}
    page = clerk.get(f"/desk/import/{job['import_id']}").text
    for text in ("Catatan", "tidak dibaca", "Jumlah: 2 buku", "1 baris dicatat dengan catatan", "Simpan 2 baris"):
        assert text in page


def test_the_refused_rows_come_back_with_all_columns_and_can_be_imported_again(app, sign_in):
    clerk = sign_in("desk")
    rows = row(1, "17-03-1990"), row(2, "31-02-1990", note="=1+1"), row(3, "03/04/1990"), row(4, "12/25/1990")
    job = upload(clerk, lines(*rows))
    assert (job["counts"]["refused"], job["counts"]["created"]) == (3, 1)
    clerk.post(f"/api/v1/imports/{job['import_id']}/confirm")
    answer = clerk.get(f"/desk/import/{job['import_id']}/problems.xlsx")
    head, *refused = cells_of(answer)
    assert head == [*HEAD.split(";"), "No. WA", "Catatan", "masalah"]
    assert [cells[3] for cells in refused] == ["31-02-1990", "03-04-1990 / 04-03-1990?", "12/25/1990"]
    assert refused[0][7] == "=1+1"
    assert all(cells[8].startswith("tanggal lahir: ") for cells in refused)
    again = upload(clerk, answer.data)
    assert (again["counts"]["refused"], again["counts"]["created"]) == (3, 0)
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    for line in book.active.iter_rows(min_row=2):
        line[3].value = "05-06-1990"
    out = io.BytesIO()
    book.save(out)
    corrected = upload(clerk, out.getvalue())
    assert (corrected["counts"]["refused"], corrected["counts"]["created"]) == (0, 3)
    assert "masalah" not in {problem["message"] for problem in corrected["problems"]}


def test_the_sample_file_is_understood_but_takes_no_book_in(app, sign_in):
    clerk = sign_in("desk")
    answer = clerk.get("/desk/import/contoh.xlsx")
    assert answer.status_code == 200
    job = upload(clerk, answer.data)
    assert all(column["field"] for column in job["columns"])
    assert (job["counts"]["rows"], job["counts"]["refused"]) == (1, 1)


def test_fifty_problems_are_shown_and_then_all(app, sign_in):
    clerk = sign_in("desk")
    job = upload(clerk, made(90, 60))
    where = f"/desk/import/{job['import_id']}"
    first, every = clerk.get(where).text, clerk.get(f"{where}?all=1").text
    assert (first.count("has-problem"), every.count("has-problem")) == (50, 60)
    assert "Tampilkan semua masalah" in first
    assert "Tampilkan semua masalah" not in every
    assert first.index("has-problem") < first.index('<details class="import__fold">\n  <summary><b>Baris yang benar')


def test_problems_of_two_sheets_name_the_sheet(app, sign_in):
    from tests.passports.lists import HEAD as heads
    from tests.passports.lists import line, workbook

    clerk = sign_in("desk")
    content = workbook(Rak_A=[heads, line(1)], Rak_B=[heads, line(2, shelf=None), line(3)])
    job = upload(clerk, content)
    assert job["sheets"] == [{"name": "Rak A", "rows": 1, "read": True}, {"name": "Rak B", "rows": 2, "read": True}]
    assert [(problem["sheet"], problem["row"]) for problem in job["problems"]] == [("Rak B", 2)]
    assert job["counts"]["rows"] == 3


def test_an_office_reads_one_file_at_a_time(app):
    imports = import_store(app)
    imports.folder.mkdir(parents=True)
    order = []

    def read_second() -> None:
        with imports.reading(1):
            order.append("second")

    with imports.reading(1), imports.reading(2):
        second = threading.Thread(target=read_second)
        second.start()
        order.append("first")
    second.join()
    assert order == ["first", "second"]
