"""Why an officer calls a supervisor, what the supervisor may decide, and how a call ends. Pure rules."""

LOCKED, OVERDUE, NO_SIGNATURE, OTHER = "locked", "overdue", "no_signature", "other"
REASONS = (LOCKED, OVERDUE, NO_SIGNATURE, OTHER)

# `attend`: the supervisor came to the vehicle, and nothing had to be allowed.
UNLOCK, ALLOW_LATE, ALLOW_UNSIGNED, REFUSE, ATTEND = "unlock", "allow_late", "allow_unsigned", "refuse", "attend"
DECISIONS = (UNLOCK, ALLOW_LATE, ALLOW_UNSIGNED, REFUSE, ATTEND)

DECIDED, WITHDRAWN, VISIT_OVER = "decided", "withdrawn", "visit_over"
ENDS = (DECIDED, WITHDRAWN, VISIT_OVER)


def needs_reason(decision: str) -> bool:
    """Whether the supervisor must write why: the reason becomes part of the record of the book."""
    return decision in (ALLOW_LATE, ALLOW_UNSIGNED)
