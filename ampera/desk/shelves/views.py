"""The page that checks a rack: choose it, scan its books, see what is missing, foreign or surplus. It works as a form.

It is in this slice because it reads books, their picks and the audit of earlier checks.
"""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from ampera import audit, clock, db, formats
from ampera.desk.refusals import DeskRefusal
from ampera.desk.shelves import queries
from ampera.desk.shelves.api import compared, rack_named
from ampera.errors import message
from ampera.offices.queries import office_card
from ampera.passports import shelf_check
from ampera.passports.refusals import PassportRefusal
from ampera.security import DESK, actor, requires

VERDICTS = {
    "here": ("go", _l("Ada di sini")),
    "missing": ("stop", _l("Tidak ada")),
    "away": ("neutral", _l("Sedang dibawa")),
    "foreign": ("wait", _l("Salah rak")),
    "twin": ("wait", _l("Nomor ganda")),
    "surplus": ("stop", _l("Bukan untuk rak")),
}
WHY = {
    "collected": _l("sudah diambil menurut catatan"),
    "cancelled": _l("paspor dibatalkan"),
    "unknown": _l("tidak ada di catatan kantor ini"),
    "unreadable": _l("bukan nomor paspor"),
}
TEXT_LENGTH = 20_000

pages = Blueprint("shelves", __name__)


@pages.get("/desk/shelves")
@requires(*DESK)
def choose() -> str:
    """The list of racks, or with `?rack=` the check of one."""
    return _page(request.args.get("rack", ""), "")


@pages.post("/desk/shelves")
@requires(*DESK)
def check() -> str | Response:
    """Compare `numbers` with `rack`. `act=finish` also records the counts in the audit. Without numbers: open the rack.

    Only a rack that has books gets its address: a scanner may have typed the number of a passport or a code.
    """
    if "numbers" not in request.form and (rack := _rack_with_books(request.form.get("rack", ""))):
        return redirect(url_for("shelves.choose", rack=rack), 303)
    return _page(request.form.get("rack", ""), request.form.get("numbers", ""), is_sent=True)


def _rack_with_books(text: str) -> str | None:
    rack = rack_named(text)
    has_books = rack and db.long_read_in_thread(queries.compared, actor().office_id or 0, rack, ())
    return rack if has_books else None


def _page(wanted: str, text: str, is_sent: bool = False) -> str:
    who, rack, typed = actor(), rack_named(wanted), shelf_check.numbers_in(text[:TEXT_LENGTH])
    problem = PassportRefusal.SHELF_INVALID if wanted.strip() and rack is None else ""
    if len(typed) > shelf_check.MOST or len(text) > TEXT_LENGTH:
        problem = DeskRefusal.TOO_MANY_NUMBERS
    with db.reading() as session:
        office = office_card(session, who.office_id or 0)
        found = [] if rack else queries.racks(session, office.id)
    lines = compared(rack, typed) if rack and not problem else []
    counts = shelf_check.counts(lines)
    is_finished = is_sent and request.form.get("act") == "finish" and rack is not None and not problem
    if is_finished and rack:
        audit.note_access(who, queries.ACTION, queries.subject(rack), counts)
    return render_template(
        "desk/shelves.html",
        office=office,
        rack=rack,
        wanted=wanted,
        problem=message(problem, 422) if problem else "",
        racks=found,
        typed=typed if not problem else [],
        text=text[:TEXT_LENGTH],
        lines=lines,
        counts=counts,
        is_sent=is_sent and not problem,
        is_finished=is_finished,
        at=formats.date_time(clock.now(), office.timezone),
        verdicts=VERDICTS,
        why=WHY,
        most=shelf_check.MOST,
    )
