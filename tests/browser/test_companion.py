"""Who comes for me, from the phone to the window: said on the page, printed, seen by the officer, checked anyway."""

import pytest
from playwright.sync_api import expect

from tests.browser.scenes.lane import at_lane
from tests.browser.steps import PHONE, TABLET, Window
from tests.reports import paper


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def phone(request, demo_office):
    """`phone(pickup)` opens its page on a phone with or without scripts."""
    context = demo_office.browser.new_context(viewport=PHONE, java_script_enabled=request.param, accept_downloads=True)

    def open_page(pickup):
        page = context.new_page()
        page.goto(pickup.link)
        return page

    yield open_page
    context.close()


def announce(page, kind, name="", relation=""):
    companion = page.locator("#companion")
    if not companion.locator("[data-announce] [name=class]").first.is_visible():
        companion.locator("summary").first.click()
    companion.locator(f"[type=radio][value={kind}]").check()
    if name:
        page.fill("#companion-name", name)
        page.fill("#companion-relation", relation)
    companion.locator("[type=submit]").first.click()


def test_a_relative_is_announced_changed_and_taken_back(demo_office, phone):
    page = phone(demo_office.books("Contoh Ayah", "Contoh Ibu"))
    who = page.locator(".companion__who")
    announce(page, "family", "Bibi Contoh", "bibi")
    expect(who).to_contain_text("Keluarga satu KK: Bibi Contoh")
    expect(who).to_contain_text("bibi")
    bring = page.locator("#companion .bring").first
    expect(bring).to_contain_text("Kartu Keluarga")
    expect(bring.locator("li")).to_have_count(1)
    announce(page, "proxy", "Kuasa Contoh")
    expect(who).to_contain_text("Kuasa: Kuasa Contoh")
    page.locator("#companion summary").first.click()
    page.get_by_role("button", name="Hapus kabar ini").click()
    expect(who).to_have_count(0)
    expect(page.locator("#companion .bring li")).to_have_count(3)


def test_missing_name_is_refused_and_nothing_is_stored(demo_office, phone):
    page = phone(demo_office.books("Contoh Ayah"))
    announce(page, "family")
    expect(page.locator("#companion [role=alert]")).to_contain_text("Tulis nama yang datang.")
    expect(page.locator(".companion__who")).to_have_count(0)


def test_the_letter_for_a_proxy_carries_what_was_typed_and_first_names_only(demo_office, phone):
    page = phone(demo_office.books("Budi Contoh Rahasia", "Sari Contoh Rahasia"))
    announce(page, "proxy", "Kuasa Contoh Satu")
    letter = page.get_by_role("link", name="Unduh surat kuasa (PDF)")
    expect(letter).to_be_visible()
    answer = page.request.get(demo_office.server.url + letter.get_attribute("href"))
    text = paper.text(answer.body())
    assert answer.headers["content-type"] == "application/pdf"
    assert "Kuasa Contoh Satu" in text and "Budi, Sari" in text
    assert "Rahasia" not in text


def test_the_officer_sees_who_was_announced_and_takes_the_name_with_one_tap(demo_office):
    family = demo_office.books("Contoh Ayah")
    phone = demo_office.open(family.link)
    announce(phone, "family", "Bibi Contoh", "bibi")
    expect(phone.locator(".companion__who")).to_be_visible()
    demo_office.served(family.code)
    demo_office.size = TABLET
    window = Window(at_lane(demo_office))
    window.start()
    page = window.page
    announced = page.locator("[data-slot=announced]")
    expect(announced).to_contain_text("Rencana pengambil: keluarga satu KK, Bibi Contoh (bibi)")
    expect(page.locator("[name=class][value=family]")).to_be_checked()  # as announced; the card in hand decides
    expect(page.locator("#collector-name")).to_have_value("")
    announced.get_by_role("button", name="Pakai nama ini").click()
    expect(page.locator("#collector-name")).to_have_value("Bibi Contoh")
    expect(page.locator(".hold")).to_be_disabled()
    page.locator("[name=class][value=self]").check(force=True)
    expect(announced.get_by_role("button")).to_be_hidden()


def test_window_shows_no_announcement_without_a_collector(demo_office):
    demo_office.size = TABLET
    demo_office.served(demo_office.books("Contoh Ayah").code)
    window = Window(at_lane(demo_office))
    window.start()
    expect(window.page.locator("[data-slot=announced]")).to_be_hidden()
