"""The keyed chain: what an intruder cannot do without the key, and what stays provable when keys change."""

import dataclasses

import pytest
from sqlalchemy import delete, func, select, update

from ampera import audit, db
from ampera.audit import AuditEntry, AuditHead
from ampera.history import chain_keys
from ampera.installation import private_files
from ampera.tools.upkeep.doctor import examine
from tests import intruder
from tests.conftest import SECRETS, on_both

NEWER = "h2:" + "9d8c7b6a" * 8
KEYS = SECRETS["AMPERA_CODE_KEYS"]


@pytest.fixture
def use_keys(app, monkeypatch):
    """`use_keys(text)` sets AMPERA_CODE_KEYS of the running app."""

    def use(text: str) -> None:
        changed = dataclasses.replace(app.extensions["ampera.settings"], code_keys=text)
        monkeypatch.setitem(app.extensions, "ampera.settings", changed)

    return use


def entry(action: str) -> None:
    audit.note_access(audit.command(1), action, "office:1", {})


def cut(rows: int) -> None:
    """Take the newest entries of chain 1 away, and set its head back as well as one can without the key."""
    with db.reading() as session:
        end = session.scalar(select(func.max(AuditEntry.seq)).where(AuditEntry.chain == 1)) - rows
        link = session.scalar(select(AuditEntry.hash).where(AuditEntry.chain == 1, AuditEntry.seq == end))
    intruder.change(delete(AuditEntry).where(AuditEntry.chain == 1, AuditEntry.seq > end))
    intruder.change(update(AuditHead).where(AuditHead.chain == 1).values(seq=end, hash=link))


def test_new_chain_is_keyed_from_the_first_entry(app, verified):
    entry("probe.made")
    proved = verified()
    assert proved["ok"] and proved["keyed"] == proved["entries"] > 0


def test_end_that_was_cut_off_with_the_head_is_noticed(app, verified):
    for n in range(4):
        entry(f"probe.{n}")
    cut(2)
    assert verified()["first_bad"] == "chain:1"


@on_both
def test_end_that_was_cut_off_stays_noticed_after_the_chain_has_grown_again(app, verified):
    for n in range(4):
        entry(f"probe.{n}")
    cut(2)
    entry("probe.after")
    entry("probe.later")
    assert verified()["reason"] == "the end of this chain was cut off or rewritten before this entry"


@on_both
def test_rotated_key_keeps_old_entries_provable(app, use_keys, verified):
    entry("probe.old")
    use_keys(f"{NEWER},{KEYS}")
    entry("probe.new")
    proved = verified()
    assert proved["ok"] and proved["keyed"] == proved["entries"]
    with db.reading() as session:
        links = list(session.scalars(select(AuditEntry.hash).where(AuditEntry.chain == 1).order_by(AuditEntry.seq)))
    assert [chain_keys.key_of(link) for link in links][-2:] == [KEYS.partition(":")[0], "h2"]


def test_key_that_is_gone_is_named_by_the_proof_and_the_doctor(app, use_keys, verified):
    entry("probe.old")
    use_keys(NEWER)
    assert verified()["reason"] == f"the key '{KEYS.partition(':')[0]}' of this entry is missing in AMPERA_CODE_KEYS"
    private_files.tighten(db.current_settings().instance, None)
    (finding,) = [found for found in examine(db.current_settings()) if not found.ok]
    assert finding.check == "code keys" and KEYS.partition(":")[0] in finding.text


def test_key_with_the_right_id_and_other_bytes_proves_nothing(app, use_keys, verified):
    entry("probe.old")
    use_keys(KEYS.partition(":")[0] + ":" + "5a4b3c2d" * 8)
    assert verified()["reason"] == "this entry was changed"


def test_doctor_reports_a_changed_record_and_a_dropped_trigger(app, hand_over):
    hand_over()
    settings = db.current_settings()
    private_files.tighten(settings.instance, settings.database_file)
    assert all(found.ok for found in examine(settings))
    with intruder.without_triggers() as unit:
        unit.conn.exec_driver_sql("UPDATE handovers SET holder_name = 'Orang Lain'")
    assert [found.check for found in examine(settings) if not found.ok] == ["history"]


def test_key_and_secrets_are_in_no_row(app, hand_over, tmp_path):
    hand_over()
    app.extensions["ampera.db"].dispose()
    stored = b"".join(file.read_bytes() for file in tmp_path.glob("ampera.db*"))
    secret = bytes.fromhex(KEYS.partition(":")[2].partition(",")[0])
    derived = next(iter(chain_keys.chain_keys(KEYS).secrets.values()))
    for key in (secret, derived):
        assert key not in stored and key.hex().encode() not in stored
