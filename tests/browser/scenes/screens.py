"""The office's screens and a screen without a right, in their states."""

from playwright.sync_api import Page, expect
from sqlalchemy import delete

from ampera import audit, db
from ampera.accounts.devices import service as device_service
from ampera.accounts.devices.service import Display
from ampera.accounts.models import Device
from ampera.accounts.queries import lane_keyed
from tests.browser.demo_office import DemoOffice
from tests.browser.scenes.table import ALL, DESK, scene
from tests.browser.steps import SCREEN

TALL = {"width": 1080, "height": 1920}
LONG = "Layar uji di atas gerbang keluar sebelah timur dekat pos satpam"


def hang(office: DemoOffice) -> None:
    """A screen of a lane, a silent one with a long name, and one that was revoked."""
    command = audit.command(office.officer.office_id)
    db.current().write(lambda unit: unit.session.execute(delete(Device).where(Device.name.startswith("Layar uji"))))
    for lane, name in ((1, "Layar uji jalur"), (2, LONG), (None, "Layar uji lama")):
        with db.reading() as session:
            wanted = Display(name, lane and lane_keyed(session, command.office_id, lane), speaks=name != LONG)
        made = device_service.enrol_device(command, command.office_id, wanted, f"uji-{name}")
        device_service.change_device(command, made.id, wanted)
    device_service.revoke_device(command, made.id)


@scene(*ALL)
def admin_devices_many(office: DemoOffice) -> Page:
    hang(office)
    page = office.open("/admin/devices", "admin")
    expect(page.locator("#age")).not_to_be_empty()
    return page


@scene(*DESK)
def admin_devices_read(office: DemoOffice) -> Page:
    hang(office)
    return office.open("/admin/devices", "supervisor")


@scene(*DESK)
def admin_devices_wrong_code(office: DemoOffice) -> Page:
    page = office.open("/admin/devices", "admin")
    page.fill("#code", "ZZZ-ZZZ")
    page.fill("#name", "Layar uji")
    page.click("form[action$=confirm] button")
    expect(page.locator("#code-error")).to_be_visible()
    return page


@scene(*DESK)
def admin_devices_change(office: DemoOffice) -> Page:
    hang(office)
    page = office.open("/admin/devices", "admin")
    page.locator(".screen summary").last.click()
    return page


@scene(SCREEN, TALL)
def board_code(office: DemoOffice) -> Page:
    page = office.open("/board/PLG/1")
    expect(page.locator("#code")).to_be_visible()
    return page


@scene(SCREEN)
def board_code_lost(office: DemoOffice) -> Page:
    page = office.open("/board/PLG")
    expect(page.locator("#code")).to_be_visible()
    page.route("**/board/collect", lambda route: route.abort())
    expect(page.locator("#lost")).to_be_visible()
    return page
