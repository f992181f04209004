"""Pushes the open calls to the pages of an office's supervisors."""

from typing import Any

from sqlalchemy.orm import Session

from ampera import events, realtime
from ampera.passports.events import BookChanged
from ampera.realtime import Feed, Ticket
from ampera.security import SUPERVISOR, of_handshake
from ampera.visits.events import SupervisorCallChanged, VisitChanged
from ampera.visits.supervisor_calls import queries


def publish(event: SupervisorCallChanged | VisitChanged | BookChanged) -> None:
    realtime.news("/supervisor", str(event.office_id))


for kind in (SupervisorCallChanged, VisitChanged, BookChanged):
    events.after(kind)(publish)


def _admit(_auth: dict[str, Any]) -> Ticket | None:
    actor = of_handshake({})
    return Ticket(str(actor.office_id), actor, actor.office_id) if actor and actor.role in SUPERVISOR else None


def _state(session: Session, room: str) -> dict[str, Any]:
    return queries.open_calls_state(session, int(room))


realtime.register(Feed("/supervisor", _admit, _state))
