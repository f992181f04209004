"""`ampera simulate`: reads the options, then replaces itself by the process of the simulation."""

import os
import sys
from pathlib import Path

import click

from ampera.tools.simulate.options import EXCEPTIONS, Options

START = Path(__file__).with_name("start.py")
COUNT = click.IntRange(0, 200)


class Share(click.ParamType[tuple[str, float]]):
    """An exception and its share of the vehicles, as `NAME=SHARE`."""

    name = "NAME=SHARE"

    def convert(
        self, value: str | tuple[str, float], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, float]:
        if isinstance(value, tuple):
            return value
        name, _, share = value.partition("=")
        if name not in EXCEPTIONS:
            self.fail(f"{name!r} is none of {', '.join(EXCEPTIONS)}", param, ctx)
        return name, click.FloatRange(0, 1).convert(share, param, ctx)


@click.command()
@click.option("--minutes", type=click.IntRange(1, 720), default=240, show_default=True, help="How long vehicles come.")
@click.option(
    "--speed", type=click.FloatRange(1, 1000), default=60.0, show_default=True, help="Simulated seconds a second."
)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed draws the same people.")
@click.option("--vehicles-per-hour", type=click.IntRange(1, 5000), default=60, show_default=True, help="At the peak.")
@click.option(
    "--layout",
    type=click.Choice(["mixed", "separate"]),
    default="mixed",
    show_default=True,
    help="All lanes for all vehicles, or one lane for motorcycles with as many windows in total.",
)
@click.option("--lanes", type=COUNT, default=0, help="Default: one for every 60 vehicles an hour, at least two.")
@click.option("--windows", type=COUNT, default=0, help="In each lane. Default: enough for the peak.")
@click.option("--officers", type=COUNT, default=0, help="Default: one at each window, and some for the breaks.")
@click.option("--clerks", type=COUNT, default=0, help="Default: one for every 30 vehicles an hour, at least two.")
@click.option("--supervisors", type=COUNT, default=0, help="Default: one for every 60 vehicles an hour, at least two.")
@click.option(
    "--share",
    "shares",
    type=Share(),
    multiple=True,
    help="Share of the vehicles with an exception, from 0 to 1. Can be repeated. Defaults: "
    + ", ".join(f"{name}={share}" for name, share in EXCEPTIONS.items())
    + ".",
)
@click.option("--phones", type=click.IntRange(0, 1000), default=100, show_default=True, help="At most open at once.")
@click.option("--tablets", type=COUNT, default=4, show_default=True, help="How many tablets listen live.")
@click.option("--database", default="sqlite", help="URL of an EMPTY PostgreSQL database instead of a throw-away file.")
@click.option("--json", "is_json", is_flag=True, help="Print the results as JSON.")
def simulate(is_json: bool, shares: tuple[tuple[str, float], ...], **wanted: object) -> None:
    """Simulate a morning on a throw-away server; exit 1 when an invariant is violated."""
    options = Options(**wanted, shares={**EXCEPTIONS, **dict(shares)})  # type: ignore[arg-type]
    arguments = [options.dump(), "json" if is_json else "table"]
    sys.stdout.flush()
    # -P: the file's own folder must not become a place to import from.
    os.execv(sys.executable, [sys.executable, "-P", str(START), *arguments])  # noqa: S606


commands = [simulate]
