"""The desk: finding, the pick list, and a book's page with its whole story, its forms and no proof of anybody."""

import json
import re
from pathlib import Path

import pytest
from sqlalchemy import select

from ampera import db
from ampera.audit import AuditEntry
from ampera.desk import story_messages
from ampera.passports.models import Passport
from ampera.pickups.models import PickupCode
from tests import builders
from tests.conftest import on_both
from tests.handovers import steps

AMPERA = Path(story_messages.__file__).parents[1]


def test_finding_works_as_a_plain_form(app, sign_in):
    builders.passport(1)
    page = sign_in("officer").get("/desk?q=contoh").text
    assert "1 paspor cocok" in page and 'href="/desk/books/1"' in page and "C-00-01" in page
    assert "Tidak ada paspor yang cocok" in sign_in("officer").get("/desk?q=zzz").text


def test_the_pick_list_names_shelf_and_vehicle(app, api, sign_in):
    assert "Belum ada buku yang perlu diambil." in sign_in("desk").get("/desk").text
    _, code = builders.ready(1, 2)
    steps.scan(api("officer"), code)
    page = sign_in("desk").get("/desk").text
    assert page.index("C-00-01") < page.index("C-00-02") and "A001" in page


@on_both
def test_book_page_shows_the_whole_story(day, sign_in):
    page = sign_in("desk").get(f"/desk/books/{day.books[2]}").text
    sentences = ["Kendaraan masuk antrean dengan nomor A002", "Dipindai di jalur 1: Silakan dilayani",
            "Mulai dilayani di jalur 1", "Diserahkan, nomor register 000003, pengambil: Keluarga",
            "Penyerahan dibatalkan: Salah orang (uji). Buku kembali ke rak C-02-08",
            "Kode pengambilan baru dibuat, kode lama dicabut"]  # fmt: skip
    assert [sentence for sentence in sentences if sentence not in page] == []
    assert page.index(sentences[1]) < page.index(sentences[2]) < page.index(sentences[3]) < page.index(sentences[5])
    assert "Petugas Contoh officer.plg" in page and "Petugas Contoh supervisor.plg" in page


def test_every_action_of_a_story_has_a_sentence():
    """A new audit action about a book, a code, a visit or a handover needs a sentence."""
    source = "".join(file.read_text() for file in AMPERA.rglob("*.py"))
    actions = set(re.findall(r'"((?:passport|pickup|visit|handover)\.[a-z_]+)"', source))
    actions -= {"passport.viewed", "handover.copied"}  # no change of a book; an entry about all records of an office
    missing = {
        action for action in actions if action not in story_messages.SENTENCES and not action.endswith("_refused")
    }
    assert missing == set()


def test_nothing_on_the_page_proves_the_holder(app, sign_in):
    book_id = builders.passport(1, phone="+6281234567890")
    for role, sees_phone in (("officer", False), ("desk", True), ("supervisor", True)):
        page = sign_in(role).get(f"/desk/books/{book_id}").text
        assert "1671 •••• •••• ••••" in page
        assert "0000000001</dd>" in page and "X0000001" not in page and "1990" not in page
        assert ("+6281234567890" in page) is sees_phone


def test_page_views_are_audited_by_field_names_without_content(app, sign_in):
    book_id = builders.passport(1, phone="+6281234567890")
    sign_in("officer").get(f"/desk/books/{book_id}")
    sign_in("desk").get(f"/desk/books/{book_id}")
    with db.reading() as session:
        looks = session.scalars(select(AuditEntry).where(AuditEntry.action == "passport.viewed")).all()
    assert [row.subject for row in looks] == [f"passport:{book_id}"] * 2
    assert "phone" not in looks[0].details and "phone" in json.loads(looks[1].details)["fields"]
    assert "Contoh" not in looks[1].details and "+62" not in looks[1].details
    assert "Dibuka 2 kali" in sign_in("desk").get(f"/desk/books/{book_id}").text


def test_forms_act_and_return_to_the_book(app, sign_in):
    book_id, desk = builders.passport(1), sign_in("desk")
    for path, form, state in (
        ("hold", {"reason": "cek foto"}, "held"),
        ("release", {"reason": "beres"}, "ready"),
        ("move", {"shelf": "b-02-09"}, "ready"),
        ("correct", {"phone": "0812 3456 7890", "email": ""}, "ready"),
    ):
        answer = desk.post(f"/desk/books/{book_id}/{path}", data=form)
        assert (answer.status_code, answer.location) == (303, f"/desk/books/{book_id}")
        with db.reading() as session:
            book = session.get_one(Passport, book_id)
            assert book.state == state
    assert (book.shelf, book.phone) == ("B-02-09", "+6281234567890")
    page = desk.get(f"/desk/books/{book_id}").text
    assert "Ditahan untuk diperiksa: cek foto" in page and "Kontak disimpan." in page


def test_refusal_is_shown_on_the_page(app, sign_in):
    book_id, desk = builders.passport(1), sign_in("desk")
    desk.post(f"/desk/books/{book_id}/correct", data={"phone": "12", "email": ""})
    desk.post(f"/desk/books/{book_id}/release", data={"reason": "x"})
    page = desk.get(f"/desk/books/{book_id}").text
    assert "Nomor telepon ini tidak dapat dibaca" in page and "tidak berlaku untuk keadaan sekarang" in page


def test_only_a_supervisor_cancels_and_unlocks(app, sign_in):
    book_id = builders.passport(1)
    assert "/cancel" not in sign_in("desk").get(f"/desk/books/{book_id}").text
    assert sign_in("desk").post(f"/desk/books/{book_id}/cancel", data={"minutes": "BA-1"}).status_code == 403
    supervisor = sign_in("supervisor")
    assert "/cancel" in supervisor.get(f"/desk/books/{book_id}").text
    supervisor.post(f"/desk/books/{book_id}/cancel", data={"minutes": "BA-1/2026", "ground": "c"})
    assert (
        "Pasal 30 huruf c, pemegang meninggal dunia, berita acara BA-1/2026"
        in supervisor.get(f"/desk/books/{book_id}").text
    )


def test_the_desk_sees_the_booking_code_and_an_officer_does_not(app, sign_in):
    (book_id,), _ = builders.ready(1)
    with db.reading() as session:
        booking = session.scalar(select(PickupCode.booking_code))
    printed = f"{booking[:4]}-{booking[4:]}"
    assert printed in sign_in("desk").get(f"/desk/books/{book_id}").text
    assert printed not in sign_in("officer").get(f"/desk/books/{book_id}").text


@pytest.mark.parametrize("act", ["", "/hold", "/release", "/move", "/correct", "/cancel"])
def test_another_office_s_book_does_not_exist(app, sign_in, act):
    book_id = builders.passport(1, office_id=builders.office("JKT"))
    supervisor, form = sign_in("supervisor"), {"reason": "x", "shelf": "A-1", "minutes": "1", "phone": "", "email": ""}
    path = f"/desk/books/{book_id}{act}"
    assert (supervisor.post(path, data=form) if act else supervisor.get(path)).status_code == 404


def test_an_administrator_sees_no_applicant(app, sign_in, client):
    book_id = builders.passport(1)
    admin = sign_in("admin")
    assert admin.get("/desk").status_code == admin.get(f"/desk/books/{book_id}").status_code == 403
    assert client.get(f"/desk/books/{book_id}").status_code == 302
