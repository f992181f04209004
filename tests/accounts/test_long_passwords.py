"""A password is compared as it was typed: any length up to the bound, any characters, and for years."""

from datetime import timedelta

import pytest

from ampera import audit, clock
from ampera.accounts import authentication
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


def test_password_has_no_end(sign_in):
    sign_in("officer")
    with clock.shift(timedelta(days=3650)):
        assert is_right(builders.PASSWORD)
