"""The page of the office's screens: enrol one by its code, rename, move, test and revoke it; and how each keeps up.

Supervisors read it and may test a loudspeaker; a link with a token is shown once, in the answer that made it.
"""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from ampera import db
from ampera.accounts.devices import service as device_service
from ampera.accounts.devices.service import Display
from ampera.accounts.queries import actor_of_device, displays_of
from ampera.board.live import screens
from ampera.board.refusals import BoardRefusal
from ampera.board.screens import labels, queries
from ampera.board.watch_queries import watch_of
from ampera.errors import Problem, Refusal, Refused, message, raise_refusal
from ampera.offices.models import Office
from ampera.security import ADMIN, SUPERVISOR, actor, new_token, requires, token_hash
from ampera.web import limits

MAX_NAME = 80
LOUDEST = 100

pages = Blueprint("screens", __name__, url_prefix="/admin/devices")
Page = str | tuple[str, int]
Form = dict[str, Any]


@pages.get("")
@requires(*SUPERVISOR, *ADMIN)
def listed() -> Page:
    return _page()


@pages.get("/confirm")
@pages.get("/<int:device_id>")
@requires(*SUPERVISOR, *ADMIN)
def back(device_id: int = 0) -> Response:
    """An address that only takes forms, asked for as a page (another language was chosen there)."""
    return redirect(url_for("screens.listed", lang=request.args.get("lang")))


@pages.post("/confirm")
@requires(*ADMIN)
@limits.guesses("10/minute")
def confirm() -> Page | Response:
    """The screen that shows the typed code becomes a display of this office."""
    wanted, wrong = _wanted()
    if wanted is None:
        return _page(form=_typed(), wrong=wrong, status=422)
    made = device_service.confirm(actor(), actor().office_id or 0, request.form.get("code", "")[:40], wanted)
    if isinstance(made, Refused):
        wrong = {name: message(code) for name, code in made.fields.items()}
        return _page(form=_typed(), wrong=wrong, status=made.status)
    return _done(gettext("%(name)s terdaftar. Layarnya berganti sendiri dalam beberapa detik."), made.name)


@pages.post("")
@requires(*ADMIN)
def enrol() -> Page:
    """Without a code: a link for the screen's browser, in this answer only."""
    wanted, wrong = _wanted()
    if wanted is None:
        return _page(form=_typed(), wrong=wrong, opened="link", status=422)
    token = new_token("display")
    device_service.enrol_device(actor(), actor().office_id or 0, wanted, token_hash(token))
    return _page(link=_link(token))


@pages.post("/<int:device_id>")
@requires(*ADMIN)
def change(device_id: int) -> Page | Response:
    """Another name, watch or voice."""
    wanted, wrong = _wanted()
    if wanted is None:
        return _page(form=_typed(), wrong=wrong, opened=device_id, status=422)
    made = raise_refusal(device_service.change_device(actor(), device_id, wanted))
    return _done(gettext("%(name)s diubah."), made.name)


@pages.post("/<int:device_id>/test")
@requires(*SUPERVISOR, *ADMIN)
def test(device_id: int) -> Response:
    """Play a sound on the display now."""
    made = raise_refusal(device_service.test_device(actor(), device_id))
    return _done(gettext("%(name)s diminta berbunyi."), made.name)


@pages.get("/<int:device_id>/revoke")
@requires(*ADMIN)
def ask(device_id: int) -> str:
    """The page that asks: which screen, and what will happen."""
    with db.reading() as session:
        office = session.get_one(Office, actor().office_id)
        found = next((row for row in queries.screens_of(session, office.id, screens()) if row["id"] == device_id), None)
    if found is None:
        raise Problem(Refusal.NOT_FOUND, 404)
    return render_template("admin/device_act.html", office=office, screen=found, screen_labels=labels)


@pages.post("/<int:device_id>/revoke")
@requires(*ADMIN)
def revoke(device_id: int) -> Response:
    made = raise_refusal(device_service.revoke_device(actor(), device_id))
    return _done(gettext("%(name)s dicabut. Layarnya menampilkan kode pendaftaran lagi."), made.name)


def _wanted() -> tuple[Display | None, dict[str, str]]:
    """The display as the form describes it, or the problems by field."""
    typed = _typed()
    with db.reading() as session:
        place = queries.choices(session, actor().office_id or 0).get(typed["place"])
    volume = _volume(typed["volume"])
    wrong = {} if place else {"place": message(BoardRefusal.UNKNOWN_PLACE)}
    if volume is None:
        wrong["volume"] = message(BoardRefusal.BAD_VOLUME)
    if place is None or volume is None:
        return None, wrong
    return Display(typed["name"], *place, speaks=typed["speaks"], volume=volume), {}


def _typed() -> Form:
    form = request.form
    return {
        "code": form.get("code", "")[:40],
        "name": " ".join(form.get("name", "").split())[:MAX_NAME],
        "place": form.get("place", queries.WHOLE_OFFICE),
        "speaks": form.get("speaks", "yes") == "yes",
        "volume": form.get("volume", str(Display.volume)),
    }


def _volume(typed: str) -> int | None:
    is_number = typed.isascii() and typed.isdigit() and len(typed) < 4
    return int(typed) if is_number and int(typed) <= LOUDEST else None


def _done(sentence: str, name: str) -> Response:
    flash(sentence % {"name": name or gettext("Layar tanpa nama")}, "go")
    return redirect(url_for("screens.listed"), 303)


def _page(
    form: Form | None = None,
    wrong: dict[str, str] | None = None,
    opened: int | str = "",
    link: str = "",
    status: int = 200,
) -> Page:
    """The list of screens. After a refusal: the input, its problems, and the part (`opened`) that they belong to."""
    with db.reading() as session:
        office = session.get_one(Office, actor().office_id)
        rows = queries.screens_of(session, office.id, screens())
        revoked = [pair for pair in displays_of(session, office.id) if pair[0].revoked_at]
        choices = _choices(queries.choices(session, office.id))
    page = render_template(
        "admin/devices.html",
        office=office,
        screens=rows,
        revoked=revoked,
        choices=choices,
        chosen=queries.chosen,
        screen_labels=labels,
        is_admin=actor().role in ADMIN,
        form=form or {},
        wrong=wrong or {},
        opened=opened,
        link=link,
    )
    return page if status == 200 else (page, status)


def _choices(known: dict[str, queries.Choice]) -> list[tuple[str, str]]:
    """Value and label of each watch that a form offers."""
    pairs = []
    for value in known:
        kind, _, name = value.partition(":")
        pairs.append((value, labels.watch({"lane": name if kind == "lane" else None, "site": name})))
    return pairs


def _link(token: str) -> str:
    """The token follows #: a browser never sends that part, so no server and no log sees it."""
    with db.reading() as session:
        display = actor_of_device(session, token_hash(token))
        path = watch_of(session, display).path if display else "/board"
    begin = current_app.extensions["ampera.settings"].site(request.host_url)
    return f"{begin}{path}#token={token}"
