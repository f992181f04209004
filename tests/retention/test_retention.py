"""Personal data are deleted when their period is over; the register, the history and books on the shelf stay."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from ampera import clock, db
from ampera.audit import AuditEntry
from ampera.bookings.models import AnnouncedCollector
from ampera.handovers.models import Handover, HandoverKey
from ampera.notices.models import Delivery
from ampera.offices.queries import office_card
from ampera.passports.corrections.models import Correction
from ampera.passports.models import Passport
from ampera.retention import cli, tasks
from ampera.retention.queries import erasures
from ampera.retention.tasks import delete_due
from ampera.tools.auditing import proof
from ampera.visits.models import Scan
from tests import builders
from tests.conftest import on_both
from tests.handovers import steps

CONTACTS = {"phone": "+628990000001", "email": "contoh@surat.example"}


def book(number: int, days_ago: int | None = None, state: str = "collected", **fields) -> int:
    """A book that was collected (or cancelled) so many days ago; None: it is on the shelf."""
    values = {"document_no": "A123456", **CONTACTS, **fields}
    if days_ago is not None:
        then = clock.now() - timedelta(days=days_ago)
        values |= {"state": state, "updated_at": then, "collected_at": then if state == "collected" else None}
    return builders.passport(number, **values)


def row(model, key):
    with db.reading() as session:
        return session.get_one(model, key)


def rows_due() -> dict[str, int]:
    with db.reading() as session:
        return {erasure.kind: erasure.rows for erasure in erasures(session, office_card(session, 1))}


@on_both
@pytest.mark.parametrize("state", ["collected", "cancelled"])
def test_identity_and_contacts_go_after_thirty_days(app, state):
    old, young, on_shelf = book(1, 31, state), book(2, 29, state), book(3)
    assert rows_due() == {"identity": 1, "contacts": 1, "messages": 0, "requests": 0}
    delete_due()
    gone = row(Passport, old)
    assert (gone.nik, gone.document_no, gone.phone, gone.email) == (None, None, None, None)
    assert (gone.holder_name, gone.state) == ("Contoh Orang 1", state)
    for kept in (row(Passport, young), row(Passport, on_shelf)):
        assert kept.nik and kept.document_no and kept.phone and kept.email
    assert set(rows_due().values()) == {0}


def test_office_decides_the_periods(app):
    kept = book(1, 60)
    builders.set_columns(type(office()), {"id": 1}, options={"keep_identity_days": 90, "keep_contacts_days": 50})
    delete_due()
    assert (row(Passport, kept).nik is None, row(Passport, kept).phone) == (False, None)


def office():
    with db.reading() as session:
        return office_card(session, 1)


@on_both
def test_announced_collector_stays_while_a_book_of_the_pickup_waits(app):
    collected, waiting = book(1, 40), book(2)
    builders.pickup(collected, waiting)
    alone = book(3, 40)
    builders.pickup(alone)
    for pickup_id in (1, 2):
        announce(pickup_id)
    delete_due()
    with db.reading() as session:
        assert list(session.scalars(select(AnnouncedCollector.pickup_id))) == [1]
    assert set(rows_due().values()) == {0}


def announce(pickup_id: int) -> None:
    announced = AnnouncedCollector(
        pickup_id=pickup_id, office_id=1, collector_class="family", name="Contoh Wakil", relation="anak", at=clock.now()
    )
    db.current().write(lambda unit: unit.session.add(announced))


@on_both
def test_values_of_a_correction_go_with_the_identity(app):
    old = book(1, 40, nik=None, document_no=None)
    correction = Correction(
        office_id=1, passport_id=old, state="confirmed", proposed={"nik": "1671010000000001"}, before={"nik": None},
        reason="uji", proposed_at=clock.now(),
    )  # fmt: skip
    db.current().write(lambda unit: unit.session.add(correction))
    assert rows_due()["identity"] == 1
    delete_due()
    with db.reading() as session:
        assert session.scalars(select(Correction)).one().proposed == {}
    assert rows_due()["identity"] == 0


def test_address_of_a_sent_message_goes_and_one_to_act_on_stays(app):
    builders.pickup(book(1))
    long_ago = clock.now() - timedelta(days=91)
    sent = builders.dead_delivery(state="sent", ended_at=long_ago)
    dead = builders.dead_delivery(state="dead", ended_at=long_ago)
    delete_due()
    assert (row(Delivery, sent).address, row(Delivery, sent).first_name) == ("", "")
    assert row(Delivery, dead).address


def test_more_than_one_batch_is_deleted(app, monkeypatch):
    monkeypatch.setattr(tasks, "BATCH", 2)
    for number in range(1, 6):
        book(number, 40)
    delete_due()
    assert set(rows_due().values()) == {0}
    with db.reading() as session:
        entries = session.scalars(select(AuditEntry.details).where(AuditEntry.action == "retention.erased"))
        assert sum(json.loads(entry)["rows"] for entry in entries) == 10


def test_run_without_anything_due_writes_nothing(app):
    book(1, 3)
    delete_due()
    with db.reading() as session:
        assert session.scalars(select(AuditEntry)).all() == []


def test_dry_run_deletes_nothing_and_counts_the_same(app):
    old = book(1, 40)
    planned, done = run(app, "--dry-run"), run(app)
    assert row(Passport, old).nik is None
    assert [kind["rows"] for kind in planned] == [kind["rows"] for kind in done] == [1, 1, 0, 0]
    assert [kind["deleted"] for kind in (planned[0], done[0])] == [False, True]


def run(app, *arguments):
    printed = app.test_cli_runner().invoke(cli.retention, ["run", "--json", *arguments])
    assert printed.exit_code == 0, printed.output
    return json.loads(printed.output)["kinds"]


def test_data_of_another_office_follow_the_periods_of_that_office(app):
    builders.office("JKT", "Kantor Contoh Jakarta", keep_identity_days=100)
    kept = book(1, 40, office_id=2)
    delete_due()
    assert row(Passport, kept).nik


@on_both
def test_register_and_proof_are_the_same_after_a_deletion(app, api, sign_in):
    (collected,), code = builders.ready(1)
    officer = api("officer")
    visit = steps.serving(officer, code)
    assert officer.post("/api/v1/handovers", json=steps.body(visit["id"], steps.book(collected, 1))).status_code == 201
    before = records()
    with clock.shift(timedelta(days=40)):
        delete_due()
        assert row(Passport, collected).nik is None and records() == before != []
        assert sign_in("supervisor").get(f"/desk/books/{collected}").status_code == 200
        assert proved()


def proved() -> bool:
    with db.reading() as session:
        return bool(proof.verify(session)["ok"])


def records():
    with db.reading() as session:
        columns = (Handover.holder_name, Handover.passport_no, Handover.collector_name, Handover.signature_sha256)
        return [tuple(found) for found in session.execute(select(*columns))]


def test_privacy_notice_names_the_periods_of_the_office(app, client):
    page = client.get("/privasi?office=PLG").text
    assert "NIK dihapus sesudah 30 hari" in page and "alamat pesan sesudah 90 hari" in page
    assert "Isi permintaan tentang data Anda dihapus 90 hari" in page and "3 x 24 jam" in page


def test_privacy_notice_in_english_has_the_way_to_ask_and_the_hours_of_an_answer(app, client):
    page = client.get("/privasi?office=PLG&lang=en").text
    assert "at the counter or by the office's contact" in page.replace("&#39;", "'") and "within 3 x 24 hours" in page


@on_both
def test_names_in_stored_answers_go_after_the_days_of_the_office(app, api):
    """The answer stays, so that the same request is done once; the people in it go. Later ones stay as they are."""
    officer = api("officer")
    ids, code = builders.ready(1)
    scanned = steps.scan(officer, code).get_json()
    visit = scanned["visit"]
    officer.post(f"/api/v1/visits/{visit['id']}/serve", json={"lane": 1})
    body = steps.body(visit["id"], steps.book(ids[0], 1))
    given = officer.post("/api/v1/handovers", json=body)
    assert given.status_code == 201
    assert "scan_answers" not in rows_due()
    delete_due()
    assert "Contoh Orang 1" in json.dumps(stored(Scan))
    with clock.shift(timedelta(days=8)):
        builders.set_columns(type(office()), {"id": 1}, options={"keep_answers_days": 7})
        assert (rows_due()["scan_answers"], rows_due()["handover_answers"]) == (1, 1)
        delete_due()
        assert (rows_due()["scan_answers"], rows_due()["handover_answers"]) == (0, 0)
        assert "Contoh Orang" not in json.dumps(stored(Scan) + stored(HandoverKey))
        again = officer.post("/api/v1/handovers", json=body)
        assert again.status_code == 200
        assert again.get_json()["handovers"] == given.get_json()["handovers"] and again.get_json()["erased"]
        repeated = steps.scan(officer, code, scan_id=scanned["scan_id"]).get_json()
        assert (repeated["verdict"], repeated["visit"]["passports"][0]["holder_name"]) == (scanned["verdict"], "")
    with db.reading() as session:
        assert len(session.scalars(select(Handover)).all()) == 1
        assert proof.verify(session)["ok"]


def stored(model):
    with db.reading() as session:
        return list(session.scalars(select(model.answer)))
