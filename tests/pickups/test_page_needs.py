"""What the applicant's page tells first: a required booking, a replaced code, a page without scripts."""

import re
from typing import Any

import pytest

from ampera import clock, db
from ampera.offices.models import Office
from ampera.pickups import service
from tests import builders
from tests.pickups.steps import handout_of, pickup_of, take_in


@pytest.fixture
def pickup(app):
    return pickup_of(take_in("Putri Contoh")[0])[0]


@pytest.fixture
def path(app, pickup):
    return handout_of(app, pickup).link.removeprefix("https://contoh.example")


def choose(**options: Any) -> None:
    with db.reading() as session:
        present = session.get_one(Office, 1).options
    builders.set_columns(Office, {"id": 1}, options={**present, **options})


def part(html: str, opening: str) -> str:
    """The opening tag that contains this text."""
    return re.search(rf"<[^>]*{re.escape(opening)}[^>]*>", html)[0]


def test_page_without_scripts_turns_grey_after_a_missed_reload(client, path):
    html = client.get(path).text
    refresh = int(re.search(r'http-equiv="refresh" content="(\d+)"', html)[1])
    assert f'class="refreshes-{refresh}"' in html
    with client.get(re.search(r'href="([^"]*stale-page[^"]*\.css[^"]*)"', html)[1]) as answer:
        sheet = answer.text
    grey = int(re.search(rf"\.refreshes-{refresh} {{\s*--stale-page-after: (\d+)s", sheet)[1])
    assert grey > refresh


def test_required_booking_comes_first_and_hides_the_arrival(client, path):
    choose(slots=True, slots_required=True)
    html = client.get(path).text
    assert html.index('id="must-book"') < html.index('id="qr"')
    assert "hidden" in part(html, 'id="arrival"') and "hidden" in part(html, "data-while-open")
    assert "Pada waktu itu Anda didahulukan" not in html


def test_optional_booking_is_offered_and_hides_nothing(client, path):
    choose(slots=True)
    html = client.get(path).text
    assert 'id="must-book"' not in html and "Pada waktu itu Anda didahulukan" in html
    assert "hidden" not in part(html, 'id="arrival"')


def test_closed_line_asks_nobody_to_show_the_code_in_the_lane(client, path):
    choose(closed_by_hand={"since": clock.iso(clock.now()), "reason": "Hujan contoh", "until": None})
    assert "hidden" in part(client.get(path).text, "data-while-open")


def test_replaced_code_leads_to_the_office_and_the_search(client, path, pickup):
    choose(contact="0711 0000000")
    service.reissue(builders.actor("desk"), pickup)
    response = client.get(path)
    assert response.status_code == 410
    assert 'href="/find"' in response.text and 'href="tel:07110000000"' in response.text
    assert "Jam" in response.text or "Buka" in response.text
