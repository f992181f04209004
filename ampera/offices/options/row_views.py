"""The rows of a settings form: options and weekdays together, each with what it shows, what it was, and its default.

A form carries in `was.ROW` what each row showed first. Only rows that differ from it are changed, so a page that was
open for long does not undo what somebody else has changed since.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import gettext

from ampera.errors import message
from ampera.formats import ngettext
from ampera.offices import form_views, service
from ampera.offices.calendar.hours import Span
from ampera.offices.form_views import Answer, Typed, printed, spans
from ampera.offices.options import forms, labels
from ampera.offices.options.defaults import DEFAULTS, GRAVE, option
from ampera.offices.options.validation import NUMBERS
from ampera.offices.refusals import OfficeRefusal
from ampera.security import actor

WEEKDAYS = range(5)  # Monday to Friday
Fields = dict[str, str]


@dataclass(frozen=True)
class Row:
    """One setting. `was` and `default` are its fields as JSON; `default` is empty for what has none."""

    name: str
    value: Any
    was: str
    is_changed: bool
    error: str
    default: str = ""
    is_default: bool = True
    is_saved: bool = False


def save(form: Mapping[str, str], back: str, again: Callable[[Typed], str]) -> Answer:
    """Save what was changed in a settings form, or show the form again with everything that was typed."""
    options, week = changed_options(form), changed_days(form)
    refused = form_views.why_not_proved() if is_grave(options, week) else None
    made = refused or service.save_settings(actor(), options, week)
    count = len(options) + len(week)
    done = (
        ngettext("%(num)s perubahan disimpan.", "%(num)s perubahan disimpan.", count)
        if count
        else gettext("Tidak ada yang diubah.")
    )
    return form_views.answer(made, back, again, done, sentences=sentences(options))


def is_grave(options: Iterable[str], week: Mapping[int, list[Span]]) -> bool:
    """Whether a change needs a fresh sign-in: what is proved at the window, or hours in which the office is open."""
    return bool(GRAVE.intersection(options)) or any(week.values())


def sentences(names: Iterable[str]) -> dict[str, str]:
    """Better sentences than that a value does not suit, by option."""
    return {name: _what_fits(name) for name in names}


def _what_fits(name: str) -> str:
    if name not in NUMBERS:
        return message(OfficeRefusal.BAD_OPTION)
    least, most = NUMBERS[name]
    return gettext("Isi bilangan dari %(least)s sampai %(most)s.", least=least, most=most)


def words() -> dict[str, Any]:
    """What the templates of the rows need besides the rows."""
    return {"option_words": labels, "shape": forms.shape, "is_optional": forms.is_optional}


def option_row(options: dict[str, Any], name: str, typed: Typed) -> Row:
    """What was typed if it is a change, else what the office has now."""
    is_changed = _is_changed(name, typed.form)
    value = forms.read(name, forms.part(name, typed.form)) if is_changed else option(options, name)
    return Row(
        name,
        value,
        _was(name, typed.form, forms.written(name, option(options, name)), is_changed),
        is_changed,
        typed.errors.get(name, ""),
        json.dumps(forms.written(name, DEFAULTS[name])),
        forms.written(name, value) == forms.written(name, DEFAULTS[name]),
        request.args.get("saved") == name,
    )


def day_row(stored: Iterable[Span], weekday: int, typed: Typed) -> Row:
    """The hours of one weekday."""
    name, present = f"hours.{weekday}", printed(stored)
    is_changed = _is_changed(name, typed.form)
    value = forms.part(name, typed.form).get("value", "") if is_changed else present
    return Row(
        name, value, _was(name, typed.form, {"value": present}, is_changed), is_changed, typed.errors.get(name, "")
    )


def changed_options(form: Mapping[str, str]) -> dict[str, Any]:
    """The options that were changed in this form, in the types of the options."""
    changeable = (name for name in DEFAULTS if name not in forms.OWN_FORMS)
    return {name: forms.read(name, forms.part(name, form)) for name in changeable if _is_changed(name, form)}


def changed_days(form: Mapping[str, str]) -> dict[int, list[Span]]:
    """The weekdays whose hours were changed in this form."""
    names = {weekday: f"hours.{weekday}" for weekday in range(7)}
    return {
        weekday: spans(forms.part(name, form).get("value", ""))
        for weekday, name in names.items()
        if _is_changed(name, form)
    }


def one_option(name: str, form: Mapping[str, str]) -> Fields:
    """The form of one option only, as a settings form with this change."""
    return {f"was.{name}": "", **{f"{name}.{field}": text for field, text in form.items()}}


def one_day(weekday: int, hours: str) -> Fields:
    """The form of one weekday only, as a settings form with this change."""
    return {f"was.hours.{weekday}": "", f"hours.{weekday}.value": hours}


def with_default(name: str, form: Mapping[str, str]) -> Fields:
    """The form with the default of this option instead of what was typed for it. Nothing else is an option's name."""
    kept = {field: text for field, text in form.items() if not field.startswith(f"{name}.")}
    default = forms.written(name, DEFAULTS[name]) if name in DEFAULTS else {}
    return kept | {f"{name}.{field}": text for field, text in default.items()}


def with_monday(form: Mapping[str, str]) -> Fields:
    """The form with the hours of Monday for Tuesday to Friday too."""
    monday = form.get("hours.0.value", "")
    return {**form, **{f"hours.{weekday}.value": monday for weekday in WEEKDAYS}}


def _is_changed(name: str, form: Mapping[str, str]) -> bool:
    """Whether the form has this row and says something else than the row showed first."""
    first = form.get(f"was.{name}")
    return first is not None and _alike(name, forms.part(name, form)) != _alike(name, _fields(first))


def _alike(name: str, fields: Fields | None) -> Any:
    """What is equal for two ways to write the same."""
    if fields is None:
        return None
    is_day = name.startswith("hours.")
    return spans(fields.get("value", "")) if is_day else forms.written(name, forms.read(name, fields))


def _fields(text: str) -> Fields | None:
    """The fields of a `was`; None for anything else, which counts as a change."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    is_fields = isinstance(found, dict) and all(isinstance(value, str) for value in found.values())
    return found if is_fields else None


def _was(name: str, form: Mapping[str, str], stored: Fields, is_changed: bool) -> str:
    first = form.get(f"was.{name}", "")
    return first if is_changed and _fields(first) is not None else json.dumps(stored)
