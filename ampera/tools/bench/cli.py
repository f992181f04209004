"""`ampera bench`: all measurements one after the other, on a throw-away installation on the same disk."""

import json
import socket
from collections.abc import Iterable, Iterator
from dataclasses import asdict

import click
from flask import current_app
from flask.cli import with_appcontext

from ampera.tools.bench import in_process, notices, over_http, queue, voice
from ampera.tools.bench.figures import Figure
from ampera.tools.bench.installation import Installation, serving, throw_away
from ampera.tools.bench.scale import run as scale_run
from ampera.tools.bench.scale.plan_queries import Plan

QUICK = 0.05
SCALE = "Measure an office with this many books instead; give several to compare each with the smallest."


@click.command()
@click.option("--quick", is_flag=True, help="A short run, to see that the measurements work.")
@click.option("--scale", "sizes", type=click.IntRange(1), multiple=True, help=SCALE)
@click.option("--database-url", default="", help="With --scale: a PostgreSQL database, in a schema of its own.")
@click.option("--json", "is_json", is_flag=True, help="Print the figures as JSON.")
@with_appcontext
def bench(quick: bool, sizes: tuple[int, ...], database_url: str, is_json: bool) -> None:
    """Measure this machine, each figure beside its yardstick of the same run, on a throw-away installation."""
    scale, counts = (QUICK, (1, 5)) if quick else (1.0, (1, 50, 500))
    beside = current_app.extensions["ampera.settings"].instance
    if sizes:
        _print_scaled(scale_run.measure(beside, database_url, list(sizes), scale, _report), is_json)
        return
    found: list[Figure] = []
    with throw_away(beside) as office:
        for figure in _all(office, scale, counts):
            found.append(figure)
            if not is_json:
                click.echo(_line(figure))
    if is_json:
        click.echo(json.dumps({"figures": [asdict(figure) for figure in found]}, ensure_ascii=False))


def _report(text: str) -> None:
    click.echo(text, err=True)


def _print_scaled(found: Iterable[Figure | Plan], is_json: bool) -> None:
    figures: list[Figure] = []
    plans: list[Plan] = []
    for result in found:
        if isinstance(result, Figure):
            figures.append(result)
            line = _line(result)
        else:
            plans.append(result)
            line = f"  {result.work} reads whole: {', '.join(result.whole)}" if result.whole else ""
        if line and not is_json:
            click.echo(line)
    if is_json:
        both = {"figures": [asdict(figure) for figure in figures], "plans": [asdict(plan) for plan in plans]}
        click.echo(json.dumps(both, ensure_ascii=False))


def _all(office: Installation, scale: float, counts: tuple[int, ...]) -> Iterator[Figure]:
    yield from in_process.measure(office, scale)
    port, bare_port = _free_port(), _free_port()
    with serving(office.environ, port) as pid, serving(office.environ, bare_port, "ampera.tools.bench.yardstick"):
        many = 100 if scale == 1.0 else 5
        yield over_http.memory(office, port, pid, many, "fresh")
        yield from over_http.requests(office, port, bare_port, scale)
        yield from over_http.fan_out(office, port, bare_port, scale, counts)
        yield from queue.pick_list(office, port, scale)
        yield from queue.call_next(office, port, scale)
        yield from voice.chime(office, port, scale)
        yield from over_http.loop_delay(office, port, scale)
        yield over_http.memory(office, port, pid, many, "after all of this")
    yield from notices.drain(office, (_free_port(), _free_port()), scale)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _line(figure: Figure) -> str:
    text = f"{figure.name:<42} {figure.value:>11,.1f} {figure.unit:<7}"
    if figure.yardstick is not None:
        text += f" {figure.of}: {figure.yardstick:,.1f} ({figure.value / figure.yardstick:.2f}x)"
    if figure.goal:
        text += f"  goal {figure.goal}: {'met' if figure.met else 'MISSED'}"
    return f"{text}  {figure.note}".rstrip()


commands = [bench]
