"""Signed checkpoints of the audit chains. A checkpoint that is kept elsewhere shows a chain that was rewritten.

The signature is Ed25519. The key is derived from the secret of the installation; the file has the public half.
"""

import hashlib
import hmac
import json
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from ampera import clock
from ampera.audit import AuditHead


def checkpoint(session: Session, secret_key: str) -> dict[str, Any]:
    """The present heads of all chains, signed."""
    heads = session.scalars(select(AuditHead).order_by(AuditHead.chain))
    content = {
        "version": 1,
        "at": clock.iso(clock.now()),
        "chains": {str(head.chain): {"seq": head.seq, "hash": head.hash} for head in heads},
    }
    key = _key(secret_key)
    public = key.public_key().public_bytes_raw().hex()
    return {**content, "public_key": public, "signature": key.sign(_text(content)).hex()}


def is_genuine(signed: dict[str, Any], secret_key: str) -> bool:
    """Whether this installation signed the checkpoint, and the checkpoint is unchanged."""
    content = {name: signed.get(name) for name in ("version", "at", "chains")}
    public: Ed25519PublicKey = _key(secret_key).public_key()
    try:
        public.verify(bytes.fromhex(str(signed.get("signature", ""))), _text(content))
    except (InvalidSignature, ValueError):
        return False
    return True


def _key(secret_key: str) -> Ed25519PrivateKey:
    seed = hmac.digest(secret_key.encode(), b"ampera.audit.checkpoint.1", hashlib.sha256)
    return Ed25519PrivateKey.from_private_bytes(seed)


def _text(content: dict[str, Any]) -> bytes:
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
