"""How an office already spells its groups, so that `Keluarga Contoh` and `KELUARGA CONTOH` share one pickup."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from ampera.passports.imports.row import CheckedRow
from ampera.passports.models import Passport
from ampera.passports.states import ON_SHELF


def of_one_spelling(session: Session, office_id: int, rows: Sequence[CheckedRow]) -> list[CheckedRow]:
    """The rows with their groups as the office spells them already."""
    spelling = _spellings(session, office_id, (row.record.group_name for row in rows if row.record))
    return [_spelled(row, spelling) for row in rows]


def _spelled(row: CheckedRow, spelling: dict[str, str]) -> CheckedRow:
    if row.record is None or row.record.group_name is None:
        return row
    return row._replace(record=row.record._replace(group_name=spelling[_folded(row.record.group_name)]))


def _folded(group: str) -> str:
    """A group without its case and the width of its blanks."""
    return " ".join(group.casefold().split())


def _spellings(session: Session, office_id: int, groups: Iterable[str | None]) -> dict[str, str]:
    """Folded group -> its spelling: the one of books on the shelf, else the first one given."""
    given: dict[str, str] = {}
    for group in groups:
        if group:
            given.setdefault(_folded(group), group)
    if not given:
        return {}
    known = select(Passport.group_name).where(
        Passport.office_id == office_id, Passport.state.in_(ON_SHELF), Passport.group_name.is_not(None)
    )
    stored = session.scalars(known.distinct().order_by(Passport.group_name))
    on_shelf = {_folded(group): group for group in stored if group}
    return {folded: on_shelf.get(folded, group) for folded, group in given.items()}
