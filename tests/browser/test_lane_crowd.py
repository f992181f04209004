"""The crowded moment on a tablet: two vehicles are called, many wait, and still four rows of the queue are in sight."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from ampera.offices import service as offices
from ampera.visits.supervisor_calls import service as supervisor_calls
from tests.browser.demo_office import DemoOffice
from tests.browser.scenes.lane import at_lane
from tests.browser.scenes.parked import parked
from tests.browser.scenes.table import UPRIGHT
from tests.browser.steps import TABLET

SIZES = (TABLET, {"width": 1280, "height": 800}, UPRIGHT)
ROWS = 4
MEASURE = """() => {
    const inside = (box, outer) => box.top >= outer.top - 1 && box.bottom <= outer.bottom + 1;
    const view = { top: 0, bottom: innerHeight };
    const shown = (element) => element.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true });
    const box = (element) => element.getBoundingClientRect();
    const scroll = document.querySelector(".queue-scroll");
    const rows = [...document.querySelectorAll("#queue li")].map(box);
    const parts = document.querySelectorAll("#scanner .zone--side, #current, .stage");
    const scrolling = [document.scrollingElement, ...parts];
    const buttons = document.querySelectorAll(":is(#scanner .zone--side, .undo, #own-calls, #supervisor-calls) button");
    const isFree = (button) => !scroll.contains(button) && !button.closest("#parked");
    const outside = [...buttons].filter((button) => isFree(button) && shown(button));
    return {
        rows: rows.filter((row) => inside(row, box(scroll)) && inside(row, view)).length,
        scrolled: scrolling.filter((one) => one.scrollHeight > one.clientHeight + 1).map((one) => one.className),
        cut: outside.filter((button) => !inside(box(button), view)).map((button) => button.textContent.trim()),
    };
}"""


def wait_in_line(office: DemoOffice, count: int) -> None:
    for n in range(count):
        office.arrives(office.books(f"Contoh Antre {n}").code, plate=f"BG {1200 + n} XX", look="Avanza putih")


def fault_at(page: Page, size: dict[str, int]) -> dict[str, Any]:
    """What is wrong with the tablet at this size: too few rows, what scrolls, which buttons are cut."""
    page.set_viewport_size(size)
    page.wait_for_function("() => !document.querySelector('.queue-scroll').scrollTop")
    found = page.evaluate(MEASURE)
    is_good = found["rows"] >= ROWS and not found["scrolled"] and not found["cut"]
    return {} if is_good else {"size": size, **found}


def faults(page: Page) -> list[dict[str, Any]]:
    return [fault for size in SIZES if (fault := fault_at(page, size))]


def test_two_called_and_thirteen_waiting_leave_four_rows_in_sight(demo_office):
    for name in ("Contoh Satu", "Joko Contoh"):
        demo_office.called(demo_office.pickup(name).code)
    wait_in_line(demo_office, 13)
    page = at_lane(demo_office)
    expect(page.locator("#search")).to_be_visible()
    assert faults(page) == []
    page.locator(".queue__call").nth(1).click()
    expect(page.locator("#chosen")).to_be_visible()
    assert faults(page) == []


@pytest.mark.parametrize("count", [1, 3])
def test_one_called_vehicle_and_parked_ones_leave_four_rows_in_sight(demo_office, count):
    for n in range(count):
        parked(demo_office, f"Contoh Tepi {n}", minutes=14)
    wait_in_line(demo_office, 6)
    page = at_lane(demo_office)
    page.click("#call")
    expect(page.locator("#current article")).to_have_count(1)
    expect(page.locator("#scanner [data-undo]")).to_be_visible()
    assert faults(page) == []


@pytest.mark.parametrize("role", ["officer", "supervisor"])
def test_parked_vehicles_a_supervisor_call_and_the_undo_bar_leave_four_rows_in_sight(demo_office, role):
    for n in (1, 2):
        parked(demo_office, f"Contoh Tepi {n}", minutes=14)
    visit = demo_office.called(demo_office.pickup("Contoh Satu").code)
    supervisor_calls.call(demo_office.officer, visit["id"], "other")
    wait_in_line(demo_office, 40)
    page = demo_office.open("/lane?lane=1", role)
    page.click("#call")
    expect(page.locator("#current article")).to_have_count(2)
    expect(page.locator("#scanner [data-undo]")).to_be_visible()
    expect(page.locator(".call").first).to_be_visible()
    assert faults(page) == []


def test_transfer_among_six_lanes_shows_all_buttons(demo_office):
    for number in (3, 4, 5, 6):
        offices.add_lane(demo_office.supervisor, number, offices.LaneSettings())
    demo_office.called(demo_office.pickup("Contoh Satu").code)
    page = at_lane(demo_office)
    page.click("#current .more summary")
    page.click("#current [data-move=transfer]")
    for size in SIZES:
        page.set_viewport_size(size)
        expect(page.locator("#ask [data-slot=confirm]")).to_be_in_viewport(ratio=1)
        expect(page.locator("#ask .row button").first).to_be_in_viewport(ratio=1)
        assert page.evaluate(
            "document.querySelector('#ask').scrollHeight <= document.querySelector('#ask').clientHeight + 1"
        )
