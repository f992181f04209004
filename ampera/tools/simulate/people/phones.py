"""Phones of applicants: sockets on /pickup, from the arrival until the trip is over."""

import json
from contextlib import closing

import gevent

from ampera.tools.bench.sockets import Listener
from ampera.tools.simulate.morning import Morning, Trip

LOOKS_EVERY = 20.0  # simulated seconds
LAST_NEWS = 0.5  # real seconds


class Phone(Listener):
    """One applicant's open page. `showed_call`: the page showed that the vehicle was called."""

    showed_call = False

    def on_event(self, text: str) -> None:
        visit = json.loads(text.partition(",")[2])[1]["visit"]
        self.showed_call |= bool(visit and visit["state"] in ("called", "serving"))

    def read(self) -> None:
        while self.is_open:
            self.receive()


def follow(morning: Morning, trip: Trip) -> None:
    """Keep the applicant's page open until the trip is over, unless enough phones are open."""
    if morning.open_phones >= morning.options.phones:
        return
    morning.open_phones += 1
    with closing(Phone(morning.http.port, {"link": trip.tickets[0].link}, "/pickup")) as phone:
        reading = gevent.spawn(phone.read)
        while trip.stage != "over":
            morning.clock.sleep(LOOKS_EVERY)
        gevent.sleep(LAST_NEWS)
        reading.kill()
    morning.open_phones -= 1
    if trip.lane:
        morning.phone_results.append(phone.showed_call)
