"""What an applicant lives through: from the e-mail in the inbox to a receipt that staff check and a tap on a survey."""

import io
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import zxingcpp
from icalendar import Calendar
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from ampera import clock
from ampera.passports.fields import Record
from ampera.tools.demo.samples import sample
from tests.browser.applicant_steps import seen_by_a_camera
from tests.browser.steps import PHONE, SECONDS, SOON, TABLET, Window
from tests.notices.mail_server import Mail, MailServer, mail_server
from tests.services import wait_until

ADDRESS = "keluarga.contoh@contoh.example"
RELATIVE = "Bibi Contoh Sampel"
SAID = {"proxy": "Kuasa", "family": "Keluarga satu KK"}


@pytest.fixture
def place(own_office) -> Iterator[SimpleNamespace]:
    """The demo office that sends by a real mail server, a browser, and a supervisor who works over the API."""
    with mail_server() as post:
        demo_office = own_office(MAIL_URL=post.url, MAIL_FROM="kantor@contoh.example")
        with demo_office.client("supervisor") as staff:
            yield SimpleNamespace(
                server=demo_office.server, post=post, browser=demo_office.browser, demo=demo_office.demo, staff=staff
            )


def take_in(place: SimpleNamespace) -> list[Record]:
    """Two books of one family with one address, sent by another system."""
    books = [book for book in sample("csv", 40, 77, clock.today()).books if book.nik][:2]
    rows = [
        {
            "application_no": book.application_no,
            "passport_no": book.passport_no,
            "holder_name": book.holder_name,
            "birth_date": book.birth_date.isoformat(),
            "issued_on": book.issued_on.isoformat(),
            "shelf": book.shelf,
            "nik": book.nik,
            "email": ADDRESS,
            "group": "KELUARGA-CONTOH-DENGAR",
        }
        for book in books
    ]
    answer = place.staff.post("/passports", json={"passports": rows}).raise_for_status().json()
    assert [row["outcome"] for row in answer["rows"]] == ["created", "created"]
    return books


def mail(post: MailServer, count: int) -> Mail:
    """The newest of so many mails to the family."""
    wait_until(lambda: len(post.to(ADDRESS)) >= count, f"mail {count} has not come", SOON / SECONDS)
    assert len(post.to(ADDRESS)) == count
    return post.to(ADDRESS)[-1]


def link_in(received: Mail) -> str:
    lines = received.read.get_body(("plain",)).get_content().splitlines()
    return next(line.strip() for line in lines if "/p/" in line)


def codes_on(picture: bytes) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))]


def inline_picture(received: Mail) -> bytes:
    """The QR, which the HTML shows by its content id."""
    html = received.read.get_body(("html",)).get_content()
    picture = next(part for part in received.read.walk() if part.get_content_type() == "image/png")
    assert f"cid:{picture['Content-ID'].strip('<>')}" in html
    return picture.get_content()


def book_a_window(phone: Page, n: int) -> str:
    """Touch the n-th window of the second day; what the page says is booked."""
    phone.locator("#booking a").first.click()
    with phone.expect_navigation():  # the first day has windows too
        phone.locator(".booking__days a").nth(1).click()
    window = phone.locator(".slot:enabled").nth(n)
    slot_text = window.locator("b").inner_text()
    window.click()
    expect(phone.locator("#booking .banner")).to_contain_text(slot_text)
    return slot_text


def announce(phone: Page, kind: str) -> None:
    phone.locator("#companion summary").first.click()
    phone.locator(f"#companion [value={kind}]").check()
    phone.fill("#companion-name", RELATIVE)
    phone.fill("#companion-relation", "bibi")
    phone.locator("#companion [type=submit]").first.click()
    expect(phone.locator(".companion__who")).to_contain_text(f"{SAID[kind]}: {RELATIVE}")


def pages_of(pdf: bytes, folder: Path) -> tuple[str, list[Path]]:
    """What a PDF says, and its pages as pictures."""
    (folder / "paper.pdf").write_bytes(pdf)
    text = subprocess.run(
        ["pdftotext", "-layout", folder / "paper.pdf", "-"], capture_output=True, text=True, check=True
    )
    subprocess.run(["pdftoppm", "-r", "150", "-png", folder / "paper.pdf", folder / "paper"], check=True)
    return text.stdout, sorted(folder.glob("paper*.png"))


def download(phone: Page, name: str) -> bytes:
    address = phone.get_by_role("link", name=name).first.get_attribute("href")
    answer = phone.request.get(f"{phone.url.split('/p/')[0]}{address}")
    assert answer.ok and answer.headers["content-type"].startswith("application/pdf")
    return answer.body()


def at_the_lane(place: SimpleNamespace, browser: Browser) -> Window:
    state = place.demo.states["officer"]
    page = browser.new_context(storage_state=state, viewport=TABLET).new_page()
    page.goto(f"{place.server.url}/lane?lane=1")
    expect(page.locator("#link")).to_have_attribute("data-key", "connected")
    return Window(page)


def test_applicant_goes_from_the_mail_to_the_receipt(place, tmp_path):
    books = take_in(place)
    received = mail(place.post, 1)  # one for two books with one address
    assert any(book.holder_name.split()[0] in str(received.read["To"]) for book in books)
    (code,) = codes_on(inline_picture(received))

    phone = place.browser.new_context(viewport=PHONE).new_page()
    phone.goto(link_in(received))
    expect(phone.locator("[data-stage=ready]")).to_be_visible()
    assert seen_by_a_camera(phone) == [code]

    first = book_a_window(phone, 3)
    booked = mail(place.post, 2).read.get_body(("plain",)).get_content()
    assert first.split("–")[0] in booked
    moved = book_a_window(phone, 5)
    assert moved != first
    mail(place.post, 3)
    saved = phone.request.get(f"{phone.url.split('#')[0]}/booking.ics").body()
    event = Calendar.from_ical(saved).walk("VEVENT")[0]
    assert clock.local(event.decoded("dtstart")).strftime("%H.%M") == moved.split("–")[0]
    assert "/p/" not in event.to_ical().decode() and code not in event.to_ical().decode()

    announce(phone, "proxy")
    text, (paper,) = pages_of(download(phone, "Unduh surat kuasa (PDF)"), tmp_path)
    assert "SURAT KUASA" in text.upper() and RELATIVE in text and "10.000" in text
    assert not any(book.holder_name in text for book in books if " " in book.holder_name)
    with Image.open(paper) as picture:
        assert picture.height > 1000
    announce(phone, "family")

    window = at_the_lane(place, place.browser)
    window.scan(code)
    expect(window.page.locator("[data-verdict=ok]")).to_be_visible()
    assert "apakah itu anda" in mail(place.post, 4).read.get_body(("plain",)).get_content().lower()
    number = window.page.locator("[data-verdict=ok] [data-queue-no]").get_attribute("data-queue-no")
    expect(phone.locator("#live")).to_contain_text(number)
    window.page.get_by_role("button", name="Panggil berikutnya").click()
    expect(phone.locator("#call-screen .call-screen__lane")).to_have_text("1")
    window.page.locator("#current [data-move=serve]").click()
    window.start()
    expect(window.pane("form")).to_contain_text(RELATIVE)
    window.collector("family")
    for n, book in enumerate(books):
        window.match(n, book)
    window.sign()
    window.hold()
    expect(window.recorded()).to_contain_text("Serahkan 2 paspor")

    expect(phone.locator("[data-stage=collected]")).to_be_visible()
    collected = mail(place.post, 5).read.get_body(("plain",)).get_content()
    assert RELATIVE not in collected and "keluarga" in collected.lower()
    text, (paper,) = pages_of(download(phone, "Tanda terima (PDF)"), tmp_path)
    for book in books:
        assert book.passport_no not in text and book.passport_no[-3:] in text
    (check,) = codes_on(paper.read_bytes())

    phone.locator(".survey__tap").last.click()
    expect(phone.locator("#survey")).to_contain_text("Terima kasih")

    window.page.goto(f"{place.server.url}/register/check")
    window.page.fill("[name=code]", check)
    window.page.locator("#check button").click()
    expect(window.page.locator("[data-verdict=valid]")).to_be_visible()
    expect(window.page.locator("tbody tr")).to_have_count(2)
    secrets = (link_in(received).rpartition("/")[2], code, check, ADDRESS, RELATIVE)
    assert [secret for secret in secrets if secret in place.server.log] == []
