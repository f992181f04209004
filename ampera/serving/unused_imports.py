"""Libraries that others import just in case. The server never uses them, and they cost a fifth of its start."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

LOGGING = ("rich",)  # structlog's coloured output
# The clients and message queues of python-socketio. `redis_relay` imports Redis itself where it is configured.
SOCKETS = ("redis", "requests", "websocket")


@contextmanager
def without(names: tuple[str, ...]) -> Iterator[None]:
    """Importing one of these libraries fails inside the block, as if the library were not installed."""
    blocked = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(blocked))  # type: ignore[arg-type]  # None makes `import` raise ImportError
    try:
        yield
    finally:
        for name in blocked:
            del sys.modules[name]
