"""The applicant's page in every state: what is ready, where the vehicle stands, what nobody should rely on."""

from datetime import timedelta

from playwright.sync_api import Page, expect
from sqlalchemy import update

from ampera import clock, db
from ampera.bookings.collectors import service as collectors_service
from ampera.bookings.collectors.submission import CollectorDetails
from ampera.offices.models import Office
from ampera.passports.models import Passport
from ampera.pickups import service as pickups
from ampera.visits.models import Visit
from ampera.visits.moves import service
from tests.browser.demo_office import LONG_NAME, DemoOffice
from tests.browser.scenes.lane import WAITING, silence
from tests.browser.scenes.table import SCENES, Scene, scene
from tests.browser.steps import PHONE, TABLET

NARROW = {"width": 360, "height": 740}
THE_WAY = {
    "contact": "0711 000 0000",
    "directions": "Masuk lewat gerbang timur Jalan Contoh.\nIkuti tanda jalur ambil paspor di sisi kiri.",
    "directions_en": "Enter by the east gate in Jalan Contoh.\nFollow the signs for passport collection on the left.",
    "geo": "-3.0225,104.7870",
    "access": "Petugas datang ke kendaraan bila Anda tidak dapat menjangkau loket. Bunyikan klakson sekali.",
}

for name, holder in {
    "ready": "Contoh Satu",
    "family": "Cahyo Sampel Keluarga",
    "overdue": "Lewat Uji Batas",
    "held": "Tahan Sampel Periksa",
    "collected": "Sudah Uji Diambil",
}.items():
    SCENES[f"pass-{name}"] = Scene(
        lambda office, holder=holder: office.open(office.pickup(holder).link), (PHONE, TABLET)
    )


@scene(PHONE)
def pass_partly_collected(office: DemoOffice) -> Page:
    family = office.books("Contoh Ayah", "Contoh Ibu", LONG_NAME)
    first = update(Passport).where(Passport.id == family.book).values(state="collected")
    db.current().write(lambda unit: unit.session.execute(first))
    return office.open(family.link)


@scene(PHONE)
def pass_revoked(office: DemoOffice) -> Page:
    old = office.books("Contoh Lama")
    pickups.reissue(office.supervisor, old.id, "Kode hilang (uji)")
    return office.open(old.link)


@scene(PHONE, NARROW)
def pass_coming(office: DemoOffice) -> Page:
    page = office.open(office.books("Contoh Datang").link)
    page.locator("[name=kind][value=leaving]").click()
    expect(page.locator("[name=kind][value=withdraw]")).to_be_visible()
    return page


@scene(PHONE, NARROW)
def pass_waiting(office: DemoOffice) -> Page:
    office.queue(*WAITING)
    return shown(office.open(office.pickup(WAITING[-1]).link), "waiting")


@scene(PHONE, NARROW)
def pass_waiting_armed(office: DemoOffice) -> Page:
    page = pass_waiting(office)
    page.locator("[data-arm]").click()
    expect(page.locator("[data-armed]")).to_be_visible()
    return page


@scene(PHONE, TABLET, NARROW)
def pass_called(office: DemoOffice) -> Page:
    pickup = office.pickup("Contoh Satu")
    office.called(pickup.code, 2)
    page = office.open(pickup.link)
    expect(page.locator("#call-screen")).to_be_visible()
    return page


@scene(PHONE, NARROW)
def pass_called_with_code(office: DemoOffice) -> Page:
    page = pass_called(office)
    page.locator("[data-show-qr]").click()
    return shown(page, "called")


@scene(PHONE, NARROW)
def pass_stale(office: DemoOffice) -> Page:
    pickup = office.pickup("Contoh Satu")
    office.called(pickup.code, 2)
    page = office.open(pickup.link, is_clocked=True)
    expect(page.locator("#call-screen")).to_be_visible()
    silence(page)
    expect(page.locator(".call-screen--stale")).to_be_visible()
    return page


@scene(PHONE, NARROW)
def pass_serving(office: DemoOffice) -> Page:
    pickup = office.pickup("Contoh Satu")
    office.served(pickup.code, 2)
    return shown(office.open(pickup.link), "serving")


@scene(PHONE, NARROW)
def pass_no_show(office: DemoOffice) -> Page:
    pickup = office.books("Contoh Terlewat")
    service.mark_no_show(office.officer, office.called(pickup.code, 2)["id"], None)
    return shown(office.open(pickup.link), "no_show")


@scene(PHONE, NARROW)
def pass_diverted(office: DemoOffice) -> Page:
    pickup = office.books("Contoh Dalam")
    service.divert(office.officer, office.called(pickup.code, 2)["id"], "Foto diragukan (uji)")
    return shown(office.open(pickup.link), "diverted")


@scene(PHONE, NARROW)
def pass_rest_remains(office: DemoOffice) -> Page:
    """One of two books went out: the visit is done, the other waits on."""
    family = office.books("Contoh Ayah", "Contoh Ibu")
    visit = office.served(family.code, 2)
    changes = (
        update(Passport).where(Passport.id == family.book).values(state="collected"),
        update(Visit).where(Visit.id == visit["id"]).values(books_out=1),
    )
    db.current().write(lambda unit: [unit.session.execute(change) for change in changes])
    service.leave(office.officer, visit["id"], None)
    return shown(office.open(family.link), "done")


@scene(PHONE, NARROW)
def pass_closed(office: DemoOffice) -> Page:
    pickup = office.books("Contoh Tutup")
    until = clock.now() + timedelta(hours=2)
    _options(closed_by_hand={"since": clock.iso(clock.now()), "reason": "uji", "until": clock.iso(until)})
    try:
        page = office.open(pickup.link)
        expect(page.locator("#closed")).to_be_visible()
        page.context.set_offline(True)  # it stays as it is
        return page
    finally:
        _options()


@scene(PHONE, NARROW)
def pass_shown_to_officer(office: DemoOffice) -> Page:
    page = office.open(office.books("Contoh Tunjuk").link)
    page.locator("[data-show]").click()
    expect(page.locator("#fullscreen-code")).to_be_visible()
    return page


@scene(PHONE, NARROW)
def pass_companion_form(office: DemoOffice) -> Page:
    page = office.open(office.books("Contoh Ayah", "Contoh Ibu").link)
    page.locator("#companion summary").first.click()
    page.locator("#companion [value=proxy]").check()
    page.locator("#companion [type=submit]").click()
    expect(page.locator("#companion [role=alert]")).to_be_visible()
    return page


@scene(PHONE, NARROW)
def pass_proxy_announced(office: DemoOffice) -> Page:
    family = office.books("Contoh Ayah", LONG_NAME)
    collectors_service.announce(office.applicant, family.id, CollectorDetails("proxy", LONG_NAME, "agen perjalanan"))
    page = office.open(family.link)
    expect(page.locator(".companion__who")).to_be_visible()
    return page


@scene(PHONE, NARROW)
def pass_with_the_way(office: DemoOffice) -> Page:
    """An office that has written down all it can, and a reader who opens what is folded."""
    office.set(**THE_WAY)
    page = office.open(office.books("Contoh Jalan").link)
    for summary in page.locator("summary").all():
        summary.click()
    return page


@scene(PHONE, NARROW)
def pass_kept(office: DemoOffice) -> Page:
    """What a phone without a network shows: here the page is marked as its service worker does it."""
    pickup = office.books("Contoh Simpan", "Contoh Kedua")
    since = clock.iso(clock.now() - timedelta(hours=3, minutes=5))
    context = office.browser.new_context(viewport=office.size, reduced_motion="reduce", service_workers="block")
    page = context.new_page()
    page.route("**/p/*", lambda route: _as_kept(route, since))
    page.goto(f"{pickup.link}?lang={office.lang}")
    expect(page.locator(".applicant-page__age--stale")).to_be_visible()
    return page


def _as_kept(route, since: str) -> None:
    if route.request.resource_type != "document":
        return route.abort()
    answer = route.fetch()
    return route.fulfill(response=answer, body=answer.text().replace("<body", f'<body data-kept="{since}"', 1))


def shown(page: Page, look: str) -> Page:
    expect(page.locator(f".queue-position[data-look={look}]")).to_be_visible()
    return page


def _options(**options) -> None:
    def change(unit: db.Unit) -> None:
        unit.session.execute(update(Office).where(Office.code == "PLG").values(options=options))
        Office.raise_revision(unit.conn, 1)

    db.current().write(change)
