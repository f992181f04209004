"""What needs a supervisor stands in the head of every page, in the title of the tab, and in a list that follows."""

from playwright.sync_api import expect

from ampera.passports import service


def test_badge_title_and_list_follow_a_book_that_is_held_and_released(demo_office):
    book = demo_office.books("Contoh Ditahan").book
    page = demo_office.open("/register", "supervisor")
    badge = page.locator("#attention-count")
    expect(badge).to_be_visible()  # the demo has books that wait
    before = int(badge.inner_text())
    listed = demo_office.open("/attention?kind=held", "supervisor")
    row = listed.locator(".need", has_text="Contoh Ditahan")
    expect(row).to_have_count(0)
    with demo_office.server.app.app_context():
        service.hold(demo_office.supervisor, book, "Diperiksa (uji)")
    expect(badge).to_have_text(str(before + 1))
    assert page.title().startswith(f"({before + 1}) ")
    expect(row).to_contain_text("Diperiksa (uji)")
    row.get_by_role("link", name="Lepaskan: Contoh Ditahan").click()
    listed.locator("#release-reason").fill("Sudah diperiksa (uji)")
    listed.get_by_role("button", name="Lepaskan buku").click()
    expect(badge).to_have_text(str(before))
