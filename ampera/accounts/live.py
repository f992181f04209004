"""Whose access has ended stops hearing news at once."""

from ampera import events, realtime
from ampera.accounts.events import AccessEnded


@events.after(AccessEnded)
def close_their_sockets(_ended: AccessEnded) -> None:
    realtime.recheck()
