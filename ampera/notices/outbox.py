"""What applicants will be told, written in the transaction that caused it. Sending is another task's work."""

from sqlalchemy import insert

from ampera import clock, events
from ampera.db import Unit
from ampera.handovers.events import HandedOver
from ampera.notices.models import Notice

COLLECTED = "collected"


@events.during(HandedOver)
def tell_collected(unit: Unit, happened: HandedOver) -> None:
    """One notice per pickup: how many books went out, when, and to which class of collector."""
    rows = [
        {
            "office_id": happened.office_id,
            "pickup_id": pickup_id,
            "kind": COLLECTED,
            "facts": {"books": books, "at": clock.iso(happened.at), "collector": happened.collector_class},
            "state": "waiting",
            "created_at": happened.at,
        }
        for pickup_id, books in happened.books.items()
    ]
    unit.conn.execute(insert(Notice), rows)
