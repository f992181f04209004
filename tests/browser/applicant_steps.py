"""What an applicant's phone shows, and what officers do over the API meanwhile."""

import uuid

import zxingcpp

from tests.browser.steps import PHONE, SECONDS, SOON, picture
from tests.services import wait_until

KEPT = """async () => {
    const keys = async (name) => (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname);
    return { pages: await keys("ampera-pages-1"), assets: await keys("ampera-assets-1") };
}"""
DRAWN_WITH = """() => performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname)
    .filter((path) => path.startsWith("/static/"))"""


def phone(office, pickup, script="", is_clocked=False, **more):
    """The page of this pickup on a phone of its own. `is_clocked`: its clock can be turned."""
    page = office.browser.new_context(viewport=PHONE, **more).new_page()
    if is_clocked:
        page.clock.install()
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    if script:
        page.add_init_script(script)
    page.goto(pickup["link"])
    return page


def seen_by_a_camera(page):
    found = zxingcpp.read_barcodes(picture(page), formats=zxingcpp.BarcodeFormat.QRCode)  # as the tablet's reader
    return [code.text for code in found]


def scan(office, pickup, lane=2):
    body = {"scan_id": str(uuid.uuid4()), "lane": lane, "input": pickup["code"]}
    return office.staff.post("/scans", json=body).raise_for_status().json()["visit"]


def move(office, visit, move, lane=2):
    office.staff.post(f"/visits/{visit['id']}/{move}", json={"lane": lane}).raise_for_status()


def look(page, name):
    return page.locator(f".queue-position[data-look={name}]")


def wait_until_kept(page):
    """Its service worker has the page and all that it is drawn with."""

    def is_kept():
        kept, files = page.evaluate(KEPT), set(page.evaluate(DRAWN_WITH))
        return kept["pages"] and files and files <= set(kept["assets"])

    wait_until(is_kept, "the page is not kept", SOON / SECONDS)


def age(page):
    return page.locator("#age")


def fresh(page):
    """Is there when the page is what the server says now, not what was kept."""
    return page.locator("body:not([data-kept])")
