"""Signed checkpoints of the audit chains. A checkpoint that is kept elsewhere shows a chain that was rewritten.

The signature is Ed25519. The key is derived from the secret of the installation; the file has the public half and its
id. The chain of the installation pins the public half too, so that a checkpoint outlives a change of the secret.
"""

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Collection
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from ampera import audit, clock, events
from ampera.audit import AuditEntry, AuditHead, HistoryOpened
from ampera.db import Unit

PINNED = "checkpoint.key_pinned"
NAME = "ampera-checkpoint-*.json"


def checkpoint(session: Session, secret_key: str) -> dict[str, Any]:
    """The present heads of all chains, signed."""
    return _signed({"version": 1, "at": clock.iso(clock.now()), "chains": chains(session)}, secret_key)


def of_entry(entry: AuditEntry, secret_key: str) -> dict[str, Any]:
    """A checkpoint of one chain that ends with this entry: the same whenever it is made."""
    link = {"seq": entry.seq, "hash": entry.hash}
    return _signed({"version": 1, "at": clock.iso(entry.at), "chains": {str(entry.chain): link}}, secret_key)


def chains(session: Session) -> dict[str, dict[str, Any]]:
    """The heads of all chains, as a checkpoint has them."""
    heads = session.scalars(select(AuditHead).order_by(AuditHead.chain))
    return {str(head.chain): {"seq": head.seq, "hash": head.hash} for head in heads}


def is_genuine(signed: dict[str, Any], secret_key: str, pinned: Collection[str] = ()) -> bool:
    """Whether this installation signed these contents, with its present secret or an earlier one.

    `pinned` are the public keys that the installation's chain names.
    """
    content = {name: signed.get(name) for name in ("version", "at", "chains")}
    own = public_key(secret_key)
    public = str(signed.get("public_key", own))
    if public != own and public not in pinned:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(
            bytes.fromhex(str(signed.get("signature", ""))), _text(content)
        )
    except (InvalidSignature, ValueError):
        return False
    return True


def public_key(secret_key: str) -> str:
    """The public half of the key that signs, in hex."""
    return _key(secret_key).public_key().public_bytes_raw().hex()


def key_id(public: str) -> str:
    """A short name of a public key."""
    return hashlib.sha256(bytes.fromhex(public)).hexdigest()[:16]


def pinned_keys(session: Session) -> list[str]:
    """The public keys that the chain of the installation names, the oldest first. They are as good as the chain."""
    query = select(AuditEntry.details).where(AuditEntry.chain == audit.NO_OFFICE, AuditEntry.action == PINNED)
    return [json.loads(details)["public_key"] for details in session.scalars(query.order_by(AuditEntry.seq))]


def newest(folder: Path) -> Path | None:
    """The newest checkpoint of a folder; their names are in the order of their times."""
    return max(folder.glob(NAME), default=None, key=lambda file: file.name)


def read(file: Path) -> dict[str, Any]:
    """The content of a checkpoint; empty when the file holds none."""
    try:
        return parsed(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def write(session: Session, secret_key: str, folder: Path) -> Path | None:
    """Write a checkpoint into the folder when the history has grown since the newest one there. Raises OSError."""
    last = newest(folder)
    if last and read(last).get("chains") == chains(session):
        return None
    signed = checkpoint(session, secret_key)
    file = folder / NAME.replace("*", f"{clock.now():%Y%m%d-%H%M%S}")
    store(file, signed)
    return file


def text(signed: dict[str, Any]) -> str:
    """A checkpoint as people keep it."""
    return json.dumps(signed, indent=1) + "\n"


def short_text(signed: dict[str, Any]) -> str:
    """The same in one line, for the QR of a paper."""
    return json.dumps(signed, separators=(",", ":"))


def parsed(text: str) -> dict[str, Any]:
    """The checkpoint in a text; empty when there is none."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def store(file: Path, signed: dict[str, Any]) -> None:
    """Write a checkpoint beside its place, then put it there at once. Raises OSError."""
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(text(signed))
        out.flush()
        os.fsync(out.fileno())
    os.replace(draft, file)


@events.during(HistoryOpened)
def pin_key(unit: Unit, _event: HistoryOpened) -> None:
    """Name the present public key in the chain of the installation, once."""
    public = public_key(unit.settings.secret_key)
    subject = f"checkpoint:{key_id(public)}"
    if unit.conn.execute(select(AuditEntry.id).where(AuditEntry.subject == subject).limit(1)).first() is None:
        audit.record(unit, audit.command(), PINNED, subject, public_key=public)


def _signed(content: dict[str, Any], secret_key: str) -> dict[str, Any]:
    key = _key(secret_key)
    public = key.public_key().public_bytes_raw().hex()
    return {**content, "public_key": public, "key_id": key_id(public), "signature": key.sign(_text(content)).hex()}


def _key(secret_key: str) -> Ed25519PrivateKey:
    seed = hmac.digest(secret_key.encode(), b"ampera.audit.checkpoint.1", hashlib.sha256)
    return Ed25519PrivateKey.from_private_bytes(seed)


def _text(content: dict[str, Any]) -> bytes:
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
