"""The power of attorney on paper: one A4 page whatever its words, and nobody's full name but the typed one."""

import re

import pytest

from ampera.bookings.collectors.proxy_letter import MOST_NAMES, Letter, pdf
from ampera.passports.models import Passport
from tests import builders
from tests.board import steps as board
from tests.pickups.test_issuing import set_state
from tests.reports import paper

BRING = ("Bukti pembayaran, surat kuasa bermeterai Rp10.000", "Proof of payment, letter of authority")
LONG = " ".join(["Berkepanjangan"] * 8)


def letter(receiver="Kuasa Contoh", names=("Ayah", "Ibu")):
    return Letter("Kantor Imigrasi Contoh Palembang", "Jalan Contoh 1", receiver, names, BRING)


def flat(document):
    return " ".join(paper.text(document).split())


@pytest.mark.parametrize("receiver", ["", "N.", LONG])
@pytest.mark.parametrize("count", [1, 3, MOST_NAMES, 200])
def test_it_is_one_a4_page(receiver, count):
    document = pdf(letter(receiver, ("Namacontohyangsangatpanj",) * count))
    assert paper.pages(document) == 1
    (width, height) = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", document)[0]
    assert (round(float(width)), round(float(height))) == (595, 842)
    assert f"{count} paspor" in flat(document)


def test_it_has_everything_such_a_letter_needs():
    said = flat(pdf(letter()))
    for words in ("SURAT KUASA", "Kuasa Contoh", "Ayah, Ibu", "2 paspor", "Kantor Imigrasi Contoh Palembang", "NIK"):
        assert words in said
    for words in ("Meterai", "Rp10.000", "Pemberi kuasa", "Penerima kuasa", "Tempat, tanggal", "Power of attorney"):
        assert words in said


def test_very_many_names_are_counted():
    said = flat(pdf(letter(names=("Contoh",) * (MOST_NAMES + 5))))
    assert "dan 5 lainnya" in said


def test_letters_that_the_typeface_lacks_do_not_break_it():
    assert paper.pages(pdf(letter("محمد 王 \U0001f600"))) == 1


@pytest.fixture
def path(app):
    builders.ready(1, 2)
    return f"/p/{board.link(1)}"


def test_the_page_gives_it_with_first_names_and_what_was_typed(client, path):
    set_state(Passport, {"id": 1}, holder_name="Putri Contoh Rahasia")
    answer = client.get(f"{path}/surat-kuasa.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert "no-store" in answer.headers["Cache-Control"] and "noindex" in answer.headers["X-Robots-Tag"]
    client.post(f"{path}/collector", data={"class": "proxy", "name": "Kuasa Contoh"})
    said = flat(client.get(f"{path}/surat-kuasa.pdf").data)
    assert "Kuasa Contoh" in said and "Putri" in said and "Rahasia" not in said
    assert "surat kuasa bermeterai" in said and "letter of authority" in said
    client.post(f"{path}/collector", data={"class": "family", "name": "Bibi Contoh"})
    assert "Bibi" not in flat(client.get(f"{path}/surat-kuasa.pdf").data)


def test_there_is_none_when_nothing_is_left_to_collect(client, path):
    set_state(Passport, {}, state="collected")
    assert client.get(f"{path}/surat-kuasa.pdf").status_code == 404
