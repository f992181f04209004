"""Many phones come from one address (the office's Wi-Fi, a carrier's network): none may use up the others' looks."""

from tests import builders
from tests.board import steps

PHONES, LOOKS_EACH, GUESSES = 25, 4, 30


def test_all_phones_behind_one_address_get_an_answer(app, client):
    for n in range(1, PHONES + 1):
        builders.ready(n)  # the pickup gets the same number
    links = [steps.link(n) for n in range(1, PHONES + 1)]
    answers = [client.get(f"/api/v1/pickup-state/{link}").status_code for link in links * LOOKS_EACH]
    assert set(answers) == {200}


def test_guessing_of_links_is_stopped(client):
    answers = [client.get(f"/api/v1/pickup-state/{n:026d}").status_code for n in range(GUESSES + 1)]
    assert answers == [404] * GUESSES + [429]
