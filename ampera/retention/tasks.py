"""Every hour the server deletes what is due. On most hours nothing is, and then nothing is written."""

from collections.abc import Iterator

from sqlalchemy import select

from ampera import audit, db, tasks
from ampera.offices.models import Office
from ampera.retention import service
from ampera.retention.periods import Erasure
from ampera.retention.queries import erasures

EVERY_SECONDS = 3600
BATCH = 500  # rows of one transaction: the lane waits for no longer one


@tasks.every(EVERY_SECONDS)
def delete_due() -> None:
    with db.reading() as session:
        offices = list(session.scalars(select(Office)))
    for office in offices:
        delete_all(office.id, db.long_read_in_thread(erasures, office))


def delete_all(office_id: int, due: list[Erasure]) -> dict[str, int]:
    """Delete everything that is due, batch after batch; returns the rows of each kind."""
    who = audit.command(office_id)
    return {
        erasure.kind: sum(service.erase(who, erasure.kind, erasure.before, batch) for batch in _batches(erasure.ids))
        for erasure in due
    }


def _batches(rows: tuple[int | str, ...]) -> Iterator[tuple[int | str, ...]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]
