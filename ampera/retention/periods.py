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
    "scan_answers": "keep_answers_days",  # names and vehicles in the stored answer of a scan or lookup
    "handover_answers": "keep_answers_days",  # the same in the stored answer of a handover
}
PERSONAL = ("holder_name", "plate_masked", "look")  # in a stored answer
ERASED = "erased"  # marks a stored answer without them


@dataclass(frozen=True)
class Erasure:
    """What a run deletes: the ids of the rows of one kind whose purpose was met before `before`."""

    kind: str
    days: int
    before: datetime
    ids: tuple[int | str, ...]

    @property
    def rows(self) -> int:
        return len(self.ids)


def without_persons(answer: Any) -> Any:
    """A stored answer without what it says about people; verdict, numbers, states and times stay."""
    if isinstance(answer, list):
        return [without_persons(item) for item in answer]
    if not isinstance(answer, dict):
        return answer
    return {key: "" if key in PERSONAL and value else without_persons(value) for key, value in answer.items()}


def is_limited(options: dict[str, Any], kind: str) -> bool:
    """Whether this office deletes this kind at all."""
    return option(options, KINDS[kind]) is not None


def met_before(options: dict[str, Any], kind: str, at: datetime) -> datetime:
    """Data of this kind go when their purpose was met before this moment."""
    return at - timedelta(days=days_of(options, kind))


def days_of(options: dict[str, Any], kind: str) -> int:
    return int(option(options, KINDS[kind]))
