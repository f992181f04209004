"""Values in the sentence of a verdict. None of them is personal, because they are stored for ever."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from ampera import clock
from ampera.visits.rows import BookRow


def collected_facts(books: Sequence[BookRow], at: datetime) -> dict[str, Any]:
    """When, where and to which class of collector the last of these books was handed over."""
    last = max(books, key=lambda book: book.collected_at or at)
    return {"at": clock.iso(last.collected_at), "lane": last.collected_lane, "collector_class": last.collected_by}
