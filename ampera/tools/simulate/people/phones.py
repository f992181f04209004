"""Applicants' phones: sockets on /pickup, from the arrival until the trip is over."""

import json
from contextlib import closing

import gevent

from ampera.tools.bench.sockets import Listener
from ampera.tools.simulate.morning import Morning, Trip

LOOKS_EVERY = 20.0  # simulated seconds
LAST_NEWS = 0.5  # true seconds


class Phone(Listener):
    """One applicant's open page; it remembers whether it told of the call."""

    was_told = False

    def told(self, text: str) -> None:
        visit = json.loads(text.partition(",")[2])[1]["visit"]
        self.was_told |= bool(visit and visit["state"] in ("called", "serving"))

    def read(self) -> None:
        while self.is_open:
            self.hear()


def carry(morning: Morning, trip: Trip) -> None:
    """Open the applicant's page until the trip is over, unless as many phones as the run wants are open."""
    if morning.phones_on >= morning.options.phones:
        return
    morning.phones_on += 1
    with closing(Phone(morning.doors.port, {"link": trip.tickets[0].link}, "/pickup")) as phone:
        reading = gevent.spawn(phone.read)
        while trip.stage != "over":
            morning.pace.sleep(LOOKS_EVERY)
        gevent.sleep(LAST_NEWS)
        reading.kill()
    morning.phones_on -= 1
    if trip.lane:
        morning.phones_told.append(phone.was_told)
