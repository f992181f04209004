"""`python -m tests.mutants.run [NAME …]`: plant each bug in a copy of the project and run the tests that must catch it.

Prints a line for each bug and exits 1 when one survives. PostgreSQL is left out: what is planted is in both databases.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.mutants.table import MUTANTS, Mutant

ROOT = Path(__file__).parents[2]
AMPERA = ROOT / "ampera"
COPIED = ("ampera", "templates", "static", "tests", "scripts", "docs", "setup.cfg", "pyproject.toml", "README.md")
PYTEST = (sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-k", "not postgresql")
TESTS_FAILED, TESTS_PASSED = 1, 0


def is_caught(mutant: Mutant) -> bool:
    """Whether a test fails on the project with this bug. Raises RuntimeError when pytest did not get so far."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in COPIED:
            _copy(ROOT / name, copy / name)
        file = copy / "ampera" / mutant.file
        file.write_text(file.read_text().replace(mutant.before, mutant.after))
        environ = {**os.environ, "PYTHONPATH": folder}
        done = subprocess.run((*PYTEST, *mutant.tests), cwd=copy, env=environ, capture_output=True, text=True)
    if done.returncode not in (TESTS_FAILED, TESTS_PASSED):
        raise RuntimeError(f"{mutant.name}: pytest ended with {done.returncode}\n{done.stdout[-2000:]}{done.stderr}")
    is_found = done.returncode == TESTS_FAILED
    print(f"{'caught' if is_found else 'SURVIVED':8}  {mutant.name}", flush=True)
    return is_found


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
    else:
        shutil.copy(source, target)


def main(names: list[str]) -> int:
    chosen = [mutant for mutant in MUTANTS if not names or mutant.name in names]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        caught = list(pool.map(is_caught, chosen))
    print(f"{sum(caught)} of {len(chosen)} planted bugs are caught")
    return 0 if chosen and all(caught) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
