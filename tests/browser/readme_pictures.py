"""`python -m tests.browser.readme_pictures`: the three pictures of the README, drawn anew into docs/pictures."""

import io
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.demo_office import Town, demo_town
from tests.browser.scenes import SCENES
from tests.browser.scenes.board import board
from tests.browser.scenes.lane import WAITING, at_lane
from tests.browser.steps import PHONE, SCREEN, TABLET, Window
from tests.chromium import chromium

FOLDER = Path(__file__).parents[2] / "docs/pictures"
COLOURS = 64


def keep(page: Page, name: str, width: int) -> None:
    """What is in the window, `width` pixels wide, small enough for a clone."""
    page.wait_for_load_state("networkidle")
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    picture = picture.resize((width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS)
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(FOLDER / f"{name}.png", optimize=True)


def draw(town: Town) -> None:
    town.size = SCREEN
    screen = board(town)
    expect(screen.locator("#call")).to_contain_text("jalur 2", timeout=30_000)  # the demo's own calls come first
    keep(screen, "screen", 1280)
    town.empty()
    town.size = PHONE
    keep(SCENES["pass-ready"].set_up(town), "applicant", PHONE["width"])
    town.empty()
    town.contexts[""].new_page().goto(town.demo.screen)
    town.size = TABLET
    town.queue(*WAITING)
    lane = at_lane(town)
    Window(lane).scan(town.pickup("Ahmad Contoh Keluarga").code)
    expect(lane.locator("[data-verdict=ok]")).to_be_visible()
    expect(lane.locator("#screen")).to_have_attribute("data-key", "screen_current", timeout=15_000)
    keep(lane, "lane", TABLET["width"])


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as instance, chromium() as browser, demo_town(Path(instance), browser) as town:
        draw(town)
