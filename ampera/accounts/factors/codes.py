"""The codes that people type as a second factor: six digits of an app (RFC 6238), or a recovery code."""

import hashlib
import hmac
import re
from datetime import datetime

import pyotp

from ampera.accounts.passwords import random_password

ISSUER = "Si Ampera Bertanjak"
STEP_SECONDS = 30
STEPS_AROUND = 1  # a phone's clock may be half a minute wrong
RECOVERY_CODES = 8
RECOVERY_LENGTH = 28  # characters without the dashes, about 138 bits
FORMER_LENGTH = 16  # of versions before 1.2; such codes still open once


def new_secret() -> str:
    """160 bits as base32."""
    return pyotp.random_base32()


def enrolment_address(secret: str, login: str) -> str:
    """What an authenticator app reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)


def step_of(secret: str, typed: str, at: datetime) -> int | None:
    """The number of the half minute whose code this is; None when it is none of those around `at`."""
    code, now = re.sub(r"\s", "", typed), int(at.timestamp()) // STEP_SECONDS
    if not re.fullmatch(r"[0-9]{6}", code):
        return None
    steps = range(now - STEPS_AROUND, now + STEPS_AROUND + 1)
    right = [step for step in steps if hmac.compare_digest(pyotp.TOTP(secret).generate_otp(step), code)]
    return right[-1] if right else None


def new_recovery_codes() -> list[str]:
    return [random_password() for _ in range(RECOVERY_CODES)]


def recovery_hash(typed: str) -> str | None:
    """The hash that the database stores of a recovery code; None for whatever does not look like one."""
    code = re.sub(r"[\s-]", "", typed).lower()
    return (
        hashlib.sha256(f"recovery\x1f{code}".encode()).hexdigest()
        if len(code) in (RECOVERY_LENGTH, FORMER_LENGTH)
        else None
    )
