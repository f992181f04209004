"""A family of three with every page open at once: the tablet, the desk, the lane's screen and the applicant's phone."""

from playwright.sync_api import Page, expect

from tests.browser.scenes.lane import at_lane
from tests.browser.steps import PHONE, SCREEN, TABLET, Window


def on(screen: Page, number: str, state: str):
    return screen.locator(f"[data-queue-no='{number}'][data-state='{state}']").first


def test_three_books_go_from_the_scan_to_the_last_signature_and_every_page_agrees(demo_office):
    family = demo_office.books("Contoh Ayah", "Contoh Ibu", "Contoh Anak")
    demo_office.size = PHONE
    phone = demo_office.open(family.link)
    demo_office.size = SCREEN
    screen = demo_office.page()
    screen.goto(demo_office.demo.screen)
    expect(screen.locator("#nobody")).to_be_visible()
    demo_office.size = TABLET
    desk = demo_office.open("/desk", "desk")
    window = Window(at_lane(demo_office))

    window.scan(family.code)
    number = window.page.locator("[data-verdict=ok] [data-queue-no]").inner_text()
    expect(on(screen, number, "waiting")).to_be_visible()
    expect(phone.locator("#live")).to_contain_text(number)
    expect(desk.locator("#picks .pick")).to_have_count(3)

    desk.locator("#fetch [data-all]").check()
    desk.click("#fetch [value=take]")
    expect(desk.locator("#carried .pick")).to_have_count(3)
    desk.select_option("#carry [name=place]", "1/1")
    desk.click("#carry [value=hand]")
    expect(window.page.locator(f"#queue [data-queue-no={number}]")).to_contain_text("3/3 di loket")

    window.page.click("#call")
    expect(on(screen, number, "called")).to_be_visible()
    expect(phone.locator("#call-screen")).to_be_visible()
    window.page.locator("#current [data-move=serve]").click()
    expect(window.pane("visit").locator("[data-pick=at_window]")).to_have_count(3)
    expect(on(screen, number, "serving")).to_be_visible()

    collect(window, family.papers[:2], 2)
    expect(phone.locator("#main h1:visible")).to_contain_text("Sedang dilayani di jalur 1")
    window.recorded().get_by_role("button", name="Pengambil berikutnya: 1 paspor").click()
    collect(window, family.papers[2:], 1)
    window.recorded().get_by_role("button", name="Selesai").click()

    expect(screen.locator(f"[data-queue-no='{number}']")).to_have_count(0)
    expect(phone.locator("[data-stage=collected]")).to_be_visible()
    expect(desk.locator("#picks .pick, #carried .pick, #returns .pick")).to_have_count(0)
    expect(window.page.locator("#current")).to_be_hidden()


def collect(window: Window, papers: list, n: int) -> None:
    """The next collector takes the first `n` books that are left."""
    ticks = window.pane("visit").get_by_role("checkbox")
    for i in range(n, ticks.count()):
        ticks.nth(i).uncheck()
    window.start()
    window.collector("family")
    for row, paper in enumerate(papers):
        window.match(row, paper)
    window.sign()
    window.hold()
    expect(window.recorded()).to_contain_text(f"Serahkan {n} paspor")
