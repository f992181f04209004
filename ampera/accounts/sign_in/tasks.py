"""Counters of wrong passwords are deleted when no rule needs them any more."""

from ampera import tasks
from ampera.accounts.sign_in import tries_service

EVERY_SECONDS = 3600


@tasks.every(EVERY_SECONDS)
def delete_old_tries() -> None:
    tries_service.delete_old()
