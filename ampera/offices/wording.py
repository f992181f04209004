"""Hours and checklists in words, in the language of the reader."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from babel.dates import get_day_names
from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _l

from ampera.offices.hours import Opening, Span, Special
from ampera.offices.options import option
from ampera.offices.timetable import Row

ALL_DAY = Span("00:00", "24:00")
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


def now(opening: Opening) -> str:
    """Whether the office is open, and until when."""
    if not opening.is_open or opening.until is None:
        return gettext("Sedang tutup")
    if opening.today == (ALL_DAY,):
        return gettext("Buka sepanjang hari")
    return gettext("Buka sampai %(time)s", time=at(opening.until))


def again(opening: Opening, moment: datetime) -> str:
    """When the office opens next, seen from this local moment; "" while it is open or when nobody knows."""
    opens = opening.next_opening
    if opens is None:
        return ""
    days_ahead = (opens.date() - moment.date()).days
    named = (gettext("hari ini"), gettext("besok"))
    day = named[days_ahead] if days_ahead < len(named) else weekday_and_date(opens)
    return gettext("%(day)s pukul %(time)s", day=day, time=at(opens))


def at(moment: datetime) -> str:
    """15.00 WIB; in English 15:00 WIB."""
    return f"{_clock(f'{moment:%H:%M}')} {moment.tzname()}"


def days(row: Row) -> str:
    """Senin–Jumat, or Sabtu, Minggu."""
    names = [_day_name(day) for day in row.days]
    is_run = len(names) > 2 and row.days[-1] - row.days[0] == len(names) - 1
    return f"{names[0]}–{names[-1]}" if is_run else ", ".join(names)


def spans(of: tuple[Span, ...], zone: str) -> str:
    """08.00–12.00, 13.00–15.00 WIB; or closed."""
    if not of:
        return gettext("Tutup")
    return f"{', '.join(f'{_clock(span.opens)}–{_clock(span.closes)}' for span in of)} {zone}"


def special(day: Special, zone: str) -> str:
    """A special day's title and hours."""
    return f"{day.title}: {spans(day.spans, zone)}"


def weekday_and_date(day: date) -> str:
    """Senin, 30-11-2026."""
    return f"{_day_name(day.weekday())}, {day:%d-%m-%Y}"


def _evidence(kind: str, item: str) -> str:
    return str(OWN_IDENTITY if (kind, item) == ("self", "identity") else EVIDENCE.get(item, item))


def _day_name(weekday: int) -> str:
    return get_day_names("wide", context="stand-alone", locale=get_locale())[weekday]


def _clock(time: str) -> str:
    return time if str(get_locale()) == "en" else time.replace(":", ".")


def _sentence(items: list[str]) -> str:
    joined = ", ".join(items)
    return joined[:1].upper() + joined[1:]
