"""The bench prints each figure beside its yardstick. No test depends on the speed of the machine."""

import json

import pytest


@pytest.mark.proof
def test_short_run_prints_every_figure(new_server) -> None:
    figures = json.loads(new_server().program("bench", "--quick", "--json"))["figures"]
    names = " | ".join(figure["name"] for figure in figures)
    for wanted in ("codes issued", "QR pictures", "books taken in", "scan transaction", "handover, 8 clients, p99"):
        assert wanted in names
    for wanted in ("scan → 5 screens, p99", "loop delay p99, scans and an intake", "memory with 5 screens"):
        assert wanted in names
    for wanted in ("scan → pick list p99", "call next, 25 waiting, p99", "call → chime of a screen max"):
        assert wanted in names
    for wanted in ("mails sent of 250 notices", "scan while mails leave, p99"):
        assert wanted in names
    assert all(figure["value"] >= 0 for figure in figures)
    assert any(figure["yardstick"] for figure in figures)
