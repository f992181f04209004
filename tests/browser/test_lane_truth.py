"""Two tablets of one office: what one of them shows follows what the other one does."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import APIResponse, Page, Route, expect

from tests.browser.demo_office import DemoOffice
from tests.browser.tablet import Tablet, family


@pytest.fixture
def other(demo_office: DemoOffice) -> Iterator[Tablet]:
    """The tablet of a supervisor at lane 2."""
    tablet = Tablet(demo_office, "supervisor", lane=2)
    yield tablet
    tablet.close()


def test_green_becomes_amber_and_then_stop_while_another_lane_serves_and_ends(window, other):
    _, code = family({})
    window.scan(code)
    green = window.page.locator("[data-verdict=ok]")
    expect(green).to_contain_text("Silakan dilayani")
    other.serve(code)
    amber = window.page.locator("[data-verdict=open_elsewhere]")
    expect(amber).to_contain_text("Sedang dibuka di jalur 2")
    expect(green).to_have_count(0)
    expect(window.page.locator("[data-act=serve]")).to_have_count(0)
    other.step_back()
    other.page.click("#window [data-move=leave]")
    other.page.locator("#ask [type=radio]").first.check()
    other.page.click("#ask [data-slot=confirm]")
    stop = window.page.locator("[data-verdict=visit_over]")
    expect(stop).to_contain_text("sudah keluar dari antrean")
    expect(stop).to_have_class("verdict verdict--stop")


def test_refused_act_names_the_state_and_the_verdict_follows_without_any_news(demo_office):
    _, code = family({})
    page = without_news(demo_office)
    page.fill("#code", code)
    page.press("#code", "Enter")
    expect(page.locator("[data-verdict=ok]")).to_be_visible()
    demo_office.serve(demo_office.newest(), 2, demo_office.other)
    page.click("[data-act=serve]")
    expect(page.locator("[data-refusal]").first).to_contain_text("sedang dilayani di jalur 2.")
    expect(page.locator("[data-verdict=open_elsewhere]")).to_be_visible()


def without_news(office: DemoOffice) -> Page:
    """The tablet of lane 1, connected. It hears of nothing; its clock stands still, so that it asks for nothing."""
    page = office.page("officer", is_clocked=True)
    page.clock.pause_at("2100-01-01")
    states: list[APIResponse] = []

    def answer(route: Route) -> None:
        if not states:
            states.append(route.fetch())
        route.fulfill(response=states[0])

    page.route("**/state", answer)
    page.route("**/socket.io/**", lambda route: route.abort())
    page.route_web_socket("**/socket.io/**", lambda socket: socket.close())
    page.goto(f"{office.server.url}/lane?lane=1")
    expect(page.locator("#link")).to_have_attribute("data-key", "connected")
    return page


def test_mistyped_code_stays_in_the_field_with_the_error_beside(window):
    field, error = window.page.locator("#code"), window.page.locator("#code-error")
    window.scan("ZYQ2-AAPY")
    expect(error).to_contain_text("Kode salah ketik")
    expect(field).to_have_value("ZYQ2-AAPY")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(window.page.locator(".verdict")).to_have_count(0)
    assert window.page.evaluate("getSelection().toString()") == "ZYQ2-AAPY"
    field.press_sequentially("7")
    expect(error).to_be_hidden()


def test_button_of_the_green_names_who_is_next_now(window, demo_office):
    books, code = family({})
    window.serve(code)
    window.start()
    window.collector("self")
    window.match(0, books[0])
    window.sign()
    window.hold()
    green = window.recorded()
    following = green.locator("[data-act=next]")
    expect(following).to_be_hidden()
    waiting = [demo_office.arrives(family({})[1]) for _ in range(2)]
    expect(following).to_have_text(f"Selesai, panggil {waiting[0]['queue_no']}")
    with demo_office.client("supervisor") as elsewhere:
        elsewhere.post(f"/visits/{waiting[0]['id']}/call", json={"lane": 2}).raise_for_status()
    expect(following).to_have_text(f"Selesai, panggil {waiting[1]['queue_no']}")
