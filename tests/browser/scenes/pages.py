"""Every page in every state: the public ones, the screens, the office. Tablet and phone have files of their own."""

from functools import partial

from playwright.sync_api import Page, expect
from sqlalchemy import select

from ampera import clock, db
from ampera.accounts.models import Staff
from ampera.audit import Actor
from ampera.handovers import void_service
from ampera.handovers.models import Handover
from ampera.passports.corrections import service as corrections
from ampera.tools.demo import people
from ampera.tools.demo.samples import Style, sample
from tests.browser.demo_office import DemoOffice, register_path
from tests.browser.scenes.table import ALL, DESK, SCENES, Scene, page, scene
from tests.browser.steps import PHONE, TABLET

page("index", "/", "", *ALL)
page("login", "/login", "", *ALL)
page("login-confirm", "/login/confirm?next=/register", "supervisor", *DESK)
page("account", "/account", "officer", *ALL)
page("admin-ask", "/admin/accounts/2/reset", "admin", *ALL)
page("not-found", "/tidak/ada", "", *DESK)
page("forbidden", "/admin/accounts", "officer", *DESK)
page("desk", "/desk", "desk", *ALL)
page("desk-nothing-found", "/desk?q=zzz", "desk", *DESK)
page("desk-found", "/desk?q=contoh", "desk", *ALL)
page("import", "/desk/import", "desk", *ALL)
page("register", "/register", "supervisor", *ALL)
page("register-empty", "/register?q=zzz", "supervisor", *DESK)
page("reports", "/reports", "supervisor", *ALL)
page("reports-days", "/reports/days", "supervisor", *ALL)
page("reports-access", "/reports/access", "supervisor", *ALL)
page("account-factors", "/account/factors", "officer", *ALL)
page("order-of-an-old-day", "/reports/order?since=2020-01-01&until=2020-01-01", "supervisor", *ALL)
for tab in ("accounts", "devices", "keys", "office", "calendar", "options"):
    page(f"admin-{tab}", f"/admin/{tab}", "admin", *ALL)
page("admin-tablets", "/admin/devices/tablets", "admin", *DESK)


@scene(PHONE, TABLET)
def login_refused(office: DemoOffice) -> Page:
    page = office.open("/login")
    page.fill("[name=login]", "petugas.satu")
    page.fill("[name=password]", "salah")
    page.click("main button[type=submit]")
    expect(page.locator("#problem")).to_be_visible()
    return page


REMARKS = """Nomor Permohonan;Nomor Paspor;Nama;Tanggal Lahir;Tanggal Terbit;Rak;No. WA;Keterangan
8800000000000011;X1234511;Contoh Satu;03/04/1990;01-11-2026;A-1;0812-3456-7890 / 0813-9999-0000;titip
8800000000000012;X1234512;Contoh Dua;25/12/1990;01-11-2026;A-1;tidak ada;
8800000000000013;X1234513;Contoh Tiga;12/25/1990;01-11-2026;A-1;081234567890;
Jumlah: 3 buku
;;Palembang, 24 November 2026
"""


def preview(office: DemoOffice, bad: int) -> Page:
    return read(office, sample("csv", 60, 31, clock.today(), Style(bad=bad)).content)


def read(office: DemoOffice, content: bytes) -> Page:
    page = office.open("/desk/import", "desk")
    page.set_input_files("#file", {"name": "buku-contoh.csv", "mimeType": "text/csv", "buffer": content})
    page.click("#upload button")
    page.wait_for_url("**/desk/import/*")
    return page


SCENES["import-preview"] = Scene(partial(preview, bad=0), ALL)
SCENES["import-remarks"] = Scene(partial(read, content=REMARKS.encode()), ALL)
SCENES["import-problems"] = Scene(partial(preview, bad=9), ALL)


@scene(*DESK)
def import_refused(office: DemoOffice) -> Page:
    page = office.open("/desk/import", "desk")
    page.set_input_files("#file", {"name": "foto.xlsx", "mimeType": "image/png", "buffer": b"\x89PNG" * 99})
    page.click("#upload button")
    expect(page.locator("#problem")).to_be_visible()
    return page


for name, holder in {
    "ready": "Ahmad Contoh Keluarga",
    "held": "Tahan Sampel Periksa",
    "long": people.LONG_NAME,
}.items():
    SCENES[f"book-{name}"] = Scene(
        lambda office, holder=holder: office.open(f"/desk/books/{office.pickup(holder).book}", "supervisor"), ALL
    )


@scene(*ALL)
def record(office: DemoOffice) -> Page:
    page = office.open(register_path("Diambil"), "supervisor")
    page.locator("tbody a").first.click()
    page.wait_for_url("**/register/*")
    return page


@scene(*DESK)
def record_voided(office: DemoOffice) -> Page:
    page = office.open(register_path("Kemarin"), "supervisor")
    number = page.locator("tbody a").first.get_attribute("href").split("/")[-1]
    with db.reading() as session:
        book = session.get_one(Handover, int(number)).passport_no
    void_service.void(office.supervisor, int(number), "Salah orang (uji)", "C-02-08", book, has_proved=True)
    page.locator("tbody a").first.click()
    page.wait_for_url("**/register/*")
    return page


def correcting(office: DemoOffice, path: str) -> Page:
    """A clerk's proposal that waits for a supervisor."""
    book = office.books("Putri Uji Coba").book
    with db.reading() as session:
        clerk = session.scalars(select(Staff).where(Staff.role == "desk").limit(1)).one()
    who = Actor("staff", clerk.name, clerk.role, clerk.office_id, staff_id=clerk.id)
    values = {"holder_name": "Putri Uji Cuba", "birth_date": "1990-03-03", "nik": "1671010303900009"}
    corrections.propose(who, book, values, "Salah ketik pada daftar")
    return office.open(path.format(book=book), "supervisor")


SCENES["correction-list"] = Scene(partial(correcting, path="/desk/corrections"), ALL)
SCENES["correction-book"] = Scene(partial(correcting, path="/desk/books/{book}"), ALL)
