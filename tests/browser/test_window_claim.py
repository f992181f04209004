"""The claim on a visit: it lives while somebody works, ends for an idle tablet, and is taken over with a warning."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect
from sqlalchemy import select, update

from ampera import clock, db
from ampera.passports.models import Passport
from ampera.visits.models import Visit, VisitPickup
from tests.browser.demo_office import DemoOffice
from tests.browser.steps import SECONDS, SOON
from tests.browser.tablet import Tablet, family
from tests.services import wait_until

LEASE_SECONDS = 2
STATE = "async (lane) => (await fetch(`/api/v1/lanes/${lane}/state`)).json()"
LEARN = """async (state) => {
    const page = document.querySelector("script[src$='pages/lane.js']").src;
    const { updateWindow } = await import(new URL("../window/window.js", page).href);
    updateWindow(state);
}"""


@pytest.fixture
def short_lease(demo_office: DemoOffice) -> None:
    demo_office.set(lease_seconds=LEASE_SECONDS)


def _of_book(book: SimpleNamespace):
    """The visit in which this book is collected."""
    pickups = select(VisitPickup.visit_id).join(Passport, Passport.pickup_id == VisitPickup.pickup_id)
    return Visit.id == pickups.where(Passport.id == book.id).scalar_subquery()


def claim_end(book: SimpleNamespace):
    with db.reading() as session:
        return session.execute(select(Visit.claim_until).where(_of_book(book))).scalar_one()


def end_claim(book: SimpleNamespace) -> None:
    """As if nobody had touched the tablet for longer than the lease."""
    ended = update(Visit).where(_of_book(book)).values(claim_until=clock.now())
    db.current().write(lambda unit: unit.session.execute(ended, execution_options={"synchronize_session": False}))


def wait_in(window: Tablet, condition: Callable[[], bool], otherwise: str) -> None:
    """Nobody touches the tablet meanwhile."""
    wait_until(lambda: window.page.wait_for_timeout(200) or condition(), otherwise, SOON / SECONDS)


def work_until(window: Tablet, condition: Callable[[], bool], otherwise: str) -> None:
    """An officer is at work meanwhile."""
    wait_in(window, lambda: window.page.keyboard.press("Shift") or condition(), otherwise)


def renewed(window: Tablet, book: SimpleNamespace) -> None:
    before = claim_end(book)
    work_until(window, lambda: claim_end(book) > before, "a touch does not renew the claim")


def test_the_claim_lives_while_somebody_works_and_ends_for_an_idle_tablet(short_lease, window):
    (book,), code = family({})
    window.serve(code)
    for _ in range(2):
        renewed(window, book)
    wait_in(window, lambda: claim_end(book) < clock.now(), "an idle tablet keeps its claim")


def test_a_book_held_at_the_desk_meanwhile_cannot_be_ticked_any_more(short_lease, window):
    (book, _), code = family({}, {})
    window.serve(code)
    db.current().write(
        lambda unit: unit.session.execute(update(Passport).where(Passport.id == book.id).values(state="held"))
    )
    held = window.pane("visit").locator("[data-status=held]")
    work_until(window, held.is_visible, "the renewed claim does not show the books as they are")
    expect(window.pane("visit").get_by_role("checkbox")).to_have_count(1)


def test_another_officer_who_took_over_stops_this_window(demo_office, window):
    _, code = family({})
    window.serve(code)
    window.start()
    other = window.open(f"/lane?lane={window.lane}", "supervisor")
    visit = other.evaluate("async () => (await (await fetch('/api/v1/visits?state=serving')).json()).visits.at(-1).id")
    divert = """async (id) => {
        const token = document.querySelector("meta[name=csrf-token]").content;
        const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
        return (await fetch(`/api/v1/visits/${id}/divert`, { method: "POST", body: "{}", headers })).status;
    }"""
    assert other.evaluate(divert, visit) == 200
    expect(window.pane("stopped")).to_contain_text("Jangan serahkan paspor")
    window.page.click("[data-act=finish]")
    expect(window.page.locator("#scanner")).to_be_visible()
    other.close()


def test_ending_a_visit_asks_for_the_reason_first(window):
    _, code = family({})
    window.serve(code)
    window.page.click("#window [data-move=divert]")
    expect(window.page.locator("#ask [data-slot=confirm]")).to_be_disabled()
    window.page.keyboard.press("Escape")
    expect(window.pane("form")).to_be_visible()
    window.page.click("#window [data-move=divert]")
    window.page.get_by_label("Bukti belum lengkap").check()
    window.page.click("#ask [data-slot=confirm]")
    expect(window.page.locator("#scanner")).to_be_visible()


def test_ended_lease_is_taken_over_after_a_warning_and_the_other_tablet_stops(demo_office, window):
    (book, _), code = family({}, {})
    window.serve(code)
    window.start()
    other = window.open(f"/lane?lane={window.lane}", "supervisor")
    here = other.locator("#current")
    expect(here).to_contain_text(f"oleh {demo_office.officer.name}")
    take_over = here.locator("[data-move=serve]")
    expect(take_over).to_have_count(0)
    end_claim(book)
    other.reload()
    take_over.click()
    asked = other.locator("#ask")
    expect(asked).to_contain_text(f"{demo_office.officer.name} melayani di jalur")
    expect(asked).to_contain_text("tidak ada kegiatan selama ")
    other.keyboard.press("Escape")
    expect(window.pane("form")).to_be_visible()
    take_over.click()
    late = other.evaluate(STATE, window.lane)
    other.click("#ask [data-slot=confirm]")
    expect(other.locator("[data-pane=visit]")).to_be_visible()
    with other.expect_response("**/visits?state=serving"):  # news from before it was taken over are no news
        other.evaluate(LEARN, late)
    stopped = window.pane("stopped")
    expect(stopped).to_contain_text("Kunjungan ini diambil alih")
    expect(stopped).to_contain_text(f"{demo_office.supervisor.name} di jalur {window.lane}")
    assert window.page.locator(".hold").count() == 0
    window.page.click("[data-act=finish]")
    expect(window.page.locator("#scanner")).to_be_visible()
    expect(window.page.locator("#current")).to_contain_text(f"oleh {demo_office.supervisor.name}")
    expect(other.locator("[data-pane=visit]")).to_be_visible()
    other.close()
