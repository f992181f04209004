"""A new code, no code any more, opening the lock: what each changes, refuses and records."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from ampera import audit, db, events
from ampera.audit import AuditEntry
from ampera.errors import Refused
from ampera.passports.events import BooksTakenIn
from ampera.passports.models import Passport
from ampera.pickups import service
from ampera.pickups.codes import CodeKeys
from ampera.pickups.events import BookCameBack, PickupChanged
from ampera.pickups.models import Pickup, PickupCode
from ampera.pickups.queries import by_link, card, handouts
from tests import builders
from tests.conftest import on_both
from tests.pickups.test_issuing import pickup_of, rows, take_in


@pytest.fixture
def pickup_id(app):
    (book,) = take_in(None)
    return pickup_of(book)[0]


def given(app, pickup_id):
    keys = CodeKeys.parse(app.extensions["ampera.settings"].code_keys)
    with db.reading() as session:
        found = handouts(session, keys, "https://contoh.example", [pickup_id])
    return found[0] if found else None


def generations(pickup_id):
    with db.reading() as session:
        return [(code.generation, code.state) for code in card(session, pickup_id).codes]


def recorded(action):
    with db.reading() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.action == action)))


def test_a_new_code_replaces_everything_the_applicant_has(app, pickup_id):
    before = given(app, pickup_id)
    service.reissue(builders.actor("desk"), pickup_id, "slip  hilang")
    after = given(app, pickup_id)
    assert before.pickup_id == after.pickup_id
    assert not {before.code, before.link, before.booking_code} & {after.code, after.link, after.booking_code}
    assert generations(pickup_id) == [(2, "current"), (1, "revoked")]
    (entry,) = recorded("pickup.code_reissued")
    assert entry.details == '{"generation":2,"reason":"slip hilang"}'


def test_the_old_link_is_still_known_as_revoked(app, pickup_id):
    old = given(app, pickup_id).link.rpartition("/")[2]
    service.reissue(builders.actor("desk"), pickup_id)
    with db.reading() as session:
        assert by_link(session, old).state == "revoked"


def test_a_new_code_unlocks_nothing(app, pickup_id):
    builders.set_columns(Pickup, {"id": pickup_id}, misses=3, locked_at=audit.clock.now())
    service.reissue(builders.actor("desk"), pickup_id)
    with db.reading() as session:
        assert card(session, pickup_id).locked_at is not None


@pytest.mark.parametrize("state", ["collected", "cancelled"])
def test_there_is_no_new_code_for_books_that_are_gone(app, pickup_id, state):
    builders.set_columns(Passport, {"pickup_id": pickup_id}, state=state)
    assert service.reissue(builders.actor("desk"), pickup_id) == Refused("wrong_state", 409)
    assert generations(pickup_id) == [(1, "current")]
    assert [entry.subject for entry in recorded("pickup.reissue_refused")] == [f"pickup:{pickup_id}"]


def test_revoking_leaves_no_code_and_can_be_followed_by_a_new_one(app, pickup_id):
    desk = builders.actor("desk")
    service.revoke(desk, pickup_id, "dicuri")
    assert given(app, pickup_id) is None
    assert service.revoke(desk, pickup_id) == Refused("wrong_state", 409)
    service.reissue(desk, pickup_id)
    assert generations(pickup_id) == [(2, "current"), (1, "revoked")]


def test_only_a_supervisor_opens_the_lock(app, pickup_id):
    builders.set_columns(Pickup, {"id": pickup_id}, misses=3, locked_at=audit.clock.now())
    assert service.unlock(builders.actor("desk"), pickup_id) == Refused("forbidden", 403)
    service.unlock(builders.actor("supervisor"), pickup_id, "kartu diperiksa")
    with db.reading() as session:
        opened = card(session, pickup_id)
    assert (opened.locked_at, opened.misses) == (None, 0)
    assert service.unlock(builders.actor("supervisor"), pickup_id) == Refused("wrong_state", 409)
    assert len(recorded("pickup.unlocked")) == 1


@pytest.mark.parametrize("act", [service.reissue, service.revoke, service.unlock])
def test_pickups_of_another_office_do_not_exist(app, pickup_id, act):
    builders.office("JKT", "Kantor Imigrasi Contoh Jakarta")
    assert act(builders.actor("supervisor", office="JKT"), pickup_id) == Refused("not_found", 404)
    assert generations(pickup_id) == [(1, "current")]


def test_a_book_that_came_back_gets_a_new_code_in_the_same_transaction(app, pickup_id):
    builders.set_columns(PickupCode, {"pickup_id": pickup_id}, state="used")
    back = BookCameBack(builders.actor("supervisor"), pickup_id, "salah orang")
    db.current().write(lambda unit: unit.emit(back))
    assert generations(pickup_id) == [(2, "current"), (1, "used")]


def test_whoever_shows_the_pickup_is_told_after_the_commit(app, pickup_id, monkeypatch):
    told = []
    monkeypatch.setitem(events._after, PickupChanged, [told.append])
    service.reissue(builders.actor("desk"), pickup_id)
    assert told == [PickupChanged(1, pickup_id)]


@on_both
def test_eight_clerks_at_once_leave_exactly_one_current_code(app, pickup_id):
    desk = builders.actor("desk")

    def reissue(_):
        with app.app_context():
            return service.reissue(desk, pickup_id)

    with ThreadPoolExecutor(8) as clerks:
        list(clerks.map(reissue, range(24)))
    states = [state for _, state in generations(pickup_id)]
    assert states == ["current"] + ["revoked"] * 24


def test_a_pickup_that_lost_its_last_book_to_another_group_is_closed(app):
    (book,) = take_in(None)
    (left,) = pickup_of(book)
    event = BooksTakenIn(builders.actor("desk"), 1, ((book, "Keluarga Contoh"),), (left,))
    db.current().write(lambda unit: unit.emit(event))
    assert pickup_of(book) != [left]
    assert generations(left) == [(1, "revoked")]


def test_a_pickup_that_keeps_a_book_keeps_its_code(app):
    stays, goes = take_in("Keluarga Contoh", "Keluarga Contoh")
    (shared,) = pickup_of(stays)
    event = BooksTakenIn(builders.actor("desk"), 1, ((goes, None),), (shared,))
    db.current().write(lambda unit: unit.emit(event))
    assert pickup_of(stays) == [shared]
    assert generations(shared) == [(1, "current")]


def test_no_record_holds_a_code_a_link_or_a_booking_code(app, pickup_id):
    was = given(app, pickup_id)
    service.reissue(builders.actor("desk"), pickup_id, "hilang")
    now = given(app, pickup_id)
    kept = " ".join(f"{entry.subject} {entry.details}" for entry in rows(AuditEntry))
    for one in (was, now):
        for secret in (one.code, one.link.rpartition("/")[2], one.booking_code, one.booking_code.replace("-", "")):
            assert secret not in kept
