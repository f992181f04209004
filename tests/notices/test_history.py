"""The page of a book shows the notices of its pickup and always offers the desk to send the link."""

from datetime import UTC, datetime

import pytest

from ampera import db
from ampera.notices.history_queries import history
from ampera.notices.models import Delivery, Notice
from tests import builders

AT = datetime(2026, 2, 10, 3, 5, tzinfo=UTC)


@pytest.fixture
def book(app) -> int:
    (book,), _ = builders.ready(1, phone="+6281299990001", email="rahasia@contoh.example")
    return book


def sent(*attempts: tuple[str, str, str], pickup_id: int = 1, office_id: int = 1) -> None:
    """Write one notice with these deliveries: (channel, address, state)."""

    def build(unit: db.Unit) -> None:
        notice = Notice(
            office_id=office_id, pickup_id=pickup_id, kind="ready", facts={}, state="expanded", created_at=AT
        )
        unit.session.add(notice)
        unit.session.flush()
        for number, (channel, address, state) in enumerate(attempts):
            row = Delivery(
                notice_id=notice.id, office_id=office_id, once=f"{notice.id}-{number}", channel=channel,
                address=address, first_name="Contoh", state=state, due_at=AT, created_at=AT, ended_at=AT,
            )  # fmt: skip
            unit.session.add(row)

    db.current().write(build)


def test_page_shows_the_failed_channel_and_the_next_channel(sign_in, book):
    sent(("whatsapp", "+6281299990001", "passed"), ("mail", "rahasia@contoh.example", "sent"))
    page = sign_in("desk").get(f"/desk/books/{book}").text
    assert "Surel" in page and "Gagal, diteruskan" in page and "10-02-2026 10.05" in page
    listed = page[page.index('class="delivery-history"') :].split("</ul>")[0]
    assert "r•••@c•••.example" in listed and "rahasia@" not in listed and "81299990001" not in listed


def test_page_always_offers_whatsapp_and_the_slip(sign_in, book):
    sent(("mail", "rahasia@contoh.example", "delivered"))
    page = sign_in("desk").get(f"/desk/books/{book}").text
    assert "https://wa.me/6281299990001" in page and "/slip.pdf" in page


def test_page_without_channels_and_notices_has_no_history(sign_in, book):
    assert 'class="delivery-history"' not in sign_in("desk").get(f"/desk/books/{book}").text


def test_officer_sees_no_history(sign_in, book):
    sent(("mail", "rahasia@contoh.example", "sent"))
    assert 'class="delivery-history"' not in sign_in("officer").get(f"/desk/books/{book}").text


def test_history_has_the_newest_notices_of_the_own_office(app, book):
    for number in range(8):
        sent(("mail", f"{number}@contoh.example", "sent"))
    with db.reading() as session:
        assert [notice.address[0] for notice in history(session, 1, 1)] == ["7", "6", "5", "4", "3", "2"]
        assert history(session, 1, 2) == []
