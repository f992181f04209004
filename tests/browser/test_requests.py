"""A person asks for a copy of the own data: a clerk notes it, a supervisor gives the file out one time."""

from pathlib import Path

from playwright.sync_api import expect

from ampera import clock
from tests.reports import paper

NAME = "Contoh Pemilik Data"


def test_request_is_noted_by_a_clerk_and_answered_with_one_download(demo_office):
    book = demo_office.books(NAME).book
    desk = demo_office.open(f"/desk/books/{book}", "desk")
    desk.get_by_role("link", name="Catat permintaan pemilik data").click()
    expect(desk.locator("#asked")).to_be_focused()
    desk.fill("#asked", "Salinan semua data")
    desk.keyboard.press("Enter")
    expect(desk.locator(".request")).to_contain_text("Sisa 2 hari 23 j")
    supervisor = demo_office.open("/desk", "supervisor")
    supervisor.get_by_role("link", name="Permintaan data 1").click()
    supervisor.get_by_role("link", name=f"Jawab Salinan data {NAME}").click()
    supervisor.wait_for_url("**/desk/requests/*")  # loaded, with the script that goes on to the list
    with supervisor.expect_download() as download:
        supervisor.get_by_role("button", name="Buat dan unduh salinan").click()
    text = paper.text(Path(download.value.path()).read_bytes()).replace("\n", " ")
    assert NAME in text and "Salinan data pribadi" in text and f"{clock.today():%d-%m-%Y}" in text
    expect(supervisor.locator(".banner--go")).to_contain_text("Salinan dibuat dan diunduh")
    expect(supervisor.get_by_text("Tidak ada permintaan yang menunggu")).to_be_visible()


def test_second_supervisor_learns_that_the_request_is_answered(demo_office):
    """The page was open while another one answered: no second file, and a sentence."""
    book = demo_office.books(NAME).book
    page = demo_office.open(f"/desk/requests?book_id={book}", "supervisor")
    page.fill("#asked", "Salinan semua data")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Jawab").click()
    page.wait_for_url("**/desk/requests/*")
    other = demo_office.open(page.url.removeprefix(demo_office.server.url).partition("?")[0], "supervisor")
    with other.expect_download():
        other.get_by_role("button", name="Buat dan unduh salinan").click()
    expect(other.locator(".banner--go")).to_be_visible()
    page.get_by_role("button", name="Buat dan unduh salinan").click()
    expect(page.locator("#problem")).to_contain_text("sudah dijawab")
    expect(page.get_by_role("button", name="Buat dan unduh salinan")).to_have_count(0)
