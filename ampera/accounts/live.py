"""Ended access closes the live sockets of the account or device at once."""

from ampera import events, realtime
from ampera.accounts.events import AccessEnded


@events.after(AccessEnded)
def close_sockets(_ended: AccessEnded) -> None:
    realtime.recheck()
