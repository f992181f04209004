"""What requests of persons may refuse: each code with its sentence."""

from flask_babel import lazy_gettext as _l

from ampera.errors import ErrorCode, register


@register
class RequestRefusal(ErrorCode):
    APPLICATION_UNKNOWN = "application_unknown", _l("Tidak ada permohonan dengan nomor ini di kantor ini.")
    ASKED_MISSING = "asked_missing", _l("Tulis dengan singkat apa yang diminta.")
    RECEIVED_WRONG = (
        "received_wrong",
        _l("Isi kapan permintaan sampai di kantor: tidak di masa depan, dan tidak lebih dari 90 hari lalu."),
    )
    ALREADY_NOTED = "already_noted", _l("Permintaan yang sama sudah tercatat dan belum dijawab.")
    ALREADY_ANSWERED = "already_answered", _l("Permintaan ini sudah dijawab.")
    ANSWER_MISSING = "answer_missing", _l("Tulis jawabannya, dan bila ditolak dasarnya.")
    PAPER_NEEDED = "paper_needed", _l("Permintaan salinan dipenuhi dengan salinannya, bukan dengan kata.")
