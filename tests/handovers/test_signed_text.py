"""The text over the signature: what these books say, kept in the picture file, and covered by the record's hash."""

import pytest
from sqlalchemy import select

from ampera import db
from ampera.handovers import signatures
from ampera.handovers.models import Handover, Signature
from ampera.tools.auditing import proof
from tests import builders
from tests.conftest import on_both
from tests.handovers import steps
from tests.reports import paper

TEXT = "Saya, Contoh Kerabat, menerima 2 paspor / I, Contoh Kerabat, receive 2 passports: "
TEXT += "Contoh Orang 1 (…0001), Contoh Orang 2 (…0002)."


@pytest.fixture
def request_of_two(api):
    """An officer, and a complete request of a relative for two books."""
    officer = api("officer")
    books, code = builders.ready(1, 2)
    visit = steps.serving(officer, code)
    rows = [steps.book(book, n) for n, book in enumerate(books, 1)]
    return officer, steps.body(visit["id"], *rows, collector=steps.FAMILY)


@on_both
def test_signed_text_is_kept_with_the_picture_and_hashed(app, request_of_two, sign_in):
    officer, request = request_of_two
    request["signed_text"] = TEXT
    answer = officer.post("/api/v1/handovers", json=request)
    assert answer.status_code == 201, answer.get_json()
    assert officer.post("/api/v1/handovers", json=request).status_code == 200
    changed = officer.post("/api/v1/handovers", json={**request, "signed_text": None})
    assert changed.status_code == 422 and changed.get_json()["error"]["code"] == "key_reused"
    with db.reading() as session:
        picture = session.scalars(select(Signature)).one()
        assert signatures.text_in(picture.png) == TEXT
        assert {row.signature_sha256 for row in session.scalars(select(Handover))} == {picture.sha256}
        assert proof.verify(session)["ok"]
    page = sign_in("supervisor").get(f"/register/{answer.get_json()['handovers'][0]['id']}").get_data(as_text=True)
    assert TEXT in page
    printed = " ".join(paper.text(sign_in("supervisor").get("/register/buku-penyerahan.pdf").data).split())
    assert printed.count(f"Ditandatangani: {TEXT}") == 1 and "Teks: no. 000001" in printed


def test_text_that_differs_from_the_books_is_refused(request_of_two):
    officer, request = request_of_two
    for text in (TEXT.replace("2 paspor", "1 paspor"), TEXT.replace("0002", "0003"), ""):
        answer = officer.post("/api/v1/handovers", json={**request, "signed_text": text})
        assert answer.status_code == 422 and answer.get_json()["error"]["fields"] == {
            "signed_text": "Ada isian yang perlu diperbaiki."
        }, answer.get_json()


def test_picture_without_a_text_is_as_before(request_of_two):
    officer, request = request_of_two
    assert officer.post("/api/v1/handovers", json=request).status_code == 201
    with db.reading() as session:
        assert signatures.text_in(session.scalars(select(Signature)).one().png) == ""
