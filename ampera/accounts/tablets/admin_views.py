"""The page of the office's tablets: enrol one by its code, rename, move and revoke it; and who last worked on it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from ampera import db
from ampera.accounts.devices import service as device_service
from ampera.accounts.devices.kinds import OF_LANES, ROLES
from ampera.accounts.devices.service import WorkTablet
from ampera.accounts.queries import lane_keyed, lanes_keyed, office_of
from ampera.accounts.refusals import AccountRefusal
from ampera.accounts.session_views import need_fresh_proof
from ampera.accounts.tablets import labels
from ampera.accounts.tablets.queries import tablets_of
from ampera.errors import Problem, Refusal, Refused, message, raise_refusal
from ampera.security import ADMIN, SUPERVISOR, actor, requires
from ampera.web import limits

MAX_NAME = 80
EVERY_LANE = ""
LONGEST_LOCK = 60  # minutes

pages = Blueprint("tablet_list", __name__, url_prefix="/admin/devices/tablets")
Page = str | Response | tuple[str, int]
Form = dict[str, Any]


@pages.get("")
@requires(*SUPERVISOR, *ADMIN)
def listed() -> Page:
    return _page()


@pages.get("/confirm")
@pages.get("/<int:tablet_id>")
@requires(*SUPERVISOR, *ADMIN)
def back(tablet_id: int = 0) -> Response:
    """An address that only takes forms, asked for as a page (another language was chosen there)."""
    return redirect(url_for("tablet_list.listed", lang=request.args.get("lang")))


@pages.post("/confirm")
@requires(*ADMIN)
@limits.guesses("10/minute")
def confirm() -> Page:
    """The browser that shows the typed code becomes a tablet of this office."""
    wanted, wrong = _wanted()
    if refused := need_fresh_proof():
        wrong["proof"] = message(refused.code, refused.status)
    if wanted is None or wrong:
        return _page(form=_typed(), wrong=wrong, status=422)
    made = device_service.confirm(actor(), actor().office_id or 0, _typed()["code"], wanted)
    if isinstance(made, Refused):
        wrong = {name: message(code) for name, code in made.fields.items()}
        return _page(form=_typed(), wrong=wrong, status=made.status)
    return _done(gettext("%(name)s terdaftar. Tablet itu membuka halaman masuk sendiri."), made.name)


@pages.post("/<int:tablet_id>")
@requires(*ADMIN)
def change(tablet_id: int) -> Page:
    """Another name, use or lane."""
    wanted, wrong = _wanted()
    if wanted is None:
        return _page(form=_typed(), wrong=wrong, opened=tablet_id, status=422)
    made = raise_refusal(device_service.change_device(actor(), tablet_id, wanted))
    return _done(gettext("%(name)s diubah."), made.name)


@pages.get("/<int:tablet_id>/revoke")
@requires(*ADMIN, *SUPERVISOR)
def ask(tablet_id: int) -> str:
    """The page that asks: which tablet, and what will happen."""
    with db.reading() as session:
        office = office_of(session, actor().office_id or 0)
        rows = tablets_of(session, office.id)
    found = next((row for row in rows if row["id"] == tablet_id and not row["revoked_at"]), None)
    if found is None:
        raise Problem(Refusal.NOT_FOUND, 404)
    return render_template("admin/tablet_revoke.html", office=office, tablet=found, tablet_labels=labels)


@pages.post("/<int:tablet_id>/revoke")
@requires(*ADMIN, *SUPERVISOR)
def revoke(tablet_id: int) -> Response:
    """Also for supervisors: a tablet that was stolen must not wait for an administrator."""
    with db.reading() as session:
        own = {row["id"] for row in tablets_of(session, actor().office_id or 0)}
    if tablet_id not in own:
        raise Problem(Refusal.NOT_FOUND, 404)
    made = raise_refusal(device_service.revoke_device(actor(), tablet_id))
    return _done(gettext("%(name)s dicabut. Siapa pun yang bekerja di sana sudah dikeluarkan."), made.name)


def _wanted() -> tuple[WorkTablet | None, dict[str, str]]:
    """The tablet as the form describes it, or the problems by field."""
    typed = _typed()
    wrong: dict[str, str] = {}
    if typed["kind"] not in ROLES:
        wrong["kind"] = message(Refusal.INVALID)
    if not typed["name"]:
        wrong["name"] = message(AccountRefusal.DEVICE_NAME_NEEDED)
    lane_id = None
    if typed["lane"] != EVERY_LANE and typed["kind"] in OF_LANES:
        with db.reading() as session:
            lane_id = lane_keyed(session, actor().office_id or 0, int(typed["lane"]))
        if lane_id is None:
            wrong["lane"] = message(Refusal.INVALID)
    if not typed["lock_minutes"].isdigit() or int(typed["lock_minutes"]) > LONGEST_LOCK:
        wrong["lock_minutes"] = message(Refusal.INVALID)
    if wrong:
        return None, wrong
    return WorkTablet(typed["kind"], typed["name"], lane_id, int(typed["lock_minutes"])), {}


def _typed() -> Form:
    form = request.form
    return {
        "code": form.get("code", "")[:40],
        "name": " ".join(form.get("name", "").split())[:MAX_NAME],
        "kind": form.get("kind", ""),
        "lane": _lane(form.get("lane", EVERY_LANE)),
        "lock_minutes": form.get("lock_minutes", str(WorkTablet.lock_minutes))[:4],
    }


def _lane(typed: str) -> str:
    """The number as typed, or 0, which no lane has; "" for every lane."""
    return typed if typed == EVERY_LANE or (typed.isascii() and typed.isdigit() and len(typed) < 6) else "0"


def _done(sentence: str, name: str) -> Response:
    flash(sentence % {"name": name}, "go")
    return redirect(url_for("tablet_list.listed"), 303)


def _page(
    form: Form | None = None, wrong: dict[str, str] | None = None, opened: int | None = None, status: int = 200
) -> Page:
    """The list of tablets. After a refusal: the input, its problems, and the part (`opened`) that they belong to."""
    with db.reading() as session:
        office = office_of(session, actor().office_id or 0)
        rows, lanes = tablets_of(session, office.id), lanes_keyed(session, office.id)
    page = render_template(
        "admin/tablets.html",
        office=office,
        tablets=[row for row in rows if not row["revoked_at"]],
        revoked=[row for row in rows if row["revoked_at"]],
        lanes=lanes,
        tablet_labels=labels,
        is_admin=actor().role in ADMIN,
        form=form or {},
        wrong=wrong or {},
        opened=opened,
    )
    return page if status == 200 else (page, status)
