"""The administrator's accounts and API keys of one office. A password is shown only once."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from ampera import db
from ampera.accounts import passwords, service
from ampera.accounts.queries import keys_of, office_of, staff_of
from ampera.accounts.roles import ROLES
from ampera.errors import Refusal, Refused, message, raise_refusal
from ampera.security import ADMIN, actor, requires

MAX_NAME = 80

pages = Blueprint("accounts_admin", __name__, url_prefix="/admin")
Page = str | tuple[str, int]


@pages.get("/accounts")
@requires(*ADMIN)
def accounts() -> Page:
    return _accounts()


@pages.post("/accounts")
@requires(*ADMIN)
def create() -> Page:
    """A new account with a random password, shown in this answer only."""
    form = {name: request.form.get(name, "").strip()[:MAX_NAME] for name in ("login", "name", "role")}
    wrong = {name: message(Refusal.INVALID) for name in ("login", "name") if not form[name]}
    if wrong:
        return _accounts(form=form, wrong=wrong), 422
    password = passwords.random_password()
    made = service.create_staff(actor(), form["login"], form["name"], form["role"], _hashed(password))
    if isinstance(made, Refused):
        return _accounts(form=form, wrong={name: message(code) for name, code in made.fields.items()}), made.status
    return _accounts(shown=(made.name, password))


@pages.post("/accounts/<int:staff_id>/reset")
@requires(*ADMIN)
def reset(staff_id: int) -> Page:
    """A new random password; every session of the account ends."""
    password = passwords.random_password()
    made = raise_refusal(service.reset_password(actor(), staff_id, _hashed(password)))
    return _accounts(shown=(made.name, password))


@pages.post("/accounts/<int:staff_id>/<any(disable, enable):act>")
@requires(*ADMIN)
def set_active(staff_id: int, act: str) -> Response:
    made = raise_refusal(service.set_active(actor(), staff_id, act == "enable"))
    done = gettext("Akun %(login)s aktif lagi.") if act == "enable" else gettext("Akun %(login)s dinonaktifkan.")
    flash(done % {"login": made.name}, "go")
    return redirect(url_for("accounts_admin.accounts"), 303)


@pages.get("/keys")
@requires(*ADMIN)
def keys() -> Page:
    with db.reading() as session:
        office = office_of(session, actor().office_id or 0)
        return render_template("admin/keys.html", office=office, keys=keys_of(session, office.id))


@pages.post("/keys/<int:key_id>/revoke")
@requires(*ADMIN)
def revoke_key(key_id: int) -> Response:
    raise_refusal(service.revoke_key(actor(), key_id))
    flash(gettext("Kunci dicabut."), "go")
    return redirect(url_for("accounts_admin.keys"), 303)


def _accounts(
    form: dict[str, str] | None = None, wrong: dict[str, str] | None = None, shown: tuple[str, str] | None = None
) -> str:
    """The page. `shown` is a login with its new password; `form` and `wrong` are the refused input and its errors."""
    with db.reading() as session:
        office = office_of(session, actor().office_id or 0)
        staff = staff_of(session, office.id)
    return render_template(
        "admin/accounts.html", office=office, staff=staff, roles=ROLES, form=form or {}, wrong=wrong or {}, shown=shown
    )


def _hashed(password: str) -> str:
    return db.run_in_thread(lambda: passwords.hashed(password))
