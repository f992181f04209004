"""The words that names and prose must not use, because one word has one meaning here (docs/architecture/glossary.md).

`python -m tests.house.words [PATH …]` lists every place below the paths (default: the whole project).
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("ampera", "tests", "static/js", "templates", "static/css", "docs", "scripts", "README.md", "CHANGELOG.md")
FOLDERS += ("CONTRIBUTING.md", "SECURITY.md")
SUFFIXES = (".py", ".js", ".html", ".css", ".md", "")  # scripts have no suffix
SKIPPED = ("vendor", "versions", "__pycache__", "translations", "node_modules")

# A part of an identifier (between underscores or capitals) -> what to write instead.
PARTS = {
    "told": "notified, described, rendered, answer, sentence",
    "tell": "notify, describe, render, report",
    "tells": "describes",
    "telling": "draft, description, report",
    "said": "input, answer, text, submitted",
    "say": "announce, describe, message",
    "says": "shows, reads",
    "hear": "receive, listen",
    "hears": "receives",
    "heard": "received",
    "unheard": "stale",
    "knock": "enrolment",
    "knocks": "enrolments",
    "mouth": "publisher",
    "anew": "again",
    "town": "demo_office, own_office",
}
# A whole identifier -> what to write instead.
NAMES = {
    "one": "the noun (lane, book, row)",
    "me": "process_id, self, client",
    "is_so": "condition",
    "Judgement": "ScanContext, Decision",
    "AtWindow": "HandoverCase",
    "window_now": "current_slot",
    "booked_window": "slot",
    "windows_off": "slot closures",
}
PRONOUNS = re.compile(r"_(it|its|they|them|their|itself|themselves|whoever)(_|$)")
PHRASES = {
    r"\banew\b": "again",
    r"\bsigns? of life\b": "heartbeat",
    r"\b(is|are|was|were|be|been) told\b": "is notified, receives",
    r"\bby lot\b": "at random",
    r"\bbooked windows?\b": "slot, booking",
    r"\bin (its|their|your) window\b(?= of| after)": "in the slot",
    r"\bwhoever\b": "the person who, any client that",
    r"\bof before\b": "earlier, previous",
    r"\bgive[sn]? word\b": "report",
}


def problems(path: Path) -> Iterator[str]:
    """`line: word -> instead` for each forbidden word in the file."""
    text = path.read_text("utf-8")
    if path.suffix == ".py":
        yield from _in_python(text)
    for number, line in enumerate(text.split("\n"), 1):
        for phrase, instead in PHRASES.items():
            if found := re.search(phrase, line, re.IGNORECASE):
                yield f"{number}: prose «{found[0]}» -> {instead}"
        if path.suffix == ".js":
            yield from _in_script(number, line)


def _in_python(text: str) -> Iterator[str]:
    for line, name in sorted(set(_identifiers(ast.parse(text)))):
        yield from _judged(line, name)
        if name.startswith("test_") and PRONOUNS.search(name):
            yield f"{line}: test name «{name}» -> name the subject instead of a pronoun"


def _identifiers(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every name that the file itself chooses: functions, classes, arguments, variables, attributes it sets."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.attr


def _in_script(number: int, line: str) -> Iterator[str]:
    for name in re.findall(r"\b(?:const|let|function|class)\s+#?(\w+)", line):
        yield from _judged(number, name)


def _judged(line: int, name: str) -> Iterator[str]:
    if name in NAMES:
        yield f"{line}: name «{name}» -> {NAMES[name]}"
    for part in re.findall(r"[a-z]+|[A-Z][a-z]*", name):
        if instead := PARTS.get(part.lower()):
            yield f"{line}: name «{name}» -> {instead}"
            break


def files(paths: list[str]) -> Iterator[Path]:
    for top in paths or FOLDERS:
        base = ROOT / top
        for path in sorted([base] if base.is_file() else base.rglob("*")):
            is_ours = path.is_file() and path.suffix in SUFFIXES and not {*path.parts} & {*SKIPPED}
            if is_ours and path != Path(__file__):
                yield path


if __name__ == "__main__":
    count = 0
    for file in files(sys.argv[1:]):
        for problem in problems(file):
            print(f"{file.relative_to(ROOT)}:{problem}")
            count += 1
    sys.exit(f"{count} places" if count else 0)
