"""Documents beside passports: their words, what files and programs may name, and the office's own list of them."""

import io

import openpyxl
import pytest
from sqlalchemy import select

from ampera import clock, db
from ampera.offices import document_labels
from ampera.offices.models import Office
from ampera.offices.options.defaults import DOCUMENT_KINDS
from ampera.passports.models import Passport
from ampera.pickups import messages, queries
from ampera.pickups.codes import CodeKeys
from ampera.pickups.models import PickupCode
from tests import builders
from tests.handovers import steps
from tests.reports import paper

OWN = {
    "document_kinds": {
        "passport": DOCUMENT_KINDS["passport"],
        "residence_permit": {
            "name": "Izin tinggal",
            "name_en": "Residence permit",
            "bring": "Paspor kebangsaan",
            "bring_en": "Your national passport",
        },
        "sailor_card": {"name": "Buku Pelaut", "name_en": "Seafarer's entry", "bring": "Buku lama", "bring_en": ""},
    }
}


@pytest.mark.parametrize(
    ("kinds", "indonesian", "english"),
    [
        (["passport"], "1 paspor", "1 passport"),
        (["passport"] * 2, "2 paspor", "2 passports"),
        (
            ["residence_permit", "passport", "passport"],
            "2 paspor dan 1 izin tinggal",
            "2 passports and 1 residence permit",
        ),
        (
            ["sailor_card", "residence_permit", "passport", "residence_permit", "sailor_card"],
            "1 paspor, 2 izin tinggal dan 2 Buku Pelaut",
            "1 passport, 2 residence permits and 2 seafarer's entries",
        ),
        ([], "", ""),
    ],
)
def test_documents_are_counted_in_words_of_both_languages(kinds, indonesian, english):
    assert document_labels.words(OWN, kinds, "id") == indonesian
    assert document_labels.words(OWN, kinds, "en") == english


def test_an_english_plural_stands_before_what_follows_the_noun():
    assert document_labels.counted({}, "travel_document", 2, "en") == "2 travel documents in lieu of a passport"
    assert document_labels.counted({}, "travel_document", 1, "id") == "1 Surat Perjalanan Laksana Paspor"


def test_a_kind_that_the_office_no_longer_has_keeps_a_word():
    assert document_labels.name(OWN, "travel_document", "en") == "Travel document in lieu of a passport"
    assert document_labels.words(OWN, ["old_thing"], "id") == "1 old thing"


def test_extra_documents_are_listed_once_and_fall_back_to_indonesian():
    kinds = ["residence_permit", "sailor_card", "residence_permit", "passport"]
    assert document_labels.extras(OWN, kinds, "id") == ["Paspor kebangsaan", "Buku lama"]
    assert document_labels.extras(OWN, kinds, "en") == ["Your national passport", "Buku lama"]


@pytest.mark.parametrize(
    "typed", ["izin tinggal", "IZIN  TINGGAL", "Residence permit", "residence_permit", " residence-permit "]
)
def test_kind_is_recognised_by_key_and_both_names(typed):
    assert document_labels.recognised(document_labels.kinds_of(OWN), typed) == "residence_permit"


@pytest.mark.parametrize(("typed", "key"), [("paspor", "passport"), ("PASSPORT", "passport"), ("kitas", None)])
def test_other_words_are_not_guessed(typed, key):
    assert document_labels.recognised(document_labels.kinds_of(OWN), typed) == key


def test_a_program_and_a_file_name_only_kinds_of_the_office(app, api):
    desk = api("desk")
    text = {
        "holder_name": "Contoh Satu", "birth_date": "1990-01-02",
        "issued_on": clock.today().isoformat(), "shelf": "A-01",
    }  # fmt: skip
    kinds = ("Izin Tinggal", "residence_permit", "Paspor", "", "bukan dokumen", "<script>")
    numbers = [{"application_no": f"9900000{n}", "passport_no": f"X123456{n}"} for n in range(len(kinds))]
    books = [{**text, **number, "kind": kind} for number, kind in zip(numbers, kinds, strict=True)]
    rows = desk.post("/api/v1/passports", json={"passports": books}).get_json()["rows"]
    assert [row["outcome"] for row in rows] == ["created"] * 4 + ["refused"] * 2
    assert [row["problems"][0]["code"] for row in rows[4:]] == ["kind_invalid"] * 2
    with db.reading() as session:
        kept = list(session.scalars(select(Passport.kind).order_by(Passport.id)))
    assert kept == ["residence_permit", "residence_permit", "passport", "passport"]


def test_row_without_a_kind_keeps_the_stored_kind(app, api):
    book = {
        "application_no": "99000001", "passport_no": "X1234567", "holder_name": "Contoh Satu", "shelf": "A-01",
        "birth_date": "1990-01-02", "issued_on": clock.today().isoformat(), "kind": "Residence permit",
    }  # fmt: skip
    desk = api("desk")
    desk.post("/api/v1/passports", json={"passports": [book]})
    again = desk.post("/api/v1/passports", json={"passports": [{**book, "kind": None, "shelf": "A-02"}]}).get_json()
    assert again["rows"][0]["outcome"] == "updated"
    with db.reading() as session:
        assert session.scalar(select(Passport.kind)) == "residence_permit"


CARD = {"name": "Kartu contoh", "name_en": "Sample card (new)", "bring": " Kartu  lama ", "bring_en": "The old card"}


def kept():
    with db.reading() as session:
        return document_labels.kinds_of(session.query(Office).first().options)


def test_an_administrator_adds_renames_and_takes_out_a_kind(app, sign_in):
    admin = sign_in("admin")
    assert admin.post("/admin/documents", data=CARD).status_code == 303
    assert kept()["sample_card_new"] == {**CARD, "bring": "Kartu lama"}
    assert "Kartu contoh" in admin.get("/admin/documents").text
    admin.post("/admin/documents/sample_card_new", data={**CARD, "name": "Kartu uji"})
    assert kept()["sample_card_new"]["name"] == "Kartu uji" and next(iter(kept())) == "passport"
    admin.post("/admin/documents/sample_card_new/drop")
    assert "sample_card_new" not in kept()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": ""}, "Tulis namanya dalam kedua bahasa"),
        ({"name_en": " "}, "Tulis namanya dalam kedua bahasa"),
        ({"name": "paspor"}, "sudah dipakai jenis dokumen lain"),
        ({"name_en": "RESIDENCE permit"}, "sudah dipakai jenis dokumen lain"),
        ({"name_en": "12345"}, "harus mengandung huruf"),
        ({"bring": "x" * 161}, "paling banyak 160 huruf"),
    ],
)
def test_invalid_kind_names_are_refused_and_stay_in_the_form(app, sign_in, changes, code):
    answer = sign_in("admin").post("/admin/documents", data={**CARD, **changes})
    assert answer.status_code == 422 and code in answer.text and "The old card" in answer.text
    assert kept() == DOCUMENT_KINDS


def test_a_kind_that_books_are_of_stays_and_so_do_passports(app, sign_in):
    builders.passport(1, kind="residence_permit")
    admin = sign_in("admin")
    for key, why in (("residence_permit", "Masih ada buku jenis ini"), ("passport", "Paspor selalu ada")):
        assert why in admin.post(f"/admin/documents/{key}/drop", follow_redirects=True).text
    assert kept() == DOCUMENT_KINDS
    assert admin.post("/admin/documents/unknown/drop").status_code == 404


def test_an_office_has_a_dozen_kinds_at_most(app, sign_in):
    admin = sign_in("admin")
    for letter in "abcdefghijk":
        admin.post("/admin/documents", data={"name": f"Jenis {letter}", "name_en": f"Kind {letter}"})
    assert len(kept()) == 12
    assert "Jumlah jenis sudah paling banyak" in admin.get("/admin/documents").text


def mixed(app):
    """One pickup with two passports and a residence permit, for which something else is needed."""
    db.current().write(lambda unit: setattr(unit.session.query(Office).one(), "options", OWN))
    books = [builders.passport(n) for n in (1, 2)] + [builders.passport(3, kind="residence_permit")]
    code = builders.pickup(*books)
    keys = CodeKeys.parse(app.extensions["ampera.settings"].code_keys)
    with db.reading() as session:
        return books, code, keys.link(session.query(PickupCode).one())


def test_applicant_page_and_slip_show_kinds_and_extra_documents(app, client):
    _, _, link = mixed(app)
    page = client.get(f"/p/{link}").text
    for text in ("2 paspor dan 1 izin tinggal", "Bawa juga", "Paspor kebangsaan", "Izin tinggal"):
        assert text in page
    slip = paper.text(client.get(f"/p/{link}/slip.pdf").data).replace("\n", " ")
    assert "2 paspor dan 1 izin tinggal · 2 passports and 1 residence permit" in slip
    assert "Bawa juga: Paspor kebangsaan" in slip


def test_desk_message_names_the_ready_documents(app):
    mixed(app)
    keys = CodeKeys.parse(app.extensions["ampera.settings"].code_keys)
    with app.test_request_context(), db.reading() as session:
        text = messages.message_links(queries.card(session, 1), keys, "http://localhost").text
    assert text.startswith("Siap diambil dari kendaraan: 2 paspor dan 1 izin tinggal.")


def test_the_tablet_the_desk_and_the_register_name_the_kind(app, api, sign_in):
    books, code, _ = mixed(app)
    officer = api("officer")
    visit = steps.serving(officer, code)
    assert [book["kind"] for book in visit["passports"]] == ["passport", "passport", "residence_permit"]
    assert '"kind_residence_permit": "Izin tinggal"' in sign_in("officer").get("/lane?lane=1").text
    made = officer.post("/api/v1/handovers", json=steps.body(visit["id"], steps.book(books[2], 3)))
    assert made.status_code == 201
    desk = sign_in("desk")
    for path in ("/register", "/register/1", f"/desk/books/{books[2]}"):
        assert "Izin tinggal" in desk.get(path).text, path
    assert "Izin tinggal X0000003" in paper.text(desk.get("/register/buku-penyerahan.pdf").data)
    sheet = openpyxl.load_workbook(io.BytesIO(desk.get("/register/buku-penyerahan.xlsx").data)).active
    headings, row = ([cell.value for cell in cells] for cells in sheet.rows)
    assert row[headings.index("Jenis dokumen")] == "Izin tinggal"


def test_other_documents_have_other_numbers_and_passports_keep_theirs(app, api):
    text = {
        "holder_name": "Contoh Satu", "birth_date": "1990-01-02", "issued_on": clock.today().isoformat(),
        "shelf": "A-01",
    }  # fmt: skip
    options = {"document_kinds": {**DOCUMENT_KINDS, "passport": {**DOCUMENT_KINDS["passport"], "name": "Paspor biasa"}}}
    db.current().write(lambda unit: setattr(unit.session.query(Office).one(), "options", options))
    rows = [("Izin tinggal", "2C21-JE 0123 AV"), ("Izin tinggal", "2"), ("Paspor biasa", "2C21JE0123AV"),
            ("Paspor biasa", "X1234567"), (None, "2C21JE0123AV")]  # fmt: skip
    books = [
        {**text, "application_no": f"9900000{n}", "passport_no": number, "kind": kind}
        for n, (kind, number) in enumerate(rows)
    ]
    answers = api("desk").post("/api/v1/passports", json={"passports": books}).get_json()["rows"]
    codes = [[problem["code"] for problem in row["problems"]] for row in answers]
    assert codes == [[], ["document_no_invalid"], ["passport_no_invalid"], [], ["passport_no_invalid"]]
    with db.reading() as session:
        numbers = session.scalars(select(Passport.passport_no).order_by(Passport.id))
        assert list(numbers) == ["2C21JE0123AV", "X1234567"]


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Paspor Biasa 48 Halaman", "passport"),
        ("PASPOR BIASA 24 HLM", "passport"),
        ("Elektronik", "passport"),
        ("e-Paspor", "passport"),
        ("Paspor Elektronik Laminasi 10 Tahun", "passport"),
        ("Polikarbonat", "passport"),
        ("Paspor Biasa (5 th)", "passport"),
        ("Biasa", "passport"),
        ("Paspor Dinas", None),
        ("Paspor Diplomatik", None),
        ("Paspor hilang", None),
        ("5 tahun", None),
        ("Penggantian", None),
        ("-", None),
    ],
)
def test_an_ordinary_passport_is_recognised_in_other_words(typed, key):
    assert document_labels.recognised(document_labels.kinds_of({}), typed) == key
