"""A screen and an administrator in real browsers: the code is read off the screen, typed, and the screen lives."""

import sqlite3
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.demo_office import DemoOffice
from tests.browser.enrolment_steps import code_on, confirm, has_state, is_live, own_browsers, row
from tests.browser.steps import SCREEN, TABLET, violations


@pytest.fixture
def opened(demo_office: DemoOffice) -> Iterator[Callable[..., Page]]:
    with own_browsers(demo_office) as opened:
        yield opened


@pytest.fixture
def admin(demo_office: DemoOffice, opened) -> Page:
    return opened("/admin/devices", TABLET, storage_state=demo_office.demo.states["admin"])


def test_a_screen_is_enrolled_moved_and_revoked(opened, admin):
    screen = opened("/board/PLG")
    code = code_on(screen)
    assert code not in screen.title() and code not in screen.url
    confirm(admin, code.lower().replace("-", ""), "Layar gerbang")
    is_live(screen, "/board/PLG/1")
    assert "ampera_display" not in screen.evaluate("JSON.stringify([document.cookie, localStorage, sessionStorage])")
    has_state(admin, "Layar gerbang", "Sesuai")
    row(admin, "Layar gerbang").locator("summary").click()
    row(admin, "Layar gerbang").get_by_label("Menampilkan").select_option("lane:2")
    row(admin, "Layar gerbang").get_by_role("button", name="Simpan").click()
    expect(admin.locator(".banner--go")).to_contain_text("Layar gerbang diubah.")
    is_live(screen, "/board/PLG/2")
    screen.goto(screen.url.removesuffix("/2"))  # its computer starts with the address it was enrolled at
    is_live(screen, "/board/PLG/2")
    row(admin, "Layar gerbang").locator("summary").click()
    row(admin, "Layar gerbang").get_by_role("link", name="Cabut").click()
    admin.get_by_role("button", name="Cabut").click()
    assert code_on(screen) != code
    expect(admin.get_by_text("1 layar dicabut")).to_be_visible()


def test_expired_code_is_renewed(demo_office, opened):
    screen = opened("/board")
    code = code_on(screen)
    database = sqlite3.connect(demo_office.server.instance / "ampera.db", timeout=30)
    with database:
        database.execute("UPDATE enrolments SET expires_at = made_at WHERE code = ?", (code.replace("-", ""),))
    database.close()
    expect(screen.locator("#code")).not_to_have_text(code)
    assert len(code_on(screen)) == 7


def test_screen_over_the_rate_limit_shows_a_wait(demo_office, opened):
    context = demo_office.browser.new_context(viewport=SCREEN)
    context.route("**/board/knock", lambda route: route.fulfill(status=429, json={"error": {"code": "x"}}))
    page = context.new_page()
    page.goto(f"{demo_office.server.url}/board/PLG")
    expect(page.locator("#busy")).to_be_visible()
    expect(page.locator("#code")).to_be_hidden()
    context.close()


def test_a_link_that_is_no_longer_good_leaves_the_code(opened):
    screen = opened("/board/PLG#token=ampera_display_invented")
    expect(screen.locator("#refused")).to_be_visible()
    assert len(code_on(screen)) == 7 and screen.url.endswith("/board/PLG")


def test_everything_works_without_scripts_for_the_administrator(demo_office, opened):
    code = code_on(opened("/board/PLG"))
    admin = opened("/admin/devices", TABLET, storage_state=demo_office.demo.states["admin"], java_script_enabled=False)
    confirm(admin, code, "Layar tanpa skrip", "all")
    screen = row(admin, "Layar tanpa skrip")
    screen.get_by_role("button", name="Uji suara").click()
    expect(admin.locator(".banner--go")).to_contain_text("diminta berbunyi")
    screen.locator("summary").click()
    screen.get_by_label("Volume").fill("15")
    screen.get_by_role("button", name="Simpan").click()
    expect(screen).to_contain_text("Bersuara, 15%")
    screen.locator("summary").click()
    screen.get_by_role("link", name="Cabut").click()
    screen.page.get_by_role("button", name="Cabut").click()
    expect(screen).to_have_count(0)


@pytest.mark.parametrize("size", [SCREEN, {"width": 1080, "height": 1920}, {"width": 1280, "height": 720}])
def test_the_code_fits_every_screen(opened, size):
    screen = opened("/board/PLG/1", size)
    code_on(screen)
    screen.evaluate("""document.querySelectorAll("#code span:not(.enrol__dash)").forEach((one) => {
        one.textContent = "QDG"; })""")  # the widest letters there are
    assert screen.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == [
        size["width"],
        size["height"],
    ]
    assert violations(screen) == []
