"""The answers to an office's forms: saved and back to the page, or the page with the refused input and its errors."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import flash, redirect, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from ampera import db
from ampera.accounts.refusals import AccountRefusal
from ampera.errors import Problem, Refused, message
from ampera.formats import ngettext
from ampera.offices.calendar.admission import SECOND_THOUGHTS
from ampera.offices.calendar.hours import Span
from ampera.offices.changes import Changed
from ampera.offices.models import Office
from ampera.offices.options.defaults import option
from ampera.offices.refusals import OfficeRefusal
from ampera.security import actor, has_proved, is_fresh

LARGEST = 9999  # small number that a form accepts
Answer = str | Response | tuple[str, int]
_AS_STORED = str.maketrans({".": ":", "–": "-", "—": "-", " ": None})


@dataclass(frozen=True)
class Typed:
    """A refused form: its address, its input, and a sentence for each wrong field. Empty for a fresh page."""

    path: str = ""
    form: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    def value(self, path: str, name: str, stored: object = "") -> object:
        """The value that this field of the form at `path` shows."""
        return self.form.get(name, "") if path == self.path else stored

    def error(self, path: str, name: str) -> str:
        return self.errors.get(name, "") if path == self.path else ""


def answer(
    result: Changed | Refused,
    back: str,
    again: Callable[[Typed], str],
    done: str = "",
    sentences: Mapping[str, str] = {},
    typed: Mapping[str, str] | None = None,
) -> Answer:
    """Redirect to `back` with `done`, or render the page with `again`.

    `sentences` replace the refusal's, by field; `typed` replaces the request's form.
    """
    if not isinstance(result, Refused):
        if done:
            flash(done, "go")
        if result.vehicles_off:
            flash(_lost_slots(result), "wait")
        return redirect(back, 303)
    if result.status == 404:
        raise Problem(result.code, 404)
    errors = {name: sentences.get(name) or message(code) for name, code in result.fields.items()}
    return again(Typed(request.path, request.form if typed is None else typed, errors)), result.status


def why_not_proved() -> Refused | None:
    """For a grave change: None when the password was typed a short while ago, or stands in the field `proof`.

    A key can type no password: it is refused.
    """
    typed = request.form.get("proof", "")
    if is_fresh() or has_proved(typed):
        return None
    code = AccountRefusal.WRONG_PASSWORD if typed else AccountRefusal.FRESH_SIGN_IN_NEEDED
    if actor().is_of_directory:
        code = AccountRefusal.DIRECTORY_PROOF_NEEDED
    return Refused(code, 403, {"proof": code})


def _lost_slots(made: Changed) -> str:
    """How many bookings lose their slot, and whether their applicants will be notified."""
    with db.reading() as session:
        is_notified = "slot_off" in option(session.get_one(Office, made.office_id).options, "notice_kinds")
    count = ngettext(
        "%(num)s kendaraan sudah memesan waktu yang tidak dilayani lagi.",
        "%(num)s kendaraan sudah memesan waktu yang tidak dilayani lagi.",
        made.vehicles_off,
    )
    minutes = SECOND_THOUGHTS.seconds // 60
    rest = (
        gettext("Pemohonnya diberi tahu %(minutes)s menit lagi, kecuali bila dibuka lagi sebelum itu.", minutes=minutes)
        if is_notified
        else gettext("Pemohonnya tidak diberi tahu: kantor tidak mengirim pesan ini.")
    )
    return f"{count} {rest}"


def number(name: str, missing: int = 0) -> int:
    """A small number of the form; `missing` without such a field, 0 for any other text."""
    typed = request.form.get(name, 0, type=int) if name in request.form else missing
    return typed if 0 <= typed <= LARGEST else 0


def quota() -> int | None:
    """The quota of the form; -1, which is refused, for a text that is no number."""
    typed = request.form.get("quota", "").strip()
    return request.form.get("quota", -1, type=int) if typed else None


def moment(timezone: str) -> datetime | Refused | None:
    """The `until` of the form, in the office's time zone; None if empty."""
    typed = request.form.get("until", "").strip()
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=ZoneInfo(timezone)) if typed else None
    except ValueError:
        return Refused(OfficeRefusal.BAD_UNTIL, 422, {"until": OfficeRefusal.BAD_UNTIL})


def day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def spans(text: str) -> list[Span]:
    """Hours like `08.00–12.00, 13.00–15.00`. Unreadable parts stay in the result and are refused."""
    typed = text.translate(_AS_STORED)
    return [Span(*part.strip().partition("-")[::2]) for part in typed.split(",") if part.strip()]


def printed(of: Iterable[Span]) -> str:
    """The spans as people write them: `08.00–12.00, 13.00–15.00`."""
    return ", ".join(f"{span.opens}–{span.closes}" for span in of).replace(":", ".")
