"""What the survey may refuse: each code with its sentence."""

from flask_babel import lazy_gettext as _l

from ampera.errors import ErrorCode, register


@register
class SurveyRefusal(ErrorCode):
    SURVEY_EMPTY = "survey_empty", _l("Belum ada jawaban yang dipilih. Kembali ke halaman Anda dan pilih satu.")
