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
        ([], []),
    ],
)  # fmt: skip
def test_brothers_have_different_names(holders, names):
    numbered = [(name, f"880000000000{number:04d}") for number, name in enumerate(holders, 1)]
    assert short_names(numbered) == names
