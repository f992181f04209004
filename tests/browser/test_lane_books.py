"""Many books in one vehicle: forty for two collectors, their search, a code taken out, books on their way."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from ampera import db
from ampera.handovers.models import Handover
from ampera.visits.models import Visit
from tests.browser.demo_office import DemoOffice
from tests.browser.scenes.lane import at_lane
from tests.browser.steps import Window


def bus(demo_office: DemoOffice, size: int) -> tuple[Window, list, int]:
    """A bus with two codes is served: the window, the papers of each code, the visit's id."""
    groups = [
        demo_office.books(*(f"Contoh {name} {n:02d}" for n in range(1, size + 1))) for name in ("Agen", "Rombongan")
    ]
    visit = demo_office.arrives(groups[0].code)
    demo_office.arrives(groups[1].code, visit_id=visit["id"])
    demo_office.serve(visit["id"])
    window = Window(at_lane(demo_office))
    expect(window.pane("visit")).to_be_visible()
    return window, [group.papers for group in groups], visit["id"]


def group(window: Window, n: int, act: str) -> None:
    window.pane("visit").locator(f"[data-group-act={act}]").nth(n).click()


def hand_over(window: Window, papers: list) -> None:
    """One collector, who signs for all of these books."""
    window.start()
    window.collector("proxy")
    matched = window.page.locator("[data-slot=matched]")
    for n, paper in enumerate(papers, 1):
        row = window.row(n - 1)
        row.locator("[data-slot=identity]").fill(paper.nik[-4:])
        window.page.keyboard.press("Enter")
        window.page.keyboard.insert_text(paper.passport_no)  # where Enter went
        window.page.keyboard.press("Enter")
        expect(matched).to_have_text(f"{n} dari {len(papers)} cocok")
    window.sign()
    window.hold()
    expect(window.recorded()).to_contain_text(f"Serahkan {len(papers)} paspor")


@pytest.mark.parametrize("size", [6, pytest.param(20, marks=pytest.mark.proof)])
def test_books_go_to_two_collectors_of_one_vehicle_to_the_last(demo_office, size):
    window, (first, second), visit_id = bus(demo_office, size)
    pane = window.pane("visit")
    expect(pane.locator("h1")).to_have_text(f"{2 * size} paspor, 2 kode")
    group(window, 0, "only")
    expect(pane.locator("[data-slot=start]")).to_have_text(f"Mulai serah terima {size} paspor")
    hand_over(window, first)
    window.recorded().get_by_role("button", name=f"Pengambil berikutnya: {size} paspor").click()
    expect(pane.locator("[data-slot=progress]")).to_contain_text(f"{size} dari {2 * size} diserahkan")
    expect(pane).to_contain_text("Pengambil ke-2 dari kendaraan ini")
    hand_over(window, second)
    window.recorded().get_by_role("button", name="Selesai").click()
    expect(window.page.locator("#scanner")).to_be_visible()
    with db.reading() as session:
        rows = session.scalars(select(Handover).where(Handover.visit_id == visit_id)).all()
        assert session.get_one(Visit, visit_id).state == "done"
    assert len(rows) == len({row.passport_id for row in rows}) == 2 * size
    assert len({row.key for row in rows}) == 2
    assert all(row.signature_sha256 for row in rows)


def test_what_is_left_stays_ready_when_the_visit_ends(demo_office):
    window, (first, _), visit_id = bus(demo_office, 4)
    group(window, 0, "only")
    hand_over(window, first)
    window.recorded().get_by_role("button", name="Selesai, tanpa memanggil").click()
    expect(window.page.locator("#scanner")).to_be_visible()
    with db.reading() as session:
        visit = session.get_one(Visit, visit_id)
    assert (visit.state, visit.books_out) == ("done", 4)


def test_books_are_searched_filtered_and_chosen_all_or_none(demo_office):
    window, _, _ = bus(demo_office, 5)
    pane = window.pane("visit")
    pane.locator("[data-slot=search]").fill("rombongan 03")
    expect(pane.locator("[data-passport]")).to_have_count(1)
    pane.locator("[data-slot=search]").fill("7")
    expect(pane.locator(".ledger__no").first).to_have_text("7")
    pane.locator("[data-slot=search]").fill("")
    pane.locator("[value=rest]").check(force=True)
    expect(pane).to_contain_text("Tidak ada buku yang cocok dengan pencarian ini.")
    pane.locator("[value=all]").check(force=True)
    pane.get_by_role("button", name="Kosongkan").click()
    expect(pane.locator("[data-slot=start]")).to_be_disabled()
    pane.get_by_role("button", name="Pilih semua").click()
    expect(pane.locator("[data-slot=start]")).to_have_text("Mulai serah terima 10 paspor")


def test_a_code_is_taken_out_of_the_vehicle_again_after_one_question(demo_office):
    window, _, _ = bus(demo_office, 2)
    group(window, 1, "take-out")
    expect(window.page.locator("#ask")).to_contain_text("2 buku (Contoh Rombongan 01 dan grupnya)")
    window.page.click("#ask [data-slot=confirm]")
    expect(window.pane("visit").locator("h1")).to_have_text("2 paspor")
    expect(window.pane("visit").locator("[data-group-act]")).to_have_count(0)


def pick(desk: Page, books: list[int], act: str) -> None:
    """A clerk moves books, as the desk's page does."""
    post = """async (body) => {
        const token = document.querySelector("meta[name=csrf-token]").content;
        const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
        const answer = await fetch("/api/v1/desk/picks", { method: "POST", body: JSON.stringify(body), headers });
        return answer.status;
    }"""
    assert desk.evaluate(post, {"passport_ids": books, "act": act}) == 200


def test_window_shows_the_location_of_each_book_and_an_alarm_for_a_missing_book(demo_office):
    window, _, visit_id = bus(demo_office, 2)
    pane = window.pane("visit")
    with db.reading() as session:
        number = session.get_one(Visit, visit_id).queue_no
    books = [int(row.get_attribute("data-passport")) for row in pane.locator("[data-passport]").all()]
    pane.get_by_role("checkbox").nth(3).uncheck()
    desk = demo_office.open("/desk", "supervisor")
    pick(desk, books[:1], "take")
    expect(pane.locator("[data-passport]").nth(0)).to_contain_text("Sedang diambil")
    pick(desk, books[:1], "hand")
    expect(pane.locator("[data-passport]").nth(0)).to_contain_text("Buku sudah di loket")
    pick(desk, books[1:2], "missing")
    expect(pane.locator("[data-passport]").nth(1)).to_contain_text("Tidak ditemukan")
    expect(window.page.locator("#window [data-alarms]")).to_contain_text(
        f"{number}: buku Contoh Agen 02 tidak ditemukan"
    )
    expect(pane.locator("[data-slot=start]")).to_have_text("Mulai serah terima 2 paspor")
