"""The administrator's pages of notices: nothing set up, failed messages, words beside their preview, words refused."""

from datetime import timedelta

from playwright.sync_api import Page, expect
from sqlalchemy import delete

from ampera import clock, db
from ampera.notices.models import Delivery
from tests import builders
from tests.browser.demo_office import DemoOffice
from tests.browser.scenes.table import ALL, DESK, page, scene

page("admin-notices", "/admin/notices", "admin", *ALL)
page("admin-notices-supervisor", "/admin/notices", "supervisor", *DESK)
page("admin-notice-text", "/admin/notices/ready/id", "admin", *ALL)
page("admin-notice-text-english", "/admin/notices/collected/en", "admin", *DESK)

FAILURES = (
    {"kind": "ready", "address": "kotak.surat.contoh@surat.example"},
    {"kind": "reminder", "channel": "whatsapp", "address": "+628990000001", "reason": "timeout"},
    {"kind": "collected", "first_name": "Rahmawati-Contoh-Panjang-X", "reason": "smtp 452 4.2.2", "tries": 1440},
    {"kind": "diverted", "channel": "apprise", "address": "+628990000002", "reason": "Apprise could not send it"},
)


def failed(office: DemoOffice, role: str) -> Page:
    """Messages of every state; the failed ones are taken away once the page is drawn."""
    pickup = office.pickup("Ahmad Contoh Keluarga").id
    for failure in FAILURES:
        builders.dead_delivery(pickup, **failure)
    for state, age in (("sent", 1), ("sent", 2), ("delivered", 3), ("waiting", 500)):
        at = clock.now() - timedelta(seconds=age)
        builders.dead_delivery(pickup, state=state, ended_at=None if state == "waiting" else at, due_at=at)
    shown = office.open("/admin/notices", role)
    db.current().write(lambda unit: unit.conn.execute(delete(Delivery).where(Delivery.once.like("uji %"))))
    return shown


@scene(*ALL)
def admin_notices_failed(office: DemoOffice) -> Page:
    return failed(office, "supervisor")


@scene(*DESK)
def admin_notice_text_refused(office: DemoOffice) -> Page:
    shown = office.open("/admin/notices/booked/id", "admin")
    shown.fill("#body", "Halo {nama}, datang pada {slot}.\n{link}")
    shown.locator('button[value="save"]').click()
    expect(shown.locator("#body-error")).to_be_visible()
    return shown
