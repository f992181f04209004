"""What a value of a setting must be, alone and together with others. The sentence of a refusal says what to set."""

import re
from collections.abc import Mapping
from dataclasses import Field
from datetime import datetime
from pathlib import Path
from typing import Any

PREFIX = "AMPERA_"
WEAK_WORDS = ("secret", "changeme", "password", "default", "ampera", "test")
MIN_SECRET = 32
MAX_SPEED = 1000.0


class SettingsError(ValueError):
    """A setting is unknown, missing or weak; the text says what to set."""


def variable(name: str) -> str:
    return PREFIX + name.upper()


def check_pattern(declared: Field[Any], values: Mapping[str, str]) -> None:
    value, rules = values[declared.name], declared.metadata
    if value and rules["rule"] and not re.fullmatch(rules["pattern"], value):
        raise SettingsError(f"{variable(declared.name)} {rules['rule']}")
    try:
        if value and rules["parse"]:
            rules["parse"](value)
    except ValueError as error:
        raise SettingsError(f"{variable(declared.name)} {error}") from None


def check_together(values: dict[str, str]) -> None:
    """Refuse what one pattern cannot see. A channel is set completely: half of one fails at its first message."""
    if values["mail_url"] and not values["mail_from"] and values["env"] != "production":
        values["mail_from"] = "ampera@localhost"
    if values["mail_url"] and not values["mail_from"]:
        raise SettingsError("AMPERA_MAIL_FROM must be the sender's address when AMPERA_MAIL_URL is set.")
    if values["whatsapp_url"] and not (values["whatsapp_secret"] and values["whatsapp_verify"]):
        raise SettingsError("AMPERA_WHATSAPP_URL also needs AMPERA_WHATSAPP_SECRET and AMPERA_WHATSAPP_VERIFY.")
    _check_directory(values)
    if values["checkpoint_dir"] and not Path(values["checkpoint_dir"]).is_dir():
        raise SettingsError("AMPERA_CHECKPOINT_DIR must be a folder, best one that is mounted from another machine.")
    if values["checkpoint_mail"] and not values["mail_url"]:
        raise SettingsError("AMPERA_CHECKPOINT_MAIL also needs AMPERA_MAIL_URL, the server that sends the mail.")
    if values["voice"] and not Path(values["voice"]).is_dir():
        raise SettingsError("AMPERA_VOICE must be a folder with recordings, named like those in static/voice.")
    _check_workers(values)
    _check_clock(values["clock_speed"])


def _check_directory(values: Mapping[str, str]) -> None:
    needed = ("oidc_issuer", "oidc_client_id", "oidc_client_secret", "oidc_roles")
    missing = [variable(name) for name in needed if not values[name]]
    if len(missing) < len(needed) and missing:
        raise SettingsError(f"Sign-in with a directory also needs {', '.join(missing)}.")
    if values["oidc_second_factor"] and missing:
        raise SettingsError("AMPERA_OIDC_SECOND_FACTOR also needs AMPERA_OIDC_ISSUER.")
    if values["env"] == "production" and values["oidc_issuer"].startswith("http:"):
        raise SettingsError("AMPERA_OIDC_ISSUER must begin with https:// in production.")


def refuse_weak(values: dict[str, str]) -> None:
    if values["clock_speed"] != "1":
        raise SettingsError("AMPERA_CLOCK_SPEED is for simulations. Leave it out: production keeps the true time.")
    secret = values["secret_key"]
    if len(secret) < MIN_SECRET or len(set(secret)) < 10 or any(word in secret.lower() for word in WEAK_WORDS):
        raise SettingsError(
            "AMPERA_SECRET_KEY is missing or weak. Set it to at least 32 random characters, "
            "for example from: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    if not values["code_keys"]:
        raise SettingsError(
            "AMPERA_CODE_KEYS is missing. Set it to ID:HEX with 32 random bytes, "
            "for example k1:$(python3 -c 'import secrets; print(secrets.token_hex(32))')"
        )
    for name in ("code_keys", "data_keys"):
        for part in filter(None, values[name].split(",")):
            if len(set(part.rpartition(":")[2].lower())) < 8:
                raise SettingsError(f"{variable(name)} holds a weak key. Use 32 random bytes in hex.")


def _check_workers(values: Mapping[str, str]) -> None:
    if int(values["workers"]) == 1:
        return
    if not values["database_url"].startswith("postgresql"):
        raise SettingsError(
            "AMPERA_WORKERS above 1 needs PostgreSQL: set AMPERA_DATABASE_URL. SQLite has one writer, so that a second "
            "process would only wait for the first."
        )
    if not values["redis_url"]:
        raise SettingsError(
            "AMPERA_WORKERS above 1 needs AMPERA_REDIS_URL: the processes share news and limits through Redis."
        )


def _check_clock(text: str) -> None:
    """Like 60, or 60@2026-11-24T01:00:00Z: several processes agree on the time only when all know the start."""
    speed, _, since = text.partition("@")
    try:
        is_right = 1 <= float(speed) <= MAX_SPEED and (not since or datetime.fromisoformat(since).tzinfo is not None)
    except ValueError:
        is_right = False
    if not is_right:
        raise SettingsError("AMPERA_CLOCK_SPEED must be a number from 1, or NUMBER@MOMENT with the moment's zone.")
