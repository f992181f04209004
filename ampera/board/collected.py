"""A book that was handed over is no longer on its way: its pick goes in the same transaction."""

from sqlalchemy import bindparam, delete

from ampera import events
from ampera.db import Unit
from ampera.handovers.events import HandedOver
from ampera.visits.models import Pick


@events.during(HandedOver)
def handed_over(unit: Unit, happened: HandedOver) -> None:
    unit.conn.execute(_FORGET, {"books": happened.passport_ids})


_FORGET = delete(Pick).where(Pick.passport_id.in_(bindparam("books", expanding=True)))
