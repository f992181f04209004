"""The administrator's accounts and API keys of one office. Each act has a page that names the person and the effect.

A password or a key is shown once, on the page after the act.
"""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from ampera import clock, db, scopes
from ampera.accounts import passwords, service
from ampera.accounts.keys import limits
from ampera.accounts.keys import service as keys_service
from ampera.accounts.keys.limits import Wish
from ampera.accounts.keys.queries import key_named, keys_of, left_behind, made_for_others
from ampera.accounts.models import ApiKey, Staff
from ampera.accounts.queries import last_sign_ins, office_of, staff_member, staff_of
from ampera.accounts.refusals import AccountRefusal
from ampera.accounts.roles import ROLES
from ampera.accounts.session_views import need_fresh_proof
from ampera.accounts.writes import Named
from ampera.errors import Problem, Refusal, Refused, message, raise_refusal
from ampera.security import ADMIN, actor, new_token, people_only, requires, token_hash
from ampera.web import shown_once

MAX_NAME = service.MAX_NAME
MAX_TYPED = 1000  # characters of a field: twenty networks
MOST_SCOPES = 100
KEY_FIELDS = ("name", "staff", "role", "days", "networks")
ACCOUNT, KEY = "account", "key"  # what is shown once
ACTS = ("reset", "disable", "enable", "role")

pages = Blueprint("accounts_admin", __name__, url_prefix="/admin")
Page = str | Response | tuple[str, int]


@pages.get("/accounts")
@requires(*ADMIN)
def accounts() -> Page:
    return _accounts({}, {})


@pages.post("/accounts")
@people_only
@requires(*ADMIN)
def create() -> Page:
    """A new account with a random password, which its owner must change."""
    form = {name: request.form.get(name, "").strip()[:200] for name in ("login", "name", "role")}
    if refused := need_fresh_proof():
        return _accounts(form, _proof_problem(refused)), refused.status
    password = passwords.random_password()
    made = service.create_staff(actor(), form["login"], form["name"], form["role"], _hashed(password), True)
    if isinstance(made, Refused):
        return _accounts(form, {name: message(code) for name, code in made.fields.items()}), made.status
    shown_once.keep(ACCOUNT, [made.name, password])
    return redirect(url_for("accounts_admin.accounts"), 303)


@pages.get("/accounts/<int:staff_id>/<any(reset, disable, enable, role):act>")
@requires(*ADMIN)
def ask(staff_id: int, act: str) -> Page:
    """The page that asks: whose account, and what will happen."""
    return _ask(_staff(staff_id), act, {})


@pages.post("/accounts/<int:staff_id>/<any(reset, disable, enable, role):act>")
@people_only
@requires(*ADMIN)
def change(staff_id: int, act: str) -> Page:
    staff = _staff(staff_id)
    if refused := need_fresh_proof():
        return _ask(staff, act, _proof_problem(refused)), refused.status
    if act == "reset":
        return _reset(staff)
    if act == "role":
        made = service.set_role(actor(), staff.id, request.form.get("role", ""))
        if isinstance(made, Refused) and made.fields:
            return _ask(staff, act, {name: message(code) for name, code in made.fields.items()}), made.status
        return _done(made, gettext("Peran akun %(login)s diganti.", login=staff.login))
    made = service.set_active(actor(), staff.id, act == "enable", _numbers("made_keys"))
    done = gettext("Akun %(login)s aktif lagi.") if act == "enable" else gettext("Akun %(login)s dinonaktifkan.")
    return _done(made, done % {"login": staff.login})


@pages.get("/keys")
@requires(*ADMIN)
def keys() -> Page:
    return _keys({}, {})


@pages.post("/keys")
@people_only
@requires(*ADMIN)
def create_key() -> Page:
    """A new key, shown on the next page only."""
    form: dict[str, Any] = {name: request.form.get(name, "").strip()[:MAX_TYPED] for name in KEY_FIELDS}
    form["scopes"] = request.form.getlist("scopes")[:MOST_SCOPES]
    if refused := need_fresh_proof():
        return _keys(form, _proof_problem(refused)), refused.status
    if not form["name"]:
        return _keys(form, {"name": message(AccountRefusal.NAME_INVALID)}), 422
    wish = Wish(
        form["role"], form["name"], _number(form["days"]), tuple(form["scopes"]), tuple(form["networks"].split())
    )
    token = new_token("key")
    made = keys_service.create(actor(), _number(form["staff"]), wish, token_hash(token))
    if isinstance(made, Refused):
        fields = made.fields or {"staff": Refusal.NOT_FOUND}
        return _keys(form, {name: message(code) for name, code in fields.items()}), 422
    shown_once.keep(KEY, [made.name, token])
    return redirect(url_for("accounts_admin.keys"), 303)


@pages.get("/keys/<int:key_id>/<any(revoke, rotate):act>")
@requires(*ADMIN)
def ask_key(key_id: int, act: str) -> Page:
    """The page that asks: which key, for whom it acts, and what will happen."""
    return _ask_key(_key(key_id), act, {})


@pages.post("/keys/<int:key_id>/revoke")
@people_only
@requires(*ADMIN)
def revoke_key(key_id: int) -> Page:
    key = _key(key_id)
    if refused := need_fresh_proof():
        return _ask_key(key, "revoke", _proof_problem(refused)), refused.status
    raise_refusal(keys_service.revoke(actor(), key_id))
    flash(gettext("Kunci dicabut."), "go")
    return redirect(url_for("accounts_admin.keys"), 303)


@pages.post("/keys/<int:key_id>/rotate")
@people_only
@requires(*ADMIN)
def rotate_key(key_id: int) -> Page:
    """A new key with the same limits, shown on the next page only. The old one still works for some hours."""
    key = _key(key_id)
    if refused := need_fresh_proof():
        return _ask_key(key, "rotate", _proof_problem(refused)), refused.status
    token = new_token("key")
    made = keys_service.rotate(actor(), key_id, token_hash(token), _number(request.form.get("hours", "")))
    if isinstance(made, Refused):
        place = "hours" if made.fields else "key"
        return _ask_key(key, "rotate", {place: message(made.code)}), made.status
    shown_once.keep(KEY, [made.name, token])
    return redirect(url_for("accounts_admin.keys"), 303)


def _reset(staff: Staff) -> Page:
    """A new random password; every session and key of the account ends. The second factor goes only if it is lost."""
    identified = request.form.get("identified", "")
    if identified not in service.IDENTIFIED and not staff.is_of_directory:  # the service refuses such an account
        return _ask(staff, "reset", {"identified": message(AccountRefusal.IDENTIFICATION_MISSING)}), 422
    how = service.Reset(request.form.get("factors") != "remove", identified)
    password = passwords.random_password()
    made = raise_refusal(service.reset_password(actor(), staff.id, _hashed(password), True, how))
    shown_once.keep(ACCOUNT, [made.name, password])
    return redirect(url_for("accounts_admin.accounts"), 303)


def _done(made: Named | Refused, text: str) -> Page:
    raise_refusal(made)
    flash(text, "go")
    return redirect(url_for("accounts_admin.accounts"), 303)


def _accounts(form: dict[str, str], wrong: dict[str, str]) -> str:
    """The page. `form` and `wrong` are the refused input and its errors."""
    with db.reading() as reading:
        office = office_of(reading, actor().office_id or 0)
        staff, seen = staff_of(reading, office.id), last_sign_ins(reading, office.id)
    return render_template(
        "admin/accounts.html", office=office, staff=staff, seen=seen, roles=ROLES, form=form, wrong=wrong,
        shown=shown_once.take(ACCOUNT), factor_roles=current_app.extensions["ampera.settings"].factor_roles,
    )  # fmt: skip


def _ask(staff: Staff, act: str, wrong: dict[str, str]) -> str:
    if staff.id == actor().staff_id and act != "enable":
        raise Problem(AccountRefusal.OWN_ACCOUNT, 409)
    with db.reading() as reading:
        office = office_of(reading, actor().office_id or 0)
        made_keys = made_for_others(reading, staff.id) if act == "disable" else []
    return render_template(
        "admin/account_act.html", office=office, staff=staff, act=act, wrong=wrong, made_keys=made_keys
    )


def _keys(form: dict[str, Any], wrong: dict[str, str]) -> str:
    with db.reading() as reading:
        office = office_of(reading, actor().office_id or 0)
        found = keys_of(reading, office.id)
        left = left_behind(reading, found)
        owners = [(owner.id, owner.name) for owner in staff_of(reading, office.id) if owner.is_active]
    return render_template(
        "admin/keys.html", office=office, keys=found, left=left, owners=owners, now=clock.now(), form=form, wrong=wrong,
        days=limits.DAYS, most_days=limits.MOST_DAYS, areas=scopes.areas(), shown=shown_once.take(KEY),
    )  # fmt: skip


def _ask_key(key: ApiKey, act: str, wrong: dict[str, str]) -> str:
    with db.reading() as reading:
        office = office_of(reading, actor().office_id or 0)
    return render_template(
        "admin/key_act.html", office=office, key=key, act=act, wrong=wrong,
        hours=request.form.get("hours", keys_service.OVERLAP_HOURS), most_hours=keys_service.MOST_OVERLAP_HOURS,
    )  # fmt: skip


def _staff(staff_id: int) -> Staff:
    with db.reading() as reading:
        found = staff_member(reading, actor().office_id or 0, staff_id)
    if found is None:
        raise Problem(Refusal.NOT_FOUND, 404)
    return found


def _key(key_id: int) -> ApiKey:
    with db.reading() as reading:
        found = key_named(reading, actor().office_id or 0, key_id)
    if found is None:
        raise Problem(Refusal.NOT_FOUND, 404)
    return found


def _number(typed: str) -> int:
    """The number that was typed; -1 for whatever is none, or too long to be one."""
    return int(typed) if typed.isdecimal() and len(typed) < 10 else -1


def _numbers(field: str) -> list[int]:
    return [_number(typed) for typed in request.form.getlist(field)[:MOST_SCOPES]]


def _proof_problem(refused: Refused) -> dict[str, str]:
    return {"proof": message(refused.code, refused.status)}


def _hashed(password: str) -> str:
    return db.run_in_thread(lambda: passwords.hashed(password))
