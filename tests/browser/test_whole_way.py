"""The whole way, as the people of an office and an applicant go it: from a file of books to an empty screen."""

import math
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image, ImageChops, ImageFilter
from playwright.sync_api import Browser, Page, expect

from ampera import clock
from ampera.passports.fields import Record
from ampera.tools.demo.people import people, record
from ampera.tools.demo.samples import Style, sample
from tests.browser.demo_office import DemoOffice
from tests.browser.steps import PHONE, SCREEN, SOON, TABLET, Window, picture
from tests.chromium import FRAME_SIZE, film

ROWS = 40
FRAMES = 4
WRONG_BOOK = "X9999999"


@pytest.fixture
def place(demo_office: DemoOffice, camera_browser, tmp_path: Path) -> SimpleNamespace:
    """The demo office, a browser for everybody, and one on a tablet whose camera shows `camera`."""
    camera = film(tmp_path / "camera.mjpeg", [Image.new("L", FRAME_SIZE, 90)])
    return SimpleNamespace(
        server=demo_office.server,
        demo=demo_office.demo,
        browser=demo_office.browser,
        tablet=camera_browser(camera),
        camera=camera,
    )


@pytest.fixture
def opened(place: SimpleNamespace) -> Iterator[list[Page]]:
    """Pages that `enter` opened; errors in any of them fail the test."""
    pages: list[Page] = []
    yield pages
    errors = [error for page in pages for error in page.errors]
    for page in pages:
        page.context.close()
    assert errors == []


@pytest.fixture
def enter(place: SimpleNamespace, opened: list[Page]):
    """`enter(path, role="desk", **context)`: a page in a context of its own, signed in as this role."""

    def enter(path: str, role: str = "", browser: Browser | None = None, **context) -> Page:
        browser = browser or place.browser
        if role:
            context = {"storage_state": place.demo.states[role], "viewport": TABLET, **context}
        page = browser.new_context(**context).new_page()
        page.errors = []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.goto(path if "://" in path else place.server.url + path)
        opened.append(page)
        return page

    return enter


def in_the_hand(glass: Image.Image) -> Iterator[Image.Image]:
    """What a tablet's camera sees of a phone: it moves and tilts, seen from the side, out of focus, in bad light."""
    width, height = FRAME_SIZE
    glass = glass.convert("L").resize((round(glass.width * 0.9 * height / glass.height), round(0.9 * height)))
    still = Image.new("L", FRAME_SIZE, 70)
    still.paste(glass, ((width - glass.width) // 2, (height - glass.height) // 2))
    for turn in range(FRAMES):
        swing = math.sin(2 * math.pi * turn / FRAMES)
        view = tilted(
            4 + 7 * swing, (0.00025 * swing, 0.00015), (width / 2 + 60 * swing, height / 2 + 6 * (-1) ** turn)
        )
        seen = still.transform(FRAME_SIZE, Image.Transform.PERSPECTIVE, view, Image.Resampling.BILINEAR)
        noise = Image.effect_noise(FRAME_SIZE, 30)
        yield ImageChops.add(seen.filter(ImageFilter.GaussianBlur(1.5)), noise, offset=-128)


def tilted(degrees: float, lean: tuple[float, float], centre: tuple[float, float]) -> list[float]:
    """The eight numbers of a perspective: the picture's middle at `centre`, turned, its sides leaning away."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    (a, b), (x, y) = lean, centre
    u, v = FRAME_SIZE[0] / 2, FRAME_SIZE[1] / 2
    w = 1 - a * x - b * y
    across = (u * a + cos, u * b + sin, u * w - cos * x - sin * y)
    down = (v * a - sin, v * b + cos, v * w + sin * x - cos * y)
    return [number / w for number in (*across, *down, a, b)]


def import_books(page: Page, folder: Path) -> list[Record]:
    """A clerk takes a messy file of books in; what it told."""
    file = sample("xlsx", ROWS, 11, clock.today(), Style(is_messy=True))
    (folder / "buku.xlsx").write_bytes(file.content)
    page.set_input_files("#file", folder / "buku.xlsx")
    page.get_by_role("button", name="Lihat pratinjau").click()
    page.wait_for_url("**/desk/import/*", timeout=3 * SOON)
    expect(page.locator(f"[data-rows='{ROWS}']")).to_contain_text(f"{ROWS} baru")
    page.locator("#confirm button").click()
    expect(page.get_by_role("link", name="Ke meja")).to_be_visible(timeout=3 * SOON)
    return file.books


def page_of(clerk: Page, book: Record) -> str:
    """The link that the desk gives the applicant of this book."""
    clerk.goto(clerk.url.split("/desk")[0] + f"/desk?q={book.application_no}")
    clerk.locator("#found a").click()
    return clerk.get_by_role("link", name="Buka halaman").get_attribute("href")


def on_the_screen(screen: Page, number: str, state: str):
    return screen.locator(f"[data-queue-no='{number}'][data-state='{state}']")


def scanned(tablet: Page, book: Record) -> str:
    """The tablet's camera has read the book's code; the queue number it got."""
    verdict = tablet.locator(
        "[data-verdict=ok], [data-verdict=repeat]"
    )  # a phone that stays before the camera is read again
    expect(verdict).to_contain_text(book.shelf)
    return verdict.locator("[data-queue-no]").inner_text()


def test_book_goes_from_the_file_to_the_owner_and_into_the_register(place, enter, tmp_path):
    screen = enter(place.demo.screen, viewport=SCREEN)
    expect(screen.locator("#nobody")).to_be_visible()

    clerk = enter("/desk/import", "desk")
    books = import_books(clerk, tmp_path)
    book = next(book for book in books if book.nik and not book.group_name and " " in book.holder_name)

    phone = enter(page_of(clerk, book), viewport=PHONE, device_scale_factor=2)
    expect(phone.locator("[data-stage=ready]")).to_be_visible()
    film(place.camera, in_the_hand(picture(phone)))
    tablet = enter("/lane?lane=1", "officer", place.tablet)
    number = scanned(tablet, book)
    expect(on_the_screen(screen, number, "waiting")).to_be_visible()
    expect(phone.locator("#live")).to_contain_text(number)

    tablet.get_by_role("button", name="Panggil berikutnya").click()
    expect(on_the_screen(screen, number, "called")).to_contain_text("Silakan masuk")
    expect(screen.locator("[data-lane='1']")).to_have_attribute("data-queue-no", number)
    expect(phone.locator("#call-screen .call-screen__lane")).to_have_text("1")
    tablet.locator("#current [data-move=serve]").click()
    expect(on_the_screen(screen, number, "serving")).to_be_visible()

    window = Window(tablet)
    window.start()
    window.collector("self")
    window.type_in(0, "identity", book.nik[-4:])
    window.type_in(0, "book", WRONG_BOOK)
    expect(window.row(0)).to_contain_text("Buku tidak cocok. Jangan serahkan.")
    expect(window.page.locator(".hold")).to_be_disabled()
    window.match(0, book)
    window.sign()
    window.hold()
    expect(window.recorded()).to_contain_text("Serahkan 1 paspor")
    expect(screen.locator(f"[data-queue-no='{number}']")).to_have_count(0)
    expect(screen.locator("#nobody")).to_be_visible()
    expect(phone.locator("[data-stage=collected]")).to_be_visible()

    supervisor = enter(f"/register?q={book.passport_no}", "supervisor")
    expect(supervisor.locator("tbody tr")).to_have_count(1)
    supervisor.locator("tbody a").click()
    expect(supervisor.locator(".record").first).to_contain_text(book.passport_no)
    signature = supervisor.locator(".register__signature")
    assert signature.evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 100

    window.recorded().get_by_role("button", name="Selesai").click()  # the phone is still held before the camera
    expect(tablet.locator("[data-verdict=collected]")).to_be_visible()


@pytest.mark.proof  # tests/browser/test_lane_family.py is its witness
def test_a_family_takes_two_of_three_books_and_the_code_stays_good_for_the_third(place, enter):
    written = [(person.group, record(person, n, clock.today())) for n, person in enumerate(people(), 1)]
    family = [SimpleNamespace(**book) for group, book in written if group == "KELUARGA-CONTOH-1"]
    clerk = enter("/desk", "desk")
    phone = enter(page_of(clerk, family[0]), viewport=PHONE)
    expect(phone.locator("#main h1:visible")).to_contain_text("3 paspor")
    code = phone.locator(".applicant-page__code").inner_text()

    window = Window(enter("/lane?lane=2", "officer"))
    window.serve(code)
    window.pane("visit").get_by_role("checkbox").nth(2).uncheck()
    window.start()
    window.collector("family")
    for n, book in enumerate(family[:2]):
        window.match(n, book)
    window.sign()
    window.hold()
    expect(window.recorded()).to_contain_text("Serahkan 2 paspor")
    window.recorded().get_by_role("button", name="Selesai").click()

    expect(window.page.locator("#scanner")).to_be_visible()
    expect(window.page.locator("#current")).to_be_hidden()
    expect(phone.locator("#main h1:visible")).to_contain_text("1 dari 3 paspor")
    clerk.goto(f"{place.server.url}/register")
    rows = clerk.locator("tbody tr")
    for book in family[:2]:
        expect(rows.filter(has_text=book.holder_name)).to_have_count(1)
    expect(rows.filter(has_text=family[2].holder_name)).to_have_count(0)

    window.scan(code)
    expect(window.page.locator("[data-verdict=ok]")).to_contain_text("Ambil 1 buku")
    expect(window.page.locator("[data-verdict=ok] li")).to_have_count(3)
