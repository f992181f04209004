"""The receipt: on the applicant's page, as a PDF, its check code, and the check by a member of staff."""

import io
import subprocess
from pathlib import Path

import pytest
import zxingcpp
from flask import current_app
from PIL import Image
from sqlalchemy import select, update

from ampera import db
from ampera.audit import AuditEntry
from ampera.handovers.models import Handover
from ampera.handovers.receipts import check_code
from ampera.handovers.receipts.queries import receipts_of
from ampera.passports.models import Passport
from ampera.pickups.codes import CodeKeys, recognise
from ampera.pickups.models import PickupCode
from tests import builders, intruder
from tests.conftest import on_both
from tests.handovers import steps
from tests.reports import paper

KEYS = CodeKeys.parse("new:" + "1a2b3c4d" * 8 + ",old:" + "0f1e2d3c" * 8)
OLD = CodeKeys.parse("old:" + "0f1e2d3c" * 8)


def keys() -> CodeKeys:
    return CodeKeys.parse(current_app.extensions["ampera.settings"].code_keys)


def link_of(pickup_id: int = 1) -> str:
    """The newest page of this pickup."""
    with db.reading() as session:
        query = select(PickupCode).where(PickupCode.pickup_id == pickup_id).order_by(PickupCode.generation.desc())
        return keys().link(session.scalars(query).first())


def receipts_of_pickup(pickup_id: int = 1) -> list[check_code.Receipt]:
    with db.reading() as session:
        return receipts_of(session, pickup_id, keys())


def handed_over(api, *numbers: int, **collector) -> list[int]:
    """Hand over books of one pickup at once. Returns the ids of the records."""
    officer = api("officer")
    books, code = builders.ready(*numbers)
    visit = steps.serving(officer, code)
    in_hand = [steps.book(book, n) for book, n in zip(books, numbers, strict=True)]
    answer = officer.post("/api/v1/handovers", json=steps.body(visit["id"], *in_hand, **collector))
    return [record["id"] for record in answer.get_json()["handovers"]]


def voided(sign_in, record: int) -> None:
    with db.reading() as session:
        number = session.get_one(Handover, record).passport_no
    body = {"reason": "Salah orang (uji)", "shelf": "C-02-08", "book": number}
    assert sign_in("supervisor").post(f"/api/v1/handovers/{record}/void", json=body).status_code == 200


def verdict(client, code: str) -> str:
    page = client.post("/register/check", data={"code": code}).text
    return page.split('data-verdict="')[1].split('"')[0]


def test_check_code_fits_the_qr_of_a_pickup_code_but_is_none():
    code = check_code.check_code(KEYS, 7, ["a" * 64])
    assert len(code) == check_code.LENGTH == 28 and code.startswith("SABT") and check_code.is_receipt(code)
    assert recognise(code) is None
    assert check_code.printed(code).count("-") == 6


def test_check_code_finds_the_first_row_after_a_key_rotation():
    code = check_code.check_code(OLD, 123_456, ["a" * 64, "b" * 64])
    assert 123_456 in check_code.candidates(KEYS, code.lower().replace("0", "O"))
    assert check_code.is_genuine(KEYS, check_code.printed(code), 123_456, ["a" * 64, "b" * 64])


def test_check_code_fits_no_other_rows_and_no_changed_character():
    code = check_code.check_code(OLD, 7, ["a" * 64])
    assert not check_code.is_genuine(OLD, code, 7, ["b" * 64])
    assert not check_code.is_genuine(OLD, code, 8, ["a" * 64])
    for place in range(4, check_code.LENGTH):
        other = code[:place] + ("2" if code[place] != "2" else "3") + code[place + 1 :]
        assert not any(check_code.is_genuine(OLD, other, row, ["a" * 64]) for row in check_code.candidates(OLD, other))


def test_check_codes_of_neighbouring_rows_hide_the_order():
    heads = {check_code.check_code(OLD, n, ["a" * 64])[4:12] for n in range(1, 200)}
    assert len(heads) == 199
    assert [check_code.check_code(OLD, n, ["a" * 64]) for n in (1, 2)] != sorted(heads)[:2]


@pytest.mark.parametrize("typed", ["", "SABT", "SAB" + "0" * 26, "sabt" + "u" * 24, "x" * 600, "SABT" + "é" * 24])
def test_text_of_another_form_finds_nothing(typed):
    assert not check_code.is_receipt(typed) and check_code.candidates(OLD, typed) == []


@on_both
def test_page_shows_the_receipt_after_the_handover(app, api, client):
    handed_over(api, 1, 2, collector=steps.FAMILY)
    page = client.get(f"/p/{link_of()}").text
    for fact in ("Tanda terima", "000001", "000002", "Keluarga satu KK", "001", "receipt.pdf"):
        assert fact in page
    assert "Contoh Kerabat" not in page and "X0000001" not in page and "SABT" not in page
    english = client.get(f"/p/{link_of()}?lang=en").text
    assert "receipt.pdf" in english


def test_uncollected_pickup_has_no_receipt(app, client):
    builders.ready(1)
    link = link_of()
    assert "receipt.pdf" not in client.get(f"/p/{link}").text
    assert client.get(f"/p/{link}/receipt.pdf").status_code == 404


def test_pdf_has_the_facts_in_both_languages_and_no_other_personal_data(app, api, client):
    handed_over(api, 1, 2, collector=steps.FAMILY)
    answer = client.get(f"/p/{link_of()}/receipt.pdf")
    assert answer.mimetype == "application/pdf" and "no-store" in answer.headers["Cache-Control"]
    text = paper.text(answer.data)
    for fact in ("Tanda terima penyerahan", "Handover receipt", "000001", "000002", "Keluarga satu KK", "Family member",
                 "Paspor · Passport", "001", "002", "WIB", "Kantor Imigrasi Contoh Palembang"):  # fmt: skip
        assert fact in text
    code = check_code.printed(receipts_of_pickup()[0].code).split("-")  # a random code may contain any digits
    for given in ("000001", "000002", *code):
        text = text.replace(given, "")
    for hidden in ("Kerabat", "Orang", "X0000001", "0001", "99000", "1234", "X-1"):
        assert hidden not in text


def test_qr_of_the_pdf_contains_only_the_check_code(app, api, client, tmp_path: Path):
    handed_over(api, 1)
    (receipt,) = receipts_of_pickup()
    (tmp_path / "receipt.pdf").write_bytes(client.get(f"/p/{link_of()}/receipt.pdf").data)
    drawn = subprocess.run(
        ["pdftoppm", "-r", "120", "-png", "-singlefile", str(tmp_path / "receipt.pdf")], capture_output=True, check=True
    )
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(drawn.stdout)))
    assert found.text == receipt.code


def test_pickup_collected_in_parts_has_one_receipt_each_newest_first(app, api, client):
    officer = api("officer")
    (first, second), code = builders.ready(1, 2)
    visit = steps.serving(officer, code)
    for book, n in ((first, 1), (second, 2)):
        body = steps.body(visit["id"], steps.book(book, n))
        assert officer.post("/api/v1/handovers", json=body).status_code == 201
    numbers = [[item.number for item in receipt.items] for receipt in receipts_of_pickup()]
    assert numbers == [[2], [1]]
    link = link_of()
    assert "000002" in paper.text(client.get(f"/p/{link}/receipt.pdf").data)
    assert "000001" in paper.text(client.get(f"/p/{link}/receipt.pdf?n=1").data)
    assert [client.get(f"/p/{link}/receipt.pdf?n={n}").status_code for n in (2, -1, 99)] == [404] * 3


def test_receipt_shows_only_books_of_one_pickup(app, api, client):
    officer = api("officer")
    (mine,), code = builders.ready(1)
    (other,), other_code = builders.ready(2)
    visit = steps.serving(officer, code)
    assert steps.scan(officer, other_code, visit_id=visit["id"]).get_json()["visit"]["id"] == visit["id"]
    body = steps.body(visit["id"], steps.book(mine, 1), steps.book(other, 2), collector=steps.FAMILY)
    assert officer.post("/api/v1/handovers", json=body).status_code == 201
    assert [[item.number for item in receipts_of_pickup(pickup)[0].items] for pickup in (1, 2)] == [[1], [2]]
    assert "000002" not in client.get(f"/p/{link_of(1)}").text


@on_both
def test_check_shows_the_register_and_is_audited(app, api, sign_in):
    handed_over(api, 1, 2, collector=steps.FAMILY)
    (receipt,) = receipts_of_pickup()
    page = sign_in("desk").post("/register/check", data={"code": check_code.printed(receipt.code).lower()}).text
    assert 'data-verdict="valid"' in page
    for fact in ("Contoh Orang 1", "Contoh Orang 2", "X0000001", "Contoh Kerabat", "000002"):
        assert fact in page
    with db.reading() as session:
        (row,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "receipt.checked"))
    assert row.subject == "handover:1" and "Contoh" not in row.details and "SABT" not in row.details


def test_void_is_shown_on_page_pdf_and_check(app, api, sign_in, client):
    first, second = handed_over(api, 1, 2, collector=steps.FAMILY)
    voided(sign_in, first)
    (receipt,) = receipts_of_pickup()
    assert verdict(sign_in("officer"), receipt.code) == "partly"
    page = client.get(f"/p/{link_of()}").text
    assert "Sebagian tidak berlaku lagi" in page
    assert "Sebagian tidak berlaku lagi" in paper.text(client.get(f"/p/{link_of()}/receipt.pdf").data)
    voided(sign_in, second)
    assert verdict(sign_in("officer"), receipt.code) == "voided"
    assert "Partly" not in paper.text(client.get(f"/p/{link_of()}/receipt.pdf").data)
    assert "No longer valid" in paper.text(client.get(f"/p/{link_of()}/receipt.pdf").data)


def test_replaced_link_gives_no_receipt(app, api, client):
    officer = api("officer")
    (first, _), code = builders.ready(1, 2)
    visit = steps.serving(officer, code)
    assert officer.post("/api/v1/handovers", json=steps.body(visit["id"], steps.book(first, 1))).status_code == 201
    old = link_of()
    assert api("desk").post("/api/v1/pickups/1/codes", json={"reason": "Kode hilang (uji)"}).status_code == 201
    assert client.get(f"/p/{old}/receipt.pdf").status_code == 404
    assert "receipt.pdf" not in client.get(f"/p/{old}").text
    assert client.get(f"/p/{link_of()}/receipt.pdf").status_code == 200


def test_foreign_check_code_is_unknown_and_other_text_malformed(app, api, sign_in):
    handed_over(api, 1)
    forged = check_code.check_code(CodeKeys.parse("x:" + "ab" * 32), 1, ["a" * 64])
    officer = sign_in("officer")
    assert verdict(officer, forged) == "unknown"
    assert verdict(officer, "7KQ4-M2XR") == "malformed"


def test_check_by_another_office_shows_no_names(app, api, sign_in):
    builders.office("JKT", "Kantor Imigrasi Contoh Jakarta")
    handed_over(api, 1)
    (receipt,) = receipts_of_pickup()
    page = sign_in("officer", office="JKT").post("/register/check", data={"code": receipt.code}).text
    assert 'data-verdict="unknown"' in page and "Contoh Orang" not in page


def test_changed_row_makes_the_receipt_unknown(app, api, sign_in):
    handed_over(api, 1)
    (receipt,) = receipts_of_pickup()
    intruder.change(update(Handover).values(collector_name="Orang Lain Contoh"))
    assert verdict(sign_in("officer"), receipt.code) == "unknown"


def test_receipt_names_the_kind_of_document(app, api, client):
    (book,), code = builders.ready(1, kind="residence_permit")
    officer = api("officer")
    visit = steps.serving(officer, code)
    assert officer.post("/api/v1/handovers", json=steps.body(visit["id"], steps.book(book, 1))).status_code == 201
    assert "Izin tinggal · Residence permit" in paper.text(client.get(f"/p/{link_of()}/receipt.pdf").data)
    with db.reading() as session:
        assert session.scalar(select(Passport.kind)) == "residence_permit"


def test_scan_of_a_receipt_at_a_lane_is_malformed(app, api):
    handed_over(api, 1)
    (receipt,) = receipts_of_pickup()
    assert steps.scan(api("officer"), receipt.code).get_json()["verdict"] == "malformed"


def test_checks_are_rate_limited_per_member_of_staff(app, sign_in):
    officer = sign_in("officer")
    answers = [officer.post("/register/check", data={"code": f"SABT{n}"}).status_code for n in range(31)]
    assert answers[-1] == 429 and answers[0] == 200


def test_link_code_and_answer_are_not_logged(app, api, sign_in, client, capsys):
    handed_over(api, 1)
    (receipt,), link = receipts_of_pickup(), link_of()
    client.get(f"/p/{link}/receipt.pdf")
    client.post(f"/p/{link}/survey", data={"overall": "1"})
    page = sign_in("officer").post("/register/check", data={"code": receipt.code})
    logged = capsys.readouterr().err
    assert "/p/<link>/receipt.pdf" in logged and "/register/check" in logged
    for secret in (link, receipt.code, "overall", "Contoh Orang"):
        assert secret not in logged
    assert receipt.code not in page.text and page.headers["Referrer-Policy"] == "no-referrer"
