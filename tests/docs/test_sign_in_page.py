"""The page about sign-in has the numbers and words of the code."""

import re

import pytest

from ampera.accounts import passwords, queries, service
from ampera.accounts.devices.service import WorkTablet
from ampera.accounts.pins import numbers
from ampera.accounts.sign_in import tries
from ampera.audit import FRESH
from tests.house.test_arrows import ROOT

PAGE = (ROOT.parent / "docs/security/sign-in.md").read_text("utf-8")


def minutes(span):
    return round(span.total_seconds() / 60)


@pytest.mark.parametrize(
    "sentence",
    [
        f"At least {passwords.MIN_LENGTH} characters, {passwords.MIN_WITH_FACTOR} beside a second step",
        f"more than {passwords.MOST} characters are refused",
        f"at least {passwords.LEAST_SCORE} of 4",
        f"at least {passwords.LEAST_REST} different characters",
        f"within {service.GIVEN_FOR.days} days",
        f"at most {minutes(FRESH)} minutes ago",
        f"| account | {tries.MISSES_BEFORE_LOCK} misses, then {minutes(tries.FIRST_LOCK)} minute of rest",
        f"up to {minutes(tries.LONGEST_LOCK)} minutes; forgotten after {tries.FORGOTTEN.days} day",
        f"{tries.MOST_OF_ADDRESS} misses in {minutes(tries.WINDOW)} minutes",
        f"{tries.MOST_OF_DEVICE} misses in {minutes(tries.WINDOW)} minutes",
        f"| PIN | {numbers.MOST_MISSES} misses",
        f"after {minutes(queries.IDLE) // 60} hours without",
        f"{minutes(queries.LONGEST) // 60} hours after its sign-in",
        f"locks after {WorkTablet.lock_minutes} minutes",
    ],
)
def test_number_of_the_page_is_that_of_the_code(sentence):
    assert sentence in PAGE


def test_words_of_the_page_are_those_that_passwords_must_not_consist_of():
    listed = re.search(r"must be left: (.+?)\.\n", PAGE, re.DOTALL)
    assert listed and tuple(re.split(r",\s+", listed[1])) == tuple(
        " ".join(word.split()) for word in passwords.LOCAL_WORDS
    )


def test_every_way_to_begin_a_session_is_on_the_page(app):
    """A new address below `/login` that is posted to is a new way in, or a part of one that is described."""
    ways = {rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/login") and "POST" in rule.methods}
    assert ways == {
        "/login", "/login/factor", "/login/passkey", "/login/passkey/options", "/login/switch", "/login/pin",
        "/login/pin/remove", "/login/confirm", "/login/lock", "/login/awake", "/login/oidc/logout",
        "/login/decision/<int:visit_id>",
    }  # fmt: skip
