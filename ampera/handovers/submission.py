"""One submission of the form at the window, and the answer that it gets."""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

from ampera.handovers.collectors.checklists import Capacity, Collector
from ampera.handovers.evidence import Identity
from ampera.handovers.signatures import Drawn


@dataclass(frozen=True)
class BookInHand:
    """One book as the officer holds it: the number read from it, and its holder's identity from the card.

    `kind` and `shown` say in which class the collector takes this book and on which evidence; None: as all books.
    """

    passport_id: int
    book: str
    identity: Identity
    kind: str | None = None
    shown: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Submission:
    """Everything that one confirmation sends. `key` was made when the form opened."""

    key: str
    visit_id: int
    books: tuple[BookInHand, ...]
    collector: Collector
    signature: Drawn | None
    unsigned_reason: str | None = None
    signed_text: str | None = None

    def capacities(self) -> list[Capacity]:
        """In which class each book is taken, in the order of the books."""
        default = self.collector
        return [
            Capacity(
                kind=book.kind or default.kind,
                shown=default.shown if book.shown is None else book.shown,
                has_own_list=book.shown is not None,
            )
            for book in self.books
        ]

    def body_hash(self, office_id: int | None) -> str:
        """SHA-256 of the whole submission. Stored hashes are compared with it for ever: never change the order."""
        signature = self.signature and self.signature.sha256
        books = [_hashed(book) for book in self.books]
        body = [office_id, self.visit_id, books, asdict(self.collector), signature, self.unsigned_reason]
        if self.signed_text is not None:  # hashes from before it was sent stay the same
            body.append(self.signed_text)
        return hashlib.sha256(f"{self.key}\0{json.dumps(body, default=str)}".encode()).hexdigest()


def _hashed(book: BookInHand) -> dict[str, Any]:
    """The book without what it does not say: hashes from before rows had a class of their own stay the same."""
    columns = asdict(book)
    return {name: columns[name] for name in columns if name not in ("kind", "shown") or columns[name] is not None}


@dataclass(frozen=True)
class Answer:
    """The body that the tablet receives, and whether this submission recorded it or an earlier one did."""

    body: dict[str, Any]
    is_new: bool
