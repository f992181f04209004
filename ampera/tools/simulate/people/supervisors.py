"""The supervisors: their open page rings, the first one takes the call, comes to the vehicle, and decides.

They decide on their own device, or sign on the tablet of the officer who called.
"""

import json
from random import Random
from typing import Any

from gevent.event import Event

from ampera.tools.bench.sockets import Listener
from ampera.tools.simulate.http_clients import Answer, Outgoing
from ampera.tools.simulate.morning import Morning, Trip
from ampera.tools.simulate.world import Worker
from ampera.visits.supervisor_calls import decision as decisions

NOTICES, COMES, LOOKS_AGAIN = 4.0, (20.0, 180.0), 20.0  # seconds
REFUSES, ON_TABLET = 0.1, 0.3
GRANTS = {
    decisions.LOCKED: decisions.UNLOCK,
    decisions.OVERDUE: decisions.ALLOW_LATE,
    decisions.NO_SIGNATURE: decisions.ALLOW_UNSIGNED,
    decisions.OTHER: decisions.ATTEND,
}
REASON = "Contoh: pemohon dirawat di rumah sakit"


class Supervisor(Listener):
    """One supervisor: the open calls as the page shows them, and the person who answers them."""

    def __init__(self, morning: Morning, worker: Worker, number: int) -> None:
        self.morning, self.worker = morning, worker
        self.random = Random(f"{morning.options.seed}:supervisor:{number}")  # noqa: S311
        self.calls: list[dict[str, Any]] = []
        self.answered: set[int] = set()
        self.changed = Event()
        super().__init__(morning.http.port, {}, "/supervisor", worker.cookie)

    def on_event(self, text: str) -> None:
        self.calls = json.loads(text.partition(",")[2])[1]["calls"]
        self.changed.set()
        self.changed.clear()

    def read(self) -> None:
        while self.is_open:
            self.receive()

    def work(self) -> None:
        while True:
            call = self._next_call()
            if call is None:
                self.changed.wait(self.morning.clock.real(LOOKS_AGAIN))
            else:
                self._answer(call)

    def _next_call(self) -> dict[str, Any] | None:
        """The oldest call that nobody has taken."""
        free = (call for call in self.calls if call["taken_by_id"] is None and call["id"] not in self.answered)
        return next(free, None)

    def _answer(self, call: dict[str, Any]) -> None:
        """Take the call, go there, and decide. Another supervisor may be faster, and the vehicle may be gone."""
        self.answered.add(call["id"])
        self.morning.clock.sleep(NOTICES)
        if not self._post("take", call, {}).is_ok:
            return
        self.morning.clock.sleep(self.random.uniform(*COMES))
        if any(known["id"] == call["id"] for known in self.calls):
            self._decide(call, self.morning.trips.get(call["visit_id"]))

    def _decide(self, call: dict[str, Any], trip: Trip | None) -> None:
        who = trip.vehicle.number if trip else call["queue_no"]
        random = Random(f"{self.morning.options.seed}:{who}:decision:{call['reason']}")  # noqa: S311
        may_refuse = call["reason"] != decisions.OTHER
        decision = decisions.REFUSE if may_refuse and random.random() < REFUSES else GRANTS[call["reason"]]
        is_on_tablet = random.random() < ON_TABLET
        answer = self._post("decision", call, {"decision": decision, "reason": REASON}, is_on_tablet)
        if not answer.is_ok and answer.code != "call_over":
            decision = decisions.REFUSE
            answer = self._post("decision", call, {"decision": decision})
        if trip and answer.is_ok:
            # The officer may have withdrawn the call and made another one, which is decided then.
            trip.decide(answer.body["reason"], decision)
            self.morning.wake_windows()

    def _post(self, step: str, call: dict[str, Any], body: dict[str, str], is_on_tablet: bool = False) -> Answer:
        browser = self.worker.headers
        if is_on_tablet:
            browser = self.morning.world.worker(call["by_id"]).headers
            body = body | {"login": self.worker.login, "password": self.worker.password}
        path = f"/api/v1/visits/{call['visit_id']}/supervisor/{step}"
        return self.morning.http.send(Outgoing(f"supervisor {step}", "POST", path, body, headers=browser))
