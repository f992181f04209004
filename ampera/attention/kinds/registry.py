"""All kinds, in the order in which a supervisor should look at them."""

from ampera.attention.kind import Kind
from ampera.attention.kinds import books, days, lane, machines, people

KINDS: tuple[Kind, ...] = (
    lane.CALLS,
    books.LOCKED,
    lane.MISSING,
    people.REQUESTS,
    people.MESSAGES,
    machines.SCREENS,
    machines.LATE,
    days.DAYS,
    people.UNUSUAL,
    books.CORRECTIONS,
    books.OVERDUE,
    books.HELD,
    machines.TABLETS,
    machines.KEYS,
)


def kinds_of(role: str) -> list[Kind]:
    """What this role may act on."""
    return [kind for kind in KINDS if role in kind.roles]
