"""Settings of one installation, from the environment (`AMPERA_*`). Unknown names and weak secrets are refused at start.

Each setting is declared once, as a field of `Settings`: `ampera doctor --settings` and the documentation read the
declaration. Outside production missing secrets are made once and kept in the instance folder; production requires them.
"""

import functools
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from ampera.installation import data_keys, group_roles, kept_secrets, leaked_passwords, plain_connections, setting_rules
from ampera.installation.data_keys import DataKeys
from ampera.installation.group_roles import GroupRole
from ampera.installation.setting_rules import PREFIX
from ampera.installation.setting_rules import SettingsError as SettingsError
from ampera.web import addresses

PACKAGE = Path(__file__).resolve().parent
# The folder with templates/ and static/: a clone has them beside the package, an installed wheel inside it.
PROJECT = PACKAGE if (PACKAGE / "templates").is_dir() else PACKAGE.parent


def _instance() -> Path:
    """Beside the package in a clone, beside the virtual environment of a wheel: where a command starts does not matter.

    A wheel that is installed without an environment, as in a container, has it in the folder of the process.
    """
    if PROJECT != PACKAGE:
        return PROJECT / "instance"
    return (Path(sys.prefix).parent if sys.prefix != sys.base_prefix else Path.cwd()) / "instance"


INSTANCE = str(_instance())
CODE_KEY = r"[A-Za-z0-9_-]{1,16}:[0-9a-fA-F]{64,}"
RATE = r"[0-9]{1,4}(\.[0-9]{1,3})?"
RATE_RULE = "must be a number of messages a second, 0 for no limit."
ANY_ADDRESS = ("0.0.0.0", "::", "")  # noqa: S104 - compared with, not bound to


@functools.cache
def release() -> str:
    """The version of the product that is installed, like 1.2.0."""
    return metadata.version("si-ampera-bertanjak")


def setting(
    default: str,
    description: str,
    pattern: str = ".*",
    rule: str = "",
    is_secret: bool = False,
    parse: Callable[[str], object] | None = None,
) -> Any:
    """Declare one setting. `default` is used when the environment has none.

    A value that is not empty must match `pattern`, and `parse` must not raise ValueError: it is the parser that uses
    the value later. Otherwise the start is refused with `rule`, or with the sentence of the parser.
    """
    return field(
        metadata={
            "default": default,
            "help": description,
            "pattern": pattern,
            "rule": rule,
            "is_secret": is_secret,
            "parse": parse,
        }
    )


@dataclass(frozen=True)
class Settings:
    """All settings of one process, read once. The field `mail_url` is the variable AMPERA_MAIL_URL."""

    env: str = setting(
        "development",
        "'production' refuses everything invented or weak",
        "development|production",
        "must be 'development' or 'production'.",
    )
    instance: Path = setting(  # noqa: RUF009 - it only declares
        INSTANCE, "folder of the database file, secrets and certificates"
    )
    database_url: str = setting(
        "",
        "default: SQLite in the instance folder; or postgresql+psycopg://…",
        is_secret=True,
        parse=addresses.database,
    )
    database_pool: int = setting(
        "12",
        "connections to PostgreSQL of one process at most: two thirds for requests, a third for reports",
        r"[6-9]|[1-9][0-9]{1,2}",
        "must be a number from 6 to 999.",
    )
    database_pooler: str = setting(
        "none",
        "'transaction' behind a pgbouncer that pools transactions: nothing is then kept in a session of PostgreSQL",
        "none|transaction",
        "must be 'none' or 'transaction'.",
    )
    redis_url: str = setting(
        "",
        "redis://… when several server processes share the work",
        is_secret=True,
        parse=addresses.service("redis", "rediss", example="redis://[:PASSWORD@]127.0.0.1:6379/0"),
    )
    secret_key: str = setting("", "signs sessions and audit checkpoints; at least 32 random characters", is_secret=True)
    old_secret_keys: str = setting(
        "",
        "earlier values of AMPERA_SECRET_KEY, the oldest first, separated by commas: what they signed is still read",
        r"[^\s,]{32,}(,[^\s,]{32,})*",
        "must be earlier secrets of at least 32 characters, separated by commas.",
        is_secret=True,
    )
    code_keys: str = setting(
        "",
        "keys of the pickup codes, ID:HEX[,ID:HEX], newest first, 32 bytes each",
        rf"(\s*{CODE_KEY}\s*)?(,(\s*{CODE_KEY}\s*)?)*",
        "must be ID:HEX[,ID:HEX] with at least 64 hex digits each.",
        is_secret=True,
    )
    data_keys: str = setting(
        "",
        "keys that encrypt single values of the database, like AMPERA_CODE_KEYS; default: derived from those",
        rf"(\s*{CODE_KEY}\s*)?(,(\s*{CODE_KEY}\s*)?)*",
        "must be ID:HEX[,ID:HEX] with at least 64 hex digits each.",
        is_secret=True,
    )
    backup_recipients: str = setting(
        "",
        "public keys that backups are encrypted for, age1…[,age1…]; 'ampera backup keypair' makes one",
        r"age1[0-9a-z]{58}(,age1[0-9a-z]{58})*",
        "must be public keys like age1…, separated by commas. 'ampera backup keypair --out FILE' makes one.",
    )
    leaked_passwords: str = setting(
        "",
        "file of 'Pwned Passwords, ordered by hash' (SHA-1): a new password must not be in it",
        parse=leaked_passwords.check,
    )
    second_factor: str = setting(
        "",
        "roles that need a second factor, like admin,supervisor, or 'none'; default in production: admin,supervisor",
        r"none|(admin|supervisor|desk|officer)(,(admin|supervisor|desk|officer))*",
        "must be 'none' or roles separated by commas: admin, supervisor, desk, officer.",
    )
    enrolled_tablets: str = setting(
        "",
        "roles that sign in on enrolled tablets only, or 'none'; default in production: officer,desk",
        r"none|(supervisor|desk|officer)(,(supervisor|desk|officer))*",
        "must be 'none' or roles separated by commas: supervisor, desk, officer.",
    )
    oidc_issuer: str = setting(
        "",
        "the directory that staff sign in with (OpenID Connect), as its tokens name it, e.g. https://sso.example.go.id",
        parse=addresses.issuer,
    )
    oidc_client_id: str = setting(
        "", "the name of this installation in the directory", r"[!-~]{1,200}", "must be up to 200 characters of ASCII."
    )
    oidc_client_secret: str = setting("", "the secret of this installation in the directory", is_secret=True)
    oidc_roles: str = setting(
        "",
        "which group of the directory has which role, GROUP=role[@OFFICE_CODE][,…], e.g. loket=officer@PLG",
        parse=group_roles.group_roles,
    )
    oidc_scopes: str = setting(
        "openid profile",
        "what the directory is asked for; Microsoft Entra gives a refresh token with offline_access only",
        r"openid( [!-~]{1,100}){0,20}",
        "must begin with openid, e.g. openid profile offline_access.",
    )
    oidc_groups_claim: str = setting(
        "groups",
        "the claim of the ID token that has the groups of a person",
        r"[!-~]{1,100}",
        "must be the name of a claim, e.g. groups or roles.",
    )
    oidc_second_factor: str = setting(
        "",
        "values of amr or acr that prove a second factor, e.g. mfa,otp; empty: the account adds one of ours",
        r"[!-+\--~]{1,200}(,[!-+\--~]{1,200})*",
        "must be values separated by commas, e.g. mfa,otp.",
    )
    bind: str = setting(
        "127.0.0.1:8000",
        "HOST:PORT the server listens on",
        parse=addresses.listening,
    )
    workers: int = setting(
        "1",
        "server processes that share the port; more than one needs PostgreSQL and AMPERA_REDIS_URL",
        r"[1-9][0-9]?",
        "must be a number from 1 to 99.",
    )
    public_url: str = setting(
        "",
        "the address that people open, e.g. https://paspor.example.go.id: links begin with it, its pages may write",
        parse=addresses.site,
    )
    hosts: str = setting(
        "",
        "further names of this server, separated by commas, e.g. ampera.lan; numbers and AMPERA_PUBLIC_URL are known",
        parse=addresses.names,
    )
    tls: str = setting("off", "'off', 'self-signed', or CERTIFICATE_FILE:KEY_FILE")
    plain_connections: str = setting(
        "none",
        "kinds of connections that may leave this machine without TLS in production, because a closed network answers "
        "for them: http,mail,postgresql,redis,whatsapp",
        plain_connections.PATTERN,
        plain_connections.RULE,
    )
    proxies: int = setting(
        "0",
        "how many reverse proxies in front set X-Forwarded-*",
        r"[0-9]",
        "must be a number up to 9, 0 without a reverse proxy.",
    )
    mail_url: str = setting(
        "",
        "smtp:// or smtps://[USER:PASSWORD@]HOST:PORT",
        r"smtps?://[^/]+/?",
        f"must be like smtp://USER:PASSWORD@mail.example.go.id:587. {addresses.ENCODING}",
        is_secret=True,
        parse=addresses.service("smtp", "smtps", example="smtp://USER:PASSWORD@mail.example.go.id:587"),
    )
    mail_from: str = setting("", "sender of messages to applicants", parse=addresses.sender)
    mail_rate: float = setting(
        "0", "mails a second at most, of one process; 0 leaves the lane its turns, about 80", RATE, RATE_RULE
    )
    whatsapp_url: str = setting(
        "",
        "WhatsApp Cloud API: https://PHONE_NUMBER_ID:ACCESS_TOKEN@graph.facebook.com/v21.0",
        r"https?://\d+:[^/@]+@[^/@]+(/.*)?",
        f"must be like https://PHONE_NUMBER_ID:TOKEN@graph.facebook.com/v21.0. {addresses.ENCODING}",
        is_secret=True,
        parse=addresses.service("http", "https", example="https://PHONE_NUMBER_ID:TOKEN@graph.facebook.com/v21.0"),
    )
    whatsapp_secret: str = setting("", "the app's secret, which signs what the webhook receives", is_secret=True)
    whatsapp_verify: str = setting("", "the word that WhatsApp says when it first calls the webhook", is_secret=True)
    whatsapp_rate: float = setting(
        "20", "WhatsApp messages a second at most, of one process; 0 as for mails", RATE, RATE_RULE
    )
    apprise_url: str = setting(
        "",
        "any service of Apprise, {phone} or {email} stands for the address",
        r".*\{(phone|email)\}.*",
        "must hold {phone} or {email} where the address belongs.",
        is_secret=True,
    )
    apprise_rate: float = setting(
        "5", "messages a second through Apprise at most, of one process; 0 as for mails", RATE, RATE_RULE
    )
    checkpoint_dir: str = setting(
        "",
        "folder of another machine (a mount) for signed checkpoints of the history, one every 5 minutes",
    )
    checkpoint_mail: str = setting(
        "",
        "mailbox for signed checkpoints of the history, one an hour in which something happened; needs AMPERA_MAIL_URL",
        parse=addresses.mailbox,
    )
    backup_late_hours: int = setting(
        "26",
        "a backup that is older than so many hours is late: 'ampera doctor' and /attention say so",
        r"[1-9][0-9]{0,3}",
        "must be a number of hours from 1 to 9999.",
    )
    checkpoint_late_minutes: int = setting(
        "15",
        "a checkpoint in the folder that is older than so many minutes is late, when the history has grown since",
        r"[1-9][0-9]{0,4}",
        "must be a number of minutes from 1 to 99999.",
    )
    voice: str = setting("", "folder of the office's own recording for the loudspeaker, named like static/voice")
    clock_speed: str = setting(
        "1", "for simulations: N[@MOMENT] lets the server's clock run N times as fast since then"
    )

    @property
    def clock_rate(self) -> tuple[float, datetime | None]:
        """The speed of the clock, and the time it runs from; None is the start of the process."""
        speed, _, since = self.clock_speed.partition("@")
        return float(speed), datetime.fromisoformat(since) if since else None

    @property
    def other_names(self) -> frozenset[str]:
        return addresses.names(self.hosts)

    @property
    def factor_roles(self) -> frozenset[str]:
        """The roles whose accounts must have a second factor."""
        default = "admin,supervisor" if self.is_production else "none"
        return frozenset((self.second_factor or default).split(",")) - {"none"}

    @property
    def tablet_roles(self) -> frozenset[str]:
        """The roles that sign in on an enrolled tablet only. Administrators enrol tablets, so they never need one."""
        default = "officer,desk" if self.is_production else "none"
        return frozenset((self.enrolled_tablets or default).split(",")) - {"none"}

    @property
    def former_secrets(self) -> list[str]:
        """Secrets that sign nothing any more, the oldest first."""
        return [secret for secret in self.old_secret_keys.split(",") if secret]

    @property
    def plain_kinds(self) -> frozenset[str]:
        """The kinds of connections that may go without TLS."""
        return frozenset(self.plain_connections.split(",")) - {"none"}

    @property
    def directory_roles(self) -> tuple[GroupRole, ...]:
        """Which group of the directory has which role."""
        return group_roles.group_roles(self.oidc_roles)

    @property
    def directory_factors(self) -> frozenset[str]:
        """What the directory calls a sign-in with a second factor."""
        return frozenset(self.oidc_second_factor.split(",")) - {""}

    @property
    def sealing_keys(self) -> DataKeys:
        """What encrypts single values of the database: AMPERA_DATA_KEYS, else keys derived from AMPERA_CODE_KEYS."""
        return data_keys.data_keys(self.data_keys, self.code_keys)

    @property
    def is_production(self) -> bool:
        return self.env == "production"

    @property
    def database_file(self) -> Path | None:
        """The file of a SQLite database."""
        kind, _, path = self.database_url.partition(":///")
        return Path(path.partition("?")[0]) if kind == "sqlite" and path else None

    @property
    def host(self) -> str:
        return self.bind.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        return int(self.bind.rpartition(":")[2])

    def site(self, here: str = "") -> str:
        """The beginning of links: the public address if it is set, else `here` (of the request), else this machine."""
        if self.public_url or here:
            return (self.public_url or here).rstrip("/")
        host = "127.0.0.1" if self.host in ANY_ADDRESS else self.host
        return f"{'https' if self.is_https else 'http'}://{host}:{self.port}"

    @property
    def is_https(self) -> bool:
        return self.tls != "off" or self.public_url.startswith("https:")


DECLARED = {variable.name: variable for variable in fields(Settings)}


def load(environ: Mapping[str, str] | None = None, make_secrets: bool = True) -> Settings:
    """Read and check the environment. Raises SettingsError with a sentence that says what to set.

    Without `make_secrets` nothing is written: secrets that are not kept yet hold for this process only.
    """
    environ = os.environ if environ is None else environ
    values = _read(environ)
    setting_rules.check_pattern(DECLARED["env"], values)
    instance = Path(values["instance"]).resolve()
    if values["env"] == "production":
        setting_rules.refuse_weak(values)
    else:
        values.update(_kept_secrets(instance, values, make_secrets))
    values["instance"] = str(instance)
    values["database_url"] = values["database_url"] or f"sqlite:///{instance / 'ampera.db'}"
    for variable in DECLARED.values():
        setting_rules.check_pattern(variable, values)
    setting_rules.check_together(values)
    values["public_url"] = str(addresses.origin(values["public_url"]) or "")
    return Settings(**{name: variable.type(values[name]) for name, variable in DECLARED.items()})  # type: ignore[operator]


def described(settings: Settings) -> list[dict[str, str]]:
    """Every setting with its value (secrets only as set or not), its default and its help."""
    return [
        {
            "name": setting_rules.variable(name),
            "value": _shown(getattr(settings, name), declared.metadata["is_secret"]),
            "default": declared.metadata["default"],
            "help": declared.metadata["help"],
        }
        for name, declared in DECLARED.items()
    ]


def _shown(value: object, is_secret: bool) -> str:
    if is_secret:
        return "set" if value else "not set"
    return str(value)


def _read(environ: Mapping[str, str]) -> dict[str, str]:
    known = {setting_rules.variable(name) for name in DECLARED}
    unknown = sorted(name for name in environ if name.startswith(PREFIX) and name not in known)
    if unknown:
        raise SettingsError(f"Unknown setting {', '.join(unknown)}. 'ampera doctor --settings' lists them all.")
    return {
        name: environ.get(setting_rules.variable(name)) or declared.metadata["default"]
        for name, declared in DECLARED.items()
    }


def _kept_secrets(instance: Path, values: dict[str, str], may_make: bool) -> dict[str, str]:
    missing = [name for name in ("secret_key", "code_keys") if not values[name]]
    return kept_secrets.kept(instance, missing, may_make) if missing else {}
