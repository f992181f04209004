"""The applicant's page on a phone before a real server: its code reads off the glass, and it follows the visit."""

import io
import json
import uuid
from collections.abc import Iterator
from types import SimpleNamespace

import httpx
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from tests.chromium import chromium
from tests.services import LiveServer

SECONDS = 1000  # Playwright counts milliseconds
SOON = 5 * SECONDS
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """A server with the demo office, a browser, and a supervisor who works over the API."""
    with LiveServer(tmp_path_factory.mktemp("applicant")) as server, chromium(None) as browser:
        demo = json.loads(server.command("demo", "--json"))
        login = next(one["login"] for one in demo["accounts"] if one["role"] == "supervisor")
        key = json.loads(server.command("key", "create", "--staff", login, "--role", "supervisor", "--json"))["key"]
        with httpx.Client(base_url=f"{server.url}/api/v1", headers={"Authorization": f"Bearer {key}"}) as staff:
            yield SimpleNamespace(browser=browser, staff=staff, pickups=iter(demo["pickups"]))


def phone(office, pickup, **more):
    page = office.browser.new_context(viewport=PHONE, **more).new_page()
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(pickup["link"])
    return page


def seen_by_a_camera(page):
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(page.screenshot())))
    return [one.text for one in found]


def scan(office, pickup, lane=2):
    body = {"scan_id": str(uuid.uuid4()), "lane": lane, "input": pickup["code"]}
    return office.staff.post("/scans", json=body).raise_for_status().json()["visit"]


def move(office, visit, move, lane=2):
    office.staff.post(f"/visits/{visit['id']}/{move}", json={"lane": lane}).raise_for_status()


def test_the_qr_fills_the_phone_and_reads_off_the_glass_without_scripts(office):
    pickup = next(office.pickups)
    page = phone(office, pickup, java_script_enabled=False)
    assert seen_by_a_camera(page) == [pickup["code"]]
    assert page.locator("img").bounding_box()["width"] == 363
    expect(page.get_by_text(pickup["booking_code"], exact=True)).to_be_visible()
    page.context.close()


@pytest.mark.parametrize("width", [320, 360])
def test_nothing_is_cut_on_a_small_phone(office, width):
    pickup = next(office.pickups)
    page = phone(office, pickup)
    page.set_viewport_size({"width": width, "height": 640})
    assert page.evaluate("() => document.documentElement.scrollWidth") == width
    assert seen_by_a_camera(page) == [pickup["code"]]
    page.context.close()


def test_it_asks_only_its_own_server(office):
    pickup = next(office.pickups)
    page = phone(office, pickup)
    page.wait_for_load_state("networkidle")
    assert {url.split("/")[2] for url in page.asked if "://" in url} == {pickup["link"].split("/")[2]}
    page.context.close()


def test_it_follows_the_visit_from_the_queue_to_the_call_and_back(office):
    pickup = next(office.pickups)
    page = phone(office, pickup)
    visit = scan(office, pickup)
    live, called = page.locator("#live"), page.locator("#called")
    expect(live).to_contain_text(visit["queue_no"], timeout=SOON)

    move(office, visit, "call")
    expect(called).to_be_visible(timeout=SOON)
    expect(called.locator(".called__lane")).to_have_text("2")
    expect(page.locator("[data-stage]")).to_be_hidden()

    called.get_by_role("button").click()
    expect(called).to_be_hidden()
    assert seen_by_a_camera(page) == [pickup["code"]]

    move(office, visit, "serve")
    expect(live).to_contain_text("Sedang dilayani di jalur 2", timeout=SOON)
    move(office, visit, "leave")
    expect(live).to_be_hidden(timeout=SOON)
    page.context.close()


def test_a_call_does_not_outlive_the_connection(office):
    pickup = next(office.pickups)
    page = phone(office, pickup)
    visit = scan(office, pickup)
    move(office, visit, "call")
    expect(page.locator("#called")).to_be_visible(timeout=SOON)
    page.context.set_offline(True)
    expect(page.locator("#called")).to_be_hidden(timeout=15 * SECONDS)
    expect(page.locator("#live")).to_contain_text("Gangguan sambungan")
    page.context.set_offline(False)
    expect(page.locator("#called")).to_be_visible(timeout=15 * SECONDS)
    move(office, visit, "no-show")
    page.context.close()


def test_a_replaced_code_leaves_the_open_page_by_itself(office):
    pickup = next(office.pickups)
    page = phone(office, pickup)
    office.staff.post(f"/pickups/{pickup['pickup_id']}/codes").raise_for_status()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kode sudah diganti", timeout=20 * SECONDS)
    assert seen_by_a_camera(page) == []
    page.context.close()
