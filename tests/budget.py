"""What each file and test costs, beside the budget: 20 seconds a file, 8 a test, worlds shared by many not counted.

`--budget show` prints the ten slowest files at the end; `--budget keep` fails the run if something is over its budget,
which only means something on a quiet machine (`scripts/prove budget`).
"""

import time
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

FILE_SECONDS, TEST_SECONDS = 20.0, 8.0
SHOWN = 10
SHARED = "shared seconds"  # of worlds made in the set-up of this test for others as well


class Budget:
    """Collects the durations of this run, of all its processes."""

    def __init__(self, must_keep: bool) -> None:
        self.must_keep = must_keep
        self.tests: dict[str, float] = defaultdict(float)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        shared = sum(value for name, value in report.user_properties if name == SHARED)
        self.tests[report.nodeid] += report.duration - (shared if report.when == "setup" else 0)

    @property
    def files(self) -> dict[str, float]:
        files: dict[str, float] = defaultdict(float)
        for test, seconds in self.tests.items():
            files[test.split("::")[0]] += seconds
        return files

    @property
    def over(self) -> list[str]:
        """The files and tests that cost more than they may."""
        files = [file for file, seconds in self.files.items() if seconds > FILE_SECONDS]
        return [*files, *(test for test, seconds in self.tests.items() if seconds > TEST_SECONDS)]

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.must_keep and self.over and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        terminalreporter.section(f"slowest files (budget {FILE_SECONDS:.0f} s a file, {TEST_SECONDS:.0f} s a test)")
        slowest_test: dict[str, float] = defaultdict(float)
        for test, seconds in self.tests.items():
            file = test.split("::")[0]
            slowest_test[file] = max(slowest_test[file], seconds)
        ranked = sorted(self.files.items(), key=lambda pair: -pair[1])
        for file, seconds in ranked[:SHOWN]:
            is_over = seconds > FILE_SECONDS or slowest_test[file] > TEST_SECONDS
            mark = "over" if is_over else ""
            terminalreporter.line(
                f"{seconds:7.1f} s, slowest test {slowest_test[file]:5.1f} s  {file}  {mark}".rstrip()
            )
        if self.must_keep:
            for name in self.over:
                terminalreporter.line(f"over its budget: {name}", red=True)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--budget", choices=["show", "keep"], help="the ten slowest files; `keep` fails if one is too slow"
    )


def pytest_configure(config: pytest.Config) -> None:
    chosen = config.getoption("budget")
    if chosen and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Budget(chosen == "keep"), "budget of seconds")


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: Any, request: Any) -> Iterator[None]:
    """The making of a world that lives on belongs to the run, not to the test that happened to be the first."""
    began = time.perf_counter()
    result = yield
    if fixturedef.scope == "session" and (item := _running(request)) is not None:
        item.user_properties.append((SHARED, time.perf_counter() - began))
    return result


def _running(request: Any) -> Any:
    return getattr(request.session, "_running_item", None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    item.session._running_item = item
    return (yield)
