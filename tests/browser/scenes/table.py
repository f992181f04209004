"""The table of scenes: axe reads them, the gallery draws them. A scene opens its page in one state and returns it."""

from collections.abc import Callable
from typing import NamedTuple

from playwright.sync_api import Page

from tests.browser.demo_office import DemoOffice
from tests.browser.steps import PHONE, TABLET

UPRIGHT = {"width": 820, "height": 1180}
TABLETS, DESK, ALL = (TABLET, UPRIGHT), (TABLET, PHONE), (PHONE, TABLET, UPRIGHT)


class Scene(NamedTuple):
    """`set_up(office)` gives the page; `sizes` are those it is made for."""

    set_up: Callable[[DemoOffice], Page]
    sizes: tuple[dict, ...]


SCENES: dict[str, Scene] = {}


def scene(*sizes: dict):
    """Put the function into the table under its own name."""

    def register(set_up: Callable[[DemoOffice], Page]) -> Callable[[DemoOffice], Page]:
        SCENES[set_up.__name__.replace("_", "-")] = Scene(set_up, sizes)
        return set_up

    return register


def page(name: str, path: str, role: str, *sizes: dict) -> None:
    """A page that only has to be opened."""
    SCENES[name] = Scene(lambda office: office.open(path, role), sizes)
