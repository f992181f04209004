"""The forms of the options and of the calendar: all that was changed is saved together, or nothing is."""

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from ampera import clock, db
from ampera.audit import AuditEntry
from ampera.offices.calendar.hours import Span
from ampera.offices.models import Office
from ampera.offices.options import forms
from ampera.offices.options.defaults import DEFAULTS, OPTIONS
from ampera.offices.queries import week_of
from tests.admin.test_office_pages import options, shown, whole

MORNING = [Span("08:00", "12:00")]
CHANGEABLE = [known.name for known in OPTIONS if known.name not in forms.OWN_FORMS]


def week() -> dict:
    with db.reading() as session:
        return dict(week_of(session, 1))


def audited() -> list[tuple[str, dict]]:
    with db.reading() as session:
        rows = session.execute(
            select(AuditEntry.action, AuditEntry.details)
            .where(AuditEntry.action.in_(("office.option_set", "office.hours_set")))
            .order_by(AuditEntry.id)
        )
        return [(action, json.loads(details)) for action, details in rows]


def revision() -> int:
    with db.reading() as session:
        return session.get_one(Office, 1).revision


def test_two_options_of_different_headings_are_saved_by_one_press(sign_in):
    admin, before = sign_in("admin"), revision()
    typed = whole(admin.get("/admin/options").text) | {"call_seconds.value": "12", "contact.value": "0711 000 Contoh"}
    answer = admin.post("/admin/options", data=typed, follow_redirects=True)
    assert "2 perubahan disimpan." in answer.text
    assert options() == {"call_seconds": 12, "contact": "0711 000 Contoh"}
    assert revision() == before + 1
    assert [(details["option"], details["value"]) for _, details in audited()] == [
        ("call_seconds", 12),
        ("contact", "0711 000 Contoh"),
    ]


def test_a_form_without_a_change_saves_and_audits_nothing(sign_in):
    admin = sign_in("admin")
    for path in ("/admin/options", "/admin/calendar"):
        answer = admin.post(path, data=whole(admin.get(path).text), follow_redirects=True)
        assert "Tidak ada yang diubah." in answer.text
    assert options() == {} and audited() == []


def test_all_weekdays_and_limits_are_saved_by_one_press(sign_in):
    admin = sign_in("admin")
    typed = whole(admin.get("/admin/calendar").text)
    typed |= {f"hours.{weekday}.value": "08.00–12.00" for weekday in range(5)}
    admin.post("/admin/calendar", data=typed | {"hours.6.value": "", "day_quota.value": "80"})
    assert [week().get(weekday) for weekday in range(5)] == [MORNING] * 5 and 6 not in week()
    assert options() == {"day_quota": 80}


def test_one_wrong_field_saves_nothing_and_keeps_everything_typed(sign_in):
    admin, before = sign_in("admin"), week()
    typed = whole(admin.get("/admin/calendar").text)
    typed |= {"hours.0.value": "08.00–12.00", "hours.1.value": "pagi", "day_quota.value": "80"}
    answer = admin.post("/admin/calendar", data=typed)
    assert answer.status_code == 422 and week() == before and options() == {} and audited() == []
    assert whole(answer.text) == typed
    assert "Tulis jam layanan seperti 08.00–12.00" in re.search(r'id="hours-1-row".*?</li>', answer.text, re.S)[0]
    assert answer.text.count("data-changed") == 3 and "Simpan perubahan (3)" in answer.text
    saved = admin.post("/admin/calendar", data=whole(answer.text) | {"hours.1.value": "09.00–10.00"})
    assert saved.status_code == 303 and week()[0] == MORNING and options() == {"day_quota": 80}


def test_wrong_options_are_refused_with_one_sentence_beside_every_option(sign_in):
    admin = sign_in("admin")
    typed = whole(admin.get("/admin/options").text)
    typed |= {"identity_tries.value": "99", "rack_order.value": "A;B", "prefixes.car": "P", "contact.value": "Contoh"}
    answer = admin.post("/admin/options", data=typed)
    assert answer.status_code == 422 and options() == {} and whole(answer.text) == typed
    for name in ("identity_tries", "rack_order", "prefixes"):
        assert "field__error" in re.search(rf'id="option-{name}-row".*?</li>', answer.text, re.S)[0]
    assert answer.text.count('class="field__error"') == 3


def test_an_old_page_does_not_undo_what_somebody_else_changed_since(sign_in):
    admin = sign_in("admin")
    old = whole(admin.get("/admin/options").text)
    admin.post("/admin/options", data=old | {"call_seconds.value": "12"})
    admin.post("/admin/options", data=old | {"max_calls.value": "5"})
    assert options() == {"call_seconds": 12, "max_calls": 5}


@pytest.mark.parametrize("name", CHANGEABLE)
def test_default_of_an_option_is_filled_in_without_saving(sign_in, name):
    admin = sign_in("admin")
    page = "/admin/calendar" if name in ("day_quota", "booked_share", "last_vehicle_minutes") else "/admin/options"
    other = "hours.3.value" if page == "/admin/calendar" else "contact.value" if name != "contact" else "geo.value"
    typed = {f"was.{name}": "", f"{name}.value": "1", f"{name}.car": "9", f"{name}.1": "x"}
    typed = whole(admin.get(page).text) | typed | {other: "08.00–09.00"}
    answer = admin.post(page, data=typed | {"default": name})
    assert answer.status_code == 200 and options() == {} and audited() == []
    fields = shown(answer.text, f"option-{name}")
    assert forms.part(name, fields) == forms.written(name, DEFAULTS[name])
    assert whole(answer.text)[other] == "08.00–09.00"


def test_default_of_a_changed_option_can_be_saved(sign_in):
    admin = sign_in("admin")
    admin.post("/admin/options/call_seconds", data={"value": "12"})
    filled = admin.post("/admin/options", data=whole(admin.get("/admin/options").text) | {"default": "call_seconds"})
    admin.post("/admin/options", data=whole(filled.text))
    assert options()["call_seconds"] == DEFAULTS["call_seconds"]
    assert admin.post("/admin/options", data={"default": "colour"}).status_code == 200


def test_monday_is_copied_to_the_weekdays_without_saving(sign_in):
    admin, before = sign_in("admin"), week()
    typed = whole(admin.get("/admin/calendar").text) | {"hours.0.value": "08.00–12.00", "hours.6.value": ""}
    answer = admin.post("/admin/calendar", data=typed | {"copy": "monday"})
    fields = whole(answer.text)
    assert answer.status_code == 200 and week() == before
    assert [fields[f"hours.{weekday}.value"] for weekday in range(5)] == ["08.00–12.00"] * 5
    assert fields["hours.5.value"] == typed["hours.5.value"] and fields["hours.6.value"] == ""


def test_moved_deadlines_and_other_options_are_saved_together(sign_in):
    admin = sign_in("admin")
    until = (clock.today() + timedelta(90)).isoformat()
    typed = whole(admin.get("/admin/options").text)
    admin.post(
        "/admin/options", data=typed | {"deadline_extended_until.value": until, "collection_limit.value": "45 days"}
    )
    assert options() == {"collection_limit": "45 days", "deadline_extended_until": until}


@pytest.mark.parametrize("was", ["", "{", "[]", "7", '{"value": 7}', "null"])
def test_an_unreadable_first_value_counts_as_a_change(sign_in, was):
    admin = sign_in("admin")
    data = {"was.call_seconds": was, "call_seconds.value": "12", "was.message": was, "message.value": "x"}
    assert admin.post("/admin/options", data=data).status_code == 303
    assert options() == {"call_seconds": 12}


@pytest.mark.parametrize("role", ["officer", "desk", "supervisor"])
@pytest.mark.parametrize("path", ["/admin/options", "/admin/calendar"])
def test_nobody_else_saves_settings(sign_in, role, path):
    assert sign_in(role).post(path, data={"was.call_seconds": "", "call_seconds.value": "12"}).status_code == 403
    assert options() == {}
