"""`/login/switch`: one officer hands a tablet to the next. Below `/login` the browser sends its own secret."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from ampera import db
from ampera.accounts import passwords
from ampera.accounts.authentication import Proved
from ampera.accounts.pins import numbers, service
from ampera.accounts.pins.models import DevicePin
from ampera.accounts.pins.queries import pins_on
from ampera.accounts.pins.writes import PinEntry
from ampera.accounts.queries import staff_actor
from ampera.accounts.refusals import AccountRefusal
from ampera.accounts.session_views import HOME, device_key, prove, start
from ampera.accounts.sign_in import known_devices
from ampera.accounts.sign_in.known_devices import KnownDevice
from ampera.errors import Refused, message
from ampera.security import ANYONE, actor, current_actor, people_only, public, requires, same_site_path
from ampera.web import cookies, limits

MAX_TYPED = 12
MISSED = 401

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
    pin = next((pin for pin in _pins(device) if str(pin.id) == request.form.get("who", "")), None)
    if device is None or pin is None:
        return _page({"who": gettext("Pilih siapa yang melanjutkan.")}, target), 422
    who = staff_actor(pin.staff)
    if not service.reserve(pin.id):
        return _page({"pin": message(AccountRefusal.PIN_OVER)}, target), 401
    if not _matches(device, request.form.get("pin", "")[:MAX_TYPED], pin):
        service.record_miss(who)
        return _page({"pin": message(AccountRefusal.PIN_WRONG)}, target), 401
    proved = Proved(who, None, pin.staff.password_hash)
    answer = start(proved, same_site_path(target, HOME[who.role]), PinEntry(pin.id))
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
    service.make(actor(), device_key(device), db.run_in_thread(lambda: passwords.hashed(_text(device, pin))))
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


def _pins(device: KnownDevice | None) -> list[DevicePin]:
    with db.reading() as reading:
        return pins_on(reading, device_key(device))


def _device() -> KnownDevice | None:
    """This browser; None when nobody has signed in with it yet."""
    return known_devices.read(_secret(), cookies.read(known_devices.COOKIE))


def _matches(device: KnownDevice, typed: str, pin: DevicePin) -> bool:
    return db.run_in_thread(lambda: passwords.matches(_text(device, typed), pin.pin_hash))


def _text(device: KnownDevice, pin: str) -> str:
    """What is hashed: with the browser's secret, which the database does not have, six digits cannot be tried out."""
    return f"{device.nonce}\x1f{pin}"


def _secret() -> str:
    secret: str = current_app.extensions["ampera.settings"].secret_key
    return secret
