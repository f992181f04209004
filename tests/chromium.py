"""Chromium for tests: launched without a network, with a film of our own as its camera.

The film loops. To show the camera something else, `film()` the same path again and let the page reopen its camera.
"""

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Playwright, sync_playwright

FRAME_SIZE = (1280, 720)
MAY_SOUND = "--autoplay-policy=no-user-gesture-required"
# One process for all pages that somebody has open: starting one for each is a third of the work of opening it.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--ignore-certificate-errors",
    "--process-per-site",
    "--accept-lang=id-ID,id",
]


def film(path: Path, frames: Iterable[Image.Image], quality: int = 90) -> Path:
    """Write pictures as a motion-JPEG film (30 a second) and put it in place at once: nobody reads half of it."""
    draft = path.with_suffix(".draft")
    with draft.open("wb") as out:
        for frame in frames:
            picture = frame.convert("RGB")
            if picture.size != FRAME_SIZE:
                picture = picture.resize(FRAME_SIZE)
            picture.save(out, "JPEG", quality=quality)
    os.replace(draft, path)
    return path


def launch(playwright: Playwright, camera: Path | None = None, *more: str, cameras: int = 1) -> Browser:
    """Start Chromium. `camera` is a film (`*.mjpeg`), its use is allowed; without one there is no camera.

    `cameras=0` is a tablet without a camera, `cameras=2` one with two.
    """
    # The shell is the same engine without the windows around it: a page costs a third of the work.
    program = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    assert program, "Chromium is missing: apt-get install chromium"
    arguments = [*ARGUMENTS, *more]
    if camera or cameras != 1:
        device = f"--use-fake-device-for-media-stream=device-count={cameras}"
        arguments += [device, "--use-fake-ui-for-media-stream"]
    if camera:
        arguments.append(f"--use-file-for-fake-video-capture={camera}")
    return playwright.chromium.launch(executable_path=program, args=arguments)


@contextmanager
def chromium(camera: Path | None = None, *more: str, cameras: int = 1) -> Iterator[Browser]:
    """A browser of its own for one test or one module."""
    with sync_playwright() as playwright:
        browser = launch(playwright, camera, *more, cameras=cameras)
        try:
            yield browser
        finally:
            browser.close()
