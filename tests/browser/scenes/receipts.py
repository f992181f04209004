"""What an applicant leaves with, and what staff see of it: receipts, their check, the survey; and the front page."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from playwright.sync_api import Page, expect

from ampera import clock, db
from ampera.handovers import service as handovers
from ampera.handovers import void_service
from ampera.handovers.collectors import Collector
from ampera.handovers.evidence import Identity
from ampera.handovers.receipts.queries import receipts_of
from ampera.handovers.submission import BookInHand, Submission
from ampera.offices import service
from ampera.offices.calendar.hours import Span
from ampera.survey import satisfaction_index
from ampera.survey.models import SurveyCount
from tests.browser.demo_office import LONG_NAME, Town
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


def collected(town: Town, *names: str, first: int = 0, **fields) -> tuple:
    """A pickup with these books, of which the first ones (0: all) went to a relative: the pickup and the records."""
    pickup = town.books(*names, **fields)
    visit = town.served(pickup.code, 2)
    books = [
        BookInHand(pickup.book + n, paper.passport_no, Identity(nik_last4=paper.nik[-4:]))
        for n, paper in enumerate(pickup.papers[: first or None])
    ]
    submission = Submission(str(uuid.uuid4()), visit["id"], tuple(books), FAMILY, None, "Tangan dibalut (uji)")
    made = handovers.hand_over(town.officer, submission)
    return pickup, [record["id"] for record in made.body["handovers"]]


def voided(town: Town, record: int) -> None:
    void_service.void(town.supervisor, record, "Salah orang (uji)", "C-02-08", has_proved=True)


def checked(town: Town, pickup_id: int) -> Page:
    with db.reading() as session:
        code = receipts_of(session, pickup_id, town.keys)[0].code
    return typed(town, code)


def typed(town: Town, code: str) -> Page:
    page = town.open("/register/check", "officer")
    page.fill("#code", code)
    page.click("#check button")
    expect(page.locator("#checked")).to_be_visible()
    return page


@scene(*DESK)
def admin_documents_refused(town: Town) -> Page:
    page = town.open("/admin/documents", "admin")
    page.fill("#kind-new-name", "Paspor")
    page.fill("#kind-new-name-en", "Another passport")
    page.locator("main .button--primary").click()
    expect(page.locator(".field__error")).to_be_visible()
    return page


@scene(PHONE, NARROW, TABLET)
def pass_receipt(town: Town) -> Page:
    pickup, _ = collected(town, "Contoh Ayah", "Contoh Ibu", LONG_NAME)
    return town.open(pickup.link)


@scene(PHONE, NARROW)
def pass_receipt_of_a_part(town: Town) -> Page:
    """One of two books went out: the code stays on top, the receipt stands below."""
    pickup, _ = collected(town, "Contoh Ayah", "Contoh Ibu", first=1)
    return town.open(pickup.link)


@scene(PHONE, NARROW)
def pass_receipt_partly_void(town: Town) -> Page:
    pickup, records = collected(town, "Contoh Ayah", "Contoh Ibu")
    voided(town, records[1])
    return town.open(town._of_book(pickup.book).link)


@scene(PHONE, NARROW)
def pass_survey_in_full(town: Town) -> Page:
    pickup, _ = collected(town, "Contoh Nilai", kind="residence_permit")
    page = town.open(pickup.link)
    page.locator("#survey summary").click()
    page.locator("[name=conduct][value='4']").check(force=True)
    return page


@scene(PHONE)
def pass_survey_given(town: Town) -> Page:
    pickup, _ = collected(town, "Contoh Puas")
    page = town.open(pickup.link)
    page.locator("[name=overall][value='4']").click()
    expect(page.locator("#survey .state--go")).to_be_visible()
    return page


@scene(*ALL)
def receipt_check_valid(town: Town) -> Page:
    pickup, _ = collected(town, "Contoh Ayah", LONG_NAME)
    return checked(town, pickup.id)


@scene(*DESK)
def receipt_check_voided(town: Town) -> Page:
    pickup, records = collected(town, "Contoh Batal")
    voided(town, records[0])
    return checked(town, pickup.id)


@scene(*DESK)
def receipt_check_unknown(town: Town) -> Page:
    return typed(town, "SABT-0000-0000-0000-0000-0000-0000")


@scene(*TABLETS)
def verdict_of_a_permit(town: Town) -> Page:
    pickup = town.books("Contoh Asing", LONG_NAME, kind="residence_permit")
    window = Window(at_lane(town))
    window.scan(pickup.code)
    expect(window.page.locator("[data-verdict=ok]")).to_be_visible()
    return window.page


@scene(*TABLETS)
def window_of_a_permit(town: Town) -> Page:
    pickup = town.books("Contoh Asing", LONG_NAME, kind="residence_permit")
    town.served(pickup.code)
    window = Window(at_lane(town))
    window.start()
    return window.page


def answers(town: Town, month: str, **given: int) -> None:
    rows = [
        {"office_id": town.officer.office_id, "month": month, "element": element, "score": score, "count": count}
        for element in satisfaction_index.QUESTIONS
        for score, count in enumerate((1, 2, 9, 20 + len(element)), 1)
        if given.get(element, True)
    ]
    db.current().write(lambda unit: [unit.session.merge(SurveyCount(**row)) for row in rows])


@scene(*ALL)
def reports_survey(town: Town) -> Page:
    for month in ("2026-08", "2026-09", "2026-10"):
        answers(town, month)
    return town.open("/reports/survey?month=2026-10", "supervisor")


@scene(*DESK)
def reports_survey_of_few(town: Town) -> Page:
    answers(town, "2026-07", **dict.fromkeys(satisfaction_index.ELEMENTS[3:], 0))
    return town.open("/reports/survey?month=2026-07", "supervisor")


@contextmanager
def like_an_office(town: Town) -> Iterator[None]:
    """A place, a quota, a week with breaks and free days, a special day and a holiday."""
    today = clock.today()
    special = {today + timedelta(2): [Span("08:00", "10:00")], today + timedelta(4): []}
    morning, afternoon = Span("08:00", "12:00"), Span("13:00", "15:00")
    week = [[morning, afternoon]] * 4 + [[morning], [], []]
    town.set(**PLACE, day_quota=120)
    for weekday, spans in enumerate(week):
        service.set_hours(town.supervisor, weekday, spans)
    for day, spans in special.items():
        service.set_special_day(town.supervisor, day, "Layanan akhir pekan contoh", spans, 100 if spans else None)
    yield
    for weekday in range(7):
        service.set_hours(town.supervisor, weekday, [Span("00:00", "24:00")])
    for day in special:
        service.drop_special_day(town.supervisor, day)


def in_full(town: Town, path: str, colours: str = "light") -> Page:
    """The front page of such an office."""
    with like_an_office(town):
        page = town.open(path)
    page.emulate_media(color_scheme=colours)
    return page


@scene(*ALL, NARROW)
def index_in_full(town: Town) -> Page:
    return in_full(town, "/")


@scene(PHONE, TABLET)
def index_in_the_dark(town: Town) -> Page:
    return in_full(town, "/", "dark")


@scene(PHONE, TABLET)
def index_next_month(town: Town) -> Page:
    with like_an_office(town):
        page = town.open("/")
        page.locator("#calendar .button").click()
        page.wait_for_url("**month=*")
    return page
