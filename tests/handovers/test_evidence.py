"""The comparison of cards and books with the record: what proves a holder, and what does not."""

from datetime import date

import pytest

from ampera.handovers.evidence import MATCH, MISMATCH, MISSING, Holder, Identity, check_book, check_identity

BORN = date(1990, 2, 28)
CITIZEN = Holder("1671012802900001", BORN, None)
FOREIGNER = Holder(None, BORN, "N 12-34567")
FOREIGNER_WITHOUT_DOCUMENT = Holder(None, BORN, None)


@pytest.mark.parametrize(
    ("holder", "typed", "result"),
    [
        (CITIZEN, Identity(nik_last4="0001"), MATCH),
        (CITIZEN, Identity(nik_last4="1671"), MISMATCH),
        (CITIZEN, Identity(birth_date=BORN), MATCH),
        (CITIZEN, Identity(birth_date=date(1991, 2, 28)), MISMATCH),
        (CITIZEN, Identity(birth_date=date(1990, 3, 28)), MISMATCH),
        (CITIZEN, Identity(birth_date=date(1990, 2, 27)), MISMATCH),
        (CITIZEN, Identity(nik_last4="0001", birth_date=date(1991, 2, 28)), MISMATCH),
        (CITIZEN, Identity(nik_last4="0002", birth_date=BORN), MISMATCH),
        (CITIZEN, Identity(), MISSING),
        (CITIZEN, Identity(document_last4="4567"), MISSING),
        (FOREIGNER, Identity(birth_date=BORN, document_last4="4567"), MATCH),
        (FOREIGNER, Identity(birth_date=BORN, document_last4="n4567"), MISMATCH),
        (FOREIGNER, Identity(birth_date=BORN, document_last4="N123"), MISMATCH),
        (FOREIGNER, Identity(birth_date=BORN), MISSING),
        (FOREIGNER, Identity(document_last4="4567"), MISSING),
        (FOREIGNER, Identity(birth_date=BORN, nik_last4="0001"), MISSING),
        (FOREIGNER_WITHOUT_DOCUMENT, Identity(birth_date=BORN), MATCH),
        (FOREIGNER_WITHOUT_DOCUMENT, Identity(birth_date=date(1990, 2, 27)), MISMATCH),
        (FOREIGNER_WITHOUT_DOCUMENT, Identity(document_last4="4567"), MISSING),
    ],
)
def test_identity_matches_only_the_proofs_on_record(holder, typed, result):
    assert check_identity(holder, typed) == result


@pytest.mark.parametrize(
    ("typed", "result"),
    [
        ("X1234567", MATCH),
        ("x-123 4567", MATCH),
        ("4567", MATCH),
        ("X1234568", MISMATCH),
        ("4568", MISMATCH),
        ("1234", MISMATCH),
        ("7", MISMATCH),
        ("567", MISMATCH),
        ("34567", MISMATCH),
        ("1234567", MISMATCH),
        ("X12345670", MISMATCH),
        ("", MISSING),
        (" - ", MISSING),
    ],
)
def test_book_number_matches_in_full_or_by_the_last_four(typed, result):
    assert check_book("X1234567", typed) == result
