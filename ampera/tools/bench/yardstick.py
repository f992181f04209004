"""The yardstick server: the same gunicorn, gevent and Socket.IO without the product."""

from gevent import monkey

monkey.patch_all()  # first, as in `ampera run`

from typing import Any  # noqa: E402

from flask import Flask, request  # noqa: E402

from ampera import realtime  # noqa: E402
from ampera.serving.server import Server  # noqa: E402
from ampera.settings import load  # noqa: E402
from ampera.web.known_clients import KnownClients  # noqa: E402

PADDING = "x" * 1050  # with its frame about as long as the state of a board


class Bare(Flask):
    """What the worker asks of an application: whom it knows, how many proxies it trusts, and where its figures go.

    Nobody is limited here.
    """

    def __init__(self) -> None:
        super().__init__(__name__)
        self.known, self.proxies = KnownClients(), 1
        self.app = self


def application() -> Bare:
    """POST /bare answers JSON; POST /broadcast sends a state to every socket of /board."""
    app = Bare()
    realtime.socketio.init_app(app, async_mode="gevent", manage_session=False)

    @realtime.socketio.on("connect", namespace="/board")
    def _connect(_auth: object = None) -> None:
        """Accept every socket."""

    @app.get("/healthz")
    def _healthz() -> dict[str, bool]:
        return {"ok": True}

    @app.post("/bare")
    def _bare() -> dict[str, Any]:
        return {"got": request.get_json()}

    @app.post("/broadcast")
    def _broadcast() -> dict[str, bool]:
        state = {"revision": request.get_json()["revision"], "padding": PADDING}
        realtime.socketio.emit("board", state, namespace="/board")
        return {"ok": True}

    return app


class Yardstick(Server):
    """The same server with the bare application."""

    def claim_database(self) -> None:
        """It has none: the measured server beside it works with the one of these settings."""

    def load(self) -> Any:
        return application()


if __name__ == "__main__":
    Yardstick(load()).run()
