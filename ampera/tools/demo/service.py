"""Fills an empty database with the demo office, through the services of the product."""

import base64
import io
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import current_app
from PIL import Image, ImageDraw
from sqlalchemy import func, insert, select, update

from ampera import audit, clock, db
from ampera.accounts import passwords, service
from ampera.accounts.devices import service as device_service
from ampera.accounts.models import Staff
from ampera.audit import Actor
from ampera.db import Unit, transaction
from ampera.handovers import service as handovers
from ampera.handovers import signatures
from ampera.handovers.collectors.checklists import Collector
from ampera.handovers.evidence import Identity
from ampera.handovers.submission import BookInHand, Submission
from ampera.offices.models import Lane, Office, OpeningHours
from ampera.passports.events import BooksTakenIn
from ampera.passports.fields import name_key
from ampera.passports.models import Passport
from ampera.pickups.codes import CodeKeys
from ampera.pickups.queries import Handout, handouts
from ampera.security import new_token, token_hash
from ampera.tools.demo.people import Person, people, record
from ampera.visits.moves import call_service
from ampera.visits.moves import service as visits
from ampera.visits.scan import service as scan_service
from ampera.visits.scan.request import ScanRequest

CODE = "PLG"
NAME = "Kantor Imigrasi Contoh Palembang"
LANES = 2
# Every offer to applicants is on, so that the demo shows it.
OPTIONS = {
    "slots": True,
    "contact": "0711 000 000 (contoh)",
    "directions": "Contoh: masuk dari gerbang selatan, ikuti garis kuning sampai jalur pengambilan.",
    "directions_en": "Sample: enter by the south gate and follow the yellow line to the collection lanes.",
    "geo": "-3.0225,104.7870",
    "access": "Contoh: petugas datang ke jendela kendaraan; kursi roda tersedia di loket dalam.",
    "access_en": "Sample: an officer comes to the car window; a wheelchair is kept at the inside counter.",
}
STAFF = (
    ("admin.contoh", "Admin Contoh", "admin"),
    ("penyelia.satu", "Penyelia Contoh Satu", "supervisor"),
    ("penyelia.dua", "Penyelia Contoh Dua", "supervisor"),
    ("rak.contoh", "Petugas Rak Contoh", "desk"),
    ("petugas.satu", "Petugas Contoh Satu", "officer"),
    ("petugas.dua", "Petugas Contoh Dua", "officer"),
)


class NotEmptyError(Exception):
    """There is an office already. The demo never changes an office."""


@dataclass(frozen=True)
class Example:
    """An applicant with one book for the first handover: the page, the card and the book, all invented."""

    link: str
    booking_code: str
    holder_name: str
    nik: str
    passport_no: str


@dataclass(frozen=True)
class Filled:
    """The demo office. Passwords and the token of the screen are stored nowhere else."""

    office: str
    lanes: list[int]
    accounts: list[dict[str, str]] = field(repr=False)
    pickups: list[Handout] = field(repr=False)
    screen: str = field(repr=False)
    example: Example = field(repr=False)


def fill() -> Filled:
    """Create office, staff, screen and books. Raises NotEmptyError when an office exists."""
    with db.reading() as session:
        if session.scalar(select(Office.id).limit(1)):
            raise NotEmptyError
    office_id = _open_office(audit.command())
    command = audit.command(office_id)
    accounts = [_employ(command, *account) for account in STAFF]
    screen = new_token("screen")
    device_service.enrol_device(command, office_id, device_service.Display("Layar contoh"), token_hash(screen))
    _shelve(command)
    _bring_to_their_states(office_id)
    pickups = _ready_pickups(office_id)
    return Filled(CODE, list(range(1, LANES + 1)), accounts, pickups, screen, _example(pickups))


@transaction
def _open_office(unit: Unit, actor: Actor) -> int:
    office = Office(
        code=CODE,
        name=NAME,
        name_en="Sample Immigration Office Palembang",
        address="Jalan Contoh 1, Palembang",
        options=OPTIONS,
    )
    unit.session.add(office)
    unit.session.flush()
    unit.session.add_all(Lane(office_id=office.id, number=n, name=f"Jalur {n}") for n in range(1, LANES + 1))
    unit.session.add_all(
        OpeningHours(office_id=office.id, weekday=day, opens="00:00", closes="24:00") for day in range(7)
    )
    audit.record(unit, actor, "office.created", f"office:{office.id}", code=CODE)
    return office.id


def _employ(command: Actor, login: str, name: str, role: str) -> dict[str, str]:
    password = passwords.random_password(4)  # invented people; somebody types it in a trial
    service.create_staff(command, login, name, role, passwords.hashed(password))
    return {"login": login, "password": password, "role": role}


@transaction
def _shelve(unit: Unit, actor: Actor) -> None:
    """Take in all books in one transaction; each gets its pickup and code."""
    today = clock.today()
    rows = [
        {
            **record(person, n, today),
            "office_id": actor.office_id,
            "name_key": name_key(person.name),
            "kind": "passport",
            "state": "ready",
            "created_at": unit.at - timedelta(days=person.days - 1),
            "updated_at": unit.at,
        }
        for n, person in enumerate(people(), 1)
    ]
    ids = unit.conn.scalars(insert(Passport).returning(Passport.id, sort_by_parameter_order=True), rows).all()
    books = tuple(
        (book, str(row["group_name"]) if row["group_name"] else None) for book, row in zip(ids, rows, strict=True)
    )
    for book in ids:
        audit.record(unit, actor, "passport.taken_in", f"passport:{book}")
    audit.record(unit, actor, "passports.taken_in", f"office:{actor.office_id}", created=len(books))
    unit.emit(BooksTakenIn(actor, actor.office_id or 0, books))


def _bring_to_their_states(office_id: int) -> None:
    with db.reading() as session:
        books = list(session.scalars(select(Passport).where(Passport.office_id == office_id).order_by(Passport.id)))
        staff = session.scalars(select(Staff).where(Staff.role == "officer").order_by(Staff.id).limit(1)).one()
    officer = Actor("staff", staff.name, staff.role, staff.office_id, staff_id=staff.id)
    for book, person in zip(books, people(), strict=True):
        if person.becomes == "collected":
            _hand_over(officer, book)
        elif person.becomes != "ready":
            _mark(audit.command(office_id), book.id, person)


@transaction
def _mark(unit: Unit, actor: Actor, book_id: int, person: Person) -> None:
    reason = "Data perlu dicocokkan (contoh)"
    values = {"state": person.becomes, "held_reason": reason if person.becomes == "held" else None}
    unit.conn.execute(update(Passport).where(Passport.id == book_id).values(**values))
    audit.record(unit, actor, f"passport.{person.becomes}", f"passport:{book_id}", reason=reason)


def _hand_over(officer: Actor, book: Passport) -> None:
    code = _handouts([book.pickup_id or 0])[0].code
    visit: Any = scan_service.scan(officer, ScanRequest(str(uuid.uuid4()), 1, code))["visit"]  # type: ignore[index]
    call_service.call(officer, visit["id"], 1)
    visits.serve(officer, visit["id"], 1)
    typed = Identity(birth_date=book.birth_date)
    drawn = signatures.read(_signature())
    submission = Submission(
        key=str(uuid.uuid4()),
        visit_id=visit["id"],
        books=(BookInHand(book.id, book.passport_no, typed),),
        collector=Collector("self", shown=("identity", "payment")),
        signature=drawn if isinstance(drawn, signatures.Drawn) else None,
    )
    handovers.hand_over(officer, submission)


def _signature() -> str:
    """An invented signature: a wave on a line."""
    picture = Image.new("RGB", (480, 140), "white")
    wave = [(40 + x, 80 - (30 if x // 24 % 2 else -18)) for x in range(0, 400, 12)]
    ImageDraw.Draw(picture).line(wave, fill=(20, 22, 43), width=4, joint="curve")
    out = io.BytesIO()
    picture.save(out, "PNG")
    return signatures.START + base64.b64encode(out.getvalue()).decode()


def _ready_pickups(office_id: int) -> list[Handout]:
    """The pickups whose scan gives "go": no book is held, cancelled, collected or past its limit."""
    ready: dict[int, bool] = {}
    with db.reading() as session:
        rows = session.scalars(select(Passport).where(Passport.office_id == office_id).order_by(Passport.id))
        for book, person in zip(rows, people(), strict=True):
            good = person.becomes == "ready" and person.days < 28
            ready[book.pickup_id or 0] = ready.get(book.pickup_id or 0, True) and good
    return _handouts([pickup_id for pickup_id, is_good in ready.items() if is_good])


def _example(pickups: list[Handout]) -> Example:
    """The first applicant who collects one book, with an Indonesian card."""
    by_id = {pickup.pickup_id: pickup for pickup in pickups}
    alone = select(Passport.pickup_id).group_by(Passport.pickup_id).having(func.count() == 1)
    query = select(Passport).where(
        Passport.pickup_id.in_(by_id), Passport.pickup_id.in_(alone), Passport.nik.is_not(None)
    )
    with db.reading() as session:
        book = session.scalars(query.order_by(Passport.id).limit(1)).one()
    pickup = by_id[book.pickup_id or 0]
    return Example(pickup.link, pickup.booking_code, book.holder_name, book.nik or "", book.passport_no)


def _handouts(pickup_ids: list[int]) -> list[Handout]:
    settings = current_app.extensions["ampera.settings"]
    with db.reading() as session:
        return handouts(session, CodeKeys.parse(settings.code_keys), settings.site(), pickup_ids)
