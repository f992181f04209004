"""How an office already spells its groups, so that `Keluarga Contoh` and `KELUARGA CONTOH` share one pickup."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from ampera.passports.models import Passport
from ampera.passports.states import ON_SHELF


def folded_group(group: str) -> str:
    """A group without its case and the width of its blanks."""
    return " ".join(group.casefold().split())


def spellings(session: Session, office_id: int, groups: Iterable[str]) -> dict[str, str]:
    """Folded group -> its spelling: the one of books on the shelf, else the first one given."""
    given: dict[str, str] = {}
    for group in groups:
        given.setdefault(folded_group(group), group)
    if not given:
        return {}
    known = select(Passport.group_name).where(
        Passport.office_id == office_id, Passport.state.in_(ON_SHELF), Passport.group_name.is_not(None)
    )
    stored = session.scalars(known.distinct().order_by(Passport.group_name))
    on_shelf = {folded_group(group): group for group in stored if group}
    return {folded: on_shelf.get(folded, group) for folded, group in given.items()}
