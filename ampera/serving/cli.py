"""`ampera run`: checks the settings, then replaces itself by the server. `--lan` serves HTTPS to the local network."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import click

from ampera import settings
from ampera.installation import plain_connections, private_files

START = Path(__file__).with_name("start.py")


@click.command("run")
@click.option("--lan", is_flag=True, help="HTTPS for the tablets of this network, with a self-made certificate.")
@click.option("--demo", is_flag=True, help="On the very first start fill a demo office with invented people.")
@click.option("--env-file", metavar="FILE", expose_value=False, help="Settings; read before anything else.")
@click.option("--workers", type=click.IntRange(1, 99), help="Processes on one port; needs PostgreSQL and Redis.")
def run(lan: bool, demo: bool, workers: int | None) -> None:
    """Serve until SIGTERM; what is running then is finished first."""
    if lan:
        _open_to_lan()
    if workers:
        os.environ["AMPERA_WORKERS"] = str(workers)
    try:
        read = settings.load()
    except settings.SettingsError as error:
        raise click.ClickException(str(error)) from None
    _refuse_plain_connections(read)
    _name_database(read)
    if demo and _is_first_start(read) and (code := subprocess.run([sys.argv[0], "demo"]).returncode):
        sys.exit(code)
    _close_files(read)
    if read.workers > 1:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="ampera-figures-")
    # -P: Python must not import from the folder of the file.
    os.execv(sys.executable, [sys.executable, "-P", str(START)])  # noqa: S606


def _refuse_plain_connections(read: settings.Settings) -> None:
    """Commands still work: they say what is wrong, make backups, and bring the tables to this version."""
    for problem in plain_connections.problems(read) if read.is_production else ():
        raise click.ClickException(problem)


def _close_files(read: settings.Settings) -> None:
    """Close the files of an earlier version or a copy to other users of the machine, and say so."""
    private_files.make_folder(read.instance)
    if closed := private_files.tighten(read.instance, read.database_file):
        click.echo(f"{len(closed)} files could be opened by other users of this machine; they cannot any more.")
        sys.stdout.flush()


def _name_database(read: settings.Settings) -> None:
    from ampera.cli.settings import in_use

    shown = re.sub(r":[^:/@]*@", ":***@", read.database_url)
    click.echo(f"Settings: {in_use[0] if in_use else 'the environment'}. Database: {shown}")
    sys.stdout.flush()


def _is_first_start(read: settings.Settings) -> bool:
    """Whether there is no database file yet, outside production: only then may a demo office be made."""
    return not read.is_production and read.database_file is not None and not read.database_file.exists()


def _open_to_lan() -> None:
    """Apply the settings of `--lan`, and show the address as text and as a QR for a tablet's camera."""
    from ampera.serving import tls

    port = os.environ.get("AMPERA_BIND", "127.0.0.1:8000").rpartition(":")[2]
    addresses = tls.lan_addresses()
    if not addresses:
        raise click.ClickException("This machine has no address in a local network yet. Connect it, then try again.")
    os.environ.update(AMPERA_BIND=f"0.0.0.0:{port}", AMPERA_TLS="self-signed")
    url = f"https://{addresses[0]}:{port}"
    os.environ.setdefault("AMPERA_PUBLIC_URL", url)
    click.echo(f"\n  {url}\n")
    _print_qr(url)
    click.echo(
        "\n  Tablets ask once whether to trust the certificate; to end that, open "
        f"{url}/ca.crt on the tablet and install it.\n"
    )


def _print_qr(text: str) -> None:
    import qrcode

    code = qrcode.QRCode(border=2)
    code.add_data(text)
    code.print_ascii(invert=True)
