"""Whatever opens with an applicant's link keeps it to itself: no log, referrer, metric or title knows link or code.

Every address with a link in it is asked, also those that are added later.
"""

import re
from typing import Any, NamedTuple

import pytest
from sqlalchemy import select

from ampera import db
from ampera.pickups import service
from ampera.pickups.codes import CodeKeys, printed
from ampera.pickups.models import PickupCode
from ampera.web.limits import limiter
from tests import builders
from tests.access.table import TABLE

HOLDER, SECOND = "Namarahasia Uji", "Kerabatrahasia Uji"
PERSONAL = ("Namarahasia", "Kerabatrahasia", "Uji", "9900000000000001", "X0000001", "C-00-01")
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)


class Way(NamedTuple):
    """One generation's secrets."""

    link: str
    code: str
    booking_code: str

    @property
    def secrets(self) -> set[str]:
        return {self.link, self.code, self.code[3:], self.booking_code, printed(self.booking_code)}


@pytest.fixture
def way(app, monkeypatch) -> Way:
    monkeypatch.setattr(limiter, "enabled", False)
    books = [builders.passport(1, holder_name=HOLDER), builders.passport(2, holder_name=SECOND)]
    builders.pickup(*books)
    return newest(app)


def newest(app: Any) -> Way:
    keys = CodeKeys.parse(app.extensions["ampera.settings"].code_keys)
    with db.reading() as session:
        row = session.scalars(select(PickupCode).order_by(PickupCode.generation.desc())).first()
        return Way(keys.link(row), keys.code(row), row.booking_code)


def by_link(app: Any) -> list[tuple[str, str, Any]]:
    """Method, path and form of everything that a link opens."""
    found = []
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if "link" in rule.arguments:
            body = TABLE[rule.endpoint].body
            found += [(method, rule.rule, body) for method in sorted(rule.methods - {"HEAD", "OPTIONS"})]
    return found


def ask_everything(app: Any, link: str) -> dict[tuple[str, str], Any]:
    client = app.test_client()
    return {
        (method, rule): client.open(rule.replace("<link>", link), method=method, data=body, buffered=True)
        for method, rule, body in by_link(app)
    }


def test_every_address_with_a_link_keeps_it_to_itself(app, way, capfd):
    answers = ask_everything(app, way.link)
    assert len(answers) >= 5
    for place, answer in answers.items():
        assert answer.headers["Referrer-Policy"] == "no-referrer", place
        assert answer.headers["Cache-Control"] == "no-store", place
        assert answer.status_code in (200, 204, 303, 404, 409, 422), (place, answer.status)
        if answer.mimetype == "text/html" and answer.status_code == 200:
            assert "noindex" in answer.headers["X-Robots-Tag"], place
            title = TITLE.search(answer.text)[1]
            assert not [one for one in (*way.secrets, *PERSONAL) if one in title], place
        if answer.location:  # back to the page of the same link, never elsewhere
            assert answer.location.startswith(f"/p/{way.link}"), place
        assert way.link not in str(answer.headers.get("Content-Disposition")), place
    log = capfd.readouterr().err
    assert not [one for one in (*way.secrets, *PERSONAL) if one in log]
    assert all(f'"{rule}"' in log for _, rule in answers if rule.startswith("/p/"))
    metrics = app.test_client().get("/metrics").text
    assert not [one for one in (*way.secrets, *PERSONAL) if one in metrics]


def test_no_address_with_a_link_answers_without_one(app, way):
    unknown = "0" * len(way.link)
    for place, answer in ask_everything(app, unknown).items():
        assert answer.status_code == 404, place
        assert not [one for one in (*way.secrets, *PERSONAL) if one in answer.text], place


def test_the_old_link_of_a_reissued_code_says_so_and_nothing_else(app, way):
    service.reissue(builders.actor("supervisor"), 1, "Kode hilang (uji)")
    new = newest(app)
    assert new.link != way.link
    for (method, rule), answer in ask_everything(app, way.link).items():
        told = answer.get_data(as_text=True) if answer.mimetype != "application/pdf" else ""
        assert answer.status_code >= 400 or not told.strip() or "state" in rule, (method, rule, answer.status)
        secrets = (*new.secrets, way.code, way.booking_code, printed(way.booking_code))
        assert not [one for one in (*secrets, *PERSONAL) if one in told], (method, rule)
    page = app.test_client().get(f"/p/{way.link}")
    assert page.status_code == 410 and "diganti" in page.text
    words = page.text.replace(way.link, "").lower()  # a link is drawn by lot: it may spell anything
    assert "kantor imigrasi contoh" not in words and "<form" not in words and "qr" not in words


def test_the_old_link_books_announces_and_signals_nothing(app, way):
    service.reissue(builders.actor("supervisor"), 1, "Kode hilang (uji)")
    for (method, rule), answer in ask_everything(app, way.link).items():
        if method == "POST":
            assert answer.status_code in (404, 409, 410), (rule, answer.status)
