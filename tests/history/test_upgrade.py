"""A database of version 1.1: its history stays provable, and what the upgrade fills in is sealed."""

import pytest
from sqlalchemy import select, update

from ampera import audit, db, migrate
from ampera.audit import AuditEntry
from ampera.handovers.models import Handover
from ampera.passports.models import Passport
from tests import builders, intruder
from tests.conftest import on_both
from tests.history.old_version import make_old


@pytest.fixture
def upgraded(hand_over, void):
    """Two records of version 1.1, one of them void, in a database that this version has opened."""
    hand_over(1)
    void(hand_over(2))
    make_old()
    migrate.upgrade(db.current())
    audit.open_history(audit.command())


def actions() -> list[str]:
    with db.reading() as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


@on_both
def test_history_of_an_older_version_is_proved_before_and_after_the_switch(upgraded, hand_over, void, verified):
    first = verified()
    assert first["ok"] and 0 < first["keyed"] < first["entries"]
    assert actions().count("audit.keyed") == 1 and actions().count("handover.copied") == 1
    void(1)
    hand_over(3)
    assert verified()["ok"]
    audit.open_history(audit.command())
    assert actions().count("handover.copied") == 1, "it is sealed once"


@on_both
def test_copies_of_older_records_come_from_the_join(upgraded):
    with db.reading() as session:
        first, second = session.scalars(select(Handover).order_by(Handover.id))
        assert (first.holder_name, first.passport_no, first.application_no, first.kind) == (
            "Contoh Orang 1", "X0000001", "9900000000000001", "passport",
        )  # fmt: skip
        assert first.officer_name == "Petugas Contoh officer.plg" and first.lane_number == 1
        assert first.office_name == "Kantor Imigrasi Contoh Palembang" and first.digest_version == 1
        assert first.voided_by_name is None and second.voided_by_name == "Petugas Contoh supervisor.plg"


@pytest.mark.parametrize("values", [{"holder_name": "Orang Lain"}, {"officer_name": "Petugas Lain"}])
def test_changed_copy_of_an_older_record_is_noticed(upgraded, verified, values):
    intruder.change(update(Handover).where(Handover.id == 1).values(**values))
    assert verified()["reason"] == "the copies of older records were changed"


def test_changed_name_of_an_older_void_is_noticed(upgraded, verified):
    intruder.change(update(Handover).where(Handover.id == 2).values(voided_by_name="Penyelia Lain"))
    assert verified()["reason"] == "the copies of older records were changed"


def test_change_before_the_switch_is_noticed_also_when_the_old_part_is_computed_again(upgraded, verified):
    with db.reading() as session:
        rows = session.execute(select(AuditEntry.__table__).where(AuditEntry.chain == 1).order_by(AuditEntry.seq))
        old = [dict(row) for row in rows.mappings() if ":" not in row["hash"]]
    before = audit.GENESIS
    for row in old:
        row["actor"] = "staff:999"
        before = audit.link_hash(before, 1, row["seq"], row)
        intruder.change(update(AuditEntry).where(AuditEntry.id == row["id"]).values(actor=row["actor"], hash=before))
    assert verified()["reason"] == "this entry was changed"


def test_chain_without_a_key_is_good_only_in_a_database_of_an_older_version(hand_over, verified):
    hand_over()
    make_old()
    migrate.upgrade(db.current())
    assert "has no key" in verified()["reason"]
    assert verified(is_opened=False)["ok"]


@on_both
def test_record_keeps_names_when_book_and_account_change(hand_over, sign_in, verified):
    record = hand_over()
    builders.set_columns(Passport, {"id": 1}, holder_name="Orang Lain", passport_no="X7777777")
    db.current().write(lambda unit: unit.session.execute(update(builders.Staff).values(name="Nama Baru")))
    for path in (f"/register/{record}", "/register"):
        page = sign_in("desk").get(path).text
        assert "Contoh Orang 1" in page and "Petugas Contoh officer.plg" in page and "Orang Lain" not in page
    assert verified()["ok"]


@on_both
def test_records_survive_a_downgrade_and_an_upgrade(hand_over):
    hand_over()
    migrate.downgrade(db.current(), "0004")
    migrate.upgrade(db.current())
    with db.reading() as session:
        row = session.scalars(select(Handover)).one()
        assert (row.digest_version, row.holder_name, row.lane_number) == (4, "Contoh Orang 1", 1)
        assert row.found_by == "code"


@on_both
def test_digest_of_a_record_is_proved_after_a_downgrade_and_an_upgrade(hand_over, verified):
    hand_over()
    migrate.downgrade(db.current(), "0015")
    migrate.upgrade(db.current())
    assert verified()["ok"]


def test_way_that_was_added_to_an_older_record_is_noticed(upgraded, verified):
    assert verified()["ok"]
    intruder.change(update(Handover).where(Handover.id == 1).values(found_by="lookup"))
    assert not verified()["ok"]
