"""The import page in a real browser: choose or drop a file, see its progress, look at the preview, save once."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from ampera import clock
from ampera.tools.demo.samples import Style, sample
from tests.browser.demo_office import DemoOffice
from tests.browser.steps import violations

DROP = """content => {
  const bytes = Uint8Array.from(atob(content), (char) => char.charCodeAt(0));
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([bytes], "jatuh.csv"));
  const drop = document.getElementById("drop");
  for (const name of ["dragenter", "drop"]) drop.dispatchEvent(new DragEvent(name, { dataTransfer, cancelable: true }));
}"""


@pytest.fixture
def clerk(demo_office: DemoOffice) -> Iterator[Page]:
    """The import page of the clerk; an error in its scripts fails the test."""
    context = demo_office.browser.new_context(
        storage_state=demo_office.demo.states["desk"], viewport={"width": 1180, "height": 820}
    )
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{demo_office.server.url}/desk/import")
    yield page
    context.close()
    assert errors == []


def choose(page: Page, folder: Path, content: bytes, name: str = "contoh.csv") -> None:
    file = folder / name
    file.write_bytes(content)
    page.set_input_files("#file", file)
    page.click("#upload button")


def test_chosen_file_shows_progress_then_problems_and_is_saved_once(clerk, tmp_path):
    shown: list[bool] = []

    def look_and_send(route: Route) -> None:
        shown.append(clerk.locator("#progress").is_visible())
        route.continue_()

    clerk.route("**/api/v1/imports", look_and_send)
    choose(clerk, tmp_path, sample("xlsx", 2_000, 21, clock.today(), Style(True, 4)).content, "contoh.xlsx")
    clerk.wait_for_url("**/desk/import/*")
    assert shown == [True]
    expect(clerk.locator(".banner--stop")).to_contain_text("4 dari 2.000 baris bermasalah")
    assert clerk.locator("tbody tr").nth(3).get_attribute("class") == "has-problem"
    assert violations(clerk) == []
    clerk.click("#confirm button")
    expect(clerk.locator(".banner--go")).to_contain_text("1.996 baris disimpan")
    expect(clerk.locator("#confirm")).to_have_count(0)
    with clerk.expect_download() as download:
        clerk.click("text=Unduh laporan")
    assert len(download.value.path().read_text("utf-8-sig").splitlines()) == 2_001


def test_a_network_that_is_gone_for_a_moment_ends_no_import(clerk, tmp_path):
    lost: list[Route] = []
    clerk.route("**/api/v1/imports/*", lambda route: route.abort() or lost.append(route), times=2)
    choose(clerk, tmp_path, sample("csv", 3_000, 24, clock.today()).content)
    clerk.wait_for_url("**/desk/import/*")
    assert len(lost) == 2


def test_a_dropped_file_is_read_at_once(clerk):
    clerk.evaluate(DROP, base64.b64encode(sample("csv", 20, 22, clock.today()).content).decode())
    clerk.wait_for_url("**/desk/import/*")
    expect(clerk.locator("#confirm button")).to_have_text("Simpan 20 baris")


def test_unreadable_file_is_refused_on_the_same_page(clerk, tmp_path):
    choose(clerk, tmp_path, b"Nama;Rak\nContoh;A-1\n")
    expect(clerk.locator("#problem")).to_contain_text("Kolom yang belum ada: nomor permohonan")
    expect(clerk.locator("#problem [tabindex]")).to_be_focused()
    expect(clerk.locator("#upload")).to_be_visible()
    assert violations(clerk) == []
    choose(clerk, tmp_path, sample("csv", 5, 23, clock.today()).content)
    clerk.wait_for_url("**/desk/import/*")


def test_a_file_that_is_too_large_is_not_even_sent(clerk, tmp_path):
    choose(clerk, tmp_path, b"x" * (25 * 1024 * 1024 + 1))
    expect(clerk.locator("#problem")).to_contain_text("lebih besar dari 25 MB")


def test_the_page_fits_a_phone_and_speaks_english(demo_office):
    context = demo_office.browser.new_context(
        storage_state=demo_office.demo.states["desk"], viewport={"width": 360, "height": 740}
    )
    page = context.new_page()
    page.goto(f"{demo_office.server.url}/desk/import?lang=en")
    assert violations(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 360
    expect(page.locator("h1")).to_have_text("Import passports")
    context.close()
