"""What an applicant leaves with, on real pages: it is there by itself, a camera reads its code, one tap is enough."""

import base64
import io
import subprocess
import uuid
from collections.abc import Iterator

import httpx
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from ampera.pickups.qr import picture
from tests.browser.demo_office import DemoOffice
from tests.browser.scenes.receipts import collected, typed
from tests.browser.steps import PHONE, SOON, TABLET
from tests.chromium import FRAME_SIZE, film
from tests.handovers import steps

SCALE = 12  # pixels of a module before the camera


@pytest.fixture
def officer(demo_office: DemoOffice) -> Iterator[httpx.Client]:
    """The first officer with a key: what is done over HTTP is news on the server's sockets."""
    with demo_office.client("officer") as client:
        yield client


def document(page) -> bytes:
    """The receipt that the page offers, fetched by the phone."""
    fetched = page.evaluate(
        """async (link) => {
            const bytes = new Uint8Array(await (await fetch(link)).arrayBuffer());
            return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
        }""",
        page.locator(".receipt a").first.get_attribute("href"),
    )
    return base64.b64decode(fetched)


def receipt_code(page) -> str:
    """What a reader finds on the printed receipt."""
    drawn = subprocess.run(
        ["pdftoppm", "-r", "120", "-png", "-singlefile", "-"], input=document(page), capture_output=True, check=True
    )
    drawn = Image.open(io.BytesIO(drawn.stdout))
    (found,) = zxingcpp.read_barcodes(drawn, formats=zxingcpp.BarcodeFormat.QRCode)
    return found.text


def hand_over(officer, pickup) -> None:
    scanned = officer.post("/scans", json={"scan_id": str(uuid.uuid4()), "lane": 2, "input": pickup.code}).json()
    visit = scanned["visit"]["id"]
    assert officer.post(f"/visits/{visit}/serve", json={"lane": 2}).status_code == 200
    paper = pickup.papers[0]
    book = {"passport_id": pickup.book, "book": paper.passport_no, "identity": {"nik_last4": paper.nik[-4:]}}
    answer = officer.post("/handovers", json=steps.body(visit, book))
    assert answer.status_code == 201, answer.text


def test_receipt_appears_without_a_reload_and_one_tap_answers_the_survey(demo_office, officer):
    demo_office.size = PHONE
    pickup = demo_office.books("Contoh Langsung")
    page = demo_office.open(pickup.link)
    expect(page.locator("#receipts")).to_have_count(0)
    hand_over(officer, pickup)
    expect(page.locator("#receipts")).to_be_visible()
    assert document(page).startswith(b"%PDF")
    page.get_by_role("button", name="Sangat baik").first.click()
    expect(page.locator("#survey .state--go")).to_be_visible()


def test_the_survey_and_the_receipt_work_without_scripts(demo_office):
    pickup, _ = collected(demo_office, "Contoh Tanpa Skrip")
    page = demo_office.browser.new_context(java_script_enabled=False, viewport=PHONE).new_page()
    page.goto(pickup.link)
    page.locator("#survey summary").click()
    page.locator("label", has=page.locator("[name=time][value='3']")).click()
    page.get_by_role("button", name="Kirim jawaban").click()
    expect(page.locator("#survey .state--go")).to_be_visible()
    page.goto(f"{demo_office.server.url}/?lang=id")
    page.locator("#calendar .button").click()
    expect(page.locator("#calendar-title")).to_be_visible()
    page.context.close()


def test_a_receipt_before_the_camera_is_checked(demo_office, camera_browser, tmp_path):
    """The code of the real file, white paper on a grey desk."""
    demo_office.size = TABLET
    pickup, _ = collected(demo_office, "Contoh Kamera")
    page = demo_office.open(pickup.link)
    code = receipt_code(page)
    paper = Image.open(io.BytesIO(picture.png(code, SCALE))).convert("L")
    frame = Image.new("L", FRAME_SIZE, 120)
    frame.paste(paper, ((FRAME_SIZE[0] - paper.width) // 2, (FRAME_SIZE[1] - paper.height) // 2))
    camera = film(tmp_path / "camera.mjpeg", [frame] * 3)
    tablet = camera_browser(camera).new_context(storage_state=demo_office.demo.states["officer"]).new_page()
    tablet.goto(f"{demo_office.server.url}/register/check")
    tablet.locator("#scan").click()
    expect(tablet.locator("[data-verdict=valid]")).to_be_visible(timeout=2 * SOON)
    assert "SABT" not in tablet.url


def test_a_wedge_scanner_types_into_the_field(demo_office):
    pickup, _ = collected(demo_office, "Contoh Pemindai")
    code = receipt_code(demo_office.open(pickup.link))
    page = demo_office.open("/register/check", "officer")
    expect(page.locator("#code")).to_be_focused()
    page.keyboard.type(code.lower())
    page.keyboard.press("Enter")
    expect(page.locator("[data-verdict=valid]")).to_be_visible()
    expect(typed(demo_office, "SABT").locator("[data-verdict=malformed]")).to_be_visible()
