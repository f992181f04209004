"""Writing an office's words: the preview follows the keys, a tap puts a field in, and it works without scripts."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.demo_office import DemoOffice

READY = "/admin/notices/ready/id"


@pytest.fixture
def page(demo_office: DemoOffice) -> Page:
    return demo_office.open(READY, "admin")


def test_the_preview_follows_what_is_typed(page):
    page.fill("#subject", "Buku <b>siap</b> untuk {first_name}")
    expect(page.locator(".mail__subject")).to_have_text("Buku <b>siap</b> untuk Contoh")
    expect(page.locator("#preview .field__error")).to_contain_text("Tulis teks biasa")
    page.fill("#subject", "Buku siap")
    expect(page.locator("#preview .field__error")).to_have_count(0)
    expect(page.locator('button[value="preview"]')).to_be_hidden()


def test_a_tap_puts_a_field_where_the_cursor_was(page):
    page.fill("#subject", "Siap: ")
    page.get_by_role("button", name="Sisipkan {documents}").click()
    expect(page.locator("#subject")).to_have_value("Siap: {documents}")
    expect(page.locator(".mail__subject")).to_have_text("Siap: 2 paspor")


def test_lost_connection_is_shown_beside_the_last_preview(page):
    page.context.set_offline(True)
    page.fill("#subject", "Tidak sampai")
    expect(page.locator("#preview-lost")).to_be_visible()
    expect(page.locator(".mail__subject")).to_contain_text("Siap diambil")
    page.context.set_offline(False)
    page.fill("#subject", "Sampai")
    expect(page.locator(".mail__subject")).to_have_text("Sampai")
    expect(page.locator("#preview-lost")).to_be_hidden()


def test_without_scripts_a_button_shows_the_preview(demo_office):
    state = demo_office.contexts["admin"].storage_state()
    context = demo_office.browser.new_context(storage_state=state, java_script_enabled=False)
    page = context.new_page()
    page.goto(demo_office.server.url + READY)
    page.fill("#subject", "Tanpa skrip {first_name}")
    page.click('button[value="preview"]')
    expect(page.locator(".mail__subject")).to_have_text("Tanpa skrip Contoh")
    expect(page.locator("#subject")).to_have_value("Tanpa skrip {first_name}")
    context.close()
