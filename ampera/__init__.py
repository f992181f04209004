"""Si Ampera Bertanjak: drive-thru passport collection. `create_app` is the table of contents."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from ampera.settings import PROJECT, Settings, load

COOKIE = "ampera"


def create_app(settings: Settings | None = None) -> Flask:
    """The whole application. Raises SettingsError when the environment is not good enough."""
    settings = settings or load()
    app = Flask(__name__, template_folder=PROJECT / "templates", static_folder=PROJECT / "static")
    _configure(app, settings)
    _kernel(app, settings)
    _slices(app)
    _live(app)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        SESSION_COOKIE_NAME=COOKIE,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.is_https,
        SEND_FILE_MAX_AGE_DEFAULT=3600,
        WTF_CSRF_CHECK_DEFAULT=False,  # security.py decides: a bearer key needs no CSRF token
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,  # pages send no referrer; security.py compares the origin
    )
    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


def _kernel(app: Flask, settings: Settings) -> None:
    # Imported here: commands that need no application (`ampera run` before it starts the server) come up at once.
    from ampera import api, db, errors, health, languages, limits, logs, metrics, security
    from ampera.serving import views as serving

    app.extensions["ampera.settings"] = settings
    app.extensions["ampera.db"] = db.Database(settings.database_url)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    logs.init_app(app)
    metrics.init_app(app)
    languages.init_app(app)
    errors.init_app(app)
    security.init_app(app)
    limits.init_app(app)
    api.init_app(app)
    health.init_app(app)
    serving.init_app(app)


def _slices(app: Flask) -> None:
    from ampera.accounts import live as _accounts_live  # noqa: F401
    from ampera.accounts import views as accounts_views
    from ampera.board import api as board_api
    from ampera.board import views as board_views
    from ampera.handovers import api as handovers_api
    from ampera.visits import api as visits_api
    from ampera.visits import views as visits_views

    for pages in (accounts_views.pages, board_views.pages, visits_views.pages):
        app.register_blueprint(pages)
    api.register(app, board_api.api, visits_api.api, handovers_api.api)


def _live(app: Flask) -> None:
    """After the slices: they have told what they push."""
    from ampera import realtime

    realtime.init_app(app)
