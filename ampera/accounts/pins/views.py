"""`/login/switch`: one officer hands a tablet to the next. Below `/login` the browser sends its own secret.

A supervisor's PIN also confirms one act on the tablet of a colleague (`security.colleague_with_pin`).
"""

from dataclasses import replace

from flask import Blueprint, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from ampera import db
from ampera.accounts.authentication import Proved
from ampera.accounts.badges.queries import owner_with
from ampera.accounts.badges.values import read_value
from ampera.accounts.pins import numbers, proofs, service
from ampera.accounts.pins.models import DevicePin
from ampera.accounts.pins.proofs import MAX_TYPED
from ampera.accounts.pins.queries import pins_on, supervisors_on
from ampera.accounts.pins.writes import PinEntry
from ampera.accounts.refusals import MISSED, AccountRefusal
from ampera.accounts.session_views import HOME, device_key, prove, start
from ampera.accounts.sign_in import known_devices
from ampera.accounts.sign_in.known_devices import KnownDevice
from ampera.audit import Actor
from ampera.errors import Refused, message
from ampera.security import (
    ANYONE,
    LANE,
    actor,
    current_actor,
    people_only,
    public,
    requires,
    same_site_path,
    token_hash,
    vouch_by_pin_with,
)
from ampera.web import cookies, limits

pages = Blueprint("pins", __name__)
Page = str | Response | tuple[str, int]


@pages.get("/login/switch")
@public
def show() -> Page:
    """Who takes over this tablet, and the own PIN on it."""
    return _page({}, request.args.get("next", ""))


@pages.post("/login/switch")
@public
@limits.failures("60/minute")
def switch() -> Page:
    """Another officer goes on in this browser; the session that was here ends."""
    target, device = request.form.get("next", ""), _device()
    badge = request.form.get("badge", "")
    pin = _pin_of_badge(device, badge) if badge else _chosen_pin(device)
    if device is None or pin is None:
        why = message(AccountRefusal.BADGE_UNKNOWN) if badge else gettext("Pilih siapa yang melanjutkan.")
        return _page({"who": why}, target), 422
    owner = proofs.judge(device, pin, request.form.get("pin", ""))
    if isinstance(owner, Refused):
        return _page({"pin": message(owner.code)}, target), owner.status
    proved = Proved(owner.actor, None, owner.staff.password_hash)
    answer = start(proved, same_site_path(target, HOME[owner.actor.role]), PinEntry(pin.id))
    if isinstance(answer, Refused):
        why = AccountRefusal.PIN_OVER if answer.status == MISSED else answer.code
        return _page({"pin": message(why)}, target), answer.status
    return answer


@pages.post("/login/pin")
@people_only
@requires(*ANYONE)
@limits.guesses("60/minute")
def make() -> Page:
    """The own PIN on this tablet. It always asks for the password: a colleague at a tablet that somebody has just
    signed in on must not give that account a PIN.
    """
    device, pin = _device(), request.form.get("pin", "")[:MAX_TYPED]
    target = request.form.get("next", "")
    if device is None:
        return redirect(url_for("accounts.login"))
    if wrong := _wrong(pin, request.form.get("again", "")[:MAX_TYPED]):
        return _page(wrong, target), 422
    if refused := prove(request.form.get("password", "")):
        return _page({"password": message(refused.code, refused.status)}, target), refused.status
    service.make(actor(), device_key(device), proofs.hashed(device, pin))
    flash(gettext("PIN Anda berlaku di tablet ini sampai giliran kerja ini selesai."), "go")
    return redirect(url_for("pins.show", next=same_site_path(target, HOME[actor().role])), 303)


@pages.post("/login/pin/remove")
@people_only
@requires(*ANYONE)
def remove() -> Page:
    if device := _device():
        service.remove(actor(), device_key(device))
    flash(gettext("PIN Anda sudah dihapus dari tablet ini."), "go")
    return redirect(url_for("pins.show"), 303)


@pages.get("/login/supervisors")
@people_only
@requires(*LANE)
def supervisors() -> Response:
    """Who may decide here with a PIN: the supervisors with one in this browser, by name."""
    with db.reading() as reading:
        found = supervisors_on(reading, device_key(_device()), actor())
    return jsonify(supervisors=[{"pin_id": pin.id, "name": pin.staff.name} for pin in found])


def _vouch(pin_id: int, typed: str) -> Actor | Refused:
    """A supervisor acts on the tablet of this session with the own PIN. An unknown PIN is over, like one that was."""
    device = _device()
    with db.reading() as reading:
        found = supervisors_on(reading, device_key(device), actor())
    pin = next((pin for pin in found if pin.id == pin_id), None)
    if device is None or pin is None:
        return Refused(AccountRefusal.PIN_OVER, 422)  # as the change of officer answers
    owner = proofs.judge(device, pin, typed)
    if isinstance(owner, Refused):
        return owner
    who = replace(owner.actor, tablet=actor().tablet)
    return who if service.vouch(who, pin.id) else Refused(AccountRefusal.PIN_OVER, MISSED)


def _page(wrong: dict[str, str], target: str) -> str:
    who, pins = current_actor(), _pins(_device())
    own = who.staff_id if who and who.kind == "staff" else None
    return render_template(
        "accounts/switch.html",
        others=[pin for pin in pins if pin.staff_id != own],
        is_signed_in=own is not None,
        has_pin=any(pin.staff_id == own for pin in pins),
        wrong=wrong,
        next=same_site_path(target, ""),
        length=numbers.LENGTH,
    )


def _wrong(pin: str, again: str) -> dict[str, str]:
    if not numbers.is_pin(pin):
        return {"new": message(AccountRefusal.PIN_SHAPE)}
    if numbers.is_easy(pin):
        return {"new": message(AccountRefusal.PIN_EASY)}
    return {} if pin == again else {"again": message(AccountRefusal.PIN_UNLIKE)}


def _chosen_pin(device: KnownDevice | None) -> DevicePin | None:
    return next((pin for pin in _pins(device) if str(pin.id) == request.form.get("who", "")), None)


def _pin_of_badge(device: KnownDevice | None, read: str) -> DevicePin | None:
    """The PIN in this browser of the badge's owner. A badge without one is refused like one that nobody has."""
    value = read_value(read)
    with db.reading() as reading:
        owner = owner_with(reading, token_hash(value)) if value else None
    return next((pin for pin in _pins(device) if pin.staff_id == owner), None)


def _pins(device: KnownDevice | None) -> list[DevicePin]:
    with db.reading() as reading:
        return pins_on(reading, device_key(device))


def _device() -> KnownDevice | None:
    """This browser; None when nobody has signed in with it yet."""
    return known_devices.read(_secret(), cookies.read(known_devices.COOKIE))


def _secret() -> str:
    secret: str = current_app.extensions["ampera.settings"].secret_key
    return secret


vouch_by_pin_with(_vouch)
