"""The invented people of the demo office, each with the state of the book.

The names show it ("Contoh", "Uji", "Coba", "Sampel"), and numbers begin with 99, which no office uses.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

SINGLES = (
    "Contoh Satu",
    "Percobaan",
    "Budi Contoh Santoso",
    "Siti Uji Rahmawati",
    "Sampel",
    "Andi Coba Pratama",
    "Dewi Contoh Lestari",
    "Muhammad Uji Coba",
    "Ratna Sampel Sari",
    "Joko Contoh",
    "Ujicoba",
    "Hendra Uji Wijaya",
    "Maya Contoh Puspita",
    "Rizki Coba Ramadhan",
    "Nur Sampel Hidayah",
    "Agus Uji Setiawan",
)
FAMILIES = {
    "KELUARGA-CONTOH-1": ("Ahmad Contoh Keluarga", "Aminah Contoh Keluarga", "Putri Contoh Keluarga"),
    "KELUARGA-CONTOH-2": ("Bambang Uji Keluarga", "Bunga Uji Keluarga"),
    "KELUARGA-CONTOH-3": (
        "Cahyo Sampel Keluarga",
        "Citra Sampel Keluarga",
        "Chandra Sampel Keluarga",
        "Cinta Sampel Keluarga",
    ),
}
TRAVEL_GROUP = tuple(
    f"Jemaah Contoh {word}"
    for word in (
        "Pertama",
        "Kedua",
        "Ketiga",
        "Keempat",
        "Kelima",
        "Keenam",
        "Ketujuh",
        "Kedelapan",
        "Kesembilan",
        "Kesepuluh",
        "Kesebelas",
        "Kedua Belas",
    )
)
FOREIGNERS = ("Example Visitor", "Sample Tourist", "Specimen Traveller")
LONG_NAME = "Raden Contoh Berkepanjangan Nama Uji Coba Sampel Percobaan Lengkap"


@dataclass(frozen=True)
class Person:
    """One invented holder. `becomes` is the state of the book in the demo; `days` since the issue date."""

    name: str
    group: str | None = None
    is_foreign: bool = False
    becomes: str = "ready"
    days: int = 4


def people() -> Iterator[Person]:
    """At least forty people: those with ready books first, then one or more for each other state."""
    yield from (Person(name, days=1 + n % 9) for n, name in enumerate(SINGLES))
    for group, names in FAMILIES.items():
        yield from (Person(name, group) for name in names)
    yield from (Person(name, "TRAVEL-CONTOH-UMRAH", days=6) for name in TRAVEL_GROUP)
    yield from (Person(name, is_foreign=True) for name in FOREIGNERS)
    yield Person(LONG_NAME)
    yield Person("Hampir Contoh Terlambat", days=27)
    yield Person("Lewat Uji Batas", days=45)
    yield Person("Tahan Sampel Periksa", becomes="held")
    yield Person("Batal Contoh Lama", becomes="cancelled", days=70)
    yield Person("Sudah Uji Diambil", becomes="collected")
    yield Person("Selesai Contoh Kemarin", becomes="collected")


def record(person: Person, n: int, today: date) -> dict[str, object]:
    """The fields of the person's book, as an intake gives them."""
    born = date(1960 + n % 50, 1 + n % 12, 1 + n % 27)
    return {
        "application_no": f"99{n:014d}",
        "passport_no": f"X{7_310_000 + n:07d}",
        "holder_name": person.name,
        "birth_date": born,
        "issued_on": today - timedelta(days=person.days),
        "shelf": f"{'ABCD'[n // 12 % 4]}-{1 + n // 6 % 9:02d}-{1 + n % 30:02d}",
        "nik": None if person.is_foreign else f"990101{born:%d%m%y}{n:04d}",
        "document_no": f"E{4_400_000 + n}" if person.is_foreign else None,
        "phone": f"+628990000{n:04d}",
        "email": f"orang{n}@contoh.example",
        "group_name": person.group,
    }
