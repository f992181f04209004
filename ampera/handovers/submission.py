"""What one confirm at the window sends, and what it is answered."""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

from ampera.handovers.collectors import Collector
from ampera.handovers.evidence import Identity
from ampera.handovers.signatures import Drawn


@dataclass(frozen=True)
class BookInHand:
    """One book as the officer holds it: the number read from it, and its holder's identity from the card."""

    passport_id: int
    book: str
    identity: Identity


@dataclass(frozen=True)
class Request:
    """Everything one confirm sends. `key` was made when the form opened."""

    key: str
    visit_id: int
    books: tuple[BookInHand, ...]
    collector: Collector
    signature: Drawn | None
    unsigned_reason: str | None = None

    def body_hash(self, office_id: int | None) -> str:
        signature = self.signature and self.signature.sha256
        body = [office_id, self.visit_id, [asdict(one) for one in self.books], asdict(self.collector), signature]
        text = json.dumps([*body, self.unsigned_reason], default=str)
        return hashlib.sha256(f"{self.key}\0{text}".encode()).hexdigest()


@dataclass(frozen=True)
class Answer:
    """What the tablet is told, and whether this request wrote it or an earlier one did."""

    body: dict[str, Any]
    is_new: bool
