"""The build of this project: setuptools, but no wheel. The program runs from its clone, beside templates/ and static/.

Pip builds before it removes an installed version, so a refused build leaves a working installation as it is.
"""

from typing import NoReturn

from setuptools.build_meta import *  # noqa: F403


def build_wheel(*_arguments: object, **_options: object) -> NoReturn:
    raise SystemExit(
        "\nA copy of the package lacks templates/ and static/ and would not run. Install it from its clone:\n"
        "  scripts/install scripts/requirements.txt\n"
        "and an extra with -e, for example:\n"
        "  .venv/bin/pip install -e '.[notify]'\n"
    )
