"""Whether the classes in which the collector takes the books can all be true: one person, named once."""

from collections.abc import Sequence

from ampera.errors import Refusal, Refused
from ampera.handovers.cases import CaseBook
from ampera.handovers.collectors.checklists import SELF
from ampera.handovers.refusals import HandoverRefusal
from ampera.handovers.submission import Submission
from ampera.typed_text import folded
from ampera.visits.holders import holder_numbers


def refusal(books: Sequence[CaseBook], submission: Submission) -> Refused | None:
    """Why the classes of these books cannot all be true, at the place of each class.

    `not_the_holder`: an applicant's own books are of one holder, who is the named collector. `invalid`: another book of
    the same holder is taken in another class.
    """
    classes = [capacity.kind for capacity in submission.capacities()]
    own = [n for n, kind in enumerate(classes) if kind == SELF]
    if not own:
        return None
    holders = holder_numbers(books)
    is_collectors = [holder == holders[own[0]] for holder in holders]
    others = [n for n in own if not is_collectors[n]]
    if not others and not _is_named_as(books[own[0]], submission):
        others = own
    if others:
        return _at(others, HandoverRefusal.NOT_THE_HOLDER)
    elsewhere = [n for n, kind in enumerate(classes) if is_collectors[n] and kind != SELF]
    return _at(elsewhere, Refusal.INVALID) if elsewhere else None


def _is_named_as(book: CaseBook, submission: Submission) -> bool:
    """Whether the typed name can be that of this book's holder. Nobody is named who takes only their own books."""
    name = submission.collector.name
    is_named = any(capacity.kind != SELF for capacity in submission.capacities()) and name.strip()
    return not is_named or folded(name) == folded(book.holder_name)


def _at(rows: Sequence[int], code: Refusal | HandoverRefusal) -> Refused:
    return Refused(code, 422, {f"passports.{n}.class": code for n in rows})
