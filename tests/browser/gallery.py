"""`python -m tests.browser.gallery FOLDER [NAME …]`: pictures of every page in every state, to be looked at.

A throw-away demo server is made for it. Names begin like those of tests/browser/scenes.py; without one all are drawn.
"""

import sys
import tempfile
from pathlib import Path

from tests.browser.demo_office import DemoOffice, serve_demo_office
from tests.browser.scenes import SCENES
from tests.chromium import chromium


def draw(office: DemoOffice, folder: Path, names: list[str]) -> None:
    """One PNG for each scene, size and page, as high as the page is."""
    for name in names:
        for size in SCENES[name].sizes:
            office.empty()
            office.size = size
            page = SCENES[name].set_up(office)
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
        serve_demo_office(Path(instance), browser) as office,
        office.server.app.app_context(),
    ):
        draw(office, folder, [name for name in SCENES if name.startswith(wanted)])
