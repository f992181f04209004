"""Who an office is: set by the administrator and by command, and a zone that no visit or booking depends on yet."""

import json

import pytest

from ampera import clock, db
from ampera.audit import AuditEntry
from ampera.cli.group import commands
from ampera.offices.models import Office
from tests import builders
from tests.handovers import steps

PATH = "/admin/office/identity"


def office() -> Office:
    with db.reading() as session:
        return session.get_one(Office, 1)


def command(app, *words):
    return app.test_cli_runner().invoke(commands, words)


def test_administrator_sets_name_address_and_zone(sign_in):
    form = {
        "name": " Kantor\nContoh ",
        "name_en": "Sample Office",
        "address": "Jalan Contoh 1",
        "timezone": "Asia/Makassar",
    }
    assert sign_in("admin").post(PATH, data=form).status_code == 303
    found = office()
    assert (found.name, found.name_en) == ("Kantor Contoh", "Sample Office")
    assert (found.address, found.timezone) == ("Jalan Contoh 1", "Asia/Makassar")
    with db.reading() as session:
        newest = session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
    assert newest.action == "office.identity_set"


def test_supervisor_neither_sees_nor_sets_the_identity(sign_in):
    assert sign_in("supervisor").post(PATH, data={"name": "Lain"}).status_code == 403
    assert 'id="identity"' not in sign_in("supervisor").get("/admin/office").text
    assert 'id="identity"' in sign_in("admin").get("/admin/office").text


@pytest.mark.parametrize(
    ("form", "status", "sentence"),
    [
        ({"name": "  "}, 422, "Nama kantor harus diisi."),
        ({"timezone": "Europe/Berlin"}, 422, "Pilih zona waktu"),
        ({"timezone": "foo"}, 422, "Pilih zona waktu"),
    ],
)
def test_unfit_identity_is_refused_beside_the_field(sign_in, form, status, sentence):
    answer = sign_in("admin").post(PATH, data=form)
    assert answer.status_code == status and sentence in answer.text and 'aria-invalid="true"' in answer.text
    assert office().timezone == clock.WIB and office().name


def test_zone_stays_once_a_vehicle_came_and_the_name_may_still_change(app, sign_in, client):
    _, code = builders.ready(1)
    steps.scan(sign_in("officer"), code)
    answer = sign_in("admin").post(PATH, data={"name": "Kantor Lain", "timezone": "Asia/Jayapura"})
    assert answer.status_code == 409 and "Zona waktu tidak dapat diganti lagi" in answer.text
    refused = command(app, "office", "identity", "PLG", "--timezone", "Asia/Jayapura")
    assert refused.exit_code == 1 and "Zona waktu" in refused.output
    assert command(app, "office", "identity", "PLG", "--name", "Kantor Lain", "--timezone", clock.WIB).exit_code == 0
    assert (office().name, office().timezone) == ("Kantor Lain", clock.WIB)


def test_commands_without_further_words_show_what_is_set(app):
    command(app, "office", "hours", "mon,sun", "08:00-12:00", "13:00-15:30")
    command(app, "office", "hours", "sun")
    assert command(app, "office", "hours").output.splitlines()[::6] == ["mon 08:00-12:00 13:00-15:30", "sun closed"]
    shown = command(app, "office", "identity", "PLG").output
    assert "Kantor Imigrasi Contoh Palembang" in shown and "Asia/Jakarta" in shown


def test_command_keeps_the_other_fields(app):
    before = office().name
    done = command(app, "office", "identity", "PLG", "--address", "Jalan Contoh 2", "--name-en", "Sample Office")
    assert done.exit_code == 0, done.output
    shown = json.loads(command(app, "office", "show", "--office", "PLG", "--json").output)
    assert (shown["name"], shown["name_en"], shown["address"]) == (before, "Sample Office", "Jalan Contoh 2")
    assert command(app, "office", "identity", "XYZ", "--name", "Lain").exit_code == 1


def test_front_page_has_no_empty_heading(client):
    assert "Alamat dan arah" not in client.get("/").text
    builders.set_columns(Office, {"id": 1}, address="Jalan Contoh 3")
    page = client.get("/").text
    assert "Alamat dan arah" in page and "Jalan Contoh 3" in page
