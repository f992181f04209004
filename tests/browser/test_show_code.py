"""Showing the code to the officer: alone, white, as large as the glass, awake, easy to leave, the same at night."""

import pytest
from playwright.sync_api import expect

from ampera.bookings.collectors import service as collectors_service
from ampera.bookings.collectors.submission import CollectorDetails
from tests.browser.applicant_steps import seen_by_a_camera
from tests.browser.steps import PHONE, picture, violations

SIZES = (PHONE, {"width": 360, "height": 740}, {"width": 320, "height": 568}, {"width": 740, "height": 360})
GLASSES = [*((size, "light") for size in SIZES), (PHONE, "dark")]
AWAKE = "window.locks = 0; navigator.wakeLock.request = async () => { window.locks += 1; return new EventTarget(); };"
STUBBORN = "Element.prototype.requestFullscreen = undefined;"


@pytest.fixture
def phone(demo_office):
    """`phone(pickup, "?show=1", script="", …)`: its page on a phone; keywords as for a context."""
    contexts = []

    def open_page(pickup, query="", script="", size=PHONE, **more):
        contexts.append(demo_office.browser.new_context(viewport=size, **more))
        page = contexts[-1].new_page()
        if script:
            page.add_init_script(script)
        page.goto(pickup.link + query)
        return page

    yield open_page
    for context in contexts:
        context.close()


def opened(page):
    page.locator("[data-show]").click()
    expect(page.locator("#fullscreen-code")).to_be_visible()
    return page


@pytest.mark.parametrize(
    ("size", "scheme"), GLASSES, ids=[f"{size['width']}x{size['height']}-{scheme}" for size, scheme in GLASSES]
)
def test_shown_code_fills_a_white_screen_alone(demo_office, phone, size, scheme):
    pickup = demo_office.books("Contoh Tunjuk")
    page = opened(phone(pickup, size=size, color_scheme=scheme))
    assert seen_by_a_camera(page) == [pickup.code]
    assert picture(page).convert("RGB").getpixel((2, size["height"] - 3)) == (255, 255, 255)
    expect(page.locator("#main")).to_be_hidden()
    expect(page.locator(".masthead")).to_be_hidden()
    if size["height"] > size["width"]:
        assert page.locator(".fullscreen-code__qr").bounding_box()["width"] >= size["width"] - 1
    button = page.get_by_role("link", name="Tutup").bounding_box()
    assert button["height"] >= 44 and button["width"] >= 44
    assert page.evaluate("() => document.documentElement.scrollWidth") <= size["width"]


def test_shown_code_takes_the_full_screen_and_returns_the_focus(demo_office, phone):
    page = opened(phone(demo_office.books("Contoh Tunjuk"), script=AWAKE))
    page.wait_for_function("() => document.fullscreenElement?.id === 'fullscreen-code'")
    expect(page.get_by_role("link", name="Tutup")).to_be_focused()
    assert page.evaluate("() => window.locks") > 0
    page.get_by_role("link", name="Tutup").click()
    expect(page.locator("#main")).to_be_visible()
    expect(page.locator("[data-show]")).to_be_focused()
    assert page.evaluate("() => document.fullscreenElement") is None


def test_shown_code_without_full_screen_is_left_with_escape(demo_office, phone):
    pickup = demo_office.books("Contoh Tunjuk")
    page = opened(phone(pickup, script=STUBBORN))
    assert seen_by_a_camera(page) == [pickup.code]
    page.keyboard.press("Escape")
    expect(page.locator("#fullscreen-code")).to_be_hidden()
    expect(page.locator("[data-show]")).to_be_focused()


def test_shown_code_works_without_scripts(demo_office, phone):
    pickup = demo_office.books("Contoh Tunjuk")
    page = phone(pickup, java_script_enabled=False)
    page.locator("[data-show]").click()
    expect(page.locator("#fullscreen-code")).to_be_visible()
    assert seen_by_a_camera(page) == [pickup.code]
    page.get_by_role("link", name="Tutup").click()
    expect(page.locator("#main")).to_be_visible()


def test_a_call_is_more_urgent_than_the_code(demo_office, phone):
    pickup = demo_office.books("Contoh Tunjuk")
    page = opened(phone(pickup))
    demo_office.called(pickup.code, 2)
    expect(page.locator("#call-screen .call-screen__lane")).to_be_visible()
    expect(page.locator("#fullscreen-code")).to_be_hidden()


@pytest.mark.parametrize("colours", [{"color_scheme": "dark"}, {"forced_colors": "active"}], ids=["dark", "forced"])
def test_code_is_readable_in_all_colour_schemes(demo_office, phone, colours):
    pickup = demo_office.books("Contoh Tunjuk")
    assert seen_by_a_camera(phone(pickup, **colours)) == [pickup.code]


@pytest.mark.parametrize("lang", ["id", pytest.param("en", marks=pytest.mark.proof)])
def test_axe_finds_nothing_at_night(demo_office, phone, lang):
    family = demo_office.books("Contoh Ayah", "Contoh Ibu")
    page = phone(family, f"?lang={lang}", color_scheme="dark", reduced_motion="reduce")
    for summary in page.locator("summary").all():
        summary.click()
    assert violations(page) == []
    visit = demo_office.arrives(family.code, 2)
    expect(page.locator(".queue-position[data-look=waiting]")).to_be_visible()
    assert violations(page) == []
    demo_office.serve(visit["id"], 2)
    expect(page.locator(".queue-position[data-look=serving]")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("holder", ["Lewat Uji Batas", "Tahan Sampel Periksa", "Sudah Uji Diambil"])
def test_axe_finds_nothing_at_night_in_other_states(demo_office, phone, holder):
    assert violations(phone(demo_office.pickup(holder), color_scheme="dark")) == []


@pytest.mark.parametrize("width", [320, 360])
def test_large_letters_and_long_names_cut_nothing(demo_office, phone, width):
    family = demo_office.books("Contoh Ayah", "Namayangsangatpanjangsekali Contoh")
    collectors_service.announce(demo_office.applicant, family.id, CollectorDetails("proxy", "A" * 120, "b" * 60))
    page = phone(family, size={"width": width, "height": 740})
    for summary in page.locator("summary").all():
        summary.click()
    for size in ("100%", "200%"):
        page.evaluate("(size) => (document.documentElement.style.fontSize = size)", size)
        assert page.evaluate("() => document.documentElement.scrollWidth") == width
