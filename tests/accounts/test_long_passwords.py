"""A password is compared as it was typed: any length up to the bound, any characters, and for years."""

from datetime import timedelta

import pytest

from ampera import audit, clock
from ampera.accounts import authentication
from ampera.cli.group import commands
from tests import builders

LONG = "kuda besi pagar biru " * 4
ODD = "Ωμέγα \u0001f\t«kuda» 象 besi'\";--"


def is_right(password):
    return isinstance(authentication.check("officer.plg", password), audit.Actor)


@pytest.mark.parametrize("new", [LONG, ODD, "semuanya kecil tanpa angka", "2719408 5530614 9"])
def test_password_of_any_length_and_characters_signs_in_as_typed(sign_in, new):
    officer = sign_in("officer")
    form = {"old": builders.PASSWORD, "new": new, "again": new}
    assert officer.post("/account/password", data=form).status_code == 303
    others = {new.upper(), new.strip()[:-1], new + " ", new.replace(" ", "")} - {new}
    assert is_right(new) and not any(map(is_right, others))


def test_password_that_is_too_long_is_refused_and_never_cut(app, sign_in):
    officer, longest = sign_in("officer"), "kuda besi pagar biru " * 9 + "b" * 11
    for new, status in ((longest + "x", 422), (longest, 303)):
        form = {"old": builders.PASSWORD, "new": new, "again": new}
        assert officer.post("/account/password", data=form).status_code == status
    assert is_right(longest) and not is_right(longest + "x")
    command = ["user", "reset", "officer.plg", "--password-stdin"]
    refused = app.test_cli_runner().invoke(commands, command, input=longest + "x\n")
    assert refused.exit_code == 1 and "longer than 200" in refused.output
    assert is_right(longest)


def test_password_has_no_end(sign_in):
    sign_in("officer")
    with clock.shift(timedelta(days=3650)):
        assert is_right(builders.PASSWORD)
