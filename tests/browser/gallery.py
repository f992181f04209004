"""`python -m tests.browser.gallery FOLDER [NAME …]`: pictures of every page in every state, to be looked at.

A throw-away demo server is made for it. Names begin like those of tests/browser/scenes.py; without one all are drawn.
"""

import sys
import tempfile
from pathlib import Path

from tests.browser.demo_office import Town, demo_town
from tests.browser.scenes import SCENES
from tests.chromium import chromium


def draw(town: Town, folder: Path, names: list[str]) -> None:
    """One PNG for each scene, size and page, as high as the page is."""
    for name in names:
        for size in SCENES[name].sizes:
            town.empty()
            town.size = size
            page = SCENES[name].set_up(town)
            page.wait_for_load_state("networkidle")
            file = folder / f"{name}-{size['width']}x{size['height']}.png"
            page.screenshot(path=file, full_page=True, animations="disabled")
            print(file)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    wanted = tuple(sys.argv[2:]) or ("",)
    with (
        tempfile.TemporaryDirectory() as instance,
        chromium() as browser,
        demo_town(Path(instance), browser) as town,
        town.server.app.app_context(),
    ):
        draw(town, folder, [name for name in SCENES if name.startswith(wanted)])
