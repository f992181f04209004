"""An officer calls a supervisor: every supervisor's page shows it, and the officer's tablet changes by itself."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from ampera import clock, db
from ampera.handovers.models import Handover
from ampera.passports.models import Passport
from tests.browser.demo_office import DemoOffice
from tests.browser.scenes import SCENES
from tests.browser.steps import TABLET, Window, violations
from tests.browser.tablet import family
from tests.browser.test_factors import type_password
from tests.browser.test_officer_change import set_pin


@pytest.fixture
def supervisor(demo_office: DemoOffice) -> Page:
    """A supervisor's page that has nothing to do with the lane."""
    return demo_office.open("/register", "supervisor")


def locked(window: Window) -> None:
    """Three wrong identities in the form of the served vehicle."""
    window.start()
    for wrong in ("0001", "0002", "0003"):
        window.type_in(0, "identity", wrong)
        expect(window.page.locator(".field__error:visible, [data-pane=stopped]").first).to_be_visible()
    expect(window.pane("stopped")).to_be_visible()


def test_summary_beside_a_call_scrolls_on_no_tablet(demo_office):
    for size in ({"width": 1180, "height": 820}, {"width": 820, "height": 1180}, {"width": 1280, "height": 800}):
        demo_office.empty()
        demo_office.size = size
        page = SCENES["window-supervisor-called"].set_up(demo_office)
        page.set_viewport_size(size)
        height, room = page.locator("#window aside").evaluate("(side) => [side.scrollHeight, side.clientHeight]")
        assert height <= room, size


def test_form_goes_on_after_an_unlock(window, supervisor):
    (book,), code = family({})
    window.serve(code)
    locked(window)
    window.pane("stopped").locator("[data-act=supervisor]").click()
    call = supervisor.locator("#supervisor-calls .call")
    expect(call).to_contain_text("jalur 1: Buku terkunci")
    call.locator("[data-call-act=take]").click()
    expect(window.page.locator("#own-calls")).to_contain_text("Diambil oleh")
    call.locator("[data-call-act=decide]").click()
    supervisor.click("#decision [data-slot=confirm]")
    expect(supervisor.locator("#supervisor-calls")).to_be_hidden()
    expect(window.pane("form")).to_be_visible()
    window.match(0, book)


@pytest.mark.parametrize("is_lookup", [False, True], ids=["scan", "lookup"])
def test_permission_at_the_tablet_turns_an_overdue_vehicle_green(demo_office, window, is_lookup):
    (book,), code = family({"issued_on": clock.today() - timedelta(days=60), "birth_date": date(1988, 11, 24)})
    with db.reading() as session:
        number = session.get_one(Passport, book.id).application_no
    if is_lookup:
        window.look_up(number, "24-11-1988")
    else:
        window.scan(code)
    window.page.click("[data-verdict=overdue] [data-act=supervisor]")
    window.page.click("#own-calls [data-call-act=decide]")
    person = demo_office.demo.accounts["supervisor"]
    dialog = window.page.locator("#decision")
    dialog.locator("[name=late_reason]").fill("Pemohon sakit (contoh)")
    dialog.locator("[name=login]").fill(person["login"])
    dialog.locator("[name=password]").fill("salah")
    dialog.locator("[data-slot=confirm]").click()
    expect(dialog.locator("[data-slot=refusal]")).to_contain_text("tidak cocok")
    dialog.locator("[name=password]").fill(person["password"])
    dialog.locator("[data-slot=confirm]").click()
    expect(window.page.locator("[data-verdict=ok], [data-verdict=repeat]")).to_be_visible()
    expect(dialog.locator("[name=password]")).to_have_value("")
    window.page.click("[data-act=serve]")
    expect(window.pane("form")).to_be_visible()


def test_supervisor_decides_with_the_own_pin_on_the_officers_tablet(demo_office):
    supervisor, officer = (demo_office.demo.accounts[role] for role in ("supervisor", "officer"))
    context = demo_office.browser.new_context(base_url=demo_office.server.url, viewport=TABLET, reduced_motion="reduce")
    page = context.new_page()
    page.add_init_script("localStorage.setItem('ampera.pad', 'yes')")
    page.goto("/login")
    type_password(page, supervisor)
    page.goto("/lane?lane=1&point=window&window=1")
    set_pin(page, "402918", supervisor["password"])
    page.get_by_role("link", name="Masuk dengan kata sandi").click()
    type_password(page, officer)
    window = Window(page)
    page.goto("/lane?lane=1&point=window&window=1")
    _, code = family({})
    window.serve(code)
    locked(window)
    window.pane("stopped").locator("[data-act=supervisor]").click()
    page.click("#own-calls [data-call-act=decide]")
    dialog = page.locator("#decision")
    dialog.locator("[name=pin]").fill("000000")
    dialog.locator("[data-slot=confirm]").click()
    expect(dialog.locator("[data-slot=refusal]")).to_contain_text("tidak cocok")
    dialog.locator("[name=pin]").fill("")
    for digit in "402918":
        dialog.locator(f"[data-key='{digit}']").click()
    assert not violations(page)
    dialog.locator("[data-key=next]").click()
    expect(window.pane("form")).to_be_visible()
    expect(page.locator(".masthead__officer u")).to_have_text("Petugas Contoh Satu")
    context.close()


def test_permission_without_a_signature_completes_the_open_form(demo_office, window, supervisor):
    demo_office.set(may_be_unsigned=False)
    window.page.reload()
    (book,), code = family({})
    window.serve(code)
    window.start()
    window.collector("self")
    window.match(0, book)
    window.page.click("#window [data-move=supervisor]")
    window.page.locator("#ask [value=no_signature]").check()
    window.page.click("#ask [data-slot=confirm]")
    supervisor.click("[data-call-act=take]")
    supervisor.click("[data-call-act=decide]")
    supervisor.select_option("[name=unsigned_reason]", "Tangan cedera")
    supervisor.click("#decision [data-slot=confirm]")
    expect(window.page.locator("[data-band=signature] [data-slot=unsigned]")).to_contain_text("Tangan cedera")
    window.hold()
    window.recorded()
    with db.reading() as session:
        row = session.scalars(select(Handover).where(Handover.passport_id == book.id)).one()
    assert row.unsigned_reason.startswith("Tangan cedera (")
