"""The program is installed from its clone only: a copy would lack the templates and could not start."""

import runpy

import pytest

from ampera.settings import PROJECT


def test_build_of_a_copy_is_refused_with_the_right_command():
    backend = runpy.run_path(str(PROJECT / "scripts/editable_only.py"))
    with pytest.raises(SystemExit, match="scripts/install"):
        backend["build_wheel"]("dist", config_settings=None)


def test_installation_from_the_clone_is_left_to_setuptools():
    backend = runpy.run_path(str(PROJECT / "scripts/editable_only.py"))
    assert {"build_editable", "get_requires_for_build_editable"} <= backend.keys()
