"""Challenges for passkeys, made without a database: a stranger who requests thousands of them writes nothing.

A challenge is a nonce, its time and their MAC over the purpose. The time also makes an answer valid once: a passkey
accepts no challenge that is as old as the last one it has answered (`Passkey.last_challenge`).
"""

import hashlib
import hmac
import secrets
from datetime import UTC, datetime, timedelta

LIVES = timedelta(minutes=5)
NONCE, TIME, MAC = 16, 8, 32  # bytes


def new_challenge(secret: str, purpose: str, at: datetime) -> bytes:
    body = secrets.token_bytes(NONCE) + int(at.timestamp() * 1_000_000).to_bytes(TIME, "big")
    return body + _mac(secret, purpose, body)


def made_at(secret: str, purpose: str, challenge: bytes, at: datetime) -> int | None:
    """When this challenge was made, in microseconds; None when it is not ours, for another purpose or too old."""
    body, mac = challenge[:-MAC], challenge[-MAC:]
    if len(body) != NONCE + TIME or not hmac.compare_digest(_mac(secret, purpose, body), mac):
        return None
    micros = int.from_bytes(body[NONCE:], "big")
    age = at - datetime.fromtimestamp(micros / 1_000_000, UTC)
    return micros if timedelta(seconds=-1) <= age <= LIVES else None


def _mac(secret: str, purpose: str, body: bytes) -> bytes:
    return hmac.digest(f"passkey\x1f{secret}".encode(), purpose.encode() + b"\x1f" + body, hashlib.sha256)
