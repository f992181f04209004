"""`python -m tests.browser.docs_pictures [NAME …]`: draw the pictures of README and guide into docs/pictures.

Without a name all are drawn. Every picture is small enough for a clone: scaled, and reduced to a few colours.
"""

import io
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect

from ampera.accounts.keys import service as keys
from ampera.accounts.keys.limits import Wish
from ampera.security import new_token, token_hash
from tests.browser.demo_office import DemoOffice, serve_demo_office
from tests.browser.scenes import SCENES
from tests.browser.scenes.board import board
from tests.browser.scenes.lane import WAITING, at_lane
from tests.browser.steps import PHONE, SCREEN, TABLET, Window
from tests.chromium import chromium

FOLDER = Path(__file__).parents[2] / "docs/pictures"
COLOURS = 64
MOST_BYTES = 120_000


def save(page: Page, name: str) -> None:
    """Save the visible part of the page."""
    page.wait_for_load_state("networkidle")
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    width = min(picture.width, TABLET["width"])
    picture = picture.resize((width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS)
    file = FOLDER / f"{name}.png"
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)
    print(file, file.stat().st_size)
    assert file.stat().st_size < MOST_BYTES, "choose a simpler scene"


def screen(office: DemoOffice) -> Page:
    office.size = SCREEN
    page = board(office)
    expect(page.locator("#call")).to_contain_text("jalur 2", timeout=30_000)  # the demo's own calls come first
    return page


def lane(office: DemoOffice) -> Page:
    office.page().goto(office.demo.screen)
    office.size = TABLET
    office.queue(*WAITING)
    page = at_lane(office)
    Window(page).scan(office.pickup("Ahmad Contoh Keluarga").code)
    expect(page.locator("[data-verdict=ok]")).to_be_visible()
    expect(page.locator("#screen")).to_have_attribute("data-key", "screen_current", timeout=15_000)
    return page


def api_keys(office: DemoOffice) -> Page:
    for role, name in (("desk", "Sistem penerbitan contoh"), ("supervisor", "Gudang laporan contoh")):
        keys.create(office.supervisor, office.supervisor.staff_id, Wish(role, name), token_hash(new_token("key")))
    return scene("admin-keys", TABLET, office)


def scene(name: str, size: dict[str, int], office: DemoOffice) -> Page:
    office.size = size
    return SCENES[name].set_up(office)


PICTURES: dict[str, Callable[[DemoOffice], Page]] = {
    "screen": screen,
    "applicant": partial(scene, "pass-ready", PHONE),
    "lane": lane,
    "guide-applicant": partial(scene, "pass-waiting", PHONE),
    "guide-officer": partial(scene, "window-form", TABLET),
    "guide-desk": partial(scene, "desk-pick-list", TABLET),
    "guide-attention": partial(scene, "attention", TABLET),
    "guide-supervisor": partial(scene, "record", TABLET),
    "guide-administrator": partial(scene, "admin-office", TABLET),
    "guide-integrator": api_keys,
}


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    names = sys.argv[1:] or list(PICTURES)
    with (
        tempfile.TemporaryDirectory() as instance,
        chromium() as browser,
        serve_demo_office(Path(instance), browser) as office,
        office.server.app.app_context(),
    ):
        for name in names:
            office.empty()
            save(PICTURES[name](office), name)
