"""Machines that are silent, proofs that are late, keys that nobody looks after."""

from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ampera import clock, formats
from ampera.accounts.keys.queries import neglected
from ampera.accounts.models import ApiKey
from ampera.accounts.tablets.labels import SHORT
from ampera.accounts.tablets.queries import silent_tablets
from ampera.attention.kind import Act, Kind, Place, Row, Slice
from ampera.board.screens import labels as screen_labels
from ampera.board.screens.queries import silent_screens
from ampera.history import lateness
from ampera.history.lateness import FOLDER, MAIL, Late
from ampera.installation import last_backup
from ampera.offices.calendar.hours import opening
from ampera.offices.options.defaults import option
from ampera.offices.queries import specials_of, week_of

PROOFS = "proofs"
NOBODY = _l("tanpa nama")
NEGLECTED = {
    "left": _l("Orangnya sudah pergi"),
    "endless": _l("Tanpa batas waktu"),
    "ended": _l("Sudah berakhir"),
    "unused": _l("Tidak dipakai"),
}


def _silent_screens(session: Session, place: Place) -> list[dict[str, Any]]:
    """While the office is open: at night a screen may be switched off."""
    if place.screens is None:
        return []
    minutes = timedelta(minutes=option(place.office.options, "silent_screen_minutes"))
    found = silent_screens(session, place.office.id, place.screens, clock.true_now() - minutes)
    return found if found and _is_open(session, place) else []


def _is_open(session: Session, place: Place) -> bool:
    moment = clock.local(place.at, place.timezone)
    week, specials = week_of(session, place.office.id), specials_of(session, place.office.id, moment.date())
    return opening(moment, week, specials).is_open


def _screens(session: Session, place: Place, part: Slice) -> list[Row]:
    found = _silent_screens(session, place)[part.offset : part.offset + part.limit]
    return [
        Row(
            screen["name"] or gettext("Layar tanpa nama"),
            ("stop", _l("Diam")),
            (
                screen_labels.watch(screen),
                gettext("sejak %(time)s", time=formats.timestamp(screen["silent_since"], place.timezone)),
            ),
            (Act(_l("Ke layar"), "/admin/devices", gettext("Ke layar %(name)s", name=screen["name"]), "screen"),),
        )
        for screen in found
    ]


def _silent_tablets(session: Session, place: Place) -> list[dict[str, Any]]:
    days = timedelta(days=option(place.office.options, "silent_tablet_days"))
    return silent_tablets(session, place.office.id, place.at - days)


def _tablets(session: Session, place: Place, part: Slice) -> list[Row]:
    found = _silent_tablets(session, place)[part.offset : part.offset + part.limit]
    return [_tablet(place, tablet) for tablet in found]


def _tablet(place: Place, tablet: dict[str, Any]) -> Row:
    last, name = tablet["last"], tablet["name"] or str(NOBODY)
    used = _l("belum pernah dipakai")
    if last:
        at = formats.local_date(last.seen_at, place.timezone)
        used = gettext("terakhir %(day)s, %(name)s", day=at, name=last.name)
    path = f"/admin/devices/tablets/{tablet['id']}/revoke"
    act = Act(_l("Cabut"), path, gettext("Cabut %(name)s", name=name), "out")
    return Row(name, ("wait", _l("Tidak dipakai")), (SHORT[tablet["kind"]], used), (act,))


def _prepare(session: Session, place: Place, _before: object) -> list[Late]:
    return lateness.late(session, place.settings)


def _late_count(_session: Session, place: Place) -> int:
    return len(place.prepared.get(PROOFS) or ()) + last_backup.is_late(place.settings)


def _late(_session: Session, place: Place, part: Slice) -> list[Row]:
    rows = [_checkpoint(place, found) for found in place.prepared.get(PROOFS) or ()]
    age = last_backup.age(place.settings)
    if age is not None and last_backup.is_late(place.settings):
        made = gettext("umur %(age)s", age=formats.age(int(age.total_seconds())))
        rows.insert(0, Row(_l("Cadangan"), ("stop", made), (_l("Di server: ampera backup create"),)))
    return rows[part.offset : part.offset + part.limit]


def _checkpoint(place: Place, found: Late) -> Row:
    names = {FOLDER: _l("Titik periksa di folder"), MAIL: _l("Titik periksa lewat surel")}
    word = formats.timestamp(found.at, place.timezone) if found.at else _l("belum ada")
    return Row(names[found.place], ("stop", word), (_l("Di server: ampera doctor menyebut sebabnya"),))


def _neglected(session: Session, place: Place) -> list[tuple[str, ApiKey]]:
    """Each key once, with the gravest reason."""
    found = neglected(session, place.at, place.office.id)
    first = {key: why for why, keys in reversed(found.items()) for key in keys}
    return [(why, key) for why, keys in found.items() for key in keys if first[key] == why]


def _keys(session: Session, place: Place, part: Slice) -> list[Row]:
    found = _neglected(session, place)[part.offset : part.offset + part.limit]
    return [_key(place, why, key) for why, key in found]


def _key(place: Place, why: str, key: ApiKey) -> Row:
    name = key.name or str(NOBODY)
    acts = (
        Act(_l("Ganti"), f"/admin/keys/{key.id}/rotate", gettext("Ganti kunci %(name)s", name=name), "undo"),
        Act(_l("Cabut"), f"/admin/keys/{key.id}/revoke", gettext("Cabut %(name)s", name=name), "out"),
    )
    return Row(name, ("wait", NEGLECTED[why]), (key.staff.name, _last_use(key.used_at, place)), acts)


def _last_use(used_at: datetime | None, place: Place) -> str:
    if used_at is None:
        return gettext("belum pernah dipakai")
    return gettext("terakhir dipakai %(day)s", day=formats.local_date(used_at, place.timezone))


SCREENS = Kind(
    "screens",
    ("supervisor", "admin"),
    _l("Layar diam"),
    _l("Selama jam layanan layar ini tidak menampilkan apa pun. Periksa listrik, jaringan, dan perambannya."),
    lambda session, place: len(_silent_screens(session, place)),
    _screens,
)
TABLETS = Kind(
    "tablets",
    ("supervisor", "admin"),
    _l("Tablet tidak dipakai"),
    _l("Pastikan masih ada di kantor. Yang hilang dicabut, supaya tidak dapat dipakai masuk."),
    lambda session, place: len(_silent_tablets(session, place)),
    _tablets,
)
LATE = Kind(
    PROOFS,
    ("supervisor", "admin"),
    _l("Cadangan dan titik periksa terlambat"),
    _l("Minta pengelola server memeriksanya hari ini."),
    _late_count,
    _late,
    prepare=_prepare,
)
KEYS = Kind(
    "keys",
    ("admin",),
    _l("Kunci API terlantar"),
    _l("Berakhir, tanpa batas waktu, atau 90 hari tidak dipakai: ganti yang perlu, cabut yang lain."),
    lambda session, place: len(_neglected(session, place)),
    _keys,
)
