"""Requests of people about the own data: the list in its states, and one request of each kind with its answer."""

from datetime import timedelta
from functools import partial

from playwright.sync_api import Page, expect

from ampera import clock, db
from ampera.reports.persons import service
from ampera.reports.persons.models import KINDS
from ampera.reports.persons.request_queries import application_of
from tests.browser.demo_office import LONG_NAME, DemoOffice
from tests.browser.scenes.desk import clerk
from tests.browser.scenes.table import ALL, DESK, SCENES, Scene, page, scene

page("requests-empty", "/desk/requests", "desk", *ALL)


def note(office: DemoOffice, name: str, kind: str, hours_ago: float, asked: str) -> int:
    """A clerk notes a request; returns its id."""
    with db.reading() as session:
        number = application_of(session, office.supervisor.office_id, office.books(name).book)
    received_at = clock.now() - timedelta(hours=hours_ago)
    made = service.note(clerk(), service.Wish(number, kind, "letter", asked, received_at))
    assert isinstance(made, service.RequestState)
    return made.id


def fill(office: DemoOffice) -> None:
    """One request that is overdue, one that is due soon, one that has time, and an answered one."""
    answered = note(office, "Contoh Sudah Dijawab", "objection", 90, "Tidak mau menerima pesan pengingat lagi")
    service.answer(office.supervisor, answered, "granted", "Pesan pengingat dihentikan, kontak dihapus")
    note(office, "Contoh Baru Saja", "access", 2, "Salinan semua data untuk anaknya")
    note(office, "Contoh Hampir", "correction", 60, "Tanggal lahir di daftar salah")
    note(office, LONG_NAME, "objection", 80, "Keberatan bahwa nomor telepon lama masih dipakai oleh biro perjalanan")


@scene(*ALL)
def requests(office: DemoOffice) -> Page:
    fill(office)
    page = office.open("/desk/requests", "supervisor")
    page.locator("details.acts summary").click()
    return page


@scene(*DESK)
def requests_refused(office: DemoOffice) -> Page:
    """A clerk has typed a number that no application has."""
    page = office.open("/desk/requests", "desk")
    page.fill("#application_no", "8800000000099999")
    page.fill("#asked", "Salinan semua data")
    page.click("main .button--primary")
    expect(page.locator("#application_no")).to_have_attribute("aria-invalid", "true")
    return page


def show(office: DemoOffice, kind: str) -> Page:
    return office.open(f"/desk/requests/{note(office, LONG_NAME, kind, 20, 'Satu baris permintaan')}", "supervisor")


for kind in KINDS:
    SCENES[f"request-{kind}"] = Scene(partial(show, kind=kind), DESK)
