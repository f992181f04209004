"""What weakens the checks at the window, or opens the office, needs a password that was typed a short while ago."""

from datetime import timedelta

import pytest

from ampera import clock
from tests import builders
from tests.admin.test_office_pages import options, whole
from tests.admin.test_settings_forms import week
from tests.passports.test_number_answers import audited

LATER = timedelta(minutes=11)
DAY = clock.today() + timedelta(days=3)
HOLIDAY = {"day": DAY.isoformat(), "title": "Libur uji", "hours": "", "quota": ""}
GRAVE = (
    ("/admin/options/identity_tries", {"value": "9"}),
    ("/admin/options/signature_required", {"value": "no"}),
    ("/admin/options/notice_kinds", {"ready": "yes"}),
    ("/admin/options/contact", {"value": "0711 000 Contoh"}),
    ("/admin/hours/6", {"hours": "08.00–12.00"}),
    ("/admin/special-days", HOLIDAY | {"hours": "20.00–22.00"}),
    (f"/admin/special-days/{DAY}/drop", {}),
)


@pytest.fixture
def admin(sign_in):
    """An administrator whose password was typed eleven minutes ago; one special day, closed."""
    client = sign_in("admin")
    assert client.post("/admin/special-days", data=HOLIDAY).status_code == 303
    with clock.shift(LATER):
        yield client


@pytest.mark.parametrize(("path", "form"), GRAVE)
def test_grave_change_asks_for_the_password_and_keeps_what_was_typed(admin, path, form):
    before = options(), week()
    for proof, problem in (({}, "Ketik ulang"), ({"proof": "kata sandi salah"}, "tidak cocok")):
        refused = admin.post(path, data=form | proof)
        assert refused.status_code == 403 and 'name="proof"' in refused.text and problem in refused.text
        assert all(text in refused.text for text in form.values())
    assert (options(), week()) == before
    assert admin.post(path, data=form | {"proof": builders.PASSWORD}).status_code == 303


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/admin/options/call_seconds", {"value": "12"}),
        ("/admin/hours/6", {"hours": ""}),
        ("/admin/special-days", HOLIDAY),
    ],
)
def test_other_changes_and_closing_ask_for_nothing(admin, path, form):
    assert admin.post(path, data=form).status_code == 303


def test_one_grave_change_among_others_asks_and_loses_none(admin):
    typed = whole(admin.get("/admin/options").text) | {"call_seconds.value": "12", "identity_tries.value": "9"}
    refused = admin.post("/admin/options", data=typed)
    assert refused.status_code == 403 and options() == {}
    again = whole(refused.text) | {"proof": builders.PASSWORD}
    assert admin.post("/admin/options", data=again).status_code == 303
    assert options() == {"call_seconds": 12, "identity_tries": 9}
    hours = whole(admin.get("/admin/calendar").text) | {"hours.6.value": "08.00–12.00"}
    assert admin.post("/admin/calendar", data=hours).status_code == 403


def test_key_changes_nothing_grave(api):
    key = api("admin")
    assert key.post("/admin/options/identity_tries", data={"value": "9", "proof": builders.PASSWORD}).status_code == 403
    assert key.post("/admin/options/call_seconds", data={"value": "12"}).status_code == 303
    assert not audited("staff.proved") and options() == {"call_seconds": 12}
