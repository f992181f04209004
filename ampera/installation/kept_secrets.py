"""Secrets that the environment lacks, outside production: made with the database and kept in the instance folder."""

import json
import os
import secrets
from pathlib import Path

from ampera.installation import private_files
from ampera.installation.setting_rules import SettingsError

FILE = "secrets.json"


def kept(instance: Path, missing: list[str], may_make: bool = True) -> dict[str, str]:
    """The secrets of these names: `secret_key`, `code_keys`. The first call makes the file.

    With `may_make` False nothing is written: secrets that are not kept yet hold for this process only.
    """
    file = instance / FILE
    if trouble := private_files.closed_to_us(file):
        raise SettingsError(trouble)
    made = {"secret_key": secrets.token_urlsafe(48), "code_keys": f"k1:{secrets.token_hex(32)}"}
    if not file.exists():
        if not may_make:
            return {name: made[name] for name in missing}
        private_files.make_folder(instance)
        _write_once(file, json.dumps(made))
    found = json.loads(file.read_text())
    return {name: found[name] for name in missing}


def _write_once(file: Path, text: str) -> None:
    """Of two processes that start together the first one writes the file, and never a part of it."""
    draft = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, private_files.FILE)
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
