"""What an applicant leaves with, and what staff see of it: receipts, their check, the survey; and the front page."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from playwright.sync_api import Page, expect

from ampera import clock, db
from ampera.handovers import service as handovers
from ampera.handovers import void_service
from ampera.handovers.collectors.checklists import Collector
from ampera.handovers.evidence import Identity
from ampera.handovers.models import Handover
from ampera.handovers.receipts.queries import receipts_of
from ampera.handovers.submission import BookInHand, Submission
from ampera.offices import service
from ampera.offices.calendar.hours import Span
from ampera.survey import satisfaction_index
from ampera.survey.models import SurveyCount
from tests.browser.demo_office import LONG_NAME, DemoOffice
from tests.browser.scenes.lane import at_lane
from tests.browser.scenes.table import ALL, DESK, TABLETS, page, scene
from tests.browser.steps import PHONE, TABLET, Window

NARROW = {"width": 360, "height": 740}
FAMILY = Collector("family", "Contoh Kerabat", "ktp", "1234", ("payment", "family_card", "identity"))
PLACE = {
    "directions": "Masuk dari gerbang timur, ikuti tanda jalur hijau.\nSepeda motor memakai jalur paling kiri.",
    "directions_en": "Enter by the east gate and follow the green lane.\nMotorcycles keep to the far left.",
    "geo": "-3.0225,104.7870",
    "contact": "0711 000 0000 (contoh)",
    "access": "Petugas datang ke jendela kendaraan; tanda tangan dapat dibantu.",
    "access_en": "The officer comes to your window and helps with the signature.",
}

page("receipt-check", "/register/check", "officer", *ALL)
page("admin-documents", "/admin/documents", "admin", *ALL)
page("reports-survey-empty", "/reports/survey?lang=id", "admin", *DESK)


def collected(office: DemoOffice, *names: str, first: int = 0, **fields) -> tuple:
    """A pickup with these books, of which the first ones (0: all) went to a relative: the pickup and the records."""
    pickup = office.books(*names, **fields)
    visit = office.served(pickup.code, 2)
    books = [
        BookInHand(pickup.book + n, paper.passport_no, Identity(nik_last4=paper.nik[-4:]))
        for n, paper in enumerate(pickup.papers[: first or None])
    ]
    submission = Submission(str(uuid.uuid4()), visit["id"], tuple(books), FAMILY, None, "Tangan dibalut (uji)")
    made = handovers.hand_over(office.officer, submission)
    return pickup, [record["id"] for record in made.body["handovers"]]


def voided(office: DemoOffice, record: int) -> None:
    with db.reading() as session:
        book = session.get_one(Handover, record).passport_no
    void_service.void(office.supervisor, record, "Salah orang (uji)", "C-02-08", book, has_proved=True)


def checked(office: DemoOffice, pickup_id: int) -> Page:
    with db.reading() as session:
        code = receipts_of(session, pickup_id, office.keys)[0].code
    return typed(office, code)


def typed(office: DemoOffice, code: str) -> Page:
    page = office.open("/register/check", "officer")
    page.fill("#code", code)
    page.click("#check button")
    expect(page.locator("#checked")).to_be_visible()
    return page


@scene(*DESK)
def admin_documents_refused(office: DemoOffice) -> Page:
    page = office.open("/admin/documents", "admin")
    page.fill("#kind-new-name", "Paspor")
    page.fill("#kind-new-name-en", "Another passport")
    page.locator("main .button--primary").click()
    expect(page.locator(".field__error")).to_be_visible()
    return page


@scene(PHONE, NARROW, TABLET)
def pass_receipt(office: DemoOffice) -> Page:
    pickup, _ = collected(office, "Contoh Ayah", "Contoh Ibu", LONG_NAME)
    return office.open(pickup.link)


@scene(PHONE, NARROW)
def pass_receipt_of_a_part(office: DemoOffice) -> Page:
    """One of two books went out: the code stays on top, the receipt stands below."""
    pickup, _ = collected(office, "Contoh Ayah", "Contoh Ibu", first=1)
    return office.open(pickup.link)


@scene(PHONE, NARROW)
def pass_receipt_partly_void(office: DemoOffice) -> Page:
    pickup, records = collected(office, "Contoh Ayah", "Contoh Ibu")
    voided(office, records[1])
    return office.open(office._of_book(pickup.book).link)


@scene(PHONE, NARROW)
def pass_survey_in_full(office: DemoOffice) -> Page:
    pickup, _ = collected(office, "Contoh Nilai", kind="residence_permit")
    page = office.open(pickup.link)
    page.locator("#survey summary").click()
    page.locator("[name=conduct][value='4']").check(force=True)
    return page


@scene(PHONE)
def pass_survey_given(office: DemoOffice) -> Page:
    pickup, _ = collected(office, "Contoh Puas")
    page = office.open(pickup.link)
    page.locator("[name=overall][value='4']").click()
    expect(page.locator("#survey .state--go")).to_be_visible()
    return page


@scene(*ALL)
def receipt_check_valid(office: DemoOffice) -> Page:
    pickup, _ = collected(office, "Contoh Ayah", LONG_NAME)
    return checked(office, pickup.id)


@scene(*DESK)
def receipt_check_voided(office: DemoOffice) -> Page:
    pickup, records = collected(office, "Contoh Batal")
    voided(office, records[0])
    return checked(office, pickup.id)


@scene(*DESK)
def receipt_check_unknown(office: DemoOffice) -> Page:
    return typed(office, "SABT-0000-0000-0000-0000-0000-0000")


@scene(*TABLETS)
def verdict_of_a_permit(office: DemoOffice) -> Page:
    pickup = office.books("Contoh Asing", LONG_NAME, kind="residence_permit")
    window = Window(at_lane(office))
    window.scan(pickup.code)
    expect(window.page.locator("[data-verdict=ok]")).to_be_visible()
    return window.page


@scene(*TABLETS)
def window_of_a_permit(office: DemoOffice) -> Page:
    pickup = office.books("Contoh Asing", LONG_NAME, kind="residence_permit")
    office.served(pickup.code)
    window = Window(at_lane(office))
    window.start()
    return window.page


def answers(office: DemoOffice, month: str, **given: int) -> None:
    rows = [
        {"office_id": office.officer.office_id, "month": month, "element": element, "score": score, "count": count}
        for element in satisfaction_index.QUESTIONS
        for score, count in enumerate((1, 2, 9, 20 + len(element)), 1)
        if given.get(element, True)
    ]
    db.current().write(lambda unit: [unit.session.merge(SurveyCount(**row)) for row in rows])


@scene(*ALL)
def reports_survey(office: DemoOffice) -> Page:
    for month in ("2026-08", "2026-09", "2026-10"):
        answers(office, month)
    return office.open("/reports/survey?month=2026-10", "supervisor")


@scene(*DESK)
def reports_survey_of_few(office: DemoOffice) -> Page:
    answers(office, "2026-07", **dict.fromkeys(satisfaction_index.ELEMENTS[3:], 0))
    return office.open("/reports/survey?month=2026-07", "supervisor")


@contextmanager
def like_an_office(office: DemoOffice) -> Iterator[None]:
    """A place, a quota, a week with breaks and free days, a special day and a holiday."""
    today = clock.today()
    special = {today + timedelta(2): [Span("08:00", "10:00")], today + timedelta(4): []}
    morning, afternoon = Span("08:00", "12:00"), Span("13:00", "15:00")
    week = [[morning, afternoon]] * 4 + [[morning], [], []]
    office.set(**PLACE, day_quota=120)
    for weekday, spans in enumerate(week):
        service.set_hours(office.supervisor, weekday, spans)
    for day, spans in special.items():
        service.set_special_day(office.supervisor, day, "Layanan akhir pekan contoh", spans, 100 if spans else None)
    yield
    for weekday in range(7):
        service.set_hours(office.supervisor, weekday, [Span("00:00", "24:00")])
    for day in special:
        service.drop_special_day(office.supervisor, day)


def in_full(office: DemoOffice, path: str, colours: str = "light") -> Page:
    """The front page of such an office."""
    with like_an_office(office):
        page = office.open(path)
    page.emulate_media(color_scheme=colours)
    return page


@scene(*ALL, NARROW)
def index_in_full(office: DemoOffice) -> Page:
    return in_full(office, "/")


@scene(PHONE, TABLET)
def index_in_the_dark(office: DemoOffice) -> Page:
    return in_full(office, "/", "dark")


@scene(PHONE, TABLET)
def index_next_month(office: DemoOffice) -> Page:
    with like_an_office(office):
        page = office.open("/")
        page.locator("#calendar .button").click()
        page.wait_for_url("**month=*")
    return page
