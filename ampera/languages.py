"""Indonesian first, English complete: the language a person chose (`?lang=`, kept in a cookie), else Indonesian."""

from flask import Flask, Response, g, request
from flask_babel import Babel

LANGUAGES = ("id", "en")
COOKIE = "lang"
YEAR = 365 * 24 * 3600

babel = Babel()


def init_app(app: Flask) -> None:
    app.config.update(BABEL_DEFAULT_LOCALE="id", BABEL_DEFAULT_TIMEZONE="Asia/Jakarta")
    babel.init_app(app, locale_selector=chosen)
    app.after_request(_remember)
    app.jinja_env.globals.update(language=chosen)


def chosen() -> str:
    """The language of this request: 'id' or 'en'."""
    for wish in (request.args.get("lang"), request.cookies.get(COOKIE)) if request else ():
        if wish in LANGUAGES:
            return wish
    return "id"


def _remember(response: Response) -> Response:
    wish = request.args.get("lang")
    if wish in LANGUAGES and wish != request.cookies.get(COOKIE) and not g.get("is_bearer"):
        response.set_cookie(COOKIE, wish, max_age=YEAR, samesite="Lax", secure=request.is_secure, httponly=True)
    return response
