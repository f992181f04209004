"""The power of attorney on paper: always one A4 page, with first names and the submitted name of the proxy."""

import re

import pytest

from ampera.bookings.collectors.proxy_letter import MOST_NAMES, ProxyLetter, pdf
from ampera.passports.models import Passport
from tests import builders
from tests.board import steps as board
from tests.reports import paper

BRING = ("Bukti pembayaran, surat kuasa bermeterai Rp10.000", "Proof of payment, letter of authority")
LONG = " ".join(["Berkepanjangan"] * 8)


def letter(receiver="Kuasa Contoh", names=("Ayah", "Ibu")):
    return ProxyLetter("Kantor Imigrasi Contoh Palembang", "Jalan Contoh 1", receiver, names, BRING)


def flat(document):
    return " ".join(paper.text(document).split())


@pytest.mark.parametrize("receiver", ["", "N.", LONG])
@pytest.mark.parametrize("count", [1, 3, MOST_NAMES, 200])
def test_letter_is_one_a4_page(receiver, count):
    document = pdf(letter(receiver, ("Namacontohyangsangatpanj",) * count))
    assert paper.pages(document) == 1
    (width, height) = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", document)[0]
    assert (round(float(width)), round(float(height))) == (595, 842)
    assert f"{count} paspor" in flat(document)


def test_letter_contains_every_required_part():
    text = flat(pdf(letter()))
    for words in ("SURAT KUASA", "Kuasa Contoh", "Ayah, Ibu", "2 paspor", "Kantor Imigrasi Contoh Palembang", "NIK"):
        assert words in text
    for words in ("Meterai", "Rp10.000", "Pemberi kuasa", "Penerima kuasa", "Tempat, tanggal", "Power of attorney"):
        assert words in text


def test_letter_with_very_many_names_counts_the_rest():
    text = flat(pdf(letter(names=("Contoh",) * (MOST_NAMES + 5))))
    assert "dan 5 lainnya" in text


def test_letter_accepts_characters_without_a_glyph():
    assert paper.pages(pdf(letter("محمد 王 \U0001f600"))) == 1


@pytest.fixture
def path(app):
    builders.ready(1, 2)
    return f"/p/{board.link(1)}"


def test_downloaded_letter_shows_first_names_and_the_announced_proxy(client, path):
    builders.set_columns(Passport, {"id": 1}, holder_name="Putri Contoh Rahasia")
    answer = client.get(f"{path}/surat-kuasa.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert "no-store" in answer.headers["Cache-Control"] and "noindex" in answer.headers["X-Robots-Tag"]
    client.post(f"{path}/collector", data={"class": "proxy", "name": "Kuasa Contoh"})
    text = flat(client.get(f"{path}/surat-kuasa.pdf").data)
    assert "Kuasa Contoh" in text and "Putri" in text and "Rahasia" not in text
    assert "surat kuasa bermeterai" in text and "letter of authority" in text
    client.post(f"{path}/collector", data={"class": "family", "name": "Bibi Contoh"})
    assert "Bibi" not in flat(client.get(f"{path}/surat-kuasa.pdf").data)


def test_letter_is_404_when_no_book_is_left(client, path):
    builders.set_columns(Passport, {}, state="collected")
    assert client.get(f"{path}/surat-kuasa.pdf").status_code == 404
