"""How holders are called: by a name that means them, told apart from each other."""

import pytest

from ampera.pickups.name_labels import first_name, short_names


@pytest.mark.parametrize(
    ("holder", "name"),
    [
        ("Putri Contoh", "Putri"),
        ("Contoh", "Contoh"),
        ("H. Ahmad Contoh", "Ahmad"),
        ("Hj. Siti Contoh", "Siti"),
        ("HJ SITI CONTOH", "SITI"),
        ("M. Rizki Uji", "Rizki"),
        ("M Rizki Uji", "Rizki"),
        ("Dr. Ir. Budi Sampel", "Budi"),
        ("Dr.Ir.H.Budi Sampel", "Budi"),
        ("Prof. Dr. H. Ahmad Contoh, S.H., M.Si.", "Ahmad"),
        ("drg. Contoh", "Contoh"),
        ("Muh. Fauzi Uji", "Fauzi"),
        ("MUHD FAUZI UJI", "FAUZI"),
        ("Moch. Fauzi", "Fauzi"),
        ("Mohd. Fauzi", "Fauzi"),
        ("Muhammad Fauzi", "Muhammad"),
        ("St. Aminah Contoh", "Aminah"),
        ("St Aminah", "Aminah"),
        ("R. Contoh Uji", "Contoh"),
        ("R.A. Kartini Contoh", "Kartini"),
        ("A. Rahman Contoh", "Rahman"),
        ("A. R. Contoh", "Contoh"),
        ("K.H. Contoh Uji", "Contoh"),
        ("Drs. H. Contoh", "Contoh"),
        ("Sdr. Budi Contoh", "Budi"),
        ("Sdr/i Budi Contoh", "Budi"),
        ("Bpk Contoh", "Contoh"),
        ("Abd. Rahman", "Rahman"),
        ("Ø. Uji", "Uji"),
        ("I Made Contoh", "Made"),
        ("Nur'aini Percobaan", "Nur'aini"),
        ("O’Contoh Sampel", "O’Contoh"),
        ("Budi, S.Kom", "Budi"),
        ("Sr. Maria Contoh", "Maria"),
        ("Kol. Contoh", "Contoh"),
        ("Tb. Contoh Uji", "Contoh"),
        ("Ph.D. Contoh", "Contoh"),
        ("Budi.", "Budi"),
        ("Ni Made Contoh", "Made"),
        ("Ni", "Ni"),
        ("Almarhum Contoh Uji", "Contoh"),
        ("(Alm) Contoh", "Contoh"),
        ("“Budi” Contoh", "Budi"),
        ("’Aisyah Contoh", "’Aisyah"),
        ("H.\u00a0Contoh", "Contoh"),
        ("Н. Иванов", "Иванов"),
        ("أ. محمد", "محمد"),
        ("张伟", "张伟"),
        ("Đ. Contoh", "Contoh"),
        ("H. M.", "M"),
        ("Haji", "Haji"),
        ("", ""),
        ("  ", ""),
        ("Raden Contoh", "Raden"),
        ("C" * 40, "C" * 24),
    ],
)
def test_titles_and_initials_are_no_first_names(holder, name):
    assert first_name(holder) == name


@pytest.mark.parametrize(
    ("holders", "names"),
    [
        (["Putri Contoh", "Ahmad Contoh"], ["Putri", "Ahmad"]),
        (
            ["Muhammad Fauzi", "Muhammad Rizki", "Siti Aminah", "Siti Khadijah Contoh", "Ali"],
            ["Muhammad F.", "Muhammad R.", "Siti A.", "Siti K. C.", "Ali"],
        ),
        (["MUHAMMAD Contoh", "Muhammad Uji"], ["MUHAMMAD C.", "Muhammad U."]),
        (["Siti Aminah", "Siti Aisyah"], ["Siti A. …0001", "Siti A. …0002"]),
        (["Contoh", "Contoh", "Contoh Uji"], ["Contoh …0001", "Contoh …0002", "Contoh U."]),
        (["H. Ahmad Contoh", "Ahmad Uji"], ["Ahmad C.", "Ahmad U."]),
        (["M. Rizki A. Uji", "Rizki"], ["Rizki A. U.", "Rizki"]),
        (["Nur'aini", "Nur’aini"], ["Nur'aini …0001", "Nur’aini …0002"]),
        (["Zoë", "Zoe\u0308"], ["Zoë …0001", "Zoe\u0308 …0002"]),
        (["Zoë", "Zoe"], ["Zoë", "Zoe"]),
        (["(Budi) Contoh", "Budi Uji"], ["Budi C.", "Budi U."]),
        ([], []),
    ],
)  # fmt: skip
def test_brothers_have_different_names(holders, names):
    numbered = [(name, f"880000000000{number:04d}") for number, name in enumerate(holders, 1)]
    assert short_names(numbered) == names


def test_numbers_with_the_same_end_get_more_digits():
    numbers = ["8800000000001234", "8800000000011234", "8800000000000001"]
    assert short_names([("Ahmad Contoh", number) for number in numbers]) == [
        "Ahmad C. …01234", "Ahmad C. …11234", "Ahmad C. …00001",
    ]  # fmt: skip
    assert short_names([("Ahmad", numbers[0])] * 2) == ["Ahmad …1234"] * 2
