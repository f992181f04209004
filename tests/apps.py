"""Apps as the product makes them, for tests in this process."""

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from ampera import create_app
from ampera.settings import Settings
from tests import contract


def new_app(settings: Settings, factory: pytest.TempPathFactory) -> Flask:
    """The app, whose answers are checked. All processes of a run share its compiled templates."""
    app = contract.watch(create_app(settings))
    app.config["PROPAGATE_EXCEPTIONS"] = False
    templates = factory.getbasetemp().parent / "compiled-templates"
    templates.mkdir(exist_ok=True)
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(templates))
    return app
