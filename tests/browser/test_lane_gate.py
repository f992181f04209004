"""Gate and window as two tablets: the gate scans and directs, the window calls and serves. Each remembers its point."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.demo_office import DemoOffice
from tests.browser.steps import Window, scanned


@pytest.fixture
def demo_office(demo_office: DemoOffice) -> DemoOffice:
    """The gate has a tablet of its own."""
    demo_office.set(separate_gate=True)
    return demo_office


def tablet(demo_office: DemoOffice, path: str, role: str) -> Page:
    page = demo_office.open(path, role)
    expect(page.locator("#link")).to_have_attribute("data-key", "connected")
    return page


def test_the_gate_directs_and_the_window_serves_the_same_vehicle(demo_office):
    gate = tablet(demo_office, "/lane?lane=1&point=gate", "officer")
    window = tablet(demo_office, "/lane?lane=1&point=window", "supervisor")
    assert window.locator("#vehicle").count() == 0
    gate.locator("#vehicle [value=motorcycle]").check(force=True)
    gate.select_option("#next-priority", "elderly")
    gate.locator("#next-plate").press_sequentially("bg1234xx")
    Window(gate).scan(demo_office.pickup("Contoh Satu").code)
    verdict = gate.locator("[data-verdict=ok]")
    expect(verdict.locator("h2")).to_have_text("Arahkan ke jalur 1")
    number = verdict.locator("[data-queue-no]").inner_text()
    sizes = verdict.evaluate("(v) => [...v.querySelectorAll('*')].map((e) => parseFloat(getComputedStyle(e).fontSize))")
    for shown in ("[data-queue-no]", "[data-to-lane]"):
        assert max(sizes) == verdict.locator(shown).evaluate("(e) => parseFloat(getComputedStyle(e).fontSize)")
    expect(gate.locator(f"#queue [data-queue-no={number}]")).to_be_visible()
    assert gate.locator("[data-act=serve], [data-act=call], #call:visible, [data-move]:visible").count() == 0

    row = window.locator(f"#queue [data-queue-no={number}]")
    for text in ("1 paspor · Motor", "BG ••34 ••", "Prioritas: Lansia"):
        expect(row).to_contain_text(text)
    gate.get_by_role("button", name="Pindai berikutnya").click()
    expect(gate.locator("#next-priority")).to_have_value("")
    expect(gate.locator("#next-plate")).to_have_value("")
    expect(gate.locator("#vehicle [value=motorcycle]")).to_be_checked()

    window.click("#call")
    window.click("#current [data-move=serve]")
    expect(window.locator("[data-pane=form]")).to_be_visible()
    expect(gate.locator("#current [data-state=serving]")).to_contain_text(number)
    assert gate.locator("[data-move]:visible").count() == 0
    assert gate.locator("#window:visible").count() == 0


def test_gate_sends_to_the_shortest_line_and_the_officer_may_choose_another(demo_office):
    for name in ("Joko Contoh", "Sampel"):
        demo_office.arrives(demo_office.pickup(name).code)
    demo_office.arrives(demo_office.books("Contoh Ketiga").code)
    gate = tablet(demo_office, "/lane?lane=1&point=gate", "officer")
    gate.fill("#next-look", "Avanza putih")
    Window(gate).scan(demo_office.pickup("Contoh Satu").code)
    expect(gate.locator("[data-to-lane]")).to_have_text("2")
    expect(gate.locator("[data-verdict]")).to_contain_text("1 paspor · Mobil · Avanza putih")
    gate.get_by_role("button", name="Ganti jalur").click()
    expect(gate.locator("#ask .ask__choices button")).to_have_text(["Jalur 1 · 2 kendaraan di depan"])
    gate.click("#ask [value='1']")
    expect(gate.locator("[data-verdict] h2")).to_have_text("Arahkan ke jalur 1")
    number = gate.locator("[data-verdict] [data-queue-no]").inner_text()
    window = tablet(demo_office, "/lane?lane=1&point=window", "supervisor")
    expect(window.locator("#queue li").nth(2)).to_have_attribute("data-queue-no", number)
    expect(window.locator("#queue li").nth(3)).to_contain_text("Jalur 2")
    demo_office.set(separate_gate=True, common_queue=True)
    gate.reload()
    Window(gate).scan(demo_office.books("Contoh Bersama").code)
    expect(gate.locator("[data-verdict] h2")).to_have_text("Menunggu panggilan")
    assert gate.locator("[data-to-lane], [data-act=direct]").count() == 0


def test_a_scanner_that_types_into_the_plate_still_scans(demo_office):
    gate = tablet(demo_office, "/lane?lane=1&point=gate", "officer")
    gate.focus("#next-plate")
    scanned(gate, demo_office.pickup("Joko Contoh").code)
    expect(gate.locator("[data-verdict=ok]")).to_be_visible()
    expect(gate.locator("#next-plate")).to_have_value("")


def test_tablet_remembers_the_point_and_offers_the_choice_again(demo_office):
    page = demo_office.open("/lane?choose=1", "supervisor")
    page.get_by_role("link", name="Jalur 2: Gerbang", exact=True).click()
    page.wait_for_url("**/lane?lane=2&point=gate")
    expect(page.locator("#place")).to_have_text("Gerbang")
    page.goto(f"{demo_office.server.url}/lane")
    page.wait_for_url("**/lane?lane=2&point=gate")
    page.click(".lane-sign")
    expect(page.get_by_role("link", name="Jalur 1: Loket", exact=True)).to_be_visible()


def test_without_a_separate_gate_there_is_none(demo_office):
    demo_office.set()
    page = demo_office.open("/lane?lane=1&point=gate", "officer")
    expect(page.locator("#place")).to_have_text("Pindai")
