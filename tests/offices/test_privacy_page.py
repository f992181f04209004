"""The notice on personal data: reachable from every public page, in two languages, with the office's own text."""

import pytest

from ampera import db
from ampera.offices.models import Office
from tests import builders


def choose(**options: object) -> None:
    with db.reading() as session:
        present = session.get_one(Office, 1).options
    builders.set_columns(Office, {"id": 1}, options={**present, **options})


@pytest.mark.parametrize("path", ["/", "/find", "/login", "/nowhere"])
def test_public_page_leads_to_the_notice_and_to_the_sign_in(client, path):
    page = client.get(path).text
    assert 'href="/privasi' in page
    assert ('href="/login"' in page) == (path != "/login")  # that page needs no link to itself


def test_notice_of_any_office_names_the_law(client):
    for query in ("", "?office=PLG", "?office=nowhere"):
        page = client.get(f"/privasi{query}")
        assert page.status_code == 200 and "Nomor 27 Tahun 2022" in page.text


def test_notice_is_complete_in_english(client):
    page = client.get("/privasi?lang=en").text
    assert "Privacy notice" in page and "Law No. 27 of 2022" in page and "Data yang dipakai" not in page


def test_office_adds_a_text_and_a_contact(client):
    choose(privacy="Pejabat pelindungan data: Contoh.", contact="0711 0000000")
    page = client.get("/privasi").text
    assert "Pejabat pelindungan data: Contoh." in page and 'href="tel:07110000000"' in page
    choose(privacy="<script>alert(1)</script>")
    assert "<script>alert" not in client.get("/privasi").text
