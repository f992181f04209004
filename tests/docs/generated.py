"""`python -m tests.docs.generated` (scripts/docs): write the pages that come from the code into docs/."""

import tempfile
from collections.abc import Callable

from flask import Flask

from ampera import create_app
from ampera.settings import PROJECT, load
from tests.docs import field_roles, reference
from tests.docs.page_map import page_map

PAGES: dict[str, Callable[[Flask], str]] = {
    "reference/settings.md": reference.settings,
    "reference/options.md": reference.options,
    "reference/commands.md": reference.commands,
    "reference/api.md": reference.api,
    "reference/errors.md": reference.errors,
    "reference/fields.md": field_roles.fields,
    "architecture/page-map.md": page_map,
}

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as instance:
        app = create_app(load({"AMPERA_INSTANCE": instance}))
        for name, text in PAGES.items():
            file = PROJECT / "docs" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text(app))
            print(file.relative_to(PROJECT))
