"""Si Ampera Bertanjak: drive-thru passport collection. `create_app` is the table of contents."""

from importlib import import_module
from typing import TYPE_CHECKING

from ampera import clock
from ampera.settings import PROJECT, Settings, load
from ampera.web import assets

if TYPE_CHECKING:  # Flask is imported with the first app: a command without an app starts three times as fast
    from flask import Flask

COOKIE = "ampera"
SUBSCRIBERS = (
    "accounts.live",
    "accounts.directory.tasks",
    "accounts.sign_in.tasks",
    "handovers.copies.seal_service",
    "history.checkpoints",
    "history.tasks",
    "pickups.code_keys.key_queries",
    "pickups.issuance_service",
    "pickups.service",
    "bookings.collectors.service",
    "bookings.service",
    "bookings.slot_closure_service",
    "notices.triggers",
    "notices.slot_triggers",
    "notices.former_triggers",
    "notices.reminder_tasks",
    "notices.delivery.tasks",
    "notices.delivery.checkpoint_tasks",
    "reports.counters",
    "reports.persons.service",
    "retention.tasks",
    "attention.live",
    "visits.tasks",
    "visits.supervisor_calls.live",
    "board.collected_picks",
)
PAGES = (
    "accounts.views",
    "accounts.factors.views",
    "accounts.factors.own_views",
    "accounts.directory.views",
    "accounts.pins.views",
    "accounts.badges.views",
    "accounts.tablets.views",
    "accounts.tablets.admin_views",
    "accounts.admin_views",
    "offices.admin_views",
    "offices.calendar.views",
    "offices.options.views",
    "notices.admin.views",
    "passports.views",
    "passports.corrections.views",
    "passports.entry.views",
    "passports.imports.views",
    "passports.kinds.views",
    "pickups.views",
    "bookings.collectors.views",
    "bookings.views",
    "bookings.desk_views",
    "visits.views",
    "visits.picks.views",
    "visits.supervisor_calls.views",
    "visits.arrivals.views",
    "handovers.receipts.views",
    "board.screens.views",
    "board.screens.enrol_views",
    "board.screens.admin_views",
    "board.screens.voice_views",
    "board.lane_checks.views",
    "notices.link_requests.views",
    "notices.webhook_views",
    "desk.views",
    "desk.shelves.views",
    "desk.closing.views",
    "reports.register.views",
    "reports.statistics.views",
    "reports.order.views",
    "reports.access.views",
    "reports.persons.views",
    "reports.pace_views",
    "survey.views",
    "attention.views",
    "applicant.views",
    "applicant.front_views",
    "applicant.offline_views",
)
FILTERS = ("offices.filters",)
JSON = (
    "offices.api",
    "passports.api",
    "passports.imports.api",
    "pickups.api",
    "pickups.intake_api",
    "visits.api",
    "visits.picks.api",
    "visits.supervisor_calls.api",
    "handovers.api",
    "board.api",
    "board.screens.api",
    "board.lane_checks.api",
    "desk.api",
    "desk.shelves.api",
    "attention.api",
)


def create_app(settings: Settings | None = None) -> "Flask":
    """The whole application. Raises SettingsError for a setting that is missing, unknown or weak."""
    from flask import Flask

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
    _proxies(app, settings)
    return app


def _configure(app: "Flask", settings: Settings) -> None:
    app.ensure_sync = lambda func: func  # type: ignore[method-assign]  # none is a coroutine: Flask need not ask each
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=settings.former_secrets,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        SESSION_COOKIE_NAME=COOKIE,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SEND_FILE_MAX_AGE_DEFAULT=assets.YEAR,
    )


def _kernel(app: "Flask", settings: Settings) -> None:
    # Imported here: a command that needs no app (`ampera run` before it starts the server) starts at once.
    from ampera import api, db, errors, formats, languages, security
    from ampera.monitoring import health, logs, metrics
    from ampera.serving import views as serving
    from ampera.sql import sealed
    from ampera.web import compression, cookies, limits, origins

    app.extensions["ampera.settings"] = settings
    sealed.use(settings.sealing_keys, settings.secret_key)
    app.extensions["ampera.db"] = db.Database(
        settings.database_url, settings.database_pool, has_sessions=settings.database_pooler == "none"
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    compression.init_app(app)  # first: it compresses the finished answers of all others
    cookies.init_app(app)
    logs.init_app(app)
    metrics.init_app(app)
    languages.init_app(app)
    formats.init_app(app)
    errors.init_app(app)
    origins.init_app(app)
    security.init_app(app)
    limits.init_app(app)
    api.init_app(app)
    health.init_app(app)
    serving.init_app(app)


def _slices(app: "Flask") -> None:
    """In the order of a passport's way. Importing a module of SUBSCRIBERS subscribes it."""
    from ampera.api import register

    for name in SUBSCRIBERS:
        import_module(f"ampera.{name}")
    # The page of an office shows whether a vehicle is admitted; only a slice to its right can count the vehicles.
    app.extensions["ampera.admission_today"] = import_module("ampera.visits.admission_queries").admission_today
    for name in FILTERS:
        app.jinja_env.filters.update(import_module(f"ampera.{name}").FILTERS)
    for name in PAGES:
        app.register_blueprint(import_module(f"ampera.{name}").pages)
    register(app, *(import_module(f"ampera.{name}").api for name in JSON))


def _live(app: "Flask") -> None:
    """After the slices, which have registered their feeds."""
    from ampera import realtime

    realtime.init_app(app)


def _proxies(app: "Flask", settings: Settings) -> None:
    from ampera.web import origins

    origins.trust_proxies(app, settings)
