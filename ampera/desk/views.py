"""The pages of the desk: search and pick list, and the whole story of one book.

They read books, codes, visits, handovers and the board's pick list, so the slice is to the right of all of these.
"""

from typing import Any

from flask import Blueprint, abort, current_app, render_template, request

from ampera import audit, clock, db
from ampera.board.desk_queries import desk_state
from ampera.bookings.slots import rules_of
from ampera.desk import story_messages
from ampera.desk.api import guesses, searched_text
from ampera.desk.search_queries import hits, shown_status, without_code
from ampera.desk.story_queries import story
from ampera.errors import Problem
from ampera.notices import history_labels
from ampera.notices.channels.registry import available
from ampera.notices.history_queries import history
from ampera.offices.options.rights import SEARCH, is_given
from ampera.offices.queries import LaneCard, lanes_of, office_card
from ampera.offices.refusals import OfficeRefusal
from ampera.passports.corrections.labels import lines
from ampera.passports.corrections.queries import confirmed_of, open_of
from ampera.passports.deadlines import collect_by
from ampera.passports.labels import BOOK_STATES, CANCEL_GROUNDS, masked_nik
from ampera.passports.queries import book
from ampera.passports.search.ways import MAX_TEXT
from ampera.pickups import messages
from ampera.pickups import queries as pickups
from ampera.pickups.codes import CodeKeys, printed
from ampera.pickups.queries import Card
from ampera.reports.persons.request_queries import waiting
from ampera.security import DESK, STAFF, actor, requires
from ampera.settings import Settings
from ampera.visits.labels import VISIT_STATES

SHOWN = ("holder_name", "application_no", "shelf", "state", "story")
SHOWN_TO_DESK = (*SHOWN, "phone", "email", "booking_code")

pages = Blueprint("desk", __name__)


@pages.route("/desk", methods=["GET", "POST"])
@requires(*STAFF)
@guesses
def desk() -> str:
    """Search and the pick list of this moment by shelf or `?by=vehicle`; scripts keep both live.

    The form posts the text: a name or a code in an address would stay in the browser's history and in logs. Old
    addresses with `?q=` still answer. A whole pickup code is never repeated on the page.
    """
    text, who = searched_text()[:MAX_TEXT], actor()
    with db.reading() as session:
        office = office_card(session, who.office_id or 0)
        state = desk_state(session, office.id)
        places = _places(lanes_of(session, office.id))
        asked = waiting(session, office.id, clock.now()) if who.role in DESK else None
    may_search = is_given(office.options, SEARCH, who.role)
    if text and not may_search:
        raise Problem(OfficeRefusal.RIGHT_NOT_GIVEN, 403)
    found = db.read_in_thread(hits, office, text, clock.today(office.timezone)) if text else []
    if text:
        audit.note_search(who, "books", without_code(text), len(found), [hit.book.id for hit in found])
    rows = {book["passport_id"]: (visit, book) for visit in state["picks"] for book in visit["books"]}
    return render_template(
        "desk/desk.html",
        office=office,
        q=without_code(text),
        may_search=may_search,
        is_search=bool(text),
        found=found,
        by_vehicle=request.args.get("by") == "vehicle",
        state=state,
        walk=[rows[passport_id] for passport_id in state["walk"]],
        carried=[
            (visit, book)
            for visit, book in rows.values()
            if book["pick"] == "taken" and book["pick_staff_id"] == who.staff_id
        ],
        places=places,
        is_desk=who.role in DESK,
        asked=asked,
        book_states=BOOK_STATES,
        visit_states=VISIT_STATES,
        has_slots=rules_of(office.options).is_on,
    )


def _places(lanes: list[LaneCard]) -> list[dict[str, Any]]:
    """Where a book can be brought: each window of each lane."""
    return [
        {"value": f"{lane.number}/{window}", "lane": lane.number, "window": window, "windows": lane.windows}
        for lane in lanes
        for window in range(1, lane.windows + 1)
    ]


@pages.get("/desk/books/<int:passport_id>")
@requires(*STAFF)
def book_page(passport_id: int) -> str:
    """One book in full. The audit records that the page was opened, and which fields it showed."""
    who = actor()
    is_desk = who.role in DESK
    with db.reading() as session:
        office = office_card(session, who.office_id or 0)
        found = book(session, office.id, passport_id)
        if found is None:
            abort(404)
        pickup = found.pickup_id and pickups.card(session, found.pickup_id, office.id)
        events = story(session, found)
        notices = history(session, found.pickup_id, office.id) if found.pickup_id else []
        corrections = open_of(session, office.id, passport_id)
        corrected = confirmed_of(session, office.id, passport_id) if who.role == "supervisor" else []
    settings = current_app.extensions["ampera.settings"]
    has_values = who.role == "supervisor" and (corrections or corrected)
    shown = {"fields": (*(SHOWN_TO_DESK if is_desk else SHOWN), *(("correction",) if has_values else ()))}
    audit.note_access(who, "passport.viewed", f"passport:{passport_id}", shown)
    return render_template(
        "desk/book.html",
        office=office,
        book=found,
        status=shown_status(found, office, clock.today(office.timezone)),
        last_day=collect_by(found.issued_on, office.options, found.late_until),
        pickup=pickup,
        story=[event for event in events if event.action not in story_messages.QUIET],
        looks=[event for event in events if event.action in story_messages.QUIET],
        messages=story_messages,
        book_states=BOOK_STATES,
        masked_nik=masked_nik(found.nik),
        printed=printed,
        is_desk=is_desk,
        is_supervisor=who.role == "supervisor",
        corrections=corrections,
        corrected=corrected,
        lines=lines,
        staff_id=who.staff_id,
        grounds=[(letter, f"{letter}. {words}") for letter, words in CANCEL_GROUNDS.items()],
        message_links=_message_links(pickup, settings) if pickup and is_desk else None,
        notices=[history_labels.line(notice) for notice in notices],
        has_channels=bool(available(settings)),
    )


def _message_links(pickup: Card, settings: Settings) -> messages.MessageLinks | None:
    return messages.message_links(pickup, CodeKeys.parse(settings.code_keys), settings.site(request.host_url))
