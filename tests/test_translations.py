"""Both languages are complete: every text is in the English catalogue, and no template holds a bare word."""

import ast
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages import extract, pofile
from babel.messages.mofile import write_mo
from jinja2 import Environment

PROJECT = Path(__file__).parent.parent
CATALOGUE = PROJECT / "ampera/translations/en/LC_MESSAGES/messages.po"
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd%]|\{\w+\}")
KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "lazy_ngettext": (1, 2)}
KEYWORDS |= {"both": None, "both_in": ((1, "c"), 2), "both_plural": (1, 1)}
SPOKEN_ATTRIBUTES = ("alt", "title", "aria-label", "placeholder")
# Names and forms that are the same in every language; a signboard says its two words in Indonesian to everybody.
SAME_EVERYWHERE = {
    "Si Ampera Bertanjak",
    "English",
    "Indonesia",
    "Bahasa Indonesia",
    "7KQ4-M2XR",
    "Jalur",
    "Berikutnya",
}


@pytest.fixture(scope="module")
def catalogue():
    with CATALOGUE.open("rb") as content:
        return pofile.read_po(content, locale="en")


def texts():
    """Every text of the interface with the place where it stands."""
    methods = [("ampera/**.py", "python"), ("templates/**.html", "jinja2")]
    options = {"templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true"}}
    for place, line, text, _, context in extract.extract_from_dir(PROJECT, methods, options, KEYWORDS):
        yield f"{place}:{line}", text, context


def test_every_text_is_translated(catalogue):
    missing = []
    for place, text, context in texts():
        key = text[0] if isinstance(text, tuple) else text
        message = catalogue.get(key, context)
        strings = message.string if message and isinstance(message.string, tuple) else (message and message.string,)
        if not message or not all(strings):
            missing.append(f"{place} {key!r}")
    assert not missing, "run scripts/translate and fill in:\n" + "\n".join(missing)


def test_no_text_stands_inside_an_f_string():
    """The extraction does not look there, so its translation would be missed."""
    found = []
    for path in sorted((PROJECT / "ampera").rglob("*.py")):
        strings = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.JoinedStr))
        inner = (call for string in strings for call in ast.walk(string) if isinstance(call, ast.Call))
        names = [call.func.id for call in inner if isinstance(call.func, ast.Name)]
        found += [f"{path.relative_to(PROJECT)}: {name}" for name in names if name in KEYWORDS]
    assert found == []


def test_translations_keep_the_placeholders(catalogue):
    wrong = []
    for message in catalogue:
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id and any(places(string) - places(ids[-1]) for string in strings):
            wrong.append(message.id)
    assert not wrong


def places(text):
    return {found.group() for found in PLACEHOLDER.finditer(text)}


def test_the_compiled_catalogue_is_current(catalogue, tmp_path):
    with (tmp_path / "fresh.mo").open("wb") as out:
        write_mo(out, catalogue)
    assert (tmp_path / "fresh.mo").read_bytes() == CATALOGUE.with_suffix(".mo").read_bytes(), "run scripts/translate"


def test_no_template_holds_a_bare_word():
    found = {}
    for template in sorted((PROJECT / "templates").rglob("*.html")):
        bare = _BareWords()
        bare.feed(_without_jinja(template.read_text()))
        found[str(template.relative_to(PROJECT))] = bare.found
    assert {template: words for template, words in found.items() if words} == {}, "wrap these in _()"


def _without_jinja(source):
    """The template's own text; what Jinja computes is left out, `{% trans %}` blocks too."""
    source = re.sub(r"{%-?\s*trans\b.*?{%-?\s*endtrans\s*-?%}", "", source, flags=re.S)
    source = re.sub(r"{% block (body|main_class|theme) %}.*?{% endblock %}", "", source)  # attributes, not text
    tokens = Environment(extensions=["jinja2.ext.i18n"], autoescape=True).lex(source)
    return "".join(value for _line, kind, value in tokens if kind == "data")


class _BareWords(HTMLParser):
    """Collects visible words; code, and what has a `lang` of its own, is meant as it stands."""

    def __init__(self):
        super().__init__()
        self.found = []
        self.foreign = []

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if self.foreign or tag == "code" or (given.get("lang") and tag != "html"):
            self.foreign.append(tag)
        for name in SPOKEN_ATTRIBUTES:
            if not self.foreign:
                self._look(given.get(name) or "")

    def handle_endtag(self, tag):
        if tag in self.foreign:
            while self.foreign.pop() != tag:
                pass

    def handle_data(self, data):
        if not self.foreign:
            self._look(data)

    def _look(self, text):
        for words in re.split(r"\s{2,}|\n|·", text):
            if re.search(r"[^\W\d_]{3,}", words) and words.strip() not in SAME_EVERYWHERE:
                self.found.append(words.strip())
