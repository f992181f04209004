"""No URL with an applicant's link reveals the link or the code in a log, referrer, metric or title.

The tests request every route with a link in its rule, so routes that are added later are tested too.
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


class Secrets(NamedTuple):
    """The secrets of one generation."""

    link: str
    code: str
    booking_code: str

    @property
    def texts(self) -> set[str]:
        return {self.link, self.code, self.code[3:], self.booking_code, printed(self.booking_code)}


@pytest.fixture
def issued(app, monkeypatch) -> Secrets:
    monkeypatch.setattr(limiter, "enabled", False)
    books = [builders.passport(1, holder_name=HOLDER), builders.passport(2, holder_name=SECOND)]
    builders.pickup(*books)
    return newest(app)


def newest(app: Any) -> Secrets:
    keys = CodeKeys.parse(app.extensions["ampera.settings"].code_keys)
    with db.reading() as session:
        row = session.scalars(select(PickupCode).order_by(PickupCode.generation.desc())).first()
        return Secrets(keys.link(row), keys.code(row), row.booking_code)


def by_link(app: Any) -> list[tuple[str, str, Any]]:
    """Method, rule and form of every route with a link."""
    found = []
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if "link" in rule.arguments:
            body = TABLE[rule.endpoint].body
            found += [(method, rule.rule, body) for method in sorted(rule.methods - {"HEAD", "OPTIONS"})]
    return found


def request_all(app: Any, link: str) -> dict[tuple[str, str], Any]:
    client = app.test_client()
    return {
        (method, rule): client.open(rule.replace("<link>", link), method=method, data=body, buffered=True)
        for method, rule, body in by_link(app)
    }


def test_no_route_with_a_link_reveals_the_link(app, issued, capfd):
    answers = request_all(app, issued.link)
    assert len(answers) >= 5
    for place, answer in answers.items():
        assert answer.headers["Referrer-Policy"] == "no-referrer", place
        assert answer.headers["Cache-Control"] == "no-store", place
        assert answer.status_code in (200, 204, 303, 404, 409, 422), (place, answer.status)
        if answer.mimetype == "text/html" and answer.status_code == 200:
            assert "noindex" in answer.headers["X-Robots-Tag"], place
            title = TITLE.search(answer.text)[1]
            assert not [text for text in (*issued.texts, *PERSONAL) if text in title], place
        if answer.location:  # redirects lead only to the page of the same link
            assert answer.location.startswith(f"/p/{issued.link}"), place
        assert issued.link not in str(answer.headers.get("Content-Disposition")), place
    log = capfd.readouterr().err
    assert not [text for text in (*issued.texts, *PERSONAL) if text in log]
    assert all(f'"{rule}"' in log for _, rule in answers if rule.startswith("/p/"))
    metrics = app.test_client().get("/metrics").text
    assert not [text for text in (*issued.texts, *PERSONAL) if text in metrics]


def test_unknown_link_answers_404_on_every_route(app, issued):
    unknown = "0" * len(issued.link)
    for place, answer in request_all(app, unknown).items():
        assert answer.status_code == 404, place
        assert not [text for text in (*issued.texts, *PERSONAL) if text in answer.text], place


def test_old_link_of_a_reissued_code_shows_only_that_the_code_was_replaced(app, issued):
    service.reissue(builders.actor("supervisor"), 1, "Kode hilang (uji)")
    new = newest(app)
    assert new.link != issued.link
    for (method, rule), answer in request_all(app, issued.link).items():
        body = answer.get_data(as_text=True) if answer.mimetype != "application/pdf" else ""
        assert answer.status_code >= 400 or not body.strip() or "state" in rule, (method, rule, answer.status)
        secrets = (*new.texts, issued.code, issued.booking_code, printed(issued.booking_code))
        assert not [text for text in (*secrets, *PERSONAL) if text in body], (method, rule)
    page = app.test_client().get(f"/p/{issued.link}")
    assert page.status_code == 410 and "diganti" in page.text
    words = page.text.replace(issued.link, "").lower()  # a random link may contain any of these texts
    assert "kantor imigrasi contoh" not in words and "<form" not in words and "qr" not in words


def test_old_link_refuses_every_post(app, issued):
    service.reissue(builders.actor("supervisor"), 1, "Kode hilang (uji)")
    for (method, rule), answer in request_all(app, issued.link).items():
        if method == "POST":
            assert answer.status_code in (404, 409, 410), (rule, answer.status)
