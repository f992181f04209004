"""The languages of the interface: Indonesian first, English complete.

A page has one language, the reader's (`?lang=`, kept in a cookie): its texts go through gettext. Until a
reader chooses one, applicants' pages follow the browser, staff pages and screens are Indonesian. A screen, a slip or a
receipt has both languages beside each other: its texts go through `both`, which needs neither a request nor an app.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeVar

from babel import Locale
from babel.support import Translations
from flask import Flask, Response, g, request
from flask_babel import Babel, force_locale

from ampera.web import cookies

LANGUAGES = ("id", "en")
COOKIE = "lang"
YEAR = 365 * 24 * 3600
ENGLISH = Path(__file__).parent / "translations" / "en" / "LC_MESSAGES" / "messages.mo"

# Pages of applicants, who may be foreigners, by blueprint.
FOLLOWS_BROWSER = frozenset({"front", "applicant", "arrivals", "bookings", "announced", "find", "survey", "receipts"})
READS_INDONESIAN = frozenset({"id", "in", "ms", "jv", "su", "min"})  # primary tags; "in" is Indonesian on old phones

T = TypeVar("T")

babel = Babel()


class Bilingual(NamedTuple):
    """A text in Indonesian and in English."""

    id: str
    en: str

    def format(self, **values: "str | int | Bilingual") -> "Bilingual":
        """Both texts with their {placeholders} filled, each in its own language."""
        texts = (
            text.format(**{name: value[n] if isinstance(value, Bilingual) else value for name, value in values.items()})
            for n, text in enumerate(self)
        )
        return Bilingual(*texts)

    @property
    def beside(self) -> str:
        """Both texts in one line."""
        return f"{self.id} · {self.en}"


def both(message: str) -> Bilingual:
    """The text in both languages."""
    return Bilingual(message, _english().ugettext(message))


def both_in(context: str, message: str) -> Bilingual:
    """The text in both languages where its English is another than on pages."""
    return Bilingual(message, _english().upgettext(context, message))


def both_plural(message: str, number: int) -> Bilingual:
    """The text in both languages for this number of things."""
    return Bilingual(message, _english().ungettext(message, message, number))


def in_both(make: Callable[[], T]) -> tuple[T, T]:
    """What `make` gives when the reader's language is Indonesian, and when it is English."""
    results = []
    for language in LANGUAGES:
        with force_locale(_locale(language)):
            results.append(make())
    return results[0], results[1]


def init_app(app: Flask) -> None:
    app.config.update(BABEL_DEFAULT_LOCALE="id", BABEL_DEFAULT_TIMEZONE="Asia/Jakarta")
    babel.init_app(app, locale_selector=lambda: _locale(chosen()))
    app.after_request(_remember)
    app.jinja_env.globals.update(language=chosen, both=both)


def chosen() -> str:
    """The language of this request: 'id' or 'en'."""
    for wish in (request.args.get("lang"), cookies.read(COOKIE)) if request else ():
        if wish in LANGUAGES:
            return wish
    return _preferred() if _follows_browser() else "id"


def _follows_browser() -> bool:
    return bool(request) and request.blueprint in FOLLOWS_BROWSER


def _preferred() -> str:
    """The browser's first language that decides: English for `en`, Indonesian for its neighbours and by default."""
    for tag, quality in request.accept_languages:
        primary = tag.lower().replace("_", "-").split("-")[0]
        if quality > 0 and (primary == "en" or primary in READS_INDONESIAN):
            return "en" if primary == "en" else "id"
    return "id"


@cache
def _locale(language: str) -> Locale:
    """Parsed once: Babel would look for the files of the language in each request."""
    return Locale.parse(language)


@cache
def _english() -> Translations:
    with ENGLISH.open("rb") as compiled:
        return Translations(compiled)


def _remember(response: Response) -> Response:
    wish = request.args.get("lang")
    if _follows_browser():
        response.vary.update(("Accept-Language", "Cookie"))
    if wish in LANGUAGES and wish != cookies.read(COOKIE) and not g.get("is_bearer"):
        cookies.keep(response, COOKIE, wish, YEAR)
    return response
