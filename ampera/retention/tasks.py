"""Every hour the server deletes what is due. On most hours nothing is, and then nothing is written."""

from collections import Counter

from sqlalchemy import select

from ampera import audit, db, tasks
from ampera.offices.models import Office
from ampera.retention import service
from ampera.retention.periods import Due
from ampera.retention.queries import due

EVERY_SECONDS = 3600


@tasks.every(EVERY_SECONDS)
def delete_due() -> None:
    with db.reading() as session:
        offices = list(session.scalars(select(Office)))
        found = {office.id: due(session, office) for office in offices}
    for office_id, kinds in found.items():
        delete_all(office_id, kinds)


def delete_all(office_id: int, kinds: list[Due]) -> dict[str, int]:
    """Delete everything that is due, batch after batch; returns the rows of each kind."""
    erased: Counter[str] = Counter()
    for kind in kinds:
        erased[kind.kind] = 0
        while kind.rows and (rows := service.erase(audit.command(office_id), kind.kind, kind.before)):
            erased[kind.kind] += rows
    return dict(erased)
