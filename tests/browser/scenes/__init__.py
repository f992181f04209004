"""Every page of the product in every state: each module of this folder adds its scenes to the table."""

import pkgutil
from importlib import import_module

from tests.browser.scenes.table import SCENES

for module in pkgutil.iter_modules(__path__):
    import_module(f"{__name__}.{module.name}")

__all__ = ["SCENES"]
