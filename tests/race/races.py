"""The contended acts, one function each: a round of it, and how often happened what may happen once."""

import itertools
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from ampera import clock, db
from ampera.audit import AuditEntry
from ampera.handovers import service as handovers
from ampera.handovers import void_service, writes
from ampera.handovers.models import Handover
from ampera.passports.models import Passport
from ampera.reports.persons import service as requests
from ampera.visits import states
from ampera.visits.models import Visit, VisitPickup
from ampera.visits.moves import call_service
from ampera.visits.moves import common as moves_common
from ampera.visits.scan import check_in, finding_queries
from ampera.visits.supervisor_calls import service as supervisor_calls
from tests import builders
from tests.handovers import steps
from tests.race import crowd

TRIES = 3
number = itertools.count(1)


class Clients:
    """Keys of two officers and browsers of two supervisors, four of each."""

    def __init__(self, app: Flask) -> None:
        keys = [builders.with_key(app, role) for role in ("officer", "officer2")]
        self.officer, self.other = ([self._again(key) for _ in range(crowd.SIZE)] for key in keys)
        self.both = [client for pair in zip(self.officer, self.other, strict=True) for client in pair][: crowd.SIZE]
        self.supervisors = [builders.signed_in(app, role) for role in ("supervisor", "supervisor2") for _ in range(4)]

    @staticmethod
    def _again(client: Any) -> Any:
        twin = type(client)(client.application, client.response_wrapper, use_cookies=False)
        twin.key = client.key
        return twin


@dataclass(frozen=True)
class Outcome:
    """`happened` must be 1. `is_polite`: everybody else got the answer that belongs to it."""

    happened: int
    is_polite: bool
    statuses: Any = None


def hand_over(clients: Clients) -> Outcome:
    """Eight confirms of one book, each with its own key: exactly one record."""
    book, _, requests = _at_window(clients, crowd.SIZE)
    statuses = _statuses(crowd.posts(clients.officer, "/api/v1/handovers", requests))
    return Outcome(_records(book), statuses == {201: 1, 409: crowd.SIZE - 1}, statuses)


def confirm_again(clients: Clients) -> Outcome:
    """One confirm sent eight times with the same key: one record, and the same answer for everybody."""
    book, _, (request,) = _at_window(clients, 1)
    answers = crowd.posts(clients.officer, "/api/v1/handovers", [request] * crowd.SIZE)
    is_same = all(answer.get_json() == answers[0].get_json() for answer in answers)
    statuses = _statuses(answers)
    return Outcome(_records(book), is_same and statuses == {201: 1, 200: crowd.SIZE - 1}, statuses)


def first_scan(clients: Clients) -> Outcome:
    """Eight tablets scan the same code for the first time: exactly one visit, named in every answer."""
    (book,), code = builders.ready(next(number))
    bodies = [{"scan_id": str(uuid.uuid4()), "lane": 1 + n % 2, "input": code} for n in range(crowd.SIZE)]
    answers = crowd.posts(clients.both, "/api/v1/scans", bodies)
    seen = Counter(answer.get_json()["visit"]["id"] for answer in answers if answer.status_code == 200)
    return Outcome(_visits(book), list(seen.values()) == [crowd.SIZE], seen)


def same_scan(clients: Clients) -> Outcome:
    """One scan sent eight times with the same id: judged once, one answer."""
    (book,), code = builders.ready(next(number))
    body = {"scan_id": str(uuid.uuid4()), "lane": 1, "input": code}
    answers = [answer.get_json() for answer in crowd.posts(clients.officer, "/api/v1/scans", [body] * crowd.SIZE)]
    return Outcome(_visits(book), all(answer == answers[0] for answer in answers), answers)


def call_next(clients: Clients) -> Outcome:
    """Eight calls for four waiting vehicles: four different ones are called, nobody gets one twice."""
    waiting = {_scanned(clients)["id"] for _ in range(crowd.SIZE // 2)}
    answers = crowd.at_once([lambda n=n: _next(clients, n) for n in range(crowd.SIZE)])
    called = Counter(answer.get_json()["id"] for answer in answers if answer.status_code == 200)
    _leave_all(clients)
    return Outcome(max(called.values()), set(called) == waiting, _statuses(answers))


def serve(clients: Clients) -> Outcome:
    """Two officers claim one visit at their lanes: one officer holds it, the other is refused."""
    visit = _scanned(clients)["id"]
    bodies = [{"lane": 1 + n % 2} for n in range(crowd.SIZE)]
    answers = crowd.posts(clients.both, f"/api/v1/visits/{visit}/serve", bodies)
    holders = {1 + n % 2 for n, answer in enumerate(answers) if answer.status_code == 200}
    is_polite = {_claimed_lane(visit)} == holders and _statuses(answers) == {200: 4, 409: 4}
    _leave_all(clients)
    return Outcome(len(holders), is_polite, _statuses(answers))


def resume(clients: Clients) -> Outcome:
    """Two officers resume one parked vehicle whose lease has ended, at their lanes: one officer has it."""
    visit = _scanned(clients)["id"]
    clients.officer[0].post(f"/api/v1/visits/{visit}/serve", json={"lane": 1})
    clients.officer[0].post(f"/api/v1/visits/{visit}/park", json={})
    with clock.shift(timedelta(hours=1)):
        bodies = [{"lane": 1 + n % 2} for n in range(crowd.SIZE)]
        answers = crowd.posts(clients.both, f"/api/v1/visits/{visit}/resume", bodies)
    holders = {1 + n % 2 for n, answer in enumerate(answers) if answer.status_code == 200}
    is_polite = {_claimed_lane(visit)} == holders and _statuses(answers) == {200: 4, 409: 4}
    _leave_all(clients)
    return Outcome(len(holders), is_polite, _statuses(answers))


def void(clients: Clients) -> Outcome:
    """Two supervisors void one record in eight windows: it happens once."""
    _, _, (request,) = _at_window(clients, 1)
    record = clients.officer[0].post("/api/v1/handovers", json=request).get_json()["handovers"][0]["id"]
    body = {"reason": "uji coba", "shelf": "C-01", "book": request["passports"][0]["book"]}
    statuses = _statuses(crowd.posts(clients.supervisors, f"/api/v1/handovers/{record}/void", [body] * crowd.SIZE))
    return Outcome(statuses[200], statuses == {200: 1, 409: crowd.SIZE - 1}, statuses)


def guess(clients: Clients) -> Outcome:
    """Eight wrong identities at once: three are looked at (the one round of tries), then the book is locked."""
    book, visit, _ = _at_window(clients, 1)
    body = {"passport_id": book, "identity": {"birth_date": "1901-01-01"}}
    statuses = _statuses(crowd.posts(clients.officer, f"/api/v1/visits/{visit}/checks", [body] * crowd.SIZE))
    misses = _count(select(Passport.misses).where(Passport.id == book))
    return Outcome(
        ceil(max(misses, statuses[200]) / TRIES), statuses == {200: TRIES, 409: crowd.SIZE - TRIES}, statuses
    )


def decide_call(clients: Clients) -> Outcome:
    """Two supervisors decide one call in eight windows: it is decided once, the others learn that it is over."""
    visit = _scanned(clients)["id"]
    clients.officer[0].post(f"/api/v1/visits/{visit}/supervisor", json={"reason": "other"})
    path = f"/api/v1/visits/{visit}/supervisor/decision"
    statuses = _statuses(crowd.posts(clients.supervisors, path, [{"decision": "attend"}] * crowd.SIZE))
    return Outcome(statuses[200], statuses == {200: 1, 409: crowd.SIZE - 1}, statuses)


def answer_request(clients: Clients) -> Outcome:
    """Two supervisors answer one request in eight windows: the first answer counts, the others learn about it."""
    n = next(number)
    book = builders.passport(n)
    wish = requests.Wish(f"99{n:014d}", "objection", "letter", "uji coba", clock.now())
    path = f"/desk/requests/{requests.note(builders.actor('desk'), wish).id}/answer"
    words = {"words": "uji coba", "outcome": "granted"}
    statuses = _statuses(
        crowd.at_once([lambda client=client: client.post(path, data=words) for client in clients.supervisors])
    )
    answers = (AuditEntry.action == "request.answered", AuditEntry.subject == f"passport:{book}")
    answered = _count(select(func.count()).select_from(AuditEntry).where(*answers))
    return Outcome(answered, statuses == {303: crowd.SIZE}, statuses)


@dataclass(frozen=True)
class Race:
    """`left_open` is (module, function) between read and write: tests hold it open, so that nobody wins by luck."""

    round: Callable[[Clients], Outcome]
    left_open: tuple[Any, str]


RACES = {
    "hand_over": Race(hand_over, (writes, "record")),
    "confirm_again": Race(confirm_again, (writes, "record")),
    "first_scan": Race(first_scan, (check_in, "let_in")),
    "same_scan": Race(same_scan, (finding_queries, "of_code")),
    "call_next": Race(call_next, (call_service, "_call")),
    "serve": Race(serve, (moves_common, "foreign_claim")),
    "resume": Race(resume, (moves_common, "foreign_claim")),
    "void": Race(void, (void_service, "_marks")),
    "guess": Race(guess, (handovers, "_count_miss")),
    "decide_call": Race(decide_call, (supervisor_calls, "_apply")),
    "answer_request": Race(answer_request, (requests, "_answered")),
}


def _at_window(clients: Clients, confirms: int) -> tuple[int, int, list[dict[str, Any]]]:
    """A book at the officer's window, its visit, and so many complete confirms of it."""
    n = next(number)
    (book,), code = builders.ready(n)
    visit = steps.serving(clients.officer[0], code)["id"]
    return book, visit, [steps.body(visit, steps.book(book, n)) for _ in range(confirms)]


def _scanned(clients: Clients) -> dict[str, Any]:
    _, code = builders.ready(next(number))
    return steps.scan(clients.officer[0], code).get_json()["visit"]


def _next(clients: Clients, n: int) -> Any:
    return clients.both[n].post(f"/api/v1/lanes/{1 + n % 2}/next")


def _leave_all(clients: Clients) -> None:
    for visit in clients.supervisors[0].get("/api/v1/visits").get_json()["visits"]:
        clients.supervisors[0].post(f"/api/v1/visits/{visit['id']}/leave", json={})


def _claimed_lane(visit: int) -> int:
    return _count(select(Visit.claim_lane_id).where(Visit.id == visit, Visit.state == states.SERVING))


def _records(book: int) -> int:
    return _count(select(func.count()).select_from(Handover).where(Handover.passport_id == book))


def _visits(book: int) -> int:
    of_book = select(Passport.pickup_id).where(Passport.id == book).scalar_subquery()
    return _count(select(func.count()).select_from(VisitPickup).where(VisitPickup.pickup_id == of_book))


def _statuses(answers: list[Any]) -> Counter[int]:
    return Counter(answer.status_code for answer in answers)


def _count(query: Any) -> int:
    with db.reading() as session:
        return session.scalar(query)
