"""The build of this project: setuptools, with templates/, static/ and the operators' files inside a wheel's package.

In a clone they are beside the package. A wheel is built in a copy of the clone, so that a build that is cut off leaves
nothing behind.
"""

import os
import shutil
import tempfile
from contextlib import chdir
from pathlib import Path
from typing import Any

from setuptools import build_meta
from setuptools.build_meta import *  # noqa: F403

NEEDED = ("ampera", "LICENSE", "NOTICE", "README.md", "pyproject.toml", "setup.cfg")
INSIDE = ("templates", "static", "docs/operate/files")


def build_wheel(wheel_directory: str, *arguments: Any, **options: Any) -> str:
    """Build into `wheel_directory` and return the name of the file."""
    clone, target = Path.cwd(), os.path.abspath(wheel_directory)
    with tempfile.TemporaryDirectory() as folder:
        for name in NEEDED:
            _copy(clone / name, Path(folder, name))
        for name in INSIDE:
            _copy(clone / name, Path(folder, "ampera", name))
        _copy(clone / "scripts" / Path(__file__).name, Path(folder, "scripts", Path(__file__).name))
        with chdir(folder):
            return build_meta.build_wheel(target, *arguments, **options)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy2(source, target)
