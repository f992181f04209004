"""The worker that mails checkpoints of the history, in a loop of its own: a mail server that hangs delays no task."""

from functools import partial

import structlog

from ampera import db, tasks
from ampera.history import checkpoint_mail
from ampera.notices.channels import smtp
from ampera.notices.channels.base import Failed
from ampera.settings import Settings

NAME = "checkpoint mail"
LOOK_SECONDS = 60.0
AFTER_FAILURE_SECONDS = 300.0
SECONDS = 30.0  # limit of one mail

log = structlog.get_logger()


def step(settings: Settings) -> float:
    """Mail a checkpoint when one is due; returns the seconds until the next look."""
    if tasks.is_stopping():
        return 0.0
    try:
        with checkpoint_mail.alone(settings) as is_alone:
            reason = _mail_due(settings) if is_alone else ""
    except OSError as error:  # the instance folder cannot be written: without a pause every look would send a mail
        reason = type(error).__name__
    if not reason:
        return LOOK_SECONDS
    log.error("no checkpoint was mailed", reason=reason)
    return AFTER_FAILURE_SECONDS


def _mail_due(settings: Settings) -> str:
    """Why the checkpoint that is due was not sent; empty when it was, or when none is due."""
    with db.reading() as session:
        signed = checkpoint_mail.due(session, settings)
    channel = smtp.from_settings(settings)
    if signed is None or channel is None:
        return ""
    try:
        mail = checkpoint_mail.written(signed, settings)
        result = tasks.within(SECONDS, partial(channel.post, settings.checkpoint_mail, mail))
    except TimeoutError:
        return "timeout"
    finally:
        channel.close()
    if isinstance(result, Failed):
        return result.reason
    checkpoint_mail.remember(signed, settings)
    return ""


def prepare(settings: Settings) -> tasks.Step | None:
    return partial(step, settings) if settings.checkpoint_mail else None


tasks.worker(NAME, prepare)
