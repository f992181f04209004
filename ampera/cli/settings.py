"""The file of settings: one for the server, its commands and its timers, in the form of systemd's EnvironmentFile.

What the environment sets already counts more than the file. The default file is not read where the environment names an
installation, so that a test or a second installation on the machine never gets the settings of another.
"""

import os
import re
import sys
from collections.abc import MutableMapping
from pathlib import Path

from ampera.installation.setting_rules import PREFIX, SettingsError

DEFAULT = Path("/etc/ampera/ampera.env")
OPTION = "--env-file"
NAMES_INSTALLATION = {"AMPERA_INSTANCE", "AMPERA_DATABASE_URL"}
LINE = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*")

in_use: list[Path] = []  # the file that this process has read


def take(arguments: list[str], environ: MutableMapping[str, str] | None = None) -> list[str]:
    """Add the settings of the file to the environment; returns the arguments without the option that names the file.

    Raises SettingsError for a file that is missing, not readable or not understood.
    """
    environ = os.environ if environ is None else environ
    named, rest = _named(arguments)
    file = named or DEFAULT
    if named is None and (NAMES_INSTALLATION & environ.keys() or not _exists(file)):
        return rest
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        if named is None and any(name.startswith(PREFIX) for name in environ):
            return rest  # a service manager has read it for a user who may not
        raise SettingsError(f"The file of settings {file} cannot be read ({type(error).__name__}).") from None
    for name, value in parsed(text, file).items():
        environ.setdefault(name, value)
    in_use[:] = [file.resolve()]
    return rest


def parsed(text: str, file: Path) -> dict[str, str]:
    """`NAME=value` a line; blank lines and those that begin with # or ; are comments. Quotes around a value are none
    of its own. Nothing else is interpreted: no $, no backslash.
    """
    found = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip()[0] in "#;":
            continue
        match = LINE.fullmatch(line.strip())
        if not match:
            raise SettingsError(f"{file}, line {number}: write NAME=value.")
        value = match[2]
        is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
        found[match[1]] = value[1:-1] if is_quoted else value
    return found


def _named(arguments: list[str]) -> tuple[Path | None, list[str]]:
    rest = list(arguments)
    for place, argument in enumerate(arguments):
        if argument == OPTION and place + 1 < len(arguments):
            del rest[place : place + 2]
            return Path(arguments[place + 1]), rest
        if argument.startswith(f"{OPTION}="):
            del rest[place]
            return Path(argument.partition("=")[2]), rest
        if argument == "--":
            break
    return None, rest


def _exists(file: Path) -> bool:
    """Also when this user may not look into its folder: then there is an installation whose settings are missing."""
    try:
        file.stat()
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return True


def main() -> None:
    """Read the file before any command. A mistake in it is a sentence."""
    try:
        sys.argv[1:] = take(sys.argv[1:])
    except SettingsError as error:
        sys.exit(f"Error: {error}")
