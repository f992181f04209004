"""The statements that a test's database executes."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from sqlalchemy import Engine, event


@contextmanager
def executed(*engines: Engine) -> Iterator[list[str]]:
    """Every statement of these engines inside the block, in their order.

    While somebody listens SQLAlchemy executes each statement, also those that are compiled once. So a listener ends
    with its block: the next test shares the engine, and must take the way that a server takes.
    """
    found: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_more: object) -> None:
        found.append(statement)

    with ExitStack() as listening:
        for engine in engines:
            event.listen(engine, "before_cursor_execute", note)
            listening.callback(event.remove, engine, "before_cursor_execute", note)
        yield found
