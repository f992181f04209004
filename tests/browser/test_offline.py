"""The applicant's page without a network, in a real browser: installed, kept, its age told, gone when it is gone."""

import io
import json
import re
import shutil
from contextlib import closing

import httpx
from PIL import Image
from playwright.sync_api import expect

from tests.browser.applicant_steps import KEPT, age, fresh, move, scan, seen_by_a_camera, wait_until_kept
from tests.browser.steps import PHONE, pass_time_until
from tests.chromium import ARGUMENTS
from tests.services import wait_until

ONE_MORE = "js/pages/board.js"
LOADS_ONE_MORE = f"""addEventListener("DOMContentLoaded", () => {{
    const {{ src }} = document.querySelector("script[type=module]");
    fetch(src.replace(/js\\/.*/, "{ONE_MORE}"));
}});"""


def test_page_without_a_network_shows_the_code_and_an_age(office, kept_phone):
    pickup = next(office.pickups)
    page = kept_phone(pickup)
    page.context.set_offline(True)
    page.reload()
    # Midnight may have come since.
    expect(age(page)).to_contain_text(
        re.compile(r"Tersimpan (pukul|\d\d-\d\d-\d{4},) \d\d\.\d\d, baru saja\. Status bisa sudah berubah\.")
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


def test_age_of_a_kept_page_grows_and_names_another_day(office, kept_phone):
    page = kept_phone(next(office.pickups))
    page.context.set_offline(True)
    page.clock.fast_forward("03:00:00")
    page.reload()
    expect(age(page)).to_contain_text("3 jam yang lalu")
    page.clock.fast_forward("48:00:00")
    expect(age(page)).to_contain_text(re.compile(r"Tersimpan \d\d-\d\d-\d{4}, \d\d\.\d\d, 2 hari yang lalu"))


def test_a_call_that_was_kept_is_shown_as_no_call(office, kept_phone):
    pickup = next(office.pickups)
    visit = scan(office, pickup)
    move(office, visit, "call")
    page = kept_phone(pickup)
    expect(page.locator("#call-screen")).to_be_visible()
    page.context.set_offline(True)
    page.reload()
    expect(age(page)).to_contain_text("Status bisa sudah berubah.")
    expect(page.locator("#call-screen")).to_be_hidden()
    expect(page.get_by_text("Silakan menuju jalur").locator("visible=true")).to_have_count(0)
    assert seen_by_a_camera(page) == [pickup["code"]]


def test_an_open_page_forgets_a_replaced_code_too(office, kept_phone):
    pickup = next(office.pickups)
    page = kept_phone(pickup)
    page.reload()
    expect(fresh(page)).to_be_visible()
    office.staff.post(f"/pickups/{pickup['pickup_id']}/codes").raise_for_status()
    pass_time_until(page, page.get_by_role("heading", level=1, name="Kode sudah diganti").is_visible)
    assert page.evaluate(KEPT)["pages"] == []


def test_worker_keeps_only_the_page_and_the_static_files(office, kept_phone):
    pickup = next(office.pickups)
    page = kept_phone(pickup)
    page.request.get(f"{pickup['link']}/slip.pdf")
    page.evaluate(f"() => fetch('/api/v1/pickup-state/{pickup['link'].rpartition('/')[2]}')")
    page.reload()
    kept = page.evaluate(KEPT)
    assert kept["pages"] == ["/p/" + pickup["link"].rpartition("/")[2]]
    assert {path.split("/")[1] for path in kept["assets"]} == {"static"}


def test_file_that_was_under_way_when_the_worker_came_is_kept_too(office, browser):
    held = []
    with closing(browser.new_context(viewport=PHONE)) as context:
        page = context.new_page()
        page.add_init_script(LOADS_ONE_MORE)
        page.route(f"**/{ONE_MORE}", lambda route: held.append(route))
        page.goto(next(office.pickups)["link"])
        wait_until(lambda: page.evaluate(KEPT)["pages"] and held, "the page is not kept")
        held[0].continue_()
        wait_until(lambda: ONE_MORE in str(page.evaluate(KEPT)["assets"]), "the file is not kept")


def test_later_announcement_is_kept_too(office, kept_phone):
    page = kept_phone(next(office.pickups))
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
