"""Checkpoints by mail: when one is due, how it is written, and which one was sent last.

The mailbox holds the proof. The copy in the instance folder only remembers what the mail server took, and when.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr, parseaddr
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from ampera import clock
from ampera.history import checkpoints
from ampera.installation import private_files
from ampera.settings import Settings

EVERY = timedelta(hours=1)  # a mailbox is read by people; the folder of the settings gets one every five minutes
KEPT = "mailed-checkpoint.json"
TEXT = """\
Lampiran ini adalah titik periksa bertanda tangan dari riwayat {site}. Simpan surel ini; jangan diubah.
Untuk membuktikan bahwa riwayat tidak ditulis ulang sejak saat itu, di server:

    ampera audit verify --checkpoint {name}

The attachment is a signed checkpoint of the history of {site}. Keep this mail as it is. The command above
proves on the server that the history has not been rewritten since.
"""


@contextmanager
def alone(settings: Settings) -> Iterator[bool]:
    """Whether this process may send now: of several servers on one machine, one does."""
    file = private_files.make_folder(settings.instance) / f"{KEPT}.lock"
    with os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT, private_files.FILE), "r+") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def due(session: Session, settings: Settings) -> dict[str, Any] | None:
    """The checkpoint to send now. None while the history has not grown, and within an hour after the last one."""
    last, heads = last_sent(settings), checkpoints.chains(session)
    if not heads or last.get("chains") == heads:
        return None
    if last and timedelta(0) <= clock.now() - datetime.fromisoformat(last["at"]) < EVERY:
        return None
    return checkpoints.checkpoint(session, settings.secret_key)


def written(signed: dict[str, Any], settings: Settings) -> bytes:
    """The complete mail, with the checkpoint as its attachment. Nothing personal is in it."""
    at = datetime.fromisoformat(signed["at"])
    name, site = checkpoints.NAME.replace("*", f"{at:%Y%m%d-%H%M%S}"), settings.site()
    shown, address = parseaddr(settings.mail_from)
    mail = EmailMessage()
    mail["From"], mail["To"] = formataddr((shown, address)), settings.checkpoint_mail
    mail["Subject"] = f"Checkpoint {at:%Y-%m-%d %H:%M} UTC, {site}"
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<checkpoint-{signed['signature'][:32]}@{address.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: asks for no automatic replies
    mail.set_content(TEXT.format(site=site, name=name))
    mail.add_attachment(checkpoints.text(signed).encode(), "application", "json", filename=name)
    return mail.as_bytes(policy=SMTP)


def remember(signed: dict[str, Any], settings: Settings) -> None:
    """Keep that the mail server took this checkpoint for the address of the settings."""
    checkpoints.store(_file(settings), {**signed, "to": settings.checkpoint_mail})


def last_sent(settings: Settings) -> dict[str, Any]:
    """The checkpoint that went last to the address of the settings; empty when none did."""
    last = checkpoints.read(_file(settings))
    return last if last.get("to") == settings.checkpoint_mail else {}


def _file(settings: Settings) -> Path:
    return settings.instance / KEPT
