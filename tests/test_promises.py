"""The promises I1 to I5, and the second person of I7, each broken on purpose where that is possible.

I6 and the races have separate files.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import create_engine, delete, event, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError

from ampera import audit, clock, db, events
from ampera.audit import AuditEntry, AuditHead
from ampera.handovers.events import HandedOver
from ampera.handovers.models import Handover, HandoverKey, Signature
from ampera.history import chain_keys
from ampera.passports.corrections.models import Correction
from ampera.passports.models import Passport
from ampera.sql import engines
from ampera.tools.auditing import checkpoints, proof
from ampera.visits.models import Scan
from tests import builders, intruder
from tests.conftest import SECRETS, on_both, prepare_as_in_production
from tests.handovers import steps

VOID = {"reason": "uji coba", "shelf": "C-01", "book": "0001"}


@pytest.fixture
def officer(api):
    return api("officer")


@on_both
def test_i1_at_most_one_live_handover_per_passport(officer, sign_in):
    record = handed_over(officer)
    with db.reading() as session:
        first = dict(session.execute(select(Handover.__table__)).mappings().one())
    second = {**first, "id": first["id"] + 1, "number": first["number"] + 1}
    with pytest.raises(IntegrityError):
        write(insert(Handover).values(second))
    assert sign_in("supervisor").post(f"/api/v1/handovers/{record['id']}/void", json=VOID).status_code == 200
    write(insert(Handover).values(second))  # only a void allows another live row
    assert count(Handover) == 2


def test_i2_green_means_a_durable_record(officer, tmp_path, monkeypatch):
    handed_over(officer)
    with sqlite3.connect(tmp_path / "ampera.db") as other:
        assert other.execute("SELECT count(*) FROM handovers").fetchone() == (1,)
    other.close()
    monkeypatch.setattr(engines, "prepare_sqlite", prepare_as_in_production)
    with db.Database(f"sqlite:///{tmp_path / 'ampera.db'}").writer.connect() as conn:
        assert conn.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL: a commit is on the disk
        assert conn.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


@on_both
def test_i2_no_green_when_the_commit_fails(app, officer, monkeypatch):
    request = at_window(officer)
    received: list[Any] = []
    monkeypatch.setitem(events._after, HandedOver, [received.append])
    with commits_fail(app):
        answer = officer.post("/api/v1/handovers", json=request)
    assert answer.status_code == 503 and received == []
    assert count(Handover) == count(HandoverKey) == 0
    assert officer.post("/api/v1/handovers", json=request).status_code == 201 and len(received) == 1


@on_both
def test_i3_record_names_who_what_when_to_whom_and_on_which_evidence(officer, sign_in):
    with clock.freeze(clock.now().replace(microsecond=0)):
        moment = clock.now()
        record = handed_over(officer, collector=steps.FAMILY)
    with db.reading() as session:
        row = session.get_one(Handover, record["id"])
        book = session.get_one(Passport, row.passport_id)
        picture = session.get_one(Signature, row.signature_id)
    assert (row.officer_id, row.lane_id, row.office_id) == (builders.staff("officer.plg").id, 1, 1)
    assert (row.at, book.collected_at, book.state) == (moment, moment, "collected")
    assert (row.collector_class, row.collector_name, row.collector_last4) == ("family", "Contoh Kerabat", "1234")
    assert (row.shown, row.identity_by, row.book_by) == (["family_card", "identity", "payment"], "nik_last4", "number")
    assert picture.sha256 == row.signature_sha256 and picture.png.startswith(b"\x89PNG")
    page = sign_in("desk").get(f"/register/{row.id}").text
    assert all(word in page for word in ("Petugas Contoh officer.plg", "Contoh Kerabat", book.holder_name))


def forge(model: Any, **values: Any) -> Callable[[], None]:
    """Change the newest row of a table behind the application's back."""
    return lambda: intruder.change(
        update(model).where(model.id == select(func.max(model.id)).scalar_subquery()).values(**values)
    )


def remove(model: Any) -> Callable[[], None]:
    return lambda: intruder.change(delete(model).where(model.id == select(func.max(model.id)).scalar_subquery()))


def cut_the_end() -> None:
    """Take the newest entries away and set the head back, or away with it: each chain looks whole by itself."""
    remove(AuditEntry)()
    intruder.change(delete(AuditHead))


FORGERIES = {
    "an entry's details": forge(AuditEntry, details="{}"),
    "an entry's moment": forge(AuditEntry, at=clock.now()),
    "an entry's person": forge(AuditEntry, staff_id=1),
    "an entry's kind of actor": forge(AuditEntry, actor="command:0"),
    "an entry's hash": forge(AuditEntry, hash="0" * 64),
    "the newest entry deleted": remove(AuditEntry),
    "an entry in the middle deleted": lambda: intruder.change(delete(AuditEntry).where(AuditEntry.seq == 2)),
    "the end cut off with its head": cut_the_end,
    "a record's collector": forge(Handover, collector_name="Orang Lain"),
    "a record's holder": forge(Handover, holder_name="Orang Lain"),
    "a record's book": forge(Handover, passport_no="X9999999"),
    "a record's application": forge(Handover, application_no="9900000000009999"),
    "a record's kind": forge(Handover, kind="other"),
    "a record's officer": forge(Handover, officer_name="Petugas Lain"),
    "a record's lane": forge(Handover, lane_number=9),
    "a record's office": forge(Handover, office_name="Kantor Lain"),
    "a record's capacity": forge(Handover, collector_class="proxy"),
    "a record's way": forge(Handover, found_by="lookup"),
    "a record's version": forge(Handover, digest_version=1),
    "a void's name": forge(Handover, voided_by_name="Penyelia Lain"),
    "the proof of a chain's end": lambda: intruder.change(update(AuditHead).values(mac=None)),
    "a record's moment": forge(Handover, at=clock.now()),
    "a record's evidence": forge(Handover, shown=[]),
    "a record deleted": remove(Handover),
    "a record restored": forge(Handover, voided_at=None),
    "a void's reason": forge(Handover, void_reason="alasan lain"),
    "a void's person": forge(Handover, voided_by_id=1),
    "a signature": forge(Signature, png=b"\x89PNG something else"),
    "a signature and its own hash": forge(Signature, png=b"\x89PNG else", sha256="0" * 64),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_i4_history_cannot_change_unnoticed(forgery, officer, sign_in):
    record = handed_over(officer)
    sign_in("supervisor").post(f"/api/v1/handovers/{record['id']}/void", json=VOID)
    assert verified()["ok"]
    FORGERIES[forgery]()
    result = verified()
    assert not result["ok"] and result["first_bad"] and result["reason"]


def test_i4_proof_names_a_missing_entry(officer):
    handed_over(officer)
    FORGERIES["an entry in the middle deleted"]()
    assert verified()["reason"] == "an entry is missing before this one"


@on_both
def test_i4_proof_can_be_made_during_handovers(officer):
    """The proof reads one snapshot: a handover that is recorded between two reads is no forgery."""
    handed_over(officer)
    requests = iter([at_window(officer, n) for n in range(2, 6)])
    for moment in ("_entries", "_ends", "_records", "_register"):
        with pytest.MonkeyPatch.context() as patch:
            unchanged = getattr(proof, moment)

            def meanwhile(*args: Any, unchanged: Any = unchanged) -> Any:
                assert officer.post("/api/v1/handovers", json=next(requests)).status_code == 201
                return unchanged(*args)

            patch.setattr(proof, moment, meanwhile)
            assert verified()["ok"]


def test_i4_a_history_rewritten_without_the_key_is_noticed(app, officer):
    """The database and the public source are not enough: neither links without a key nor with another one fit."""
    handed_over(officer)
    rewrite_everything(audit.link_hash)
    assert verified()["reason"] == "this chain has no key: run ampera init, or the key was taken away"
    stranger = chain_keys.ChainKeys({chain_keys.chain_keys(SECRETS["AMPERA_CODE_KEYS"]).newest_id: b"guessed" * 5})
    rewrite_everything(lambda *link: stranger.link(audit.link_text(*link)))
    assert verified()["reason"] == "this entry was changed"


def test_i4_a_history_rewritten_with_the_key_differs_from_the_checkpoint(app, officer):
    handed_over(officer)
    with db.reading() as session:
        seen = checkpoints.checkpoint(session, app.secret_key)
    steps.scan(officer, "bukan kode")
    assert verified(seen)["ok"]
    keys = chain_keys.chain_keys(SECRETS["AMPERA_CODE_KEYS"])
    rewrite_everything(lambda *link: keys.link(audit.link_text(*link)), keys.head_mac)
    assert verified()["ok"], "an attacker with the database and the secrets can compute a chain that fits"
    assert not verified(seen)["ok"]
    forged = {**seen, "chains": {}}
    assert checkpoints.is_genuine(seen, app.secret_key) and not checkpoints.is_genuine(forged, app.secret_key)


@on_both
def test_i5_without_the_database_nothing_is_released(app, officer, sign_in, database):
    request = at_window(officer)
    _, code = builders.ready(2)
    with outage(app):
        for answer in (
            officer.post("/api/v1/handovers", json=request),
            steps.scan(officer, code),
            officer.post("/api/v1/visits/1/leave", json={}),
        ):
            assert answer.status_code == 503 and answer.headers["Retry-After"]
            assert answer.get_json()["error"]["code"] == "unavailable" and "verdict" not in answer.get_json()
    assert (count(Handover), count(Scan)) == (0, 1)
    first, again = (officer.post("/api/v1/handovers", json=request) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200) and count(Handover) == 1


@pytest.mark.parametrize(
    ("change", "status"), [({"state": "held"}, 409), ({"state": "cancelled"}, 409), ({"passport_no": "X9999999"}, 422)]
)
def test_i5_change_at_the_last_moment_stops_the_handover(officer, change, status):
    request = at_window(officer)
    write(update(Passport).values(**change))
    assert officer.post("/api/v1/handovers", json=request).status_code == status and count(Handover) == 0


@on_both
def test_i7_who_a_book_belongs_to_changes_only_with_a_second_person(officer, api, sign_in):
    request = at_window(officer)
    with db.reading() as session:
        book = session.scalars(select(Passport)).one()
    row = {name: str(getattr(book, name)) for name in ("application_no", "passport_no", "birth_date", "issued_on")}
    forged = {**row, "holder_name": "Contoh Penipu", "birth_date": "1999-09-09", "nik": "1671010909990001"}
    forged["shelf"] = "Z-09"
    answer = api("supervisor").post("/api/v1/passports", json={"passports": [forged]}).get_json()["rows"][0]
    assert [problem["code"] for problem in answer["problems"]] == ["needs_second_person"]
    with db.reading() as session:
        after, proposal = session.scalars(select(Passport)).one(), session.scalars(select(Correction.id)).one()
    assert (after.holder_name, after.birth_date, after.nik) == (book.holder_name, book.birth_date, book.nik)
    assert after.shelf == "Z-09"
    assert officer.get("/api/v1/visits").get_json()["visits"][0]["passports"][0]["correcting"] is True
    sign_in("supervisor").post(f"/desk/corrections/{proposal}/confirm")
    with db.reading() as session:
        assert session.scalars(select(Passport)).one().nik == book.nik  # the proposer alone
    assert officer.post("/api/v1/handovers", json=request).status_code == 201  # the old data count


def at_window(officer: Any, n: int = 1, **more: Any) -> dict[str, Any]:
    """The complete confirm of book `n`, whose visit is being served."""
    (book,), code = builders.ready(n)
    return steps.body(steps.serving(officer, code)["id"], steps.book(book, n), **more)


def handed_over(officer: Any, **more: Any) -> dict[str, Any]:
    answer = officer.post("/api/v1/handovers", json=at_window(officer, **more))
    assert answer.status_code == 201, answer.get_json()
    return answer.get_json()["handovers"][0]


def write(statement: Any) -> None:
    db.current().write(lambda unit: unit.conn.execute(statement))


def count(model: Any) -> int:
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(model))


def verified(checkpoint: dict[str, Any] | None = None) -> dict[str, Any]:
    with db.reading() as session:
        return proof.verify(session, checkpoint)


def rewrite_everything(link: Callable[..., str], head_mac: Callable[..., str | None] = lambda *_: None) -> None:
    """Another collector, in a chain that is computed again from its first entry to its head."""
    forge(Handover, collector_name="Orang Lain")()
    with db.reading() as session:
        changed = proof.digest(session.execute(select(Handover.__table__)).mappings().one())

    def fitting(details: dict[str, Any]) -> dict[str, Any]:
        return {**details, "digest": changed} if "digest" in details else details

    intruder.rewrite(fitting, link, head_mac)


@contextmanager
def commits_fail(app: Any) -> Iterator[None]:
    """The disk is full, or the connection is lost, at the very end."""

    def fail(_conn: Any) -> None:
        raise OperationalError("COMMIT", {}, Exception("disk full"))

    writer = app.extensions["ampera.db"].writer
    event.listen(writer, "commit", fail)
    try:
        yield
    finally:
        event.remove(writer, "commit", fail)


@contextmanager
def outage(app: Any) -> Iterator[None]:
    """SQLite: another program holds the file. PostgreSQL: the database takes no connection and drops those it has."""
    database = app.extensions["ampera.db"]
    if database.is_sqlite:
        holder = sqlite3.connect(database.url.database, isolation_level=None)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(engines, "BUSY_SECONDS", 0.2)
            database.dispose()
            holder.execute("BEGIN EXCLUSIVE")
            yield
        holder.close()
        database.dispose()
        return
    engine = create_engine(database.url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    name = database.url.database
    with engine.connect() as conn:
        conn.exec_driver_sql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        conn.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"), {"name": name}
        )
        yield
        conn.exec_driver_sql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    engine.dispose()
