"""New keys in place of old ones, on a database with every kind of encrypted value."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from flask import current_app
from sqlalchemy import LargeBinary, column, insert, select, table, update

from ampera import clock, db
from ampera.accounts.factors.models import AuthenticatorApp
from ampera.accounts.factors.proofs import secret_place
from ampera.accounts.models import SignIn
from ampera.accounts.pins.models import DevicePin
from ampera.bookings.models import AnnouncedCollector
from ampera.cli.group import commands
from ampera.handovers.models import Signature
from ampera.installation.data_keys import Unreadable, data_keys
from ampera.monitoring import health
from ampera.notices.models import Delivery
from ampera.passports.corrections import service as corrections
from ampera.passports.corrections.models import Correction
from ampera.passports.models import Passport
from ampera.passports.search import queries as search
from ampera.pickups.codes import CodeKeys
from ampera.pickups.models import PickupCode
from ampera.reports.persons import service as requests
from ampera.sql import sealed
from ampera.sql.sealed_columns import as_stored, key_id, missing_keys, sealed_tables
from ampera.tools.auditing.proof import verify
from ampera.tools.rotation import service
from ampera.tools.upkeep.doctor import examine
from tests import builders, intruder
from tests.accounts.test_factors import SECRET as FACTOR_SECRET
from tests.accounts.test_factors import add_app
from tests.conftest import on_both
from tests.handovers import steps

OLD, NEW = "old:" + "1f" * 32, "new:" + "2e" * 32
PERSON = {
    "nik": "1671010506879876", "phone": "+6281299887766", "email": "uji@contoh.example", "document_no": "C1234567",
}  # fmt: skip


def use(keys: str) -> None:
    """The operator writes these keys into the setting."""
    settings = replace(current_app.extensions["ampera.settings"], data_keys=keys)
    current_app.extensions["ampera.settings"] = settings
    sealed.use(settings.sealing_keys, settings.secret_key)


@pytest.fixture
def filled(app, api):
    """A book that is out with a signature, one on the shelf with a proposal, a message, an announced collector."""
    use(OLD)
    officer = api("officer")
    (out,), code = builders.ready(1)
    visit = steps.serving(officer, code)
    assert officer.post("/api/v1/handovers", json=steps.body(visit["id"], steps.book(out, 1))).status_code == 201
    book = builders.passport(2, **PERSON)
    builders.pickup(book)
    corrections.propose(builders.actor("desk"), book, {"holder_name": "Contoh Benar", "nik": "1671010506870001"}, "uji")
    builders.dead_delivery(address="uji@contoh.example")
    announced = {"pickup_id": 2, "office_id": 1, "collector_class": "family", "at": clock.now()}
    db.current().write(
        lambda unit: unit.conn.execute(insert(AnnouncedCollector).values(**announced, name="Kerabat", relation="ibu"))
    )
    wish = requests.Wish(f"99{2:014d}", "objection", "counter", "jangan simpan surel", clock.now())
    assert isinstance(requests.note(builders.actor("desk"), wish), requests.RequestState)
    return app


def keys_in_file() -> set[str]:
    found = set()
    with db.reading() as session:
        for table, columns in sealed_tables():
            rows = session.execute(as_stored(table, columns)).all()
            assert any(key_id(value) for row in rows for value in row[1:]), f"{table.name} has no encrypted value"
            found |= {id_ for row in rows for value in row[1:] if (id_ := key_id(value))}
    return found


def values() -> dict[str, object]:
    with db.reading() as session:
        book = session.get_one(Passport, 2)
        return {
            **{name: getattr(book, name) for name in (*PERSON, "birth_date")},
            "found": [found.id for found in search.found(session, 1, "081299887766")],
            "address": session.scalars(select(Delivery.address)).one(),
            "proposed": session.scalars(select(Correction.proposed)).one(),
            "announced": session.execute(select(AnnouncedCollector.name, AnnouncedCollector.relation)).one(),
            "signature": session.scalars(select(Signature.png)).one(),
        }


def rotate(app, what: str, *more: str):
    return app.test_cli_runner().invoke(commands, ["keys", "rotate", what, "--json", *more])


@on_both
def test_every_value_gets_the_newest_key_and_reads_as_before(filled):
    before = values()
    assert keys_in_file() == {"old"} and before["found"] == [2] and before["signature"].startswith(b"\x89PNG")
    use(f"{NEW},{OLD}")
    assert values() == before, "while the rotation is not over, both keys are read"
    done = json.loads(rotate(filled, "data").stdout)
    assert done["key"] == "new" and done["rows"] > 5
    use(NEW)
    assert keys_in_file() == {"new"} and values() == before
    with db.reading() as session:
        assert verify(session)["ok"], "the triggers are back, and the chain covers the plain values"
    assert json.loads(rotate(filled, "data").stdout)["rows"] == 0


def test_rotation_that_stopped_half_way_goes_on(filled, monkeypatch):
    use(f"{NEW},{OLD}")
    before, seal_again = values(), service.seal_again

    def stop_at_signatures(table, *more, **named):
        if table.name == "signatures":
            raise KeyboardInterrupt
        return seal_again(table, *more, **named)

    monkeypatch.setattr(service, "seal_again", stop_at_signatures)
    assert rotate(filled, "data").exit_code != 0
    monkeypatch.undo()
    assert "old" in keys_in_file() and values() == before
    assert json.loads(rotate(filled, "data").stdout)["rows"] >= 1
    assert keys_in_file() == {"new"} and values() == before


def test_secret_of_an_authenticator_app_rotates_too(filled):
    who = add_app(filled)
    use(f"{NEW},{OLD}")
    assert rotate(filled, "data").exit_code == 0
    with db.reading() as session:
        app = session.scalars(select(AuthenticatorApp)).one()
    assert key_id(app.sealed_secret) == "new"
    assert data_keys(NEW, "").open(app.sealed_secret, secret_place(who.staff_id)) == FACTOR_SECRET


def test_key_that_is_missing_is_named_and_nothing_is_lost(filled, monkeypatch):
    settings = replace(filled.extensions["ampera.settings"], env="production")
    monkeypatch.setitem(filled.extensions, "ampera.settings", settings)
    before = values()
    use(NEW)
    with db.reading() as session:
        assert missing_keys(session) == ["old"]
    assert "old" in health.why_not_start(filled)
    (finding,) = [found for found in examine(filled.extensions["ampera.settings"]) if found.check == "data keys"]
    assert not finding.ok and "old" in finding.text
    assert "old" in rotate(filled, "data").output
    with pytest.raises(Unreadable):
        values()
    use(f"{NEW},{OLD}")
    assert values() == before


def test_values_whose_key_is_gone_for_good_become_empty_and_open_no_book(filled, api):
    use(NEW)
    assert json.loads(rotate(filled, "data", "--lost").stdout)["rows"] > 5
    found = values()
    assert [found[name] for name in PERSON] == [None] * 4 and found["address"] == "" and found["proposed"] == {}
    with db.reading() as session:
        code = session.scalars(select(PickupCode).where(PickupCode.state == "current")).one()
    officer = api("officer")
    code_keys = CodeKeys.parse(filled.extensions["ampera.settings"].code_keys)
    visit = steps.serving(officer, code_keys.code(code))
    typed = steps.book(2, 2, identity={"birth_date": "1990-01-02"})
    refused = officer.post("/api/v1/handovers", json=steps.body(visit["id"], typed))
    assert refused.status_code == 422 and refused.get_json()["error"]["code"] == "identity_mismatch"


def test_codes_of_an_older_key_are_replaced(app, monkeypatch):
    builders.ready(1)
    settings = app.extensions["ampera.settings"]
    newer = replace(settings, code_keys=f"newer:{'3d' * 32},{settings.code_keys}")
    monkeypatch.setitem(app.extensions, "ampera.settings", newer)
    assert json.loads(rotate(app, "codes", "--yes").stdout) == {"rows": 1, "key": "newer"}
    assert json.loads(rotate(app, "codes", "--yes").stdout)["rows"] == 0


def test_sessions_and_pins_end(app, sign_in):
    officer = sign_in("officer")
    assert json.loads(rotate(app, "sessions", "--yes").stdout) == {"rows": 1}
    assert officer.get("/lane").status_code == 302
    with db.reading() as session:
        assert not session.scalars(select(DevicePin)).all()
        assert not session.scalars(select(SignIn).where(SignIn.ended_at.is_(None))).all()


def test_damaged_signature_is_noticed_by_the_proof(filled):
    raw = table("signatures", column("png", LargeBinary))
    intruder.change(update(raw).values(png=b"old:" + b"x" * 40))
    with db.reading() as session:
        proof = verify(session)
    assert not proof["ok"] and "signature of this record was changed" in proof["reason"]


def test_comparison_of_an_encrypted_column_in_sql_is_refused():
    with pytest.raises(TypeError, match=r"passports\.nik is encrypted"):
        select(Passport.id).where(Passport.nik == "1671010506879876")


def test_value_that_was_moved_to_another_column_opens_nothing(app):
    stored = sealed.keys_in_use().seal("1671010506879876", "passports.nik")
    with pytest.raises(Unreadable):
        sealed.SealedText("passports.email").process_result_value(stored, None)


def test_no_plain_value_is_in_the_file(filled, tmp_path):
    stolen = b"".join(Path(file).read_bytes() for file in tmp_path.glob("ampera.db*"))
    assert not [value for value in (*PERSON.values(), "Kerabat", "1671010506870001") if value.encode() in stolen]
