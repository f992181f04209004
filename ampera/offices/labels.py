"""Hours and checklists in words, in the language of the reader."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _l

from ampera.formats import clock_zone, ngettext, number, wall_time, weekday, weekday_date
from ampera.offices.calendar.admission import ALL_DAY, BY_HAND, LAST_VEHICLE, QUOTA, Admission
from ampera.offices.calendar.hours import Span, Special
from ampera.offices.calendar.timetable import Row
from ampera.offices.options.defaults import option
from ampera.offices.queries import ServiceHours

CLASSES = {
    "self": ("user", _l("Pemohon sendiri")),
    "family": ("family", _l("Keluarga satu KK")),
    "proxy": ("proxy", _l("Kuasa")),
}
EVIDENCE = {
    "payment": _l("bukti pembayaran"),
    "identity": _l("identitas pengambil"),
    "family_card": _l("salinan Kartu Keluarga"),
    "proxy_letter": _l("surat kuasa bermeterai Rp10.000"),
}

OWN_IDENTITY = _l("identitas asli yang berlaku")


@dataclass(frozen=True)
class Bring:
    """What one class of collector shows."""

    icon: str
    who: str
    what: str


def bring(options: dict[str, Any]) -> list[Bring]:
    """The office's checklists as lines to read before one drives off."""
    lists = option(options, "checklists")
    return [
        Bring(icon, str(who), _sentence([_evidence(kind, item) for item in lists.get(kind, ())]))
        for kind, (icon, who) in CLASSES.items()
    ]


def now(admission: Admission, hours: ServiceHours) -> str:
    """Whether vehicles may enter, and until when; else the reason as the public may read it."""
    if admission.is_open and admission.until is not None:
        is_all_day = hours.opening.today == (ALL_DAY,)
        return (
            gettext("Buka sepanjang hari")
            if is_all_day
            else gettext("Buka sampai %(time)s", time=clock_zone(admission.until))
        )
    if admission.reason == BY_HAND and admission.until is not None:
        return gettext("Layanan sedang ditutup sampai %(when)s", when=when(admission.until, hours.moment))
    if admission.reason == BY_HAND:
        return gettext("Layanan sedang ditutup")
    if admission.reason == QUOTA:
        return gettext("Kuota hari ini sudah penuh")
    if admission.reason == LAST_VEHICLE:
        return gettext("Kendaraan terakhir sudah lewat")
    return gettext("Sedang tutup")


def again(admission: Admission, moment: datetime) -> str:
    """The next opening, seen from this local moment; "" while vehicles may enter, and for an unknown opening."""
    if admission.opens_at is None:
        return ""
    named = (gettext("hari ini"), gettext("besok"))
    days_ahead = (admission.opens_at.date() - moment.date()).days
    day = named[days_ahead] if days_ahead < len(named) else weekday_date(admission.opens_at)
    return gettext("%(day)s pukul %(time)s", day=day, time=clock_zone(admission.opens_at))


def when(moment: datetime, seen_from: datetime) -> str:
    """15.00 WIB, with its day if it is another day than `seen_from`. Both are local."""
    if moment.date() == seen_from.date():
        return clock_zone(moment)
    return gettext("%(day)s pukul %(time)s", day=weekday_date(moment), time=clock_zone(moment))


def remaining(left: int, quota: int) -> str:
    """The rest of today's quota."""
    return gettext("%(left)s dari %(quota)s kendaraan", left=number(left), quota=number(quota))


def days(row: Row) -> str:
    """Senin–Jumat, or Sabtu, Minggu."""
    names = [weekday(day) for day in row.days]
    is_run = len(names) > 2 and row.days[-1] - row.days[0] == len(names) - 1
    return f"{names[0]}–{names[-1]}" if is_run else ", ".join(names)


def spans(of: tuple[Span, ...], zone: str) -> str:
    """08.00–12.00, 13.00–15.00 WIB; or closed."""
    if not of:
        return gettext("Tutup")
    return f"{', '.join(f'{wall_time(span.opens)}–{wall_time(span.closes)}' for span in of)} {zone}"


def title(day: Special) -> str:
    """A special day's title in the reader's language, in Indonesian where it has no other."""
    return (day.title_en if str(get_locale()) == "en" else "") or day.title


def special(day: Special, zone: str) -> str:
    """A special day's title, hours and quota."""
    hours = f"{title(day)}: {spans(day.spans, zone)}"
    if day.quota is None or not day.spans:
        return hours
    quota = ngettext("%(num)s kendaraan", "%(num)s kendaraan", day.quota)
    return f"{hours}, {quota}"


def _evidence(kind: str, item: str) -> str:
    return str(OWN_IDENTITY if (kind, item) == ("self", "identity") else EVIDENCE.get(item, item))


def _sentence(items: list[str]) -> str:
    joined = ", ".join(items)
    return joined[:1].upper() + joined[1:]
