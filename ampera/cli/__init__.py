"""`ampera`: the entry point. `ampera run` starts without Flask, which the server then loads in its own process."""

import sys

from ampera.cli import settings
from ampera.installation import private_files
from ampera.serving.cli import run


def main() -> None:
    private_files.keep_private()
    settings.main()
    if sys.argv[1:2] == ["run"]:
        run.main(args=sys.argv[2:], prog_name="ampera run")
    else:
        from ampera.cli.group import commands

        commands.main(prog_name="ampera")
