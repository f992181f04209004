"""Documents beside passports: their words, what files and programs may name, and the office's own list of them."""

import pytest

from ampera.offices import documents
from ampera.offices.options import DOCUMENT_KINDS

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
    assert documents.words(OWN, kinds, "id") == indonesian
    assert documents.words(OWN, kinds, "en") == english


def test_an_english_plural_stands_before_what_follows_the_noun():
    assert documents.counted({}, "travel_document", 2, "en") == "2 travel documents in lieu of a passport"
    assert documents.counted({}, "travel_document", 1, "id") == "1 Surat Perjalanan Laksana Paspor"


def test_a_kind_that_the_office_no_longer_has_keeps_a_word():
    assert documents.name(OWN, "travel_document", "en") == "Travel document in lieu of a passport"
    assert documents.words(OWN, ["old_thing"], "id") == "1 old thing"


def test_what_to_bring_besides_is_told_once_and_in_indonesian_where_there_is_no_english():
    kinds = ["residence_permit", "sailor_card", "residence_permit", "passport"]
    assert documents.extras(OWN, kinds, "id") == ["Paspor kebangsaan", "Buku lama"]
    assert documents.extras(OWN, kinds, "en") == ["Your national passport", "Buku lama"]


@pytest.mark.parametrize(
    "typed", ["izin tinggal", "IZIN  TINGGAL", "Residence permit", "residence_permit", " residence-permit "]
)
def test_a_kind_is_recognised_by_its_key_and_by_both_names(typed):
    assert documents.recognised(documents.kinds_of(OWN), typed) == "residence_permit"


@pytest.mark.parametrize(("typed", "key"), [("paspor", "passport"), ("PASSPORT", "passport"), ("kitas", None)])
def test_other_words_are_not_guessed(typed, key):
    assert documents.recognised(documents.kinds_of(OWN), typed) == key
