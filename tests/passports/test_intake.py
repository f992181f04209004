"""An intake saves all accepted rows or none; the same file again changes nothing."""

from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from ampera import clock, db, events
from ampera.audit import AuditEntry
from ampera.errors import Problem
from ampera.passports import service
from ampera.passports import service as cancellations
from ampera.passports.events import BookChanged, BooksTakenIn
from ampera.passports.fields import Record
from ampera.passports.imports import intake_plan, intake_service
from ampera.passports.imports.row import CheckedRow, checked
from ampera.passports.imports.sheets import read
from ampera.passports.models import Passport
from ampera.pickups.models import Pickup, PickupCode
from ampera.tools.demo.samples import Style, books, sample
from tests import builders
from tests.conftest import on_both


def cells(n: int, **more: Any) -> dict[str, Any]:
    return {
        "application_no": f"88{n:014d}",
        "passport_no": f"X{n:07d}",
        "holder_name": f"Contoh {n}",
        "birth_date": "02-03-1990",
        "issued_on": clock.today().isoformat(),
        "shelf": "A-01",
        **more,
    }


def rows(*lines: dict[str, Any]) -> list[CheckedRow]:
    return list(checked(enumerate(lines, 2), clock.today()))


def bring(*lines: dict[str, Any], office: str = "PLG") -> list[intake_plan.RowOutcome]:
    return intake_service.bring_in(builders.actor("desk", office), rows(*lines))


def outcomes(done: Iterable[intake_plan.RowOutcome]) -> list[str]:
    return [row.outcome for row in done]


def codes(done: Iterable[intake_plan.RowOutcome]) -> list[str]:
    return [problem.code for row in done for problem in row.problems]


def count(model: Any) -> int:
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def book(n: int) -> Passport:
    with db.reading() as session:
        return session.scalars(select(Passport).where(Passport.application_no == f"88{n:014d}")).one()


def audited(action: str) -> list[str]:
    with db.reading() as session:
        return list(session.scalars(select(AuditEntry.details).where(AuditEntry.action == action)))


PICKUPS = select(Passport.application_no, Passport.pickup_id)


@pytest.mark.parametrize("rows", [500, pytest.param(5_000, marks=pytest.mark.proof)])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_messy_rows_become_the_right_books(app, kind, rows):
    broken = rows // 100
    made = sample(kind, rows, 11, clock.today(), Style(True, broken, "cp1252", ";"))
    done = intake_service.bring_in(builders.actor("desk"), list(checked(read(made.content), clock.today())))
    made_of = {"rows": rows, "created": rows - broken, "updated": 0, "unchanged": 0, "refused": broken}
    assert intake_plan.counts(done) == made_of
    fields = [getattr(Passport, name) for name in Record._fields]
    with db.reading() as session:
        kept = {row.application_no: Record(*row) for row in session.execute(select(*fields))}
        pickup_of = dict(session.execute(PICKUPS).all())
    assert kept == {row.application_no: row._replace(kind="passport") for row in made.books}
    groups = {(row.group_name or row.application_no, pickup_of[row.application_no]) for row in made.books}
    assert len(groups) == len(dict(groups)) == count(Pickup) == count(PickupCode)


@on_both
def test_the_same_file_again_changes_nothing(app):
    lines = [cells(n, group="KELUARGA" if n < 3 else "") for n in range(5)]
    first = bring(*lines)
    before = count(AuditEntry), count(PickupCode), book(1).updated_at
    again = bring(*lines)
    assert outcomes(first) == ["created"] * 5
    assert outcomes(again) == ["unchanged"] * 5
    assert [(row.passport_id, row.pickup_id) for row in again] == [(row.passport_id, row.pickup_id) for row in first]
    assert (count(PickupCode), book(1).updated_at) == before[1:]
    assert count(AuditEntry) == before[0] + 1  # the row about the second intake


@on_both
def test_a_changed_row_updates_the_book_and_keeps_fields_without_a_value(app):
    bring(cells(1, phone="0812 3456 789", nik="8801010203900001"))
    (done,) = bring(cells(1, shelf="B-02", email="satu@contoh.example", phone=""))
    assert done.outcome == "updated"
    assert done.changes == (("shelf", "A-01", "B-02"), ("email", None, "satu@contoh.example"))
    assert (book(1).shelf, book(1).email, book(1).phone) == ("B-02", "satu@contoh.example", "+628123456789")
    assert audited("passport.updated") == ['{"fields":["shelf","email"]}']


def test_of_several_rows_about_one_application_the_first_counts(app):
    done = bring(cells(1), cells(1), cells(1, shelf="B-02"), cells(1, passport_no="X7654321"))
    assert outcomes(done) == ["created", "unchanged", "refused", "refused"]
    assert codes(done) == ["duplicate_conflict"] * 2
    assert done[2].problems[0].params == {"row": 2}
    assert book(1).shelf == "A-01"


def test_another_passport_number_for_a_known_application_is_refused(app):
    bring(cells(1))
    done = bring(cells(1, passport_no="X7654321"))
    assert (outcomes(done), codes(done)) == (["refused"], ["other_passport_no"])
    assert book(1).passport_no == "X0000001"


def test_an_office_neither_learns_nor_takes_the_application_numbers_of_another(app):
    """The answer is that for a number nobody has; each office keeps its own book."""
    builders.office("JKT")
    bring(cells(1))
    taken, free = bring(cells(1, shelf="Z"), cells(2), office="JKT")
    assert (taken.outcome, taken.problems) == (free.outcome, free.problems) == ("created", ())
    (again,) = bring(cells(1))
    assert again.outcome == "unchanged" and again.passport_id != taken.passport_id
    with db.reading() as session:
        shelves = session.execute(select(Passport.id, Passport.shelf).where(Passport.application_no == f"88{1:014d}"))
        assert dict(shelves.all()) == {again.passport_id: "A-01", taken.passport_id: "Z"}


def test_a_collected_or_cancelled_book_is_never_revived(app):
    supervisor = builders.actor("supervisor")
    for number in (1, 2):
        bring(cells(number))
        cancellations.cancel(supervisor, book(number).id, "BA-1/2026", "e")
    done = bring(cells(1), cells(2, shelf="B-02"))
    assert (outcomes(done), codes(done)) == (["unchanged", "refused"], ["cancelled"])
    assert {book(1).state, book(2).state} == {"cancelled"}


def test_a_held_book_stays_held_when_the_row_changes(app):
    bring(cells(1))
    service.hold(builders.actor("desk"), book(1).id, "foto perlu diperiksa")
    assert outcomes(bring(cells(1, shelf="B-02"))) == ["updated"]
    assert (book(1).state, book(1).shelf, book(1).held_reason) == ("held", "B-02", "foto perlu diperiksa")


@on_both
def test_books_of_one_group_share_a_pickup_also_later_and_after_a_correction(app):
    bring(cells(1, group="KELUARGA"), cells(2, group="KELUARGA"), cells(3))
    bring(cells(4, group="KELUARGA"))
    assert book(1).pickup_id == book(2).pickup_id == book(4).pickup_id != book(3).pickup_id
    left = book(3).pickup_id
    assert outcomes(bring(cells(3, group="KELUARGA"))) == ["updated"]
    assert book(3).pickup_id == book(1).pickup_id
    with db.reading() as session:
        states = session.scalars(select(PickupCode.state).where(PickupCode.pickup_id == left)).all()
    assert "current" not in states  # the code of a pickup without books is revoked


def test_every_change_and_every_refusal_is_audited_without_personal_data(app):
    done = bring(cells(1, nik="8801010203900001", phone="08123456789"), cells(2, shelf=""), cells(3, nik="1"))
    assert outcomes(done) == ["created", "refused", "refused"]
    (whole,) = audited("passports.taken_in")
    assert '"created":1' in whole
    assert '"problems":{"nik_invalid":1,"required":1}' in whole
    assert audited("passport.taken_in") == ["{}"]
    with db.reading() as session:
        details = " ".join(session.scalars(select(AuditEntry.details)))
    assert not any(secret in details for secret in ("8801010203900001", "8123456789", "Contoh"))


@on_both
def test_a_failure_half_way_saves_nothing_and_emits_no_event(app, monkeypatch):
    received: list[Any] = []
    before = count(AuditEntry)

    def fail(_unit: db.Unit, _happened: BooksTakenIn) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(events._during, BooksTakenIn, [*events._during[BooksTakenIn], fail])
    monkeypatch.setitem(events._after, BooksTakenIn, [received.append])
    with pytest.raises(ZeroDivisionError):
        bring(*(cells(n) for n in range(1_000)))
    assert (count(Passport), count(Pickup), count(PickupCode), count(AuditEntry), received) == (0, 0, 0, before, [])


def test_events_are_emitted_after_the_commit(app, monkeypatch):
    received: list[Any] = []
    monkeypatch.setitem(events._after, BooksTakenIn, [received.append])
    monkeypatch.setitem(events._after, BookChanged, [received.append])
    bring(cells(1), cells(2))
    bring(cells(1, shelf="B-02"), cells(2))
    assert [type(event) for event in received] == [BooksTakenIn, BookChanged]
    assert received[1] == BookChanged(1, book(1).id)


@on_both
def test_a_shelf_that_changes_before_saving_is_compared_again(app):
    bring(cells(1))
    plan = db.long_read_in_thread(intake_plan.compare, 1, rows(cells(1, shelf="B-02"), cells(2)))
    cancellations.cancel(builders.actor("supervisor"), book(1).id, "BA-1/2026", "e")
    with pytest.raises(intake_service.ShelfChanged):
        intake_service.take_in(builders.actor("desk"), plan)
    assert count(Passport) == 1
    assert outcomes(bring(cells(1, shelf="B-02"), cells(2))) == ["refused", "created"]


@on_both
def test_two_intakes_of_one_new_application_make_one_book(app, monkeypatch):
    compare, turns = intake_plan.compare, iter([True])

    def overtaken(session: Any, office_id: int, these: list[CheckedRow], **how: bool) -> intake_plan.IntakePlan:
        plan = compare(session, office_id, these, **how)
        if next(turns, False):
            bring(cells(1, shelf="B-02"))
        return plan

    monkeypatch.setattr(intake_plan, "compare", overtaken)
    assert outcomes(bring(cells(1))) == ["updated"]
    assert (count(Passport), book(1).shelf) == (1, "A-01")


@on_both
def test_eight_simultaneous_intakes_of_one_file_make_each_book_once(app):
    lines = rows(*(cells(n, group=f"KELUARGA {n // 4}" if n % 2 else "") for n in range(40)))
    clerk = builders.actor("desk")

    def bring_in(_turn: int) -> list[intake_plan.RowOutcome]:
        with app.app_context():
            return intake_service.bring_in(clerk, lines)

    with ThreadPoolExecutor(8) as crowd:
        done = list(crowd.map(bring_in, range(8)))
    assert Counter(row.outcome for turn in done for row in turn) == {"created": 40, "unchanged": 280}
    assert len({tuple((row.passport_id, row.pickup_id) for row in turn) for turn in done}) == 1
    assert (count(Passport), count(Pickup), count(PickupCode)) == (40, 30, 30)


def test_a_shelf_that_changes_at_every_try_ends_in_a_conflict(app, monkeypatch):
    def stale(*_: Any) -> None:
        raise intake_service.ShelfChanged

    monkeypatch.setattr(intake_service, "take_in", stale)
    with pytest.raises(Problem) as caught:
        bring(cells(1))
    assert caught.value.status == 409


def test_invented_people_are_spread_like_real_ones(app):
    sizes = Counter(Counter(row.group_name for row in books(5_000, 1, clock.today()) if row.group_name).values())
    assert sizes[45]
    assert max(sizes) == 45
    assert all(row.issued_on > clock.today() - timedelta(days=26) for row in books(100, 1, clock.today()))


def pickups() -> list[int | None]:
    with db.reading() as session:
        return [pickup for _, pickup in session.execute(PICKUPS.order_by(Passport.id))]


@pytest.mark.parametrize(
    "spelling", ["KELUARGA CONTOH", "keluarga  contoh", " Keluarga\u00a0Contoh ", "Keluarga Con\u00adtoh"]
)
def test_one_group_in_two_spellings_is_one_pickup(app, spelling):
    bring(cells(1, group="Keluarga Contoh"), cells(2, group=spelling))
    bring(cells(3, group=spelling))
    assert len(set(pickups())) == 1
    assert outcomes(bring(cells(1, group=spelling))) == ["unchanged"]


def test_two_books_without_a_group_have_a_pickup_each(app):
    bring(cells(1, group="tidak ada"), cells(2, group="Tidak ada"), cells(3, group="-"))
    assert len(set(pickups())) == 3
