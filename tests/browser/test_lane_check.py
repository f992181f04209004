"""The opening check of a lane: a real screen, a scanner that types, a camera that sees the test code."""

from playwright.sync_api import Page, expect

from tests.board.steps import display
from tests.browser.demo_office import DemoOffice
from tests.browser.scenes.queue import lanes
from tests.browser.steps import scanned

# The camera shows the test code of the page itself.
SEES_THE_TEST_CODE = """async () => {
  const picture = new Image();
  const svg = new XMLSerializer().serializeToString(document.querySelector(".test-code svg"));
  await new Promise((resolve) => {
    picture.onload = resolve;
    picture.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  });
  const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 480 });
  const pen = canvas.getContext("2d");
  setInterval(() => {
    pen.fillStyle = "white";
    pen.fillRect(0, 0, 640, 480);
    pen.drawImage(picture, 160, 80, 320, 320);
  }, 50);
  navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(20);
}"""


def check(office: DemoOffice, role: str = "officer") -> Page:
    page = office.open("/lane/check?lane=1", role)
    expect(part(page, "network")).to_have_attribute("data-result", "works")
    return page


def part(page: Page, name: str):
    return page.locator(f"[data-part={name}]")


def press(page: Page, name: str, button: str) -> None:
    part(page, name).locator(f"[data-slot={button}]").click()


def result(page: Page, name: str, wanted: str) -> None:
    expect(part(page, name)).to_have_attribute("data-result", wanted)


def test_screen_of_the_lane_shows_the_test_and_goes_back(demo_office):
    screen = demo_office.page()
    screen.goto(f"{demo_office.server.url}/board/PLG/1#token={display(lane=1)}")
    column = screen.locator(".gate[data-lane='1']")
    expect(column).to_contain_text("Belum ada panggilan")
    page = check(demo_office)
    press(page, "screen", "try")
    expect(column).to_contain_text("TES")
    expect(column).to_contain_text("Uji layar, bukan panggilan")
    expect(part(page, "screen")).to_contain_text("Layar sudah menerima tes.")
    press(page, "screen", "yes")
    result(page, "screen", "works")
    lanes(1, test_until=None)  # its end has come; that it comes by itself has its own test
    demo_office.set()
    expect(column).to_contain_text("Belum ada panggilan")


def test_screen_is_not_tested_while_a_vehicle_is_at_the_lane(demo_office):
    demo_office.called(demo_office.books("Contoh Satu").code)
    page = check(demo_office)
    press(page, "screen", "try")
    result(page, "screen", "failed")
    expect(part(page, "screen")).to_contain_text("Ada kendaraan di jalur ini")


def test_scanner_and_camera_read_the_test_code_only(demo_office):
    page = check(demo_office)
    code = page.locator("#parts").get_attribute("data-code")
    press(page, "scanner", "try")
    scanned(page, "X1234567")
    result(page, "scanner", "failed")
    press(page, "scanner", "try")
    scanned(page, code)
    result(page, "scanner", "works")
    page.evaluate(SEES_THE_TEST_CODE)
    press(page, "camera", "try")
    result(page, "camera", "works")
    expect(part(page, "camera").locator("video")).to_be_hidden()


def test_result_of_the_check_reaches_the_supervisor(demo_office):
    page = check(demo_office)
    page.evaluate("() => { window.print = () => {}; }")
    press(page, "printer", "try")
    press(page, "printer", "no")
    expect(part(page, "printer")).to_contain_text("Periksa kertas")
    expect(part(page, "printer").locator("[data-slot=try]")).to_be_focused()
    press(page, "scanner", "unused")
    expect(page.locator("#summary")).to_have_text("1 berfungsi, 1 gagal, 3 belum dicoba.")
    page.click("#save")
    expect(page.locator("#saved")).to_contain_text("Hasil tersimpan untuk penyelia")
    pace = demo_office.open("/reports/pace", "supervisor")
    expect(pace.locator("[data-lane='1']")).to_contain_text("oleh Petugas Contoh Satu. Gagal: pencetak.")
    expect(pace.locator("[data-lane='2']")).to_contain_text("Belum diperiksa hari ini.")


def test_slip_is_the_only_thing_on_paper(demo_office):
    page = check(demo_office)
    page.emulate_media(media="print")
    expect(page.locator(".test-slip")).to_be_visible()
    expect(page.locator("#parts")).to_be_hidden()
    expect(page.locator(".masthead nav")).to_be_hidden()
