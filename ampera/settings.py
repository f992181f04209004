"""Settings of one installation, from the environment (`AMPERA_*`). Unknown names and weak secrets are refused at start.

Outside production missing secrets are made once and kept in the instance folder; production invents nothing.
"""

import json
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

PREFIX = "AMPERA_"
PROJECT = Path(__file__).resolve().parent.parent
WEAK_WORDS = ("secret", "changeme", "password", "default", "ampera", "test")
MIN_SECRET = 32
MAX_SPEED = 1000.0
RATES = ("mail_rate", "whatsapp_rate", "apprise_rate")
ANY_ADDRESS = ("0.0.0.0", "::", "")  # noqa: S104 - compared with, not bound to


class Setting(NamedTuple):
    """`name` is the part behind AMPERA_, `default` what an empty environment gives."""

    name: str
    default: str
    help: str
    is_secret: bool = False


SETTINGS = (
    Setting("ENV", "development", "'production' refuses everything invented or weak"),
    Setting("INSTANCE", str(PROJECT / "instance"), "folder of the database file, secrets and certificates"),
    Setting("DATABASE_URL", "", "default: SQLite in the instance folder; or postgresql+psycopg://…", True),
    Setting("REDIS_URL", "", "redis://… when several server processes share the work", True),
    Setting("SECRET_KEY", "", "signs sessions and audit checkpoints; at least 32 random characters", True),
    Setting("CODE_KEYS", "", "keys of the pickup codes, ID:HEX[,ID:HEX], newest first, 32 bytes each", True),
    Setting("BIND", "127.0.0.1:8000", "HOST:PORT the server listens on"),
    Setting("PUBLIC_URL", "", "beginning of links in messages, e.g. https://paspor.example.go.id"),
    Setting("TLS", "off", "'off', 'self-signed', or CERTIFICATE_FILE:KEY_FILE"),
    Setting("PROXIES", "0", "how many reverse proxies in front set X-Forwarded-*"),
    Setting("MAIL_URL", "", "smtp:// or smtps://[USER:PASSWORD@]HOST:PORT", True),
    Setting("MAIL_FROM", "", "sender of messages to applicants"),
    Setting("MAIL_RATE", "0", "mails a second at most, of one process; 0 leaves the lane its turns, about 80"),
    Setting(
        "WHATSAPP_URL", "", "WhatsApp Cloud API: https://PHONE_NUMBER_ID:ACCESS_TOKEN@graph.facebook.com/v21.0", True
    ),
    Setting("WHATSAPP_SECRET", "", "the app's secret, which signs what the webhook receives", True),
    Setting("WHATSAPP_VERIFY", "", "the word that WhatsApp says when it first calls the webhook", True),
    Setting("WHATSAPP_RATE", "20", "WhatsApp messages a second at most, of one process; 0 as for mails"),
    Setting("APPRISE_URL", "", "any service of Apprise, {phone} or {email} stands for the address", True),
    Setting("APPRISE_RATE", "5", "messages a second through Apprise at most, of one process; 0 as for mails"),
    Setting("VOICE", "", "folder of the office's own recording for the loudspeaker, named like static/voice"),
    Setting("CLOCK_SPEED", "1", "for simulations: N[@MOMENT] lets the server's clock run N times as fast since then"),
)


class SettingsError(ValueError):
    """A setting is unknown, missing or weak; the text says what to set."""


@dataclass(frozen=True)
class Settings:
    """All settings of one process, read once."""

    env: str
    instance: Path
    database_url: str
    redis_url: str
    secret_key: str
    code_keys: str
    bind: str
    public_url: str
    tls: str
    proxies: int
    mail_url: str
    mail_from: str
    mail_rate: float
    whatsapp_url: str
    whatsapp_secret: str
    whatsapp_verify: str
    whatsapp_rate: float
    apprise_url: str
    apprise_rate: float
    voice: str
    clock_speed: str

    @property
    def clock_rate(self) -> tuple[float, datetime | None]:
        """How fast the clock runs, and since when; None is the start of the process."""
        speed, _, since = self.clock_speed.partition("@")
        return float(speed), datetime.fromisoformat(since) if since else None

    @property
    def is_production(self) -> bool:
        return self.env == "production"

    @property
    def host(self) -> str:
        return self.bind.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        return int(self.bind.rpartition(":")[2])

    def site(self, here: str = "") -> str:
        """How links begin: the public address when it is set, else `here` (the request's own), else this machine."""
        if self.public_url or here:
            return (self.public_url or here).rstrip("/")
        host = "127.0.0.1" if self.host in ANY_ADDRESS else self.host
        return f"{'https' if self.is_https else 'http'}://{host}:{self.port}"

    @property
    def is_https(self) -> bool:
        return self.tls != "off" or self.public_url.startswith("https:")


def load(environ: Mapping[str, str] | None = None, make_secrets: bool = True) -> Settings:
    """Read and check the environment. Raises SettingsError with a sentence that says what to set."""
    environ = os.environ if environ is None else environ
    known = {PREFIX + one.name: one for one in SETTINGS}
    unknown = sorted(name for name in environ if name.startswith(PREFIX) and name not in known)
    if unknown:
        raise SettingsError(f"Unknown setting {', '.join(unknown)}. 'ampera doctor --settings' lists them all.")
    values = {one.name.lower(): environ.get(name) or one.default for name, one in known.items()}
    instance = Path(values["instance"]).resolve()
    if values["env"] not in ("development", "production"):
        raise SettingsError("AMPERA_ENV must be 'development' or 'production'.")
    if values["env"] == "production":
        _refuse_weak(values)
    elif make_secrets:
        values.update(_kept_secrets(instance, values))
    values["database_url"] = values["database_url"] or f"sqlite:///{instance / 'ampera.db'}"
    _check_shapes(values)
    rates = {name: float(values[name]) for name in RATES}
    return Settings(**{**values, **rates, "instance": instance, "proxies": int(values["proxies"])})  # type: ignore[arg-type]


def described(settings: Settings) -> list[dict[str, str]]:
    """Every setting with its value (secrets only as set or not) and its help."""
    shown = {field.name: getattr(settings, field.name) for field in fields(settings)}
    return [
        {
            "name": PREFIX + one.name,
            "value": ("set" if shown[one.name.lower()] else "not set")
            if one.is_secret
            else str(shown[one.name.lower()]),
            "default": one.default,
            "help": one.help,
        }
        for one in SETTINGS
    ]


def _check_shapes(values: dict[str, str]) -> None:
    if not re.fullmatch(r".+:\d{1,5}", values["bind"]):
        raise SettingsError("AMPERA_BIND must be HOST:PORT, for example 127.0.0.1:8000.")
    if not values["proxies"].isdigit():
        raise SettingsError("AMPERA_PROXIES must be a number, 0 without a reverse proxy.")
    if values["public_url"] and not re.match(r"https?://[^/]+$", values["public_url"].rstrip("/")):
        raise SettingsError("AMPERA_PUBLIC_URL must be like https://paspor.example.go.id, without a path.")
    values["public_url"] = values["public_url"].rstrip("/")
    for name in RATES:
        if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,3})?", values[name]):
            raise SettingsError(f"{PREFIX}{name.upper()} must be a number of messages a second, 0 for no limit.")
    _check_channels(values)
    if values["voice"] and not Path(values["voice"]).is_dir():
        raise SettingsError("AMPERA_VOICE must be a folder with recordings, named like those in static/voice.")
    _check_clock(values["clock_speed"])
    for part in filter(None, values["code_keys"].split(",")):
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,16}:[0-9a-fA-F]{64,}", part.strip()):
            raise SettingsError("AMPERA_CODE_KEYS must be ID:HEX[,ID:HEX] with at least 64 hex digits each.")


def _check_channels(values: dict[str, str]) -> None:
    """A way to reach people is set whole or not at all: half of one would fail with the first message."""
    if values["mail_url"] and not re.fullmatch(r"smtps?://([^/@]+@)?[^/@:]+(:\d{1,5})?/?", values["mail_url"]):
        raise SettingsError("AMPERA_MAIL_URL must be like smtp://USER:PASSWORD@mail.example.go.id:587.")
    if values["mail_url"] and not values["mail_from"] and values["env"] != "production":
        values["mail_from"] = "ampera@localhost"
    if values["mail_url"] and "@" not in values["mail_from"]:
        raise SettingsError("AMPERA_MAIL_FROM must be the sender's address when AMPERA_MAIL_URL is set.")
    if values["whatsapp_url"]:
        if not re.fullmatch(r"https?://\d+:[^/@]+@[^/@]+(/.*)?", values["whatsapp_url"]):
            raise SettingsError(
                "AMPERA_WHATSAPP_URL must be like https://PHONE_NUMBER_ID:TOKEN@graph.facebook.com/v21.0."
            )
        if not values["whatsapp_secret"] or not values["whatsapp_verify"]:
            raise SettingsError("AMPERA_WHATSAPP_URL also needs AMPERA_WHATSAPP_SECRET and AMPERA_WHATSAPP_VERIFY.")
    if values["apprise_url"] and not re.search(r"\{(phone|email)\}", values["apprise_url"]):
        raise SettingsError("AMPERA_APPRISE_URL must hold {phone} or {email} where the address belongs.")


def _check_clock(text: str) -> None:
    """Like 60, or 60@2026-11-24T01:00:00Z; several processes agree on the time only when they are told the moment."""
    speed, _, since = text.partition("@")
    try:
        is_right = 1 <= float(speed) <= MAX_SPEED and (not since or datetime.fromisoformat(since).tzinfo is not None)
    except ValueError:
        is_right = False
    if not is_right:
        raise SettingsError("AMPERA_CLOCK_SPEED must be a number from 1, or NUMBER@MOMENT with the moment's zone.")


def _refuse_weak(values: dict[str, str]) -> None:
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
    for part in values["code_keys"].split(","):
        if len(set(part.rpartition(":")[2].lower())) < 8:
            raise SettingsError("AMPERA_CODE_KEYS holds a weak key. Use 32 random bytes in hex.")


def _kept_secrets(instance: Path, values: dict[str, str]) -> dict[str, str]:
    """Secrets that the environment does not set, made on the first start and kept readable by the owner only."""
    missing = [name for name in ("secret_key", "code_keys") if not values[name]]
    if not missing:
        return {}
    file = instance / "secrets.json"
    if not file.exists():
        instance.mkdir(parents=True, exist_ok=True)
        made = {"secret_key": secrets.token_urlsafe(48), "code_keys": f"k1:{secrets.token_hex(32)}"}
        _write_once(file, json.dumps(made))
    kept = json.loads(file.read_text())
    return {name: kept[name] for name in missing}


def _write_once(file: Path, text: str) -> None:
    """Two processes that start together agree: whoever comes first writes, complete or not at all."""
    draft = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
