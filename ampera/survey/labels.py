"""The survey's questions, answers and figures in words, in the language of the reader."""

from datetime import date

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from ampera import formats
from ampera.survey.satisfaction_index import LEAST

# As the survey asks them.
QUESTIONS = {
    "overall": _l("Layanan secara keseluruhan"),
    "requirements": _l("Kesesuaian persyaratan"),
    "procedure": _l("Kemudahan sistem, mekanisme, dan prosedur"),
    "time": _l("Kecepatan waktu penyelesaian"),
    "cost": _l("Kewajaran biaya atau tarif"),
    "product": _l("Kesesuaian hasil dengan yang dijanjikan"),
    "competence": _l("Kemampuan petugas"),
    "conduct": _l("Sikap dan kesopanan petugas"),
    "complaints": _l("Penanganan pengaduan, saran, dan masukan"),
    "facilities": _l("Sarana dan prasarana"),
}
# Short enough for a chart.
SHORT = {
    "requirements": _l("Persyaratan"),
    "procedure": _l("Prosedur"),
    "time": _l("Waktu"),
    "cost": _l("Biaya"),
    "product": _l("Hasil layanan"),
    "competence": _l("Kemampuan petugas"),
    "conduct": _l("Sikap petugas"),
    "complaints": _l("Pengaduan"),
    "facilities": _l("Sarana"),
}
SCORES = {4: _l("Sangat baik"), 3: _l("Baik"), 2: _l("Kurang baik"), 1: _l("Tidak baik")}
LETTERS = {"A": _l("Sangat baik"), "B": _l("Baik"), "C": _l("Kurang baik"), "D": _l("Tidak baik")}


def count(number: int) -> str:
    """The number of answers; a small number is not given exactly."""
    return gettext("kurang dari %(least)s", least=LEAST) if number < LEAST else str(number)


def month(name: str) -> str:
    """November 2026 for 2026-11."""
    return formats.month(date.fromisoformat(f"{name}-01"))


def short(name: str) -> str:
    """Nov 26 for 2026-11."""
    return formats.month_short(date.fromisoformat(f"{name}-01"))
