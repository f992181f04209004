"""How a pickup was found: by its code, by the booking code beside it, or without any code. Pure decisions."""

CODE, BOOKING_CODE, LOOKUP = WAYS = ("code", "booking_code", "lookup")
_STRENGTH = {LOOKUP: 0, BOOKING_CODE: 1, None: 1, CODE: 2}  # None: before 1.2.0, when nothing was found without a code


def is_stronger(way: str | None, than: str | None) -> bool:
    """Whether this way shows more than the one that is known. A code that was shown once stays shown."""
    return _STRENGTH[way] > _STRENGTH[than]
