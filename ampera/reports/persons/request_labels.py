"""Words for the requests of persons: their kinds, the ways they came, their answers, their clock."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from ampera import formats
from ampera.reports.persons.deadlines import Clock

KINDS = {"access": _l("Salinan data"), "correction": _l("Perbaikan"), "objection": _l("Keberatan")}
WAYS = {"counter": _l("di loket"), "letter": _l("dengan surat"), "message": _l("dengan pesan")}
OUTCOMES = {"granted": ("go", _l("Dipenuhi")), "refused": ("stop", _l("Ditolak"))}
TONES = {"overdue": "stop", "soon": "wait", "running": "neutral"}


def clock(of: Clock) -> tuple[str, str]:
    """(tone, words): Sisa 2 hari 04 j, or Lewat 3 j 05 mnt."""
    time = formats.age(of.seconds)
    words = gettext("Lewat %(time)s", time=time) if of.state == "overdue" else gettext("Sisa %(time)s", time=time)
    return TONES[of.state], words


def lateness(of: Clock) -> str:
    """Whether the answer came in time."""
    if of.state == "overdue":
        return gettext("terlambat %(time)s", time=formats.age(of.seconds))
    return gettext("tepat waktu")
