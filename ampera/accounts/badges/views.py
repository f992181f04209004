"""Prints and revokes badges: the own one at `/account/badge`, those of the office at `/admin/accounts/ID/badge`."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from ampera import db
from ampera.accounts.badges import service
from ampera.accounts.badges.queries import badge_of
from ampera.accounts.badges.values import new_value
from ampera.accounts.models import Staff
from ampera.accounts.queries import office_of, staff_member
from ampera.accounts.session_views import need_fresh_proof
from ampera.errors import Problem, Refusal, message, raise_refusal
from ampera.security import ADMIN, ANYONE, actor, people_only, requires, token_hash

pages = Blueprint("badges", __name__)
Page = str | BaseResponse | tuple[str, int]


@pages.get("/account/badge")
@people_only
@requires(*ANYONE)
def show_own() -> Page:
    return _page(_staff(actor().staff_id or 0), {})


@pages.post("/account/badge")
@people_only
@requires(*ANYONE)
def print_own() -> Page:
    return _print(_staff(actor().staff_id or 0))


@pages.post("/account/badge/revoke")
@people_only
@requires(*ANYONE)
def revoke_own() -> Page:
    """Needs no fresh password: a badge that was lost must not wait."""
    return _revoke(_staff(actor().staff_id or 0))


@pages.get("/admin/accounts/<int:staff_id>/badge")
@requires(*ADMIN)
def show(staff_id: int) -> Page:
    return _page(_staff(staff_id), {})


@pages.post("/admin/accounts/<int:staff_id>/badge")
@people_only
@requires(*ADMIN)
def print_badge(staff_id: int) -> Page:
    return _print(_staff(staff_id))


@pages.post("/admin/accounts/<int:staff_id>/badge/revoke")
@people_only
@requires(*ADMIN)
def revoke(staff_id: int) -> Page:
    return _revoke(_staff(staff_id))


def _print(staff: Staff) -> Page:
    """A new badge as a file; the earlier one ends. Its value is nowhere else: who loses the file prints another."""
    if refused := need_fresh_proof():
        return _page(staff, {"proof": message(refused.code, refused.status)}), refused.status
    from ampera.accounts.badges import card

    value = new_value()
    raise_refusal(service.make(actor(), staff.id, token_hash(value)))
    with db.reading() as session:
        office = office_of(session, staff.office_id)
    drawn = db.run_in_thread(lambda: card.pdf(value, staff.name, office.name))
    answer: Response = make_response(drawn)
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = "attachment; filename=lencana.pdf"
    return answer


def _revoke(staff: Staff) -> Page:
    raise_refusal(service.revoke(actor(), staff.id))
    flash(gettext("Lencana dicabut."), "go")
    return redirect(_address(staff), 303)


def _page(staff: Staff, wrong: dict[str, str]) -> str:
    with db.reading() as session:
        office, badge = office_of(session, actor().office_id or 0), badge_of(session, staff.id)
    return render_template(
        "accounts/badge.html", office=office, staff=staff, badge=badge, wrong=wrong, address=_address(staff),
        is_own=staff.id == actor().staff_id,
    )  # fmt: skip


def _address(staff: Staff) -> str:
    is_own = staff.id == actor().staff_id
    return url_for("badges.show_own") if is_own else url_for("badges.show", staff_id=staff.id)


def _staff(staff_id: int) -> Staff:
    with db.reading() as session:
        found = staff_member(session, actor().office_id or 0, staff_id)
    if found is None:
        raise Problem(Refusal.NOT_FOUND, 404)
    return found
