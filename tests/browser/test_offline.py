"""The applicant's page without a network, in a real browser: installed, kept, its age told, gone when it is gone."""

import io
import json
import os
import re
import shutil
import signal
from collections.abc import Iterator
from types import SimpleNamespace

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Error, expect

from tests.browser.applicant_steps import KEPT, move, scan, seen_by_a_camera, wait_until_kept
from tests.browser.steps import PHONE, SOON
from tests.chromium import ARGUMENTS


@pytest.fixture
def stoppable_office(own_office) -> Iterator[SimpleNamespace]:
    """An office whose server may be stopped."""
    demo_office = own_office()
    with demo_office.client("supervisor") as staff:
        yield SimpleNamespace(server=demo_office.server, staff=staff, pickups=iter(demo_office.demo.pickups))


@pytest.fixture
def phone(browser):
    """A phone of its own: `phone(pickup)` opens its page and waits until it is kept."""
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()

    def open_page(pickup):
        page.goto(pickup["link"])
        wait_until_kept(page)
        return page

    yield open_page
    context.close()


def age(page):
    return page.locator("#age")


def fresh(page):
    """Is there when the page is what the server says now, not what was kept."""
    return page.locator("body:not([data-kept])")


def test_page_without_a_network_shows_the_code_and_an_age(office, phone):
    pickup = next(office.pickups)
    page = phone(pickup)
    page.context.set_offline(True)
    page.reload()
    expect(age(page)).to_contain_text(
        re.compile(r"Tersimpan pukul \d\d\.\d\d, baru saja\. Status bisa sudah berubah\.")
    )
    assert seen_by_a_camera(page) == [pickup["code"]]
    expect(page.get_by_text(pickup["booking_code"], exact=True).first).to_be_visible()
    for button in page.locator("main form button").all():
        expect(button).to_be_disabled()
    expect(page.locator("#arrival")).to_contain_text("Perlu sambungan internet.")
    expect(page.locator('main a[href^="/p/"]:visible')).to_have_count(0)
    page.locator("[data-show]").click()
    expect(page.locator("#fullscreen-code")).to_be_visible()
    assert seen_by_a_camera(page) == [pickup["code"]]


def test_age_of_a_kept_page_grows_and_names_another_day(office, phone):
    page = phone(next(office.pickups))
    page.context.set_offline(True)
    page.clock.install()
    page.clock.fast_forward("03:00:00")
    page.reload()
    expect(age(page)).to_contain_text("3 jam yang lalu")
    page.clock.fast_forward("48:00:00")
    expect(age(page)).to_contain_text(re.compile(r"Tersimpan \d\d-\d\d-\d{4}, \d\d\.\d\d, 2 hari yang lalu"))


def test_a_call_that_was_kept_is_shown_as_no_call(office, phone):
    pickup = next(office.pickups)
    visit = scan(office, pickup)
    move(office, visit, "call")
    page = phone(pickup)
    expect(page.locator("#call-screen")).to_be_visible()
    page.context.set_offline(True)
    page.reload()
    expect(age(page)).to_contain_text("Status bisa sudah berubah.")
    expect(page.locator("#call-screen")).to_be_hidden()
    expect(page.get_by_text("Silakan menuju jalur").locator("visible=true")).to_have_count(0)
    assert seen_by_a_camera(page) == [pickup["code"]]


def test_kept_page_recovers_when_the_server_is_back(stoppable_office, phone):
    page = phone(next(stoppable_office.pickups))
    stoppable_office.server.kill9()
    page.reload()
    expect(age(page)).to_be_visible()
    stoppable_office.server.start()
    expect(fresh(page)).to_be_visible(timeout=2 * SOON)  # half a minute after a try that was too slow it tries again
    expect(age(page)).to_be_hidden()
    expect(page.get_by_role("button", name="Saya berangkat")).to_be_enabled()


def test_a_server_that_does_not_answer_is_not_waited_for(stoppable_office, phone):
    pickup = next(stoppable_office.pickups)
    page = phone(pickup)
    os.killpg(stoppable_office.server.process.pid, signal.SIGSTOP)
    try:
        page.reload()
        expect(age(page)).to_contain_text("Tersimpan")
        assert seen_by_a_camera(page) == [pickup["code"]]
    finally:
        os.killpg(stoppable_office.server.process.pid, signal.SIGCONT)


def test_replaced_code_is_shown_and_no_longer_kept(stoppable_office, phone):
    pickup = next(stoppable_office.pickups)
    page = phone(pickup)
    stoppable_office.server.kill9()
    page.reload()
    assert seen_by_a_camera(page) == [pickup["code"]]
    page.goto("about:blank")  # the page would reload as soon as the server is there
    stoppable_office.server.start()
    stoppable_office.staff.post(f"/pickups/{pickup['pickup_id']}/codes").raise_for_status()
    page.goto(pickup["link"])
    expect(page.locator("h1:visible")).to_contain_text("Kode sudah diganti")
    assert page.evaluate(KEPT)["pages"] == []
    stoppable_office.server.kill9()
    with pytest.raises(Error, match="ERR_"):  # the browser's own page of a lost network, in place of ours
        page.reload()
    expect(page.get_by_text(pickup["booking_code"])).to_have_count(0)
    expect(page.locator("#main")).to_have_count(0)


def test_an_open_page_forgets_a_replaced_code_too(office, phone):
    pickup = next(office.pickups)
    page = phone(pickup)
    office.staff.post(f"/pickups/{pickup['pickup_id']}/codes").raise_for_status()
    expect(page.locator("h1:visible")).to_contain_text("Kode sudah diganti")
    assert page.evaluate(KEPT)["pages"] == []


def test_worker_keeps_only_the_page_and_the_static_files(office, phone):
    pickup = next(office.pickups)
    page = phone(pickup)
    page.request.get(f"{pickup['link']}/slip.pdf")
    page.evaluate(f"() => fetch('/api/v1/pickup-state/{pickup['link'].rpartition('/')[2]}')")
    page.reload()
    kept = page.evaluate(KEPT)
    assert kept["pages"] == ["/p/" + pickup["link"].rpartition("/")[2]]
    assert {path.split("/")[1] for path in kept["assets"]} == {"static"}


def test_later_announcement_is_kept_too(office, phone):
    page = phone(next(office.pickups))
    page.reload()  # from now on the worker sees everything
    expect(fresh(page)).to_be_visible()
    page.locator("#companion summary").first.click()
    page.locator("#companion [value=family]").check()
    page.fill("#companion-name", "Bibi Contoh")
    page.locator("#companion [type=submit]").click()
    expect(page.locator(".companion__who")).to_contain_text("Bibi Contoh")
    page.context.set_offline(True)
    page.reload()
    expect(page.locator(".companion__who")).to_contain_text("Bibi Contoh")


def test_page_can_be_installed(office, playwright, tmp_path):
    pickup = next(office.pickups)
    context = playwright.chromium.launch_persistent_context(
        str(tmp_path / "profile"), executable_path=shutil.which("chromium"), args=ARGUMENTS, viewport=PHONE
    )
    page = context.new_page()
    page.goto(pickup["link"])
    wait_until_kept(page)
    devtools = context.new_cdp_session(page)
    found = devtools.send("Page.getAppManifest")
    assert found["errors"] == []
    assert devtools.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
    context.close()
    manifest = json.loads(found["data"])
    path = "/p/" + pickup["link"].rpartition("/")[2]
    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == (path, "/p/", "standalone")
    assert manifest["name"] == "Si Ampera Bertanjak"
    for icon in manifest["icons"]:
        picture = httpx.get(office.server.url + icon["src"], timeout=30)
        assert "{}x{}".format(*Image.open(io.BytesIO(picture.content)).size) == icon["sizes"]
