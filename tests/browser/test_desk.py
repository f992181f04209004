"""The desk, a book and the register in a real browser: results while typing, the live pick list, codes, a void."""

import re
import uuid
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.demo_office import DemoOffice, register_path
from tests.browser.mrz import lines, swiped
from tests.browser.steps import TABLET


@pytest.fixture
def place(demo_office: DemoOffice) -> Iterator[SimpleNamespace]:
    """The demo office, and an officer who works over the API."""
    with demo_office.client("officer") as officer:
        yield SimpleNamespace(
            demo_office=demo_office,
            server=demo_office.server,
            browser=demo_office.browser,
            demo=demo_office.demo,
            accounts=demo_office.demo.accounts,
            officer=officer,
        )


@pytest.fixture
def clerk(place: SimpleNamespace) -> Iterator[Page]:
    """A supervisor who has just signed in; errors in the page fail the test."""
    state = place.demo.states["supervisor"]
    page = place.browser.new_context(storage_state=state, viewport=TABLET).new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    page.context.close()
    assert errors == []


def _scan(place: SimpleNamespace) -> dict:
    """The first of the demo's pickups that opens a visit."""
    for pickup in place.demo.pickups:
        body = {"scan_id": str(uuid.uuid4()), "lane": 1, "input": pickup["code"]}
        answer = place.officer.post("/scans", json=body).json()
        if answer["verdict"] == "ok":
            return answer["visit"]
    raise AssertionError("no code of the demo is good")


def test_supervisor_who_signs_in_comes_to_what_needs_attention(place):
    page = place.browser.new_context(viewport=TABLET).new_page()
    page.goto(f"{place.server.url}/login")
    for field in ("login", "password"):
        page.fill(f"[name={field}]", place.accounts["supervisor"][field])
    page.click("main button[type=submit]")
    page.wait_for_url("**/attention")


def test_results_come_while_typing_and_lead_to_the_book(place, clerk):
    clerk.goto(f"{place.server.url}/desk")
    clerk.locator("#q").press_sequentially("contoh")
    expect(clerk.locator("#found caption")).to_contain_text("paspor cocok")
    clerk.locator("#q").press_sequentially(" zzz")
    expect(clerk.locator("#found")).to_contain_text("Tidak ada paspor yang cocok")
    clerk.fill("#q", place.demo.pickups[0]["booking_code"])
    clerk.locator("#found a").first.wait_for()
    clerk.press("#q", "ArrowDown")
    expect(clerk.locator("#found a").first).to_be_focused()
    clerk.keyboard.press("Enter")
    expect(clerk.locator(".story").first).to_be_visible()


def test_back_from_a_book_shows_the_query_and_the_list_again(place, clerk):
    clerk.goto(f"{place.server.url}/desk")
    box, results = clerk.locator("#find [name=q]"), clerk.locator("#found tbody tr")
    box.press_sequentially("Contoh")
    expect(results.first).to_be_visible()
    found = results.all_inner_texts()
    results.first.get_by_role("link").click()
    expect(clerk).to_have_url(re.compile("/desk/books/"))
    clerk.go_back()
    expect(box).to_have_value("Contoh")
    expect(results).to_have_text(found, use_inner_text=True)
    assert "Contoh" not in clerk.url


def test_no_book_is_taken_back_while_the_act_before_waits_for_an_answer(place, clerk):
    clerk.goto(f"{place.server.url}/desk")
    visit = _scan(place)
    n = len(visit["passports"])
    expect(clerk.locator("#picks .pick")).to_have_count(n)
    clerk.click("[data-by=vehicle]")
    clerk.get_by_role("button", name=f"Centang {n} buku").click()
    clerk.click("#fetch [value=take]")
    expect(clerk.locator("#carried .pick")).to_have_count(n)
    held: list[Route] = []
    clerk.route("**/api/v1/desk/state", lambda route: held.append(route))
    clerk.click("#carry [value=hand]")
    back = clerk.locator(".vehicle [name=take_back]").first
    expect(back).to_be_disabled()
    clerk.route("**/api/v1/desk/state", lambda route: route.continue_())  # the newest rule counts
    for route in held:
        route.continue_()
    back.click()
    expect(clerk.locator("#carried .pick")).to_have_count(1)


def test_a_batch_goes_from_the_shelf_into_the_hands_and_to_a_window(place, clerk):
    clerk.goto(f"{place.server.url}/desk")
    expect(clerk.locator("#picks")).to_contain_text("Belum ada buku yang perlu diambil")
    visit = _scan(place)
    n = len(visit["passports"])
    expect(clerk.locator("#picks .pick")).to_have_count(n)
    expect(clerk.locator("#picks")).to_contain_text(visit["queue_no"])
    expect(clerk.locator("#fetch [value=take]")).to_be_disabled()
    clerk.click("[data-by=vehicle]")
    clerk.get_by_role("button", name=f"Centang {n} buku").click()
    clerk.click("[data-by=walk]")
    clerk.click("#fetch [value=take]")
    expect(clerk.locator("#carried .pick")).to_have_count(n)
    expect(clerk.locator("#picks")).to_contain_text("Belum ada buku yang perlu diambil")
    expect(clerk.locator("#carry [name=place]")).to_have_value("1/1")
    clerk.select_option("#carry [name=place]", "2/1")
    clerk.click("#carry [value=hand]")
    expect(clerk.locator("#carried .pick")).to_have_count(0)
    clerk.click("[data-by=vehicle]")
    expect(clerk.locator(".vehicle .state--go")).to_have_text(["Di jalur 2"] * n)
    clerk.locator(".vehicle [name=take_back]").first.click()
    expect(clerk.locator("#carried .pick")).to_have_count(1)
    clerk.click("#carry [value=hand]")
    expect(clerk.locator(".vehicle .state--go")).to_have_count(n)
    place.officer.post(f"/visits/{visit['id']}/leave", json={})
    expect(clerk.locator("#returns .pick")).to_have_count(n)
    clerk.click("#back [value=shelve]")
    expect(clerk.locator("#back")).to_be_hidden()


def test_missing_book_alarms_the_supervisor_until_found(place, clerk):
    clerk.goto(f"{place.server.url}/desk")
    visit = _scan(place)
    book = clerk.locator("#picks .pick").first
    shelf = book.locator(".pick__shelf").inner_text()
    book.locator("input").focus()
    clerk.keyboard.press("Space")
    clerk.click("#fetch .lost summary")
    clerk.click("#fetch [value=missing]")
    expect(clerk.locator("#alarm")).to_be_visible()
    expect(clerk.locator("#missing")).to_contain_text(shelf)
    expect(clerk.locator("#missing")).to_contain_text(visit["queue_no"])
    clerk.click("#missing [value=found]")
    expect(clerk.locator("#alarm")).to_be_hidden()
    expect(clerk.locator("#carried .pick")).to_have_count(1)
    place.officer.post(f"/visits/{visit['id']}/leave", json={})
    clerk.click("#back [value=shelve]")
    expect(clerk.locator("#back")).to_be_hidden()


def test_without_an_answer_nothing_looks_done(place, clerk):
    clerk.goto(f"{place.server.url}/desk")
    visit = _scan(place)
    clerk.locator("#picks .pick input").first.check()
    clerk.route("**/api/v1/desk/picks", lambda route: route.abort())
    clerk.click("#fetch [value=take]")
    expect(clerk.locator("#messages")).to_contain_text("Belum tercatat")
    expect(clerk.locator("#picks .pick input").first).to_be_checked()
    expect(clerk.locator("#carried .pick")).to_have_count(0)
    clerk.unroute("**/api/v1/desk/picks")
    clerk.click("#fetch [value=take]")
    expect(clerk.locator("#carried .pick")).to_have_count(1)
    expect(clerk.locator("#messages")).to_be_empty()
    clerk.click("#carry [value=shelve]")
    expect(clerk.locator("#carried .pick")).to_have_count(0)
    place.officer.post(f"/visits/{visit['id']}/leave", json={})


def test_the_second_clerk_reads_who_was_faster(place, clerk):
    clerk.goto(f"{place.server.url}/desk")
    visit = _scan(place)
    book = visit["passports"][0]["passport_id"]
    clerk.locator(f"#picks .pick[data-key='{book}'] input").check()
    with place.demo_office.client("desk") as other:

        def be_faster(route: Route) -> None:
            other.post("/desk/picks", json={"passport_ids": [book], "act": "take"})
            route.continue_()

        clerk.route("**/api/v1/desk/picks", be_faster)
        clerk.click("#fetch [value=take]")
        expect(clerk.locator("#messages")).to_contain_text("sudah dibawa Petugas Rak Contoh")
        expect(clerk.locator(f"#picks .pick[data-key='{book}']")).to_have_count(0)
        expect(clerk.locator("#carried .pick")).to_have_count(0)
        other.post("/desk/picks", json={"passport_ids": [book], "act": "shelve"})
    place.officer.post(f"/visits/{visit['id']}/leave", json={})


def test_the_pick_list_works_without_scripts(place, clerk):
    visit = _scan(place)
    plain = place.browser.new_context(storage_state=clerk.context.storage_state(), java_script_enabled=False)
    page = plain.new_page()
    page.goto(f"{place.server.url}/desk")
    expect(page.locator("#picks")).to_contain_text(visit["queue_no"])
    page.locator("#picks .pick input").first.check()
    page.click("#fetch [value=take]")
    expect(page.locator("#messages")).to_contain_text("1 buku tercatat")
    with page.expect_navigation():
        page.click("#carry [value=hand]")
    expect(page.locator("#messages")).to_contain_text("1 buku tercatat")
    page.goto(f"{place.server.url}/desk?by=vehicle")
    expect(page.locator(".vehicle .state--go")).to_have_text(["Di jalur 1"])
    place.officer.post(f"/visits/{visit['id']}/leave", json={})
    page.reload()
    page.click("#back [value=shelve]")
    expect(page.locator("#back")).to_be_hidden()
    plain.close()


def test_code_is_reissued_and_revoked_on_the_book_page(place, clerk):
    found = place.officer.get("/passports", params={"q": place.demo.pickups[1]["booking_code"]}).json()
    clerk.goto(f"{place.server.url}/desk/books/{found['passports'][0]['passport_id']}")
    before = clerk.locator(".book__code").inner_text()
    clerk.locator("summary", has_text="Buat kode baru").click()
    expect(clerk.locator("#code-reason")).to_be_focused()
    clerk.keyboard.type("Kode lama hilang (uji)")
    clerk.locator("form[action$='/codes'] button").click()
    expect(clerk.locator(".book__code")).not_to_have_text(before)
    expect(clerk.locator(".story").first).to_contain_text("Kode lama hilang (uji)")
    expect(clerk.locator(".banner--go")).to_contain_text("Kode baru berlaku.")
    clerk.locator("summary", has_text="Cabut kode").click()
    clerk.fill("#revoke-reason", "Ponsel dicuri (uji)")
    clerk.locator("form[action$='/current'] button").click()
    expect(clerk.locator(".story").first).to_contain_text("Ponsel dicuri (uji)")
    expect(clerk.locator("main")).to_contain_text("Tidak ada kode yang berlaku.")


def test_a_void_that_is_refused_keeps_what_was_typed(place, clerk):
    clerk.goto(place.server.url + register_path())
    clerk.locator("tbody a").first.click()
    number = clerk.locator("div:has(> dt:text-is('Nomor paspor')) dd").inner_text()
    clerk.locator("#void summary").click()
    clerk.fill("#void [name=reason]", "   ")
    clerk.fill("#void [name=shelf]", "C-02-08")
    clerk.fill("#void [name=book]", "9999")
    clerk.fill("#void [name=password]", place.accounts["supervisor"]["password"])
    clerk.locator("#void button").click()
    expect(clerk.locator("#void .field__error")).to_be_visible()
    expect(clerk.locator("#void [name=shelf]")).to_have_value("C-02-08")
    clerk.fill("#void [name=reason]", "Salah orang (uji)")
    clerk.locator("#void button").click()
    expect(clerk.locator("#void .field__error")).to_contain_text("Buku tidak cocok")
    expect(clerk.locator("#void [name=book]")).to_be_focused()
    swiped(clerk, lines(number, "Contoh Pemegang"))
    expect(clerk.locator("#void [name=book]")).to_have_value(number)
    clerk.locator("#void button").click()
    expect(clerk.locator("main")).to_contain_text("Buku kembali ke rak C-02-08.")
    expect(clerk.locator(".banner--go")).to_contain_text("Penyerahan dibatalkan.")
