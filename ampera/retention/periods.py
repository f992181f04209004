"""The periods of personal data: each kind goes so many days after its purpose was met (UU 27/2022 Pasal 42-44)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ampera.offices.options.defaults import option

# Kind of data -> the office's option with the days.
KINDS = {
    "identity": "keep_identity_days",  # NIK, number of the old document, values of corrections
    "contacts": "keep_contacts_days",  # phone, e-mail, the announced collector
    "messages": "keep_messages_days",  # address and first name of a message that is over
    "requests": "keep_requests_days",  # the words of a person's request and of its answer
}


@dataclass(frozen=True)
class Erasure:
    """What a run deletes: the ids of the rows of one kind whose purpose was met before `before`."""

    kind: str
    days: int
    before: datetime
    ids: tuple[int, ...]

    @property
    def rows(self) -> int:
        return len(self.ids)


def met_before(options: dict[str, Any], kind: str, at: datetime) -> datetime:
    """Data of this kind go when their purpose was met before this moment."""
    return at - timedelta(days=days_of(options, kind))


def days_of(options: dict[str, Any], kind: str) -> int:
    return int(option(options, KINDS[kind]))
