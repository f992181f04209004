"""One thing of each kind that needs a person, planted in an office: PLG, or MKS beside it."""

import os
from datetime import timedelta
from pathlib import Path

from ampera import audit, clock, db
from ampera.accounts.devices import service as device_service
from ampera.accounts.models import ApiKey, Device
from ampera.board.screens import registry
from ampera.desk.closing import service as closing
from ampera.installation import last_backup
from ampera.passports.corrections import service as corrections
from ampera.pickups.models import Pickup
from ampera.reports.persons.models import PersonRequest
from ampera.security import new_token, token_hash
from ampera.visits.models import Pick, SupervisorCall, Visit
from tests import builders

DAY = timedelta(days=1)


def _add(row):
    def build(unit):
        unit.session.add(row)
        unit.session.flush()
        return row.id if hasattr(row, "id") else None

    return db.current().write(build)


def _staff(office, role="officer"):
    return builders.staff(f"{role}.{'plg' if office == 1 else 'mks'}").id


def _visit(office):
    at, day = clock.now(), clock.today()
    row = Visit(office_id=office, day=day, queue_no="A001", kind="car", state="waiting", opened_at=at, since=at)
    return _add(row)


def calls(app, office, n=1):
    by = {"by_id": _staff(office), "at": clock.now()}
    _add(SupervisorCall(office_id=office, visit_id=_visit(office), lane_id=None, reason="other", **by))


def locked(app, office, n=1):
    builders.passport(n, office, locked_at=clock.now(), misses=3)


def missing(app, office, n=1):
    book = builders.passport(n, office)
    _add(Pick(passport_id=book, office_id=office, state="missing", staff_id=_staff(office, "desk"), at=clock.now()))


def requests(app, office, n=1):
    of = {"passport_id": builders.passport(n, office), "kind": "access", "way": "counter", "asked": "uji"}
    at = clock.now() - 2.5 * DAY
    _add(PersonRequest(office_id=office, received_at=at, noted_at=at, noted_by_id=None, outcome=None, **of))


def messages(app, office, n=1):
    pickup = _add(Pickup(office_id=office, created_at=clock.now()))
    builders.dead_delivery(pickup, office)


def _device(office, wanted):
    who = audit.command(office)
    return device_service.enrol_device(who, office, wanted, token_hash(new_token("device"))).id


def screens(app, office, n=1):
    device = _device(office, device_service.Display("Layar uji"))
    long_ago = registry.Sighting(1, clock.true_now().timestamp() - 600)
    with app.app_context():
        registry.of_app(app.extensions).store.put(device, long_ago)


def proofs(app, office, n=1):
    note = Path(app.extensions["ampera.settings"].instance, last_backup.NOTE)
    note.write_text("{}")
    old = clock.now().timestamp() - 30 * 3600
    os.utime(note, (old, old))


def days(app, office, n=1):
    """A day with a vehicle that nobody has closed, after a day that was closed."""
    day, at = clock.today() - DAY, clock.now() - DAY
    for past in (day - DAY, day):
        _add(Visit(office_id=office, day=past, queue_no="A001", kind="car", state="done", opened_at=at, since=at))
    who = builders.actor("supervisor", "PLG" if office == 1 else "MKS")
    assert isinstance(closing.close(who, day - DAY), closing.ClosedState)


def unusual(app, office, n=1):
    who = builders.actor("desk", "PLG" if office == 1 else "MKS")
    book = builders.passport(n, office)
    for _ in range(5):
        audit.note_access(who, "passport.viewed", f"passport:{book}", {})


def corrections_(app, office, n=1):
    who = builders.actor("desk", "PLG" if office == 1 else "MKS")
    made = corrections.propose(who, builders.passport(n, office), {"holder_name": "Contoh Benar"}, "uji coba")
    assert isinstance(made, corrections.Decided)


def overdue(app, office, n=1):
    builders.passport(n, office, issued_on=clock.today() - timedelta(days=40))


def held(app, office, n=1):
    builders.passport(n, office, state="held", held_reason="Data diperiksa (uji)")


def tablets(app, office, n=1):
    tablet = _device(office, device_service.WorkTablet("window", "Tablet uji"))
    builders.set_columns(Device, {"id": tablet}, created_at=clock.now() - timedelta(days=30))


def keys(app, office, n=1):
    owner = "desk.plg" if office == 1 else "desk.mks"
    builders.key_of(owner)
    builders.set_columns(ApiKey, {"staff_id": builders.staff(owner).id}, expires_at=None)


PLANTED = {
    "calls": (calls, ("supervisor",), "A001", "#supervisor-calls"),
    "locked": (locked, ("supervisor",), "Contoh Orang 1", "/desk/books/1#lock"),
    "missing": (missing, ("supervisor", "desk"), "Contoh Orang 1", 'action="/desk/picks"'),
    "requests": (requests, ("supervisor",), "Contoh Orang 1", "/desk/requests/1"),
    "messages": (messages, ("supervisor", "admin"), "Siap diambil", 'action="/admin/notices/1/retry"'),
    "screens": (screens, ("supervisor", "admin"), "Layar uji", "/admin/devices"),
    "proofs": (proofs, ("supervisor", "admin"), "Cadangan", "ampera backup create"),
    "days": (days, ("supervisor",), "Belum ditutup", "/reports/days/"),
    "unusual": (unusual, ("supervisor",), "Orang yang sama berulang kali", "/reports/access/"),
    "corrections": (corrections_, ("supervisor",), "Contoh Orang 1", "/desk/corrections"),
    "overdue": (overdue, ("supervisor",), "Contoh Orang 1", "/desk/books/1#acts"),
    "held": (held, ("supervisor", "desk"), "Contoh Orang 1", "/desk/books/1#release-reason"),
    "tablets": (tablets, ("supervisor", "admin"), "Tablet uji", "/admin/devices/tablets/1/revoke"),
    "keys": (keys, ("admin",), "uji", "/admin/keys/1/revoke"),
}
