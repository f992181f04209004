"""API keys: what a key may do, where it may come from, how it is replaced, and which ones need attention."""

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from ampera import audit, clock, db, scopes
from ampera.accounts import service as service_of_accounts
from ampera.accounts.keys import limits, service
from ampera.accounts.keys.limits import Wish
from ampera.accounts.models import AccountNotice, ApiKey, Staff
from ampera.api import PREFIX
from ampera.cli.group import commands
from ampera.errors import Refused
from ampera.security import new_token, token_hash
from ampera.tools.upkeep import database_checks
from tests import builders
from tests.conftest import on_both

HERE = "127.0.0.1"


def made(role: str = "supervisor", **wished) -> tuple[int, str]:
    """A key of this role's account: its id and the key."""
    token = new_token("key")
    owner = builders.staff(f"{role}.plg")
    key = service.create(audit.command(1), owner.id, Wish(role, "uji", **wished), token_hash(token))
    return key.id, token


def status(client, token: str, path: str = "/visits", method: str = "GET", address: str = HERE) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return client.open(PREFIX + path, method=method, headers=headers, environ_base={"REMOTE_ADDR": address}).status_code


@on_both
def test_limited_key_does_nothing_outside_the_scopes(client):
    _, reader = made(scopes=("visits:read",))
    assert status(client, reader) == 200
    assert status(client, reader, "/scans", "POST") == 403
    assert status(client, reader, "/passports?q=abc") == 403
    assert client.get("/register", headers={"Authorization": f"Bearer {reader}"}).status_code == 403


def test_search_by_post_is_reading(client):
    _, token = made(scopes=("finding:read",))
    headers = {"Authorization": f"Bearer {token}"}
    assert client.post(f"{PREFIX}/passports/search", json={"q": "contoh"}, headers=headers).status_code == 200


def test_limited_key_opens_what_is_open_to_everybody(client):
    _, token = made(scopes=("finding:read",))
    assert status(client, token, "/openapi.json") == 200
    assert client.get("/", headers={"Authorization": f"Bearer {token}"}).status_code == 200


@pytest.mark.parametrize(
    ("networks", "address", "answer"),
    [
        (("10.1.2.0/24",), "10.1.2.9", 200),
        (("10.1.2.0/24",), "::ffff:10.1.2.9", 200),
        (("10.1.2.0/24",), "10.1.3.9", 401),
        (("10.1.2.0/24",), "2001:db8::9", 401),
        (("10.1.2.9", "2001:db8::/32"), "2001:db8::9", 200),
        ((), "203.0.113.5", 200),
    ],
)
def test_key_of_a_network_is_unknown_elsewhere(client, networks, address, answer):
    _, token = made(networks=networks)
    assert status(client, token, address=address) == answer


@pytest.mark.parametrize(
    ("wished", "field"),
    [
        ({"scopes": ("visits:all",)}, "scopes"),
        ({"networks": ("10.1.2.0/33",)}, "networks"),
        ({"networks": ("office",)}, "networks"),
        ({"networks": tuple(f"10.0.0.{n}" for n in range(21))}, "networks"),
        ({"days": 0}, "days"),
        ({"name": "a\u202eb"}, "name"),
        ({"role": "guest"}, "role"),
    ],
)
def test_impossible_wish_is_refused_with_the_name_of_the_field(app, wished, field):
    wish = Wish(**{"role": "officer", "name": "uji", **wished})
    refused = service.create(audit.command(1), builders.staff("officer.plg").id, wish, "h")
    assert isinstance(refused, Refused) and list(refused.fields) == [field]


@on_both
def test_replaced_key_works_beside_the_new_one_for_the_hours_given(client):
    old_id, old = made(scopes=("visits:read",), networks=(HERE,), days=30)
    new = new_token("key")
    with clock.shift(timedelta(days=10)):
        rotated = service.rotate(audit.command(1), old_id, token_hash(new), 2)
        assert status(client, old) == status(client, new) == 200
        assert status(client, new, "/scans", "POST") == 403
    with clock.shift(timedelta(days=10, hours=2, minutes=1)):
        assert (status(client, old), status(client, new)) == (401, 200)
    with db.reading() as session:
        key = session.get_one(ApiKey, rotated.id)
        assert (key.scopes, key.networks, key.expires_at - key.created_at) == ("visits:read", HERE, timedelta(days=30))
        assert set(session.scalars(select(AccountNotice.kind))) == {"key_created"}


def test_key_that_has_ended_or_was_revoked_is_not_replaced(app):
    for end in ("ended", "revoked"):
        key_id, _ = made(days=1)
        if end == "revoked":
            service.revoke(audit.command(1), key_id)
        with clock.shift(timedelta(days=2) if end == "ended" else timedelta()):
            assert service.rotate(audit.command(1), key_id, "h") == Refused("key_ended", 409)


def test_administrator_limits_and_replaces_a_key_on_the_page(sign_in, client):
    admin, owner = sign_in("admin"), builders.staff("desk.plg").id
    form = {"name": "Penerbitan", "staff": owner, "role": "desk", "days": 90}
    form |= {"scopes": ["intake:write"], "networks": "10.1.2.0/24 10.1.3.4"}
    assert admin.post("/admin/keys", data=form).status_code == 303
    page = admin.get("/admin/keys").text
    assert "intake:write" in page and "10.1.2.0/24 10.1.3.4" in page
    old = re.search(r"ampera_key_[\w-]+", page)[0]
    with db.reading() as session:
        key_id = session.scalar(select(ApiKey.id))
    assert admin.get(f"/admin/keys/{key_id}/rotate").status_code == 200
    assert admin.post(f"/admin/keys/{key_id}/rotate", data={"hours": "x"}).status_code == 422
    assert admin.post(f"/admin/keys/{key_id}/rotate", data={"hours": "0"}).status_code == 303
    new = re.search(r"ampera_key_[\w-]+", admin.get("/admin/keys").text)[0]
    assert new != old and status(client, old, address="10.1.3.4") == 401
    assert status(client, new, "/passports", "POST", "10.1.3.4") not in (401, 403)


def test_refused_limits_keep_what_was_typed(sign_in):
    form = {"name": "Penerbitan", "staff": builders.staff("desk.plg").id, "role": "desk", "days": 90}
    answer = sign_in("admin").post("/admin/keys", data=form | {"scopes": ["visits:read", "x"], "networks": "rumah"})
    assert answer.status_code == 422
    assert 'aria-label="visits:read" checked' in answer.text and 'value="rumah"' in answer.text
    assert "Bagian API ini tidak ada." in answer.text and "jaringan IP" in answer.text


def run(app, *arguments: str) -> str:
    done = app.test_cli_runner().invoke(commands, arguments)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_commands_make_list_and_replace_a_limited_key(app, client):
    limit = ("--scope", "visits:read", "--network", HERE)
    key = json.loads(run(app, "key", "create", "--staff", "officer.plg", "--role", "officer", *limit, "--json"))
    assert status(client, key["key"]) == 200 and status(client, key["key"], "/scans", "POST") == 403
    (row,) = json.loads(run(app, "key", "list", "--office", "PLG", "--json"))["keys"]
    assert (row["scopes"], row["networks"]) == ("visits:read", HERE)
    new = json.loads(run(app, "key", "rotate", str(key["id"]), "--hours", "0", "--json"))
    assert (status(client, key["key"]), status(client, new["key"])) == (401, 200)
    assert run(app, "key", "scopes").split() == scopes.known()


def doctors_word(app) -> str:
    found = database_checks.database(app.extensions["ampera.settings"])
    (finding,) = [finding for finding in found if finding.check == "API keys"]
    return "well" if finding.ok else finding.text


def test_doctor_names_keys_that_somebody_should_look_after(app, client):
    (ended, _), (unused, _), (used, token) = made(days=1), made(), made()
    assert doctors_word(app) == "well"
    with clock.shift(timedelta(days=91)):
        status(client, token)
        found = doctors_word(app)
        assert f"Ended: {ended} of supervisor.plg" in found and f"Not used for 90 days: {unused} of" in found
        assert f"{used} of" not in found.partition("Not used")[2]


def key_made_by_a_colleague():
    """The token and the id of a key for the supervisor, which the officer's account has made."""
    maker, token = builders.actor("officer"), new_token("key")
    key = service.create(maker, builders.staff("supervisor.plg").id, Wish("supervisor", "Antrean"), token_hash(token))
    return token, key.id


def revoking(officer_id):
    return f"/admin/accounts/{officer_id}/disable"


def test_keys_that_a_leaver_has_made_for_others_are_revoked_in_the_same_step(app, client, sign_in):
    (token, key_id), (_, own) = key_made_by_a_colleague(), made()
    admin, leaver = sign_in("admin"), builders.staff("officer.plg").id
    page = admin.get(revoking(leaver)).text
    assert f'name="made_keys" value="{key_id}" checked' in page and f'value="{own}"' not in page
    foreign = made("desk")[0]  # the command has made it: it is nobody's to leave behind
    answer = admin.post(revoking(leaver), data={"made_keys": [str(key_id), str(foreign), "x"]})
    assert answer.status_code == 303 and status(client, token) == 401
    with db.reading() as session:
        revoked = session.scalars(select(ApiKey.id).where(ApiKey.revoked_at.is_not(None))).all()
    assert revoked == [key_id]


def test_key_that_a_leaver_has_left_behind_is_named_to_administrators(app, client, sign_in):
    token, key_id = key_made_by_a_colleague()
    admin, leaver = sign_in("admin"), builders.staff("officer.plg")
    assert "sudah tidak bekerja" not in admin.get("/admin/keys").text and "has left" not in doctors_word(app)
    admin.post(revoking(leaver.id))
    assert status(client, token) == 200, "the administrator has chosen to leave it"
    assert f"{leaver.name} sudah tidak bekerja di sini" in admin.get("/admin/keys").text
    assert f"who has left: {key_id} of supervisor.plg" in doctors_word(app)


@pytest.mark.parametrize(("why", "is_named"), [("refused", True), ("logout", False)])
def test_key_of_somebody_whom_the_directory_has_refused_is_named(app, why, is_named):
    owner = builders.staff("supervisor.plg")
    made()
    builders.set_columns(Staff, {"id": owner.id}, password_hash="")
    details = {"why": why}
    db.current().write(
        lambda unit: audit.record(unit, audit.command(1), "staff.directory_ended", f"staff:{owner.id}", **details)
    )
    assert ("has left" in doctors_word(app)) is is_named
    service_of_accounts.sign_in(builders.actor("supervisor"), "a new session")
    assert "has left" not in doctors_word(app)


def test_typed_networks_are_kept_sorted_and_once():
    assert limits.stored(("b", "a", "b")) == "a b" and limits.stored(()) is None


@pytest.mark.parametrize("wrong", [{"staff": "9" * 30}, {"days": "9" * 900}, {"name": "a" * 81}])
def test_absurd_values_of_a_new_key_are_refused(sign_in, wrong):
    form = {"name": "Penerbitan", "staff": builders.staff("desk.plg").id, "role": "desk", "days": 90}
    assert sign_in("admin").post("/admin/keys", data=form | wrong).status_code == 422


@pytest.mark.parametrize("hours", ["9" * 5000, "169", "-1", ""])
def test_absurd_overlap_is_refused_and_shown_again(sign_in, hours):
    key_id, _ = made()
    answer = sign_in("admin").post(f"/admin/keys/{key_id}/rotate", data={"hours": hours})
    assert answer.status_code == 422 and f'value="{hours}"' in answer.text


@pytest.mark.parametrize(("scope", "answer"), [("metrics:read", 200), ("visits:read", 403)])
def test_figures_need_the_scope_of_figures(client, scope, answer):
    _, token = made(scopes=(scope,))
    headers = {"Authorization": f"Bearer {token}"}
    found = client.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": "203.0.113.5"})
    assert found.status_code == answer
