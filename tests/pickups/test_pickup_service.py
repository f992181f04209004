"""Reissue, revoke and unlock: changes, refusals and audit entries of each."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from ampera import audit, db, events
from ampera.audit import AuditEntry
from ampera.errors import Refused
from ampera.passports.events import BooksTakenIn
from ampera.passports.models import Passport
from ampera.pickups import service
from ampera.pickups.events import BookCameBack, PickupChanged
from ampera.pickups.models import PickupCode
from ampera.pickups.queries import by_link, card
from tests import builders
from tests.conftest import on_both
from tests.pickups.steps import handout_of, pickup_of, rows, take_in


@pytest.fixture
def pickup_id(app):
    (book,) = take_in(None)
    return pickup_of(book)[0]


def generations(pickup_id):
    with db.reading() as session:
        return [(code.generation, code.state) for code in card(session, pickup_id).codes]


def recorded(action):
    with db.reading() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.action == action)))


def test_reissue_replaces_code_link_and_short_code(app, pickup_id):
    before = handout_of(app, pickup_id)
    service.reissue(builders.actor("desk"), pickup_id, "slip  hilang")
    after = handout_of(app, pickup_id)
    assert before.pickup_id == after.pickup_id
    assert not {before.code, before.link, before.booking_code} & {after.code, after.link, after.booking_code}
    assert generations(pickup_id) == [(2, "current"), (1, "revoked")]
    (entry,) = recorded("pickup.code_reissued")
    assert entry.details == '{"generation":2,"reason":"slip hilang"}'


def test_old_link_of_a_reissued_pickup_is_revoked(app, pickup_id):
    old = handout_of(app, pickup_id).link.rpartition("/")[2]
    service.reissue(builders.actor("desk"), pickup_id)
    with db.reading() as session:
        assert by_link(session, old).state == "revoked"


def test_reissue_keeps_a_pickup_locked(app, pickup_id):
    builders.set_columns(Passport, {"pickup_id": pickup_id}, misses=3, locked_at=audit.clock.now())
    service.reissue(builders.actor("desk"), pickup_id)
    with db.reading() as session:
        assert card(session, pickup_id).locked


@pytest.mark.parametrize("state", ["collected", "cancelled"])
def test_reissue_is_refused_without_a_book_on_the_shelf(app, pickup_id, state):
    builders.set_columns(Passport, {"pickup_id": pickup_id}, state=state)
    assert service.reissue(builders.actor("desk"), pickup_id) == Refused("wrong_state", 409)
    assert generations(pickup_id) == [(1, "current")]
    assert [entry.subject for entry in recorded("pickup.reissue_refused")] == [f"pickup:{pickup_id}"]


def test_revoked_pickup_has_no_code_until_a_reissue(app, pickup_id):
    desk = builders.actor("desk")
    service.revoke(desk, pickup_id, "dicuri")
    assert handout_of(app, pickup_id) is None
    assert service.revoke(desk, pickup_id) == Refused("wrong_state", 409)
    service.reissue(desk, pickup_id)
    assert generations(pickup_id) == [(2, "current"), (1, "revoked")]


def test_only_a_supervisor_can_unlock(app, pickup_id):
    builders.set_columns(Passport, {"pickup_id": pickup_id}, misses=3, locked_at=audit.clock.now())
    assert service.unlock(builders.actor("desk"), pickup_id) == Refused("forbidden", 403)
    service.unlock(builders.actor("supervisor"), pickup_id, "kartu diperiksa")
    with db.reading() as session:
        opened = card(session, pickup_id)
    assert opened.locked == () and {book.misses for book in opened.books} == {0}
    assert service.unlock(builders.actor("supervisor"), pickup_id) == Refused("wrong_state", 409)
    assert len(recorded("pickup.unlocked")) == 1


@pytest.mark.parametrize("act", [service.reissue, service.revoke, service.unlock])
def test_pickup_of_another_office_is_not_found(app, pickup_id, act):
    builders.office("JKT", "Kantor Imigrasi Contoh Jakarta")
    assert act(builders.actor("supervisor", office="JKT"), pickup_id) == Refused("not_found", 404)
    assert generations(pickup_id) == [(1, "current")]


def test_returned_book_gets_a_new_code_in_the_same_transaction(app, pickup_id):
    builders.set_columns(PickupCode, {"pickup_id": pickup_id}, state="used")
    back = BookCameBack(builders.actor("supervisor"), pickup_id, "salah orang")
    db.current().write(lambda unit: unit.emit(back))
    assert generations(pickup_id) == [(2, "current"), (1, "used")]


def test_reissue_publishes_a_change_after_the_commit(app, pickup_id, monkeypatch):
    published = []
    monkeypatch.setitem(events._after, PickupChanged, [published.append])
    service.reissue(builders.actor("desk"), pickup_id)
    assert published == [PickupChanged(1, pickup_id)]


@on_both
def test_concurrent_reissues_leave_exactly_one_current_code(app, pickup_id):
    desk = builders.actor("desk")

    def reissue(_):
        with app.app_context():
            return service.reissue(desk, pickup_id)

    with ThreadPoolExecutor(8) as clerks:
        list(clerks.map(reissue, range(24)))
    states = [state for _, state in generations(pickup_id)]
    assert states == ["current"] + ["revoked"] * 24


def test_pickup_without_books_after_regrouping_is_revoked(app):
    (book,) = take_in(None)
    (left,) = pickup_of(book)
    event = BooksTakenIn(builders.actor("desk"), 1, ((book, "Keluarga Contoh"),), (left,))
    db.current().write(lambda unit: unit.emit(event))
    assert pickup_of(book) != [left]
    assert generations(left) == [(1, "revoked")]


def test_pickup_with_a_book_after_regrouping_keeps_the_code(app):
    stays, goes = take_in("Keluarga Contoh", "Keluarga Contoh")
    (shared,) = pickup_of(stays)
    event = BooksTakenIn(builders.actor("desk"), 1, ((goes, None),), (shared,))
    db.current().write(lambda unit: unit.emit(event))
    assert pickup_of(stays) == [shared]
    assert generations(shared) == [(1, "current")]


def test_audit_holds_no_code_link_or_short_code(app, pickup_id):
    before = handout_of(app, pickup_id)
    service.reissue(builders.actor("desk"), pickup_id, "hilang")
    after = handout_of(app, pickup_id)
    kept = " ".join(f"{entry.subject} {entry.details}" for entry in rows(AuditEntry))
    for handout in (before, after):
        short_code = handout.booking_code
        for secret in (handout.code, handout.link.rpartition("/")[2], short_code, short_code.replace("-", "")):
            assert secret not in kept
