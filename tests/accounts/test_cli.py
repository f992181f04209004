"""Accounts, displays and keys from the command line: made once, printed once, taken away at once."""

import json

import pytest
from sqlalchemy import select

from ampera import audit, db
from ampera.accounts import authentication, cli, passwords
from ampera.accounts.models import ApiKey, Device, Staff
from ampera.audit import AuditEntry
from ampera.cli.group import commands
from ampera.errors import Refused
from tests import builders
from tests.board import steps


@pytest.fixture
def run(app):
    """`run(cli.user, "create", "…")` gives what was printed; `fails=True` when it must not work."""

    def run(command, *arguments, stdin=None, fails=False):
        done = app.test_cli_runner().invoke(command, arguments, input=stdin)
        assert (done.exit_code != 0) == fails, done.output
        return done.output

    return run


def printed(text):
    return json.loads(text)


def rows(model):
    with db.reading() as session:
        return list(session.scalars(select(model).order_by(model.id)))


def test_an_account_gets_a_random_password_that_works(run):
    made = printed(run(cli.user, "create", "Contoh.Baru", "--role", "desk", "--name", "Contoh Baru", "--json"))
    assert (made["login"], made["role"], made["office"]) == ("contoh.baru", "desk", "PLG")
    assert authentication.check("contoh.baru", made["password"]).role == "desk"
    assert rows(Staff)[-1].name == "Contoh Baru"


def test_a_password_may_come_from_standard_input_and_is_not_printed(run):
    output = run(cli.user, "create", "baru", "--role", "admin", "--password-stdin", stdin="sandi-yang-panjang-7\n")
    assert "sandi" not in output and authentication.check("baru", "sandi-yang-panjang-7").role == "admin"


@pytest.mark.parametrize("weak", ["pendek", "aaaaaaaaaaaaaa", "xx-baru-12345"])
def test_weak_passwords_are_refused(run, weak):
    assert "weak" in run(cli.user, "create", "baru", "--role", "desk", "--password-stdin", stdin=weak, fails=True)


def test_a_reset_ends_the_sessions_and_the_old_password(run, sign_in):
    officer = sign_in("officer")
    made = printed(run(cli.user, "reset", "officer.plg", "--json"))
    assert officer.get("/api/v1/desk/state").status_code == 401
    assert isinstance(authentication.check("officer.plg", builders.PASSWORD), Refused)
    assert authentication.check("officer.plg", made["password"]).role == "officer"


def test_a_disabled_account_is_out_at_once_and_may_come_back(run, sign_in, api):
    officer, key = sign_in("officer"), api("officer")
    run(cli.user, "disable", "officer.plg")
    assert officer.get("/api/v1/desk/state").status_code == key.get("/api/v1/desk/state").status_code == 401
    run(cli.user, "enable", "officer.plg")
    assert authentication.check("officer.plg", builders.PASSWORD).role == "officer"


@pytest.mark.parametrize(
    "arguments",
    [
        ("create", "officer.plg", "--role", "desk"),
        ("create", "baru", "--role", "king"),
        ("create", "baru", "--role", "desk", "--office", "XXX"),
        ("reset", "nobody"),
        ("disable", "nobody"),
    ],
)
def test_impossible_commands_are_refused_and_change_nothing(run, arguments):
    before = len(rows(Staff))
    assert "Error" in run(cli.user, *arguments, fails=True)
    assert len(rows(Staff)) == before


def test_enrolled_display_gets_a_link_with_a_hidden_token(run, client):
    made = printed(run(cli.device, "enrol", "--kind", "display", "--office", "PLG", "--lane", "2", "--json"))
    assert made["link"] == f"http://127.0.0.1:8000/board/PLG/2#token={made['token']}"
    headers = {"Authorization": f"Bearer {made['token']}"}
    assert client.get("/api/v1/boards/PLG/2", headers=headers).status_code == 200
    assert printed(run(cli.device, "list", "--json"))["devices"][0]["lane"] == 2
    run(cli.device, "revoke", str(made["id"]))
    assert client.get("/api/v1/boards/PLG/2", headers=headers).status_code == 401
    assert "revoked_at" in run(cli.device, "list")


def test_a_display_needs_a_lane_that_exists(run):
    assert "no lane 9" in run(cli.device, "enrol", "--office", "PLG", "--lane", "9", fails=True)
    assert rows(Device) == [] and "Error" in run(cli.device, "revoke", "99", fails=True)


def test_display_of_a_site_gets_the_address_of_the_site(run):
    steps.at_site("Mal Contoh", 2)
    made = printed(run(cli.device, "enrol", "--site", "Mal Contoh", "--json"))
    assert "/board/PLG?site=Mal%20Contoh#token=" in made["link"] and rows(Device)[0].site == "Mal Contoh"
    assert "no site Lain" in run(cli.device, "enrol", "--site", "Lain", fails=True)
    assert "not both" in run(cli.device, "enrol", "--site", "Mal Contoh", "--lane", "2", fails=True)


def test_the_screen_that_shows_a_code_is_confirmed(run, client):
    headers = {"Accept": "application/json"}
    asked = client.post("/board/knock", json={}, headers=headers).get_json()
    assert "salah atau sudah berganti" in run(cli.device, "confirm", "ZZZ-ZZZ", fails=True)
    run(cli.device, "confirm", asked["code"], "--lane", "2", "--name", "Layar uji", "--silent", "--volume", "30")
    answer = client.post("/board/collect", json={"secret": asked["secret"]}, headers=headers)
    assert answer.get_json()["path"] == "/board/PLG/2"
    assert (rows(Device)[0].speaks, rows(Device)[0].volume) == (False, 30)


def test_api_key_acts_in_one_role_until_revoked(run, client):
    made = printed(run(cli.key, "create", "--staff", "supervisor.plg", "--role", "desk", "--name", "uji", "--json"))
    headers = {"Authorization": f"Bearer {made['key']}"}
    assert client.get("/api/v1/desk/state", headers=headers).status_code == 200
    assert client.get("/api/v1/lanes/1/state", headers=headers).status_code == 403
    (listed,) = printed(run(cli.key, "list", "--json"))["keys"]
    assert (listed["staff"], listed["role"], listed["name"]) == ("supervisor.plg", "desk", "uji")
    run(cli.key, "revoke", str(made["id"]))
    assert client.get("/api/v1/desk/state", headers=headers).status_code == 401


def test_only_hashes_are_kept_and_everything_is_in_the_history(run):
    secrets = [
        printed(run(cli.user, "create", "baru", "--role", "desk", "--json"))["password"],
        printed(run(cli.device, "enrol", "--json"))["token"],
        printed(run(cli.key, "create", "--staff", "baru", "--role", "desk", "--json"))["key"],
    ]
    with db.reading() as session:
        history = list(session.scalars(select(audit.AuditEntry)))
    assert [entry.action for entry in history] == ["staff.created", "device.enrolled", "key.created"]
    kept = [entry.details for entry in history] + [rows(Device)[0].token_hash, rows(ApiKey)[0].key_hash]
    kept.append(rows(Staff)[-1].password_hash)
    assert not [secret for secret in secrets if secret in " ".join(kept)]
    assert passwords.matches(secrets[0], rows(Staff)[-1].password_hash)


@pytest.mark.parametrize(
    "words",
    [
        ("user", "create", "baru", "--role", "desk"),
        ("device", "enrol"),
        ("key", "list"),
        ("office", "show"),
        ("office", "set", "recall_pause_seconds", "5"),
        ("import", __file__, "--yes"),
    ],
    ids=lambda words: words[0],
)
@pytest.mark.parametrize("code", ["XXX", ""])
def test_a_command_with_an_unknown_office_is_refused_and_leaves_no_entry(run, words, code):
    before = len(rows(AuditEntry))
    assert f"There is no office {code}." in run(commands, *words, "--office", code, fails=True)
    assert len(rows(AuditEntry)) == before
