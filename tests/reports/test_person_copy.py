"""`ampera privacy export`: everything about one person, without proofs of a waiting book and without other people."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from ampera import audit, clock, db
from ampera.audit import AuditEntry
from ampera.bookings.models import AnnouncedCollector, Booking
from ampera.passports.corrections.models import Correction
from ampera.passports.models import Passport
from ampera.reports.persons import cli, labels
from ampera.reports.persons.cover import HELD, HIDDEN, Cover
from ampera.retention.tasks import delete_due
from tests import builders
from tests.conftest import on_both
from tests.handovers import steps
from tests.reports import paper

# What proves the holder of `builders.passport(1)` at the window, in every way in which it is stored or printed.
PROOFS = ("1671010000000001", "X0000001", "1990-01-02", "02-01-1990", "A7654321")
NUMBER = f"99{1:014d}"


def exported(app, number=NUMBER, *arguments):
    done = app.test_cli_runner().invoke(cli.privacy, ["export", number, "--json", *arguments])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout), done.stdout


def correct(book, state="confirmed", **fields):
    row = {
        "proposed": {"nik": "1671010000000001"}, "before": {"nik": "1671019999999999", "birth_date": "1990-01-02"},
        "reason": "NIK tertulis 1671 0199 9999 9999 (uji)", "proposed_at": clock.now(), **fields,
    }  # fmt: skip
    write(Correction(office_id=1, passport_id=book, state=state, **row))


def write(row):
    db.current().write(lambda unit: unit.session.add(row))


@pytest.fixture
def family(app):
    """A book on the shelf in one pickup with the book of a relative; everything that a person may leave behind."""
    own = builders.passport(1, document_no="A7654321", phone="+628990000001", email="satu@surat.example")
    relative = builders.passport(2, holder_name="Kerabat Rahasia", name_key="kerabat rahasia", phone="+628990000002")
    code = builders.pickup(own, relative)
    of_pickup = {"pickup_id": 1, "office_id": 1}
    write(
        AnnouncedCollector(
            **of_pickup, collector_class="proxy", name="Wakil Contoh", relation="NIK 1671010000000001", at=clock.now()
        )
    )
    write(Booking(**of_pickup, day=clock.today(), starts_at=clock.now(), booked_at=clock.now()))
    builders.dead_delivery(address="satu@surat.example")
    builders.dead_delivery(address="kerabat@surat.example")
    correct(own)
    return own, relative, code


@on_both
def test_copy_has_every_section_and_covers_what_proves_the_holder(app, family):
    copy, text = exported(app)
    (book,) = copy["books"]
    assert copy["covered"] and {book[name] for name in ("nik", "birth_date", "passport_no", "document_no")} == {HELD}
    assert not [proof for proof in PROOFS if proof in text]
    assert copy["contacts"] == [{"application_no": NUMBER, "phone": "+628990000001", "email": "satu@surat.example"}]
    assert [(row["collector_class"], row["name"]) for row in copy["announced_collectors"]] == [
        ("proxy", "Wakil Contoh")
    ]
    assert len(copy["bookings"]) == 1 and copy["arrivals"] == copy["visits"] == copy["register"] == []
    assert copy["corrections"][0]["before"] == {"nik": HELD, "birth_date": HELD}


def test_copy_has_nothing_about_a_relative_in_the_pickup(app, family):
    copy, text = exported(app)
    assert "Kerabat Rahasia" not in text and "+628990000002" not in text and "k•••" not in text
    assert [row["address"] for row in copy["messages"]] == ["s•••@s•••.example"]


def test_typed_reasons_lose_all_numbers_while_a_book_waits(app, family):
    copy, text = exported(app)
    assert copy["corrections"][0]["reason"] == f"NIK tertulis {HIDDEN} (uji)" and "9999" not in text


@pytest.mark.parametrize(
    "typed", ["lahir 2-1-1990", "lahir 2 Januari 1990", "lahir 02/01/90", "NIK 167101.0000000001", "buku X0000001",
              "akhir 0001"],
)  # fmt: skip
def test_typed_text_keeps_no_number_of_four_digits_and_no_date(typed):
    hidden = Cover(True).text(typed)
    assert HIDDEN in hidden and sum(char.isdigit() for char in hidden) == 0
    assert Cover(False).text(typed) == typed


@on_both
def test_copy_shows_everything_after_the_handover_and_covers_the_proofs_again_for_the_next_book(app, api):
    (book,), code = builders.ready(1, document_no="A7654321")
    correct(book)
    officer = api("officer")
    visit = steps.serving(officer, code)
    body = steps.body(visit["id"], steps.book(book, 1), collector=steps.FAMILY)
    assert officer.post("/api/v1/handovers", json=body).status_code == 201
    copy, text = exported(app)
    assert not copy["covered"] and copy["books"][0]["nik"] == "1671010000000001" and "9999 9999" in text
    (record,) = copy["register"]
    assert (record["passport_no"], record["collector_name"]) == ("X0000001", "Contoh Kerabat")
    assert "1234" not in json.dumps(record)  # the document of the collector is not of this person
    assert has_a_place_on_paper(copy)
    assert copy["visits"][0]["state"] == "done" and copy["visits"][0]["found_by"] == "code"
    builders.passport(7, nik="1671010000000001")
    copy, text = exported(app)
    assert copy["covered"] and len(copy["books"]) == 2 and not [proof for proof in PROOFS if proof in text]


@on_both
def test_book_that_waits_in_another_office_covers_the_same_proofs(app):
    builders.office("JKT", "Kantor Contoh Jakarta")
    builders.passport(1, state="collected", collected_at=clock.now())
    assert not exported(app)[0]["covered"]
    builders.passport(9, office_id=2, nik="1671010000000001")
    copy, text = exported(app)
    assert copy["covered"] and len(copy["books"]) == 1 and "Jakarta" not in text


def test_two_people_with_one_name_and_birth_date_are_kept_apart_by_the_nik(app):
    same = {"holder_name": "Contoh Sama", "name_key": "contoh sama", "birth_date": date(1990, 5, 5)}
    for n in (1, 2):
        builders.passport(n, **same)
    builders.passport(3, **same, nik=None)
    copy, _ = exported(app)
    assert [row["application_no"][-1] for row in copy["books"]] == ["1", "3"]


def test_deleted_identity_stays_deleted_in_the_copy(app):
    long_ago = clock.now() - timedelta(days=40)
    builders.passport(1, state="collected", collected_at=long_ago, updated_at=long_ago)
    delete_due()
    (book,) = exported(app)[0]["books"]
    assert book["nik"] is None and book["birth_date"] == "1990-01-02"


@on_both
def test_planted_looks_are_listed_with_name_role_and_way(app, sign_in, family):
    own, relative, code = family
    sign_in("desk").get(f"/desk/books/{own}")
    sign_in("desk").get(f"/desk/books/{relative}")
    sign_in("officer").post("/desk", data={"q": "Contoh Orang 1"})
    steps.scan(sign_in("officer2"), code)
    exported(app)
    copy, _ = exported(app)
    assert [(look["name"], look["role"], look["how"], look["with"]) for look in copy["looks"]] == [
        ("Petugas Contoh desk.plg", "desk", "page", "person"),
        ("Petugas Contoh officer.plg", "officer", "search", "person"),
        ("Petugas Contoh officer2.plg", "officer", "scan", "person"),
        ("ampera", "command", "copy", "person"),
    ]


def test_register_export_and_list_of_corrections_are_looks_at_this_person(app, sign_in, day):
    supervisor = sign_in("supervisor")
    supervisor.get("/register/buku-penyerahan.xlsx")
    correct(day.books[2], "open")
    supervisor.get("/desk/corrections")
    seen = {book: [look["how"] for look in exported(app, f"99{n:014d}")[0]["looks"]] for n, book in ((1, 0), (3, 2))}
    assert "export" in seen[0] and "corrections" not in seen[0] and seen[2][-1] == "corrections"


def test_key_that_looked_is_named_by_the_owner(app, api):
    builders.passport(1)
    api("desk").get("/api/v1/passports?q=Contoh+Orang+1")
    (look,) = exported(app)[0]["looks"]
    assert (look["name"], look["how"], look["with"]) == ("Petugas Contoh desk.plg", "search", "key")


def test_car_with_other_people_gives_no_plate(app, api):
    builders.ready(1)
    codes = [builders.pickup(builders.passport(n)) for n in (4, 5)]
    officer = api("officer")
    visit = steps.scan(officer, codes[0]).get_json()["visit"]
    officer.post(f"/api/v1/visits/{visit['id']}/vehicle", json={"plate": "BG 1234 XX"})
    assert exported(app, f"99{4:014d}")[0]["visits"][0]["plate"] == "BG 1234 XX"
    steps.scan(officer, codes[1], visit_id=visit["id"])
    shared = exported(app, f"99{4:014d}")[0]["visits"][0]
    assert shared["plate"] is None and shared["queue_no"] == visit["queue_no"]


def test_application_of_another_office_is_refused(app, family):
    builders.office("JKT", "Kantor Contoh Jakarta")
    done = app.test_cli_runner().invoke(cli.privacy, ["export", NUMBER, "--office", "JKT", "--json"])
    assert done.exit_code == 1 and "There is no application" in done.output and "Contoh Orang" not in done.output


def test_copy_is_in_the_history_without_any_content(app, family):
    exported(app)
    with db.reading() as session:
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "privacy.exported"))
        book = session.scalars(select(Passport.id).where(Passport.application_no == NUMBER)).one()
    assert entry.subject == f"passport:{book}" and entry.actor == "command:0"
    assert not [proof for proof in (*PROOFS, "Contoh", "surat") if proof in entry.details]


def on_paper(app, tmp_path, number=NUMBER):
    file = tmp_path / "salinan.pdf"
    done = app.test_cli_runner().invoke(cli.privacy, ["export", number, "--out", str(file)])
    assert done.exit_code == 0, done.output
    content = file.read_bytes()
    return paper.text(content), content


def test_paper_covers_the_proofs_names_no_relative_and_has_both_languages(app, family, sign_in, tmp_path):
    sign_in("desk").get(f"/desk/books/{family[0]}")
    text, content = on_paper(app, tmp_path)
    shown = text.replace("\n", " ")
    everything = [data.decode("latin-1") for _, data in paper.streams(content)]
    for hidden in (*PROOFS, "Kerabat", "+628990000002"):
        assert hidden not in shown and not [stream for stream in everything if hidden in stream]
    staff, look = "Petugas Contoh desk.plg", ("Membuka halaman orang", "Opened a person's page")
    title, notice = ("Salinan data pribadi", "Copy of personal data"), ("Sebagian data ditutup", "Held, covered until")
    for words in (*title, *notice, staff, *look, "+628990000001"):
        assert words in shown


def test_paper_shows_the_proofs_after_the_handover(app, tmp_path):
    builders.passport(1, state="collected", collected_at=clock.now(), document_no="A7654321")
    text, _ = on_paper(app, tmp_path)
    assert not {"1671010000000001", "X0000001", "02-01-1990", "A7654321"} - set(text.split("\n"))
    assert "Sebagian data ditutup" not in text and "Tidak ada yang tersimpan. · Nothing is held." in text


def test_paper_with_long_names_and_hundreds_of_looks_has_a_heading_on_every_page(app, tmp_path):
    name = "Contoh Nama Yang Sangat Panjang Sekali Bin Contoh Orang Tua Yang Namanya Juga Panjang"
    book = builders.passport(1, holder_name=name, email="alamat.surat.yang.panjang.sekali@contoh-panjang.example")
    for _ in range(60):
        audit.note_access(builders.actor("desk"), "passport.viewed", f"passport:{book}", {})
    text, content = on_paper(app, tmp_path)
    assert paper.pages(content) == text.count("Cara melihat") + 1 == 4


def test_paper_that_cannot_be_written_is_a_sentence(app, family, tmp_path):
    done = app.test_cli_runner().invoke(cli.privacy, ["export", NUMBER, "--out", str(tmp_path / "tidak" / "ada.pdf")])
    assert done.exit_code == 1 and "cannot be written" in done.output


def has_a_place_on_paper(copy):
    return all(set(row) == set(part.fields) for part in labels.SECTIONS for row in copy[part.name])


def test_every_field_of_the_copy_has_a_place_on_the_paper(app, family):
    copy, _ = exported(app)
    assert has_a_place_on_paper(copy) and set().union(*(part.fields for part in labels.SECTIONS)) <= set(labels.FIELDS)
