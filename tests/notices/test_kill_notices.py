"""kill -9 while notices are written and sent: none is lost or invented, at most one is repeated per crash.

A proof: after each crash the lease of what the server had claimed takes most of a minute in real time. The witnesses
are the worker that finds an expired lease (`test_channel_worker.py`) and the stopped server (`test_outbox_live.py`).
"""

import itertools
import json
import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from ampera import db
from ampera.notices.channels import mime
from ampera.notices.delivery import recipient_queries
from ampera.notices.models import Delivery, Notice
from ampera.passports.models import Passport
from tests.conftest import SERVER_SECRETS, on_both
from tests.handovers import steps as window
from tests.notices import outbox, steps
from tests.notices.mail_server import MailServer
from tests.services import LiveServer, wait_until

CLERKS = 3
AT_ONCE = 2  # books in one intake
PAUSE_SECONDS = 0.2  # of a clerk, so that mails are sent about as quickly as notices are written
LEAST_MAILS, MOST_MAILS = 3, 30  # that arrive before the server is killed
PATIENCE = 75  # seconds without a mail; longer than the lease of a message that the killed server had claimed
pytestmark = [on_both, pytest.mark.true_time, pytest.mark.proof]


@pytest.fixture
def server(app, new_server, database, mails) -> LiveServer:
    return new_server(DATABASE_URL=database, MAIL_URL=mails.url, MAIL_FROM=outbox.SENDER, **SERVER_SECRETS)


def test_killed_server_loses_no_notice_and_repeats_at_most_one_per_crash(api, server, mails, request):
    keys, draw, numbers = (api("desk").key, api("officer").key), random.Random(5), itertools.count(1)
    ends = []  # the number of mails when each server was killed
    for _ in range(request.config.getoption("--kills")):
        server.start()
        enough = len(mails.mails) + draw.randint(LEAST_MAILS, MOST_MAILS)
        with _work_at_the_counter(server, keys, numbers):
            wait_until(lambda: len(mails.mails) >= enough, "no mails", PATIENCE)  # noqa: B023 (asked at once)
            server.kill9()
        wait_until(lambda: not mails.open, "the mail server still has an open connection")
        ends.append(len(mails.mails))
    server.start()
    while not _is_nothing_waiting():
        came = len(mails.mails)
        wait_until(lambda: len(mails.mails) > came or _is_nothing_waiting(), "some wait still", PATIENCE)  # noqa: B023
    _check(mails, ends)
    assert json.loads(server.command("audit", "verify", "--json"))["ok"]


@contextmanager
def _work_at_the_counter(server: LiveServer, keys: tuple[str, str], numbers: Iterator[int]) -> Iterator[None]:
    """Clerks take books in and hand the first one out, repeatedly, until the server is gone."""
    threads = [threading.Thread(target=_until_gone, args=(server, keys, numbers)) for _ in range(CLERKS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        server.kill9()
        for thread in threads:
            thread.join()


def _until_gone(server: LiveServer, keys: tuple[str, str], numbers: Iterator[int]) -> None:
    desk, officer = ({"Authorization": f"Bearer {key}"} for key in keys)
    with httpx.Client(base_url=server.url, timeout=60) as client:
        try:
            while True:
                books = [steps.taken_in(next(numbers)) for _ in range(AT_ONCE)]
                taken = _posted(client, desk, "/api/v1/passports", {"passports": books})
                _hand_out(client, officer, taken, int(books[0]["passport_no"][1:]))
                time.sleep(PAUSE_SECONDS)
        except httpx.TransportError:
            return


def _hand_out(client: httpx.Client, officer: dict[str, str], taken: Any, n: int) -> None:
    book = taken["rows"][0]
    code = next(pickup["code"] for pickup in taken["pickups"] if pickup["pickup_id"] == book["pickup_id"])
    scan = {"scan_id": str(uuid.uuid4()), "lane": 1, "input": code}
    visit = _posted(client, officer, "/api/v1/scans", scan)["visit"]["id"]
    _posted(client, officer, f"/api/v1/visits/{visit}/serve", {"lane": 1})
    _posted(client, officer, "/api/v1/handovers", window.body(visit, window.book(book["passport_id"], n)))


def _posted(client: httpx.Client, headers: dict[str, str], path: str, body: Any) -> Any:
    answer = client.post(path, json=body, headers=headers)
    assert answer.is_success, answer.text
    return answer.json()


def _is_nothing_waiting() -> bool:
    with db.reading() as session:
        notice = session.scalar(select(Notice.id).where(Notice.state == "waiting").limit(1))
        delivery = session.scalar(select(Delivery.id).where(Delivery.state.in_(("waiting", "sending"))).limit(1))
    return notice is None and delivery is None


def _check(mails: MailServer, ends: list[int]) -> None:
    """Every book has a notice, every mail has a committed cause, and at most one mail is repeated per crash."""
    with db.reading() as session:
        books = set(session.scalars(select(Passport.email)))
        deliveries = session.scalars(select(Delivery)).all()
        notices = session.scalars(select(Notice)).all()
        collected = set(session.scalars(select(Passport.pickup_id).where(Passport.state == "collected")))
    by_id = {notice.id: notice for notice in notices}
    known = {_message_id(by_id[delivery.notice_id], delivery): delivery for delivery in deliveries}
    came = [mail.id for mail in mails.mails]
    assert {mail.to for mail in mails.mails} <= books and set(came) <= set(known), "sent for something rolled back"
    assert {delivery.state for delivery in deliveries} <= {"sent", "dropped"}
    expanded = {notice.id for notice in notices if notice.state == "expanded"}
    assert {delivery.notice_id for delivery in deliveries} == expanded
    others = [notice for notice in notices if notice.state != "expanded"]  # a collected book is not ready any more
    assert all(notice.kind == "ready" and notice.pickup_id in collected for notice in others), "lost"
    assert books == {delivery.address for delivery in deliveries}, "lost"
    assert {key for key, delivery in known.items() if delivery.state == "sent"} <= set(came), "marked, but not sent"
    again = [place for place, key in enumerate(came) if key in came[place + 1 :]]  # mails that were repeated
    doubles = [_crash(place, ends) for place in again]
    kinds = Counter(notice.kind for notice in notices)
    print(f"{len(ends)} kills, {dict(kinds)}, {len(came)} mails, {len(doubles)} repeated")  # visible with -rP
    assert max(Counter(doubles).values(), default=0) <= 1
    assert kinds["ready"] and kinds["collecting"] and kinds["collected"]


def _message_id(notice: Notice, delivery: Delivery) -> str:
    """The Message-ID of a delivery, also of a delivery that was dropped at a second try and lost its key."""
    recipient = recipient_queries.Recipient(delivery.channel, delivery.address, delivery.first_name)
    return mime.message_id(recipient_queries.once_of(notice, 1, recipient), outbox.SENDER)


def _crash(place: int, ends: list[int]) -> int:
    """The number of the server that sent the mail at this position."""
    return sum(place >= end for end in ends)
