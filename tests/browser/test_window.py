"""The window in a real browser before a real server: who, identity, book, signature, hold; amber until it is known."""

from collections.abc import Iterator
from datetime import date
from itertools import count
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from ampera import create_app, db
from ampera.handovers.models import Handover
from ampera.passports.models import Passport
from ampera.settings import load
from ampera.visits.models import Visit, VisitPickup
from tests import builders
from tests.browser.steps import HOLD, SECONDS, TABLET, Window, signed_in, violations
from tests.chromium import chromium
from tests.services import LiveServer, wait_until

LANES = 20  # every test works at a lane of its own
LEASE_SECONDS = 6
LONG_NAME = "Putri Uji Coba Berkepanjangan Nama Contoh Yang Enam Puluh Ab"

numbers, lanes = count(1), count(1)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """A server whose database the tests read and fill, a browser, and the sessions of two people."""
    server = LiveServer(tmp_path_factory.mktemp("window"))
    server.command("init")
    app = create_app(load(server.environ))
    with app.app_context():
        builders.office(lanes=LANES, lease_seconds=LEASE_SECONDS)
        server.start()
        try:
            with chromium() as browser:
                people = {
                    role: signed_in(browser, server.url, f"{role}.plg", builders.PASSWORD)
                    for role in ("officer", "supervisor")
                }
                yield SimpleNamespace(server=server, browser=browser, people=people)
        finally:
            server.kill9()
    app.extensions["ampera.db"].dispose()


class AtLane(Window):
    """An officer at a lane of its own."""

    def __init__(self, place: SimpleNamespace, role: str = "officer", lang: str = "id") -> None:
        self.place, self.role = place, role
        self.errors: list[str] = []
        self.lane = next(lanes)
        self.page = self.open(f"/lane?lane={self.lane}&lang={lang}", role)

    def open(self, path: str, role: str) -> Page:
        context = self.place.browser.new_context(storage_state=self.place.people[role], viewport=TABLET)
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto(self.place.server.url + path)
        expect(page.locator("#link")).to_have_attribute("data-key", "connected")
        return page

    def close(self) -> None:
        self.page.context.close()
        assert self.errors == []


@pytest.fixture
def window(place: SimpleNamespace) -> Iterator[AtLane]:
    at_window = AtLane(place)
    yield at_window
    at_window.close()


def family(*fields: dict) -> tuple[list[SimpleNamespace], str]:
    """Books of one pickup, one for each dict of changed fields, and their code."""
    ids, books = [], []
    for changes in fields:
        n = next(numbers)
        ids.append(builders.passport(n, **changes))
        books.append(SimpleNamespace(id=ids[-1], passport_no=f"X{n:07d}", nik=f"167101{n:010d}"))
    return books, builders.pickup(*ids)


def records(*books: SimpleNamespace) -> list[Handover]:
    wanted = select(Handover).where(Handover.passport_id.in_([book.id for book in books])).order_by(Handover.id)
    with db.reading() as session:
        return list(session.scalars(wanted))


def test_a_family_is_handed_over_and_the_screen_turns_green_with_the_register_numbers(window):
    foreign = {"nik": None, "document_no": "AB123456", "birth_date": date(1990, 5, 3), "holder_name": "Percobaan"}
    books, code = family({}, {"holder_name": LONG_NAME}, foreign)
    window.serve(code)
    window.start()
    expect(window.page.locator(".hold")).to_be_disabled()
    expect(window.page.locator(".hold")).to_contain_text("Lengkapi bagian 1, 2, dan 3")
    window.collector("family")
    for n in (0, 1):
        window.match(n, books[n])
    window.type_in(2, "identity", "03051990")
    expect(window.row(2).locator("[data-slot=identity]")).to_have_value("03-05-1990")
    window.type_in(2, "document", "3456")
    window.type_in(2, "book", books[2].passport_no[-4:])
    expect(window.page.locator(".hold")).to_have_text("Lengkapi bagian 3: tanda tangan belum ada")
    window.sign()
    window.hold()

    green = window.recorded()
    expect(green).to_contain_text("Serahkan 3 paspor")
    rows = records(*books)
    assert [row.collector_class for row in rows] == ["family"] * 3
    assert all(row.signature_sha256 for row in rows)
    for row in rows:
        expect(green).to_contain_text(f"No. {row.number:06d}")
    green.get_by_role("button", name="Selesai").click()
    expect(window.page.locator("#scanner")).to_be_visible()
    assert window.page.locator("#window [data-queue-no]").count() == 0


def test_what_is_left_goes_to_the_next_collector_of_the_same_car(window):
    books, code = family({}, {})
    window.serve(code)
    window.pane("visit").get_by_role("checkbox").nth(1).uncheck()
    for n, name in ((0, "Pengambil berikutnya: 1 paspor"), (1, "Selesai")):
        window.start()
        window.collector("self")
        window.match(0, books[n])
        window.sign()
        window.hold()
        window.recorded().get_by_role("button", name=name).click()
    first, second = records(*books)
    assert first.key != second.key
    assert first.visit_id == second.visit_id


def test_a_code_scanned_into_the_car_comes_back_as_one_visit(window):
    (_, code), (_, other) = family({}), family({}, {"state": "held"})
    window.serve(code)
    window.page.click("[data-slot=add]")
    window.serve(other)
    expect(window.pane("visit").locator("tbody")).to_have_count(2)
    expect(window.pane("visit").locator("[data-status=held]")).to_contain_text("Ke loket dalam")
    expect(window.pane("visit").get_by_role("checkbox")).to_have_count(2)


def test_the_same_wrong_card_costs_one_try_and_the_third_wrong_one_locks(window):
    books, code = family({})
    window.serve(code)
    window.start()
    result = window.row(0).locator("[data-slot=result]")
    for typed, told in (
        ("12", "Ketik 4 angka akhir NIK."),
        ("9991", "Sisa 2 percobaan."),
        ("9992", "Sisa 1 percobaan."),
        ("9991", "Sisa 1"),
    ):
        window.type_in(0, "identity", typed)
        expect(result).to_contain_text(told)
    window.type_in(0, "identity", "9993")
    expect(window.pane("stopped")).to_contain_text("Panggil penyelia")
    window.page.click("[data-act=visit]")
    expect(window.pane("visit").locator("[data-status=locked]")).to_contain_text("Terkunci")
    assert records(*books) == []


def test_a_supervisor_opens_the_lock_and_the_form_goes_on(place):
    window = AtLane(place, "supervisor")
    books, code = family({})
    window.serve(code)
    window.start()
    for typed in ("9991", "9992", "9993"):
        window.type_in(0, "identity", typed)
        expect(window.page.locator(".field__error:visible, [data-pane=stopped]").first).to_be_visible()
    window.page.click("[data-act=unlock]")
    expect(window.pane("form")).to_be_visible()
    window.match(0, books[0])
    window.close()


def test_a_wrong_book_keeps_the_button_shut_and_never_tells_the_right_number(window):
    (book,), code = family({})
    window.serve(code)
    window.start()
    window.collector("self")
    window.type_in(0, "identity", book.nik[-4:])
    window.type_in(0, "book", "X9999999")
    window.sign()
    expect(window.row(0)).to_contain_text("Buku tidak cocok. Jangan serahkan.")
    expect(window.page.locator(".hold")).to_have_text("Lengkapi bagian 2: 1 buku belum cocok")
    assert book.passport_no not in window.page.content()


def test_a_scanner_fills_the_first_empty_book_wherever_the_focus_is(window):
    books, code = family({}, {})
    window.serve(code)
    window.start()
    window.page.locator("[name=class][value=self]").focus()
    window.page.evaluate("() => document.activeElement.blur()")
    for n in (0, 1):
        window.page.keyboard.type(books[n].passport_no)
        window.page.keyboard.press("Enter")
        expect(window.row(n).locator("[data-slot=result]")).to_have_text("Buku cocok")
        window.page.evaluate("() => document.activeElement.blur()")


def test_an_answer_that_was_lost_is_asked_for_until_it_is_known_also_after_a_reload(window):
    (book,), code = family({})
    window.serve(code)
    window.start()
    window.collector("self")
    window.match(0, book)
    window.sign()
    asked = []

    def cut(route):
        asked.append(route.request.post_data)
        if len(asked) == 1:
            route.fetch()  # the server records it, the tablet hears nothing
        route.abort()

    window.page.route("**/api/v1/handovers", cut)
    window.hold()
    expect(window.pane("checking")).to_contain_text("Jangan serahkan dulu")
    wait_until(lambda: window.page.wait_for_timeout(100) or len(asked) > 2, "it does not ask again")
    window.page.reload()
    expect(window.pane("checking")).to_be_visible()
    assert window.page.locator("[data-pane=recorded]").count() == 0
    window.page.unroute("**/api/v1/handovers")
    window.recorded()
    assert len(set(asked)) == 1
    assert len(records(book)) == 1
    assert window.page.evaluate("() => sessionStorage.length") == 0


def test_what_changed_meanwhile_comes_back_into_the_form(window):
    (book,), code = family({})
    window.serve(code)
    window.start()
    window.collector("self")
    window.match(0, book)
    window.sign()
    db.current().write(
        lambda unit: unit.session.execute(update(Passport).where(Passport.id == book.id).values(passport_no="X8888888"))
    )
    window.hold()
    expect(window.pane("form").locator("[data-slot=refusal]")).to_contain_text("Buku tidak cocok")
    expect(window.row(0).locator("[data-slot=book]")).to_be_focused()
    expect(window.page.locator("[data-slot=pad]")).to_have_attribute("aria-label", "Tanda tangan tergores")
    window.type_in(0, "book", "X8888888")
    window.hold()
    window.recorded()


def test_a_refusal_after_a_reload_opens_the_form_again_with_the_same_key(window):
    (book,), code = family({})
    window.serve(code)
    window.start()
    window.collector("family")
    window.match(0, book)
    window.sign()
    window.page.route("**/api/v1/handovers", lambda route: route.abort())
    window.hold()
    expect(window.pane("checking")).to_be_visible()
    key = window.page.evaluate("() => JSON.parse(sessionStorage.getItem('ampera.handover')).body.key")
    window.page.reload()
    expect(window.pane("checking")).to_be_visible()
    db.current().write(
        lambda unit: unit.session.execute(update(Passport).where(Passport.id == book.id).values(passport_no="X7777777"))
    )
    window.page.unroute("**/api/v1/handovers")
    expect(window.pane("form")).to_be_visible(timeout=10 * SECONDS)
    expect(window.page.locator("#collector-name")).to_have_value("Contoh Kerabat")
    window.type_in(0, "identity", book.nik[-4:])
    window.type_in(0, "book", "7777")
    window.sign()
    window.hold()
    window.recorded()
    assert [row.key for row in records(book)] == [key]


def test_letting_go_early_records_nothing_and_the_keyboard_alone_can_do_it_all(window):
    (book,), code = family({})
    window.serve(code)
    page = window.page
    page.locator("[data-slot=start]").focus()
    page.keyboard.press("Enter")
    for key in ("Tab", "Space"):
        page.keyboard.press(key)  # the first class: the applicant
    for _ in range(2):
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type(book.nik[-4:])
    page.keyboard.press("Enter")
    page.keyboard.type(book.passport_no[-4:])
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Tidak dapat menandatangani").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.locator("dialog [data-slot=confirm]").focus()
    page.keyboard.press("Enter")
    hold = page.locator(".hold")
    expect(hold).to_be_enabled()
    hold.focus()
    page.keyboard.down("Space")
    expect(hold).to_contain_text("Tahan terus…")
    page.keyboard.up("Space")
    expect(hold).to_contain_text("Terlepas. Belum ada yang dicatat.")
    assert records(book) == []
    page.keyboard.down("Enter")
    page.wait_for_timeout(HOLD)
    page.keyboard.up("Enter")
    window.recorded()
    assert records(book)[0].unsigned_reason == "Tidak dapat menulis"


def test_without_the_link_nothing_can_be_confirmed_and_what_was_typed_stays(window):
    (book,), code = family({})
    window.serve(code)
    window.start()
    window.collector("self")
    window.match(0, book)
    window.sign()
    window.page.context.set_offline(True)
    expect(window.page.locator(".hold")).to_contain_text("Jangan serahkan dulu", timeout=20 * SECONDS)
    expect(window.page.locator(".hold")).to_be_disabled()
    expect(window.page.locator("[data-move=recall]")).to_be_disabled()
    expect(window.page.get_by_text("Menunggu sambungan pulih.").locator("visible=true")).to_be_visible()
    window.page.context.set_offline(False)
    expect(window.page.locator(".hold")).to_be_enabled(timeout=20 * SECONDS)


def claim_end(book: SimpleNamespace):
    of_book = (
        select(Visit.claim_until)
        .join(VisitPickup, VisitPickup.visit_id == Visit.id)
        .join(Passport, Passport.pickup_id == VisitPickup.pickup_id)
        .where(Passport.id == book.id)
    )
    with db.reading() as session:
        return session.execute(of_book).scalar_one()


def test_the_claim_lives_while_somebody_works_and_ends_for_an_idle_tablet(window):
    (book,), code = family({})
    window.serve(code)
    window.page.wait_for_timeout(LEASE_SECONDS / 3 * SECONDS + 1500)
    idle = claim_end(book)
    window.page.keyboard.press("Shift")
    wait_until(lambda: window.page.wait_for_timeout(200) or claim_end(book) > idle, "a touch does not renew the claim")
    renewed = claim_end(book)
    window.page.wait_for_timeout(LEASE_SECONDS / 3 * SECONDS + 1500)
    assert claim_end(book) == renewed


def test_a_book_held_at_the_desk_meanwhile_cannot_be_ticked_any_more(window):
    (book, _), code = family({}, {})
    window.serve(code)
    db.current().write(
        lambda unit: unit.session.execute(update(Passport).where(Passport.id == book.id).values(state="held"))
    )
    window.page.keyboard.press("Shift")
    expect(window.pane("visit").locator("[data-status=held]")).to_be_visible(timeout=LEASE_SECONDS * SECONDS)
    expect(window.pane("visit").get_by_role("checkbox")).to_have_count(1)


def test_another_officer_who_took_over_stops_this_window(place, window):
    books, code = family({})
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
    window.type_in(0, "identity", books[0].nik[-4:])
    expect(window.pane("stopped")).to_contain_text("Jangan serahkan paspor")
    window.page.click("[data-act=finish]")
    expect(window.page.locator("#scanner")).to_be_visible()
    other.context.close()


def test_ending_a_visit_asks_for_the_reason_first(window):
    _, code = family({})
    window.serve(code)
    window.page.click("[data-move=divert]")
    expect(window.page.locator("dialog [data-slot=confirm]")).to_be_disabled()
    window.page.keyboard.press("Escape")
    expect(window.pane("visit")).to_be_visible()
    window.page.click("[data-move=divert]")
    window.page.get_by_label("Bukti belum lengkap").check()
    window.page.click("dialog [data-slot=confirm]")
    expect(window.page.locator("#scanner")).to_be_visible()


@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_state_is_accessible_and_fits_tablets_and_a_phone(place, lang):
    window = AtLane(place, lang=lang)
    (book, long), code = family({}, {"holder_name": LONG_NAME})
    found = {}

    def look(name):
        found[name] = violations(window.page)
        for width, height in ((1180, 820), (820, 1180), (390, 844)):
            window.page.set_viewport_size({"width": width, "height": height})
            assert window.page.evaluate("() => document.documentElement.scrollWidth") == width, name
        window.page.set_viewport_size(TABLET)

    window.serve(code)
    look("visit")
    window.page.click("[data-move=leave]")
    look("dialog")
    window.page.keyboard.press("Escape")
    window.start()
    window.collector("family")
    window.type_in(0, "identity", "9991")
    expect(window.row(0).locator(".field__error")).to_be_visible()
    look("form with an error")
    for n, one in ((0, book), (1, long)):
        window.type_in(n, "identity", one.nik[-4:])
        window.type_in(n, "book", one.passport_no)
    window.sign()
    expect(window.page.locator(".hold")).to_be_enabled()
    look("form")
    window.page.route("**/api/v1/handovers", lambda route: route.abort())
    window.hold()
    look("checking")
    window.page.unroute("**/api/v1/handovers")
    window.recorded()
    look("recorded")
    assert found == {name: [] for name in found}
    window.close()
