"""The form of the options in a browser: changes are counted, defaults come back, leaving asks only when it must."""

from playwright.sync_api import Dialog, Page, expect

from ampera import db
from ampera.offices.models import Office
from tests.browser.demo_office import DemoOffice


def asked_on_leaving(page: Page) -> list[str]:
    """The questions that the page asks when it is left for another one; each is answered with yes."""
    asked: list[str] = []

    def accept(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.once("dialog", accept)
    page.click(".tabs a[href='/admin/office']")
    page.wait_for_url("**/admin/office")
    return asked


def test_changes_are_counted_and_saved_without_a_question(demo_office: DemoOffice):
    page = demo_office.open("/admin/options", "admin")
    page.fill("#option-call_seconds", "12")
    page.fill("#option-max_calls", "5")
    save = page.locator("[data-save]")
    expect(save).to_have_text("Simpan perubahan (2)")
    page.click("#option-max_calls-row [data-to-default]")
    expect(save).to_have_text("Simpan perubahan (1)")
    expect(page.locator("#option-max_calls-row [data-mark]")).to_be_hidden()
    page.press("#option-call_seconds", "Enter")
    expect(page.locator(".banner--go")).to_have_text("1 perubahan disimpan.")
    with db.reading() as session:
        assert session.get_one(Office, 1).options["call_seconds"] == 12
    demo_office.set(call_seconds=8)
    assert asked_on_leaving(page) == []


def test_leaving_asks_only_while_something_is_unsaved(demo_office: DemoOffice):
    page = demo_office.open("/admin/options", "admin")
    page.fill("#option-call_seconds", "12")
    assert asked_on_leaving(page) == ["beforeunload"]
    page = demo_office.open("/admin/calendar", "admin")
    page.fill("#special-day [name=title]", "Libur contoh")
    assert asked_on_leaving(page) == ["beforeunload"]
    page = demo_office.open("/admin/calendar", "admin")
    monday = page.locator("#hours-0").input_value()
    page.fill("#hours-0", "08.00–12.00")
    page.fill("#hours-0", monday)
    assert asked_on_leaving(page) == []
