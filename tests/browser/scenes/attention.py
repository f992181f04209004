"""What needs a person: a day with something of several kinds, and an empty day."""

from datetime import timedelta

from playwright.sync_api import Page, expect

from ampera import clock
from tests import builders
from tests.browser.demo_office import LONG_NAME, DemoOffice
from tests.browser.scenes.table import ALL, DESK, page, scene

page("attention-empty", "/attention", "admin", *DESK)


@scene(*ALL)
def attention(office: DemoOffice) -> Page:
    office.books("Contoh Terkunci", locked_at=clock.now(), misses=3)
    office.books("Contoh Ditahan", state="held", held_reason="Foto di buku tidak jelas, diperiksa seksi penerbitan")
    for days, name in ((33, "Contoh Baru Lewat"), (45, LONG_NAME), (62, "Contoh Lama Lewat"), (90, "Contoh Lupa")):
        office.books(name, issued_on=clock.today() - timedelta(days=days))
    builders.dead_delivery()
    page = office.open("/attention?kind=overdue", "supervisor")
    expect(page.locator("#attention-count")).to_be_visible()
    return page
