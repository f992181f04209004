"""Si Ampera Bertanjak: drive-thru passport collection. `create_app` is the table of contents."""

from importlib import import_module

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from ampera import assets, clock
from ampera.settings import PROJECT, Settings, load

COOKIE = "ampera"
SUBSCRIBERS = (
    "accounts.live",
    "pickups.issuing",
    "pickups.service",
    "bookings.announcing",
    "bookings.service",
    "bookings.windows_off",
    "notices.causes",
    "notices.reminding",
    "notices.sending",
    "reports.counting",
    "visits.daily",
    "board.collected",
)
PAGES = (
    "accounts.views",
    "accounts.admin_views",
    "offices.views",
    "offices.admin_views",
    "offices.calendar_views",
    "offices.options_views",
    "notices.admin_views",
    "passports.views",
    "passports.import_views",
    "passports.kind_views",
    "pickups.views",
    "bookings.announced_views",
    "bookings.views",
    "bookings.desk_views",
    "visits.views",
    "visits.picks_views",
    "visits.line_views",
    "visits.arrival_views",
    "handovers.receipt_views",
    "board.views",
    "board.enrol_views",
    "board.screens_views",
    "board.applicant_views",
    "board.offline_views",
    "board.voice_views",
    "notices.find_views",
    "notices.told_views",
    "notices.whatsapp_views",
    "reports.desk_views",
    "reports.shelf_views",
    "reports.views",
    "reports.figures_views",
    "reports.order_views",
    "reports.survey_views",
)
JSON = (
    "offices.api",
    "passports.api",
    "passports.import_api",
    "pickups.api",
    "pickups.intake_api",
    "visits.api",
    "visits.picks_api",
    "handovers.api",
    "board.api",
    "board.screens_api",
    "reports.api",
    "reports.shelf_api",
)


def create_app(settings: Settings | None = None) -> Flask:
    """The whole application. Raises SettingsError when the environment is not good enough."""
    settings = settings or load()
    clock.run_at(*settings.clock_rate)
    static = PROJECT / "static"
    app = Flask(
        __name__,
        template_folder=PROJECT / "templates",
        static_folder=static,
        static_url_path=assets.address(static),
    )
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
        SEND_FILE_MAX_AGE_DEFAULT=assets.YEAR,
        WTF_CSRF_CHECK_DEFAULT=False,  # security.py decides: a bearer key needs no CSRF token
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,  # pages send no referrer; security.py compares the origin
    )
    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


def _kernel(app: Flask, settings: Settings) -> None:
    # Imported here: commands that need no application (`ampera run` before it starts the server) come up at once.
    from ampera import api, compression, db, errors, health, languages, limits, logs, metrics, security
    from ampera.serving import views as serving

    app.extensions["ampera.settings"] = settings
    app.extensions["ampera.db"] = db.Database(settings.database_url)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    compression.init_app(app)  # first: it packs what all others have finished
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
    """In the order of a passport's way. Subscribers only have to be imported."""
    from ampera.api import register

    for name in SUBSCRIBERS:
        import_module(f"ampera.{name}")
    for name in PAGES:
        app.register_blueprint(import_module(f"ampera.{name}").pages)
    register(app, *(import_module(f"ampera.{name}").api for name in JSON))


def _live(app: Flask) -> None:
    """After the slices: they have told what they push."""
    from ampera import realtime

    realtime.init_app(app)
