"""What the doctor says about the history: whether it is as it was, and whether a proof of it lies elsewhere."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ampera import clock, db
from ampera.audit import AuditEntry
from ampera.history import checkpoint_mail, checkpoints, lateness
from ampera.history.chain_keys import chain_keys, key_of
from ampera.settings import Settings
from ampera.tools.auditing import proof

Answer = tuple[bool, str]


def missing_keys(session: Session, settings: Settings) -> set[str]:
    """The keys that links of the history were made with, and that AMPERA_CODE_KEYS lacks."""
    prefix = func.substr(AuditEntry.hash, 1, func.length(AuditEntry.hash) - 64)
    query = select(prefix).where(func.length(AuditEntry.hash) > 65).distinct()
    used = {key_of(start) for start in session.scalars(query)}
    return {key_id for key_id in used if key_id} - chain_keys(settings.code_keys).secrets.keys()


def chains() -> Answer:
    """Whether every entry, record and trigger is as the product made it."""
    with db.reading() as session:
        proved = proof.verify(session)
    if proved["ok"]:
        return True, f"{proved['entries']} entries, all intact, {proved['keyed']} of them keyed."
    advice = "Run: ampera audit verify. It says the same of a key of AMPERA_CODE_KEYS that is not the one of that time."
    return False, f"Broken at {proved['first_bad']}: {proved['reason']}. {advice}"


def elsewhere(settings: Settings) -> Answer:
    """Whether the newest checkpoint is in the folder, is ours, is not old, and agrees with the chains."""
    if not settings.checkpoint_dir:
        text = "None are written: set AMPERA_CHECKPOINT_DIR to a folder of another machine, or AMPERA_CHECKPOINT_MAIL."
        return not settings.is_production, text
    file = checkpoints.newest(Path(settings.checkpoint_dir))
    if file is None:
        return _none_yet("There is none yet. Is the server running, and may it write into the folder?")
    signed = checkpoints.read(file)
    with db.reading() as session:
        if not checkpoints.is_genuine(signed, settings.secret_key, checkpoints.pinned_keys(session)):
            return False, f"{file.name} was not signed by this installation, or was changed."
        return _compared(session, signed, "newest", lateness.latest(settings))


def mailed(settings: Settings) -> Answer:
    """Whether the mail server has taken a checkpoint that is not old and agrees with the chains."""
    signed = checkpoint_mail.last_sent(settings)
    if not signed:
        text = "None was mailed to AMPERA_CHECKPOINT_MAIL yet. Is the server running, and does mail work?"
        return _none_yet(f"{text} Its log names the reason.")
    with db.reading() as session:
        if not checkpoints.is_genuine(signed, settings.secret_key, checkpoints.pinned_keys(session)):
            return False, "The note of the last mail was not signed by this installation. Compare the mailbox."
        return _compared(session, signed, "last mailed", lateness.LATEST_MAIL)


def _none_yet(text: str) -> Answer:
    with db.reading() as session:
        return not lateness.has_history(session), text


def _compared(session: Session, signed: dict[str, Any], which: str, latest: timedelta) -> Answer:
    for chain, mark in signed["chains"].items():
        query = select(AuditEntry.hash).where(AuditEntry.chain == int(chain), AuditEntry.seq == mark["seq"])
        if session.scalar(query) != mark["hash"]:
            return False, f"Chain {chain} differs from the {which} checkpoint: the history was rewritten since."
    at, is_old = lateness.made_at(signed), lateness.is_late(session, signed, latest)
    text = f"The {which} checkpoint is of {clock.local(at):%d-%m-%Y %H.%M} WIB"
    return not is_old, f"{text}, and the history has grown since. Is the server running?" if is_old else f"{text}."
