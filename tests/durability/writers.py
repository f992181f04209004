"""`python -m tests.durability.writers TASK`: processes that record handovers one after the other, and are killed.

Every writer is a fork of this program, which is loaded but has not opened the database: it begins in milliseconds, so
that a thousand kills take minutes. TASK is a JSON file with `key` (of an API key), `bodies` and `kills`. What was
acknowledged is printed, by the key of its request.
"""

import json
import os
import random
import signal
import sys
import time
from pathlib import Path
from typing import IO, Any

from ampera import create_app
from ampera.settings import load

MOST_ANSWERS = 3  # of one writer, before the blow
MOST_SECONDS = 0.012  # about two handovers: the blow falls anywhere in one


def main(task: dict[str, Any]) -> dict[str, Any]:
    app, draw = create_app(load()), random.Random(11)
    acknowledged: dict[str, Any] = {}
    for _ in range(task["kills"]):
        left = [body for body in task["bodies"] if body["key"] not in acknowledged]
        acknowledged |= _killed(app, task["key"], left, draw)
    return acknowledged


def _killed(app: Any, key: str, bodies: list[dict[str, Any]], draw: random.Random) -> dict[str, Any]:
    """What a writer had acknowledged when it was killed; the answers that it had sent by then have all arrived."""
    ours, theirs = os.pipe()
    writer = os.fork()
    if not writer:
        _write(app, key, bodies, theirs)
    os.close(theirs)
    with open(ours, encoding="utf-8") as answers:
        found = [answers.readline() for _ in range(draw.randrange(MOST_ANSWERS + 1))]
        time.sleep(draw.uniform(0, MOST_SECONDS))
        os.kill(writer, signal.SIGKILL)
        os.waitpid(writer, 0)
        return _read([*found, *answers])


def _read(lines: list[str]) -> dict[str, Any]:
    whole = [json.loads(line) for line in lines if line.endswith("\n")]  # the last one may have been cut off
    return {answer["key"]: answer["answer"] for answer in whole}


def _write(app: Any, key: str, bodies: list[dict[str, Any]], pipe: int) -> None:
    """Never returns. Each line is written at once, after its answer."""
    client = app.test_client()
    with os.fdopen(pipe, "w", encoding="utf-8") as out:
        for body in bodies:
            answer = client.post("/api/v1/handovers", json=body, headers={"Authorization": f"Bearer {key}"})
            _print(out, {"key": body["key"], "answer": answer.get_json(), "status": answer.status_code})
    os._exit(0)


def _print(out: IO[str], answer: dict[str, Any]) -> None:
    out.write(json.dumps(answer) + "\n")
    out.flush()


if __name__ == "__main__":
    print(json.dumps(main(json.loads(Path(sys.argv[1]).read_text()))))
