"""What an administrator sets for a screen from afar reaches it at once: its loudspeaker, a test of it, its place."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect

from tests.browser.board_steps import Place, expect_announced
from tests.browser.demo_office import DemoOffice
from tests.browser.loudspeaker import Loudspeaker
from tests.browser.steps import LISTEN, SECONDS, TABLET


@pytest.fixture
def screen(place: Place) -> Iterator[SimpleNamespace]:
    made = place.enrol("--kind", "display")
    ear = Loudspeaker(place, made["link"])
    yield SimpleNamespace(id=made["id"], page=ear.page, ear=ear)
    ear.context.close()


@pytest.fixture
def admin(demo_office: DemoOffice, screen: SimpleNamespace) -> Page:
    """A page that has seen no other list of screens: one that knows an older list loads itself again when it likes."""
    page = demo_office.page("admin")
    page.set_viewport_size(TABLET)
    return page


def change(office: Place, admin: Page, screen: SimpleNamespace, **wishes: str) -> None:
    """Fill in and save the form of this screen."""
    admin.goto(f"{office.server.url}/admin/devices")
    row = admin.locator(f"[data-screen='{screen.id}']")
    row.locator("summary").click()
    row.locator("[name=name]").fill("Layar uji")
    for name, value in wishes.items():
        field = row.locator(f"[name={name}]")
        if name == "volume":
            field.fill(value)
        else:
            field.select_option(value)
    with admin.expect_navigation():
        row.get_by_role("button", name="Simpan").click()


def receives_volume(screen: SimpleNamespace, percent: int) -> None:
    """Wait until the volume has arrived. A screen without settings speaks too after a while, louder."""
    has_volume = "(percent) => Math.round(100 * window.loudspeaker?.gain.value) === percent"
    screen.page.wait_for_function(has_volume, arg=percent)


@pytest.mark.proof
def test_test_sound_is_played_at_once_at_the_set_volume(place, admin, screen):
    change(place, admin, screen, volume="35")
    receives_volume(screen, 35)
    texts = screen.page.locator("#sound-state").evaluate_handle(LISTEN)
    admin.locator(f"[data-screen='{screen.id}']").get_by_role("button", name="Uji suara").click()
    screen.ear.wait_for(lambda: len(screen.ear.clips) == 8, "no test")
    assert any("Uji suara" in text for text in texts.json_value())
    assert screen.ear.names[:3] == ["chime", "id/nomor-antrean", "id/a"] and screen.ear.names[-1] == "id/2"
    assert screen.page.evaluate("window.loudspeaker.gain.value") == pytest.approx(0.35)
    expect(screen.page.locator("#sound-state")).to_be_hidden()
    screen.page.reload()
    screen.page.wait_for_timeout(3 * SECONDS)
    assert len(screen.ear.clips) == 8, "an old test is not heard again"


@pytest.mark.proof
def test_muted_screen_shows_calls_in_silence(place, admin, screen):
    change(place, admin, screen, speaks="no")
    expect(screen.page.locator("body")).to_have_attribute("data-speaks", "false")
    visit = place.vehicle()
    place.move(visit, "call", 2)
    expect_announced(screen.page, visit["queue_no"])
    expect(screen.page.locator(f"[data-queue-no='{visit['queue_no']}'][data-state=called]")).to_be_visible()
    screen.page.wait_for_timeout(1 * SECONDS)
    change(place, admin, screen, speaks="yes")
    expect(screen.page.locator("body")).to_have_attribute("data-speaks", "true")
    screen.page.wait_for_timeout(2 * SECONDS)
    assert screen.ear.clips == []
    place.move(visit, "leave", 2)


def test_moved_screen_opens_the_new_place(place, admin, screen):
    assert screen.page.url.endswith(f"/board/{place.office}")
    change(place, admin, screen, place="lane:2", volume="35")
    expect(screen.page).to_have_url(f"{place.server.url}/board/{place.office}/2")
    expect(screen.page.locator(".gate")).to_have_count(1)
    receives_volume(screen, 35)
    change(place, admin, screen, place="all")
    expect(screen.page).to_have_url(f"{place.server.url}/board/{place.office}")
