"""Verbs of the board's tests: vehicles that come, displays that are enrolled, sockets that listen."""

import time
from typing import Any

from flask import Flask, current_app
from sqlalchemy import select, update

from ampera import audit, db
from ampera.accounts.devices import service as device_service
from ampera.accounts.models import Device
from ampera.offices.models import Lane
from ampera.offices.queries import lane_numbered, office_by_code
from ampera.pickups.codes import CodeKeys
from ampera.pickups.models import PickupCode
from ampera.realtime import socketio
from ampera.security import new_token, token_hash
from tests import builders
from tests.handovers import steps

SOON = 60.0  # seconds; news come at once, but the machine may be busy with something else


def vehicle(client: Any, n: int = 1, lane: int = 1, books: int = 1) -> dict[str, Any]:
    """A vehicle whose code (with books n, n + 1 …) is scanned at this lane: its visit."""
    _, code = builders.ready(*range(n, n + books))
    return steps.scan(client, code, lane).get_json()["visit"]


def call(client: Any, visit: dict[str, Any], lane: int = 1) -> dict[str, Any]:
    return client.post(f"/api/v1/visits/{visit['id']}/call", json={"lane": lane}).get_json()


def display(lane: int | None = None, office: str = "PLG", site: str = "") -> str:
    """The token of a display enrolled for an office, one site of it or one lane."""
    with db.reading() as session:
        place = office_by_code(session, office)
        lane_id = lane_numbered(session, place.id, lane).id if lane else None
    token = new_token("display")
    display = device_service.Display("uji", lane_id, site)
    device_service.enrol_device(audit.command(place.id), place.id, display, token_hash(token))
    return token


def at_site(site: str, *lanes: int) -> None:
    """These lanes of the first office are at this site."""

    def build(unit: db.Unit) -> None:
        unit.session.execute(update(Lane).where(Lane.office_id == 1, Lane.number.in_(lanes)).values(site=site))

    db.current().write(build)


def revoke(token: str) -> None:
    with db.reading() as session:
        found = session.scalars(select(Device).where(Device.token_hash == token_hash(token))).one()
    device_service.revoke_device(audit.command(found.office_id), found.id)


def link(pickup_id: int) -> str:
    """The last part of the address of the applicant's page."""
    keys = CodeKeys.parse(current_app.extensions["ampera.settings"].code_keys)
    with db.reading() as session:
        newest = select(PickupCode).where(PickupCode.pickup_id == pickup_id).order_by(PickupCode.generation.desc())
        return keys.link(session.scalars(newest).first())


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


class Listener:
    """A socket of one namespace; `newest()` waits for a state that satisfies `when`."""

    def __init__(self, app: Flask, namespace: str, auth: dict[str, Any] | None = None, browser: Any = None) -> None:
        self.namespace = namespace
        self.socket = socketio.test_client(app, namespace, auth=auth, flask_test_client=browser)
        self.states: list[dict[str, Any]] = []

    @property
    def is_listening(self) -> bool:
        return self.socket.is_connected(self.namespace)

    def newest(self, when: Any = lambda state: True, seconds: float = SOON) -> dict[str, Any]:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.receive()
            if self.states and when(self.states[-1]):
                return self.states[-1]
            time.sleep(0.01)
        raise AssertionError(f"no such state; the last is {self.states[-1:]}")

    def receive(self) -> list[dict[str, Any]]:
        """Everything that came, each with the name of its namespace."""
        for message in self.socket.get_received(self.namespace) if self.is_listening else ():
            assert message["name"] == self.namespace[1:]
            self.states.append(message["args"][0])
        return self.states

    def show(self, revision: int) -> None:
        self.socket.emit("seen", revision, namespace=self.namespace)

    def close(self) -> None:
        if self.is_listening:
            self.socket.disconnect(self.namespace)

    def wait_until_closed(self) -> None:
        until = time.monotonic() + SOON
        while self.is_listening and time.monotonic() < until:
            time.sleep(0.01)
        assert not self.is_listening
