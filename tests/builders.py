"""Plain functions that put clearly invented rows into the current app's database."""

import secrets
from datetime import date, timedelta
from typing import Any

from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import select

from ampera import audit, clock, db
from ampera.accounts import passwords, service
from ampera.accounts.keys import service as keys
from ampera.accounts.keys.limits import Wish
from ampera.accounts.models import Staff
from ampera.accounts.roles import ROLES
from ampera.notices.models import Delivery, Notice
from ampera.offices.models import Lane, Office, OpeningHours
from ampera.passports.models import Passport
from ampera.pickups import codes
from ampera.pickups.models import Pickup, PickupCode
from ampera.security import new_token, token_hash
from ampera.web import csrf_tokens

PASSWORD = "sandi-contoh-12345"
_hash = passwords.hashed(PASSWORD)


def office(code: str = "PLG", name: str = "Kantor Imigrasi Contoh Palembang", lanes: int = 2, **options: Any) -> int:
    """An office that is always open, with lanes and one member of staff per role (login `<role>.<code>`)."""

    def build(unit: db.Unit) -> int:
        row = Office(code=code, name=name, options=options)
        unit.session.add(row)
        unit.session.flush()
        for number in range(1, lanes + 1):
            unit.session.add(Lane(office_id=row.id, number=number, name=f"Jalur {number}"))
        for weekday in range(7):
            unit.session.add(OpeningHours(office_id=row.id, weekday=weekday, opens="00:00", closes="24:00"))
        for role in (*ROLES, "officer2", "supervisor2"):
            unit.session.add(_staff(row.id, f"{role}.{code.lower()}", role.rstrip("2"), unit.at))
        return row.id

    return db.current().write(build)


def _staff(office_id: int, login: str, role: str, at: Any) -> Staff:
    return Staff(
        office_id=office_id, login=login, name=f"Petugas Contoh {login}", role=role, password_hash=_hash, created_at=at
    )


def staff(login: str) -> Staff:
    with db.reading() as session:
        return session.scalars(select(Staff).where(Staff.login == login)).one()


def actor(role: str = "officer", office: str = "PLG") -> audit.Actor:
    """The actor of the office's member of staff with this role, freshly signed in."""
    who = staff(f"{role}.{office.lower()}")
    return audit.Actor("staff", who.name, who.role, who.office_id, staff_id=who.id, proved_at=clock.now())


def signed_in(app: Flask, role: str, office: str = "PLG") -> FlaskClient:
    """A browser with a session of this role; its unsafe requests carry the CSRF token."""
    return signed_in_as(app, f"{role}.{office.lower()}")


def signed_in_as(app: Flask, login: str) -> FlaskClient:
    """The same for the account with this login."""
    client = _Browser(app, app.response_class, use_cookies=True)
    client.open_as(login)
    return client


class _Browser(FlaskClient):
    token = ""

    def open_as(self, login: str) -> None:
        found = staff(login)
        session_token = new_token("session")
        actor = audit.Actor("staff", found.name, found.role, found.office_id, staff_id=found.id)
        service.sign_in(actor, token_hash(session_token))
        with self.session_transaction() as session:
            session["token"] = session_token
        raw = secrets.token_hex(20)
        with self.application.app_context():
            self.token = csrf_tokens.signed(raw)
        with self.session_transaction() as session:
            session["csrf_token"] = raw

    def open(self, *args: Any, **kwargs: Any) -> Any:
        headers = dict(kwargs.pop("headers", None) or {})
        headers.setdefault("X-CSRFToken", self.token)
        return super().open(*args, headers=headers, **kwargs)


class _Keyed(FlaskClient):
    key = ""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        headers = dict(kwargs.pop("headers", None) or {})
        headers.setdefault("Authorization", f"Bearer {self.key}")
        return super().open(*args, headers=headers, **kwargs)


def with_key(app: Flask, role: str, office: str = "PLG") -> FlaskClient:
    """A program that sends an API key of this role with every request."""
    client = _Keyed(app, app.response_class, use_cookies=False)
    client.key = key(role, office)
    return client


def key(role: str, office: str = "PLG") -> str:
    return key_of(f"{role}.{office.lower()}")


def key_of(login: str) -> str:
    """An API key of the account with this login, with the same role."""
    token = new_token("key")
    who = staff(login)
    keys.create(audit.command(who.office_id), who.id, Wish(who.role, "uji"), token_hash(token))
    return token


def passport(n: int = 1, office_id: int = 1, **fields: Any) -> int:
    """A ready book of an invented person without a pickup; `n` makes its numbers unique."""
    row = Passport(
        **{
            "office_id": office_id,
            "application_no": f"99{n:014d}",
            "passport_no": f"X{n:07d}",
            "holder_name": f"Contoh Orang {n}",
            "name_key": f"contoh orang {n}",
            "birth_date": date(1990, 1, 1) + timedelta(days=n),
            "issued_on": clock.today() - timedelta(days=3),
            "shelf": f"C-{n // 100:02d}-{n % 100:02d}",
            "nik": f"167101{n:010d}",
            "state": "ready",
            "created_at": clock.now(),
            "updated_at": clock.now(),
            **fields,
        }
    )

    def build(unit: db.Unit) -> int:
        unit.session.add(row)
        unit.session.flush()
        return row.id

    return db.current().write(build)


def pickup(*passport_ids: int, generation: int = 1, pickup_id: int | None = None) -> str:
    """One pickup for these books; returns its code. With `pickup_id` a new generation of an existing pickup."""
    keys = codes.CodeKeys.parse(current_app.extensions["ampera.settings"].code_keys)

    def build(unit: db.Unit) -> str:
        owner = unit.session.get(Pickup, pickup_id) if pickup_id else None
        if owner is None:
            books = [unit.session.get_one(Passport, passport_id) for passport_id in passport_ids]
            owner = Pickup(office_id=books[0].office_id, created_at=unit.at)
            unit.session.add(owner)
            unit.session.flush()
            for book in books:
                book.pickup_id = owner.id
        row = PickupCode(
            pickup_id=owner.id,
            generation=generation,
            key_id=keys.newest_id,
            nonce=codes.new_nonce(),
            created_at=unit.at,
        )
        code = keys.code(row)
        row.code_hash, row.link_hash = codes.fingerprint(code), codes.fingerprint(keys.link(row))
        row.booking_code = codes.new_short_code()
        unit.session.add(row)
        return code

    return db.current().write(build)


def ready(*numbers: int, **fields: Any) -> tuple[list[int], str]:
    """Ready books of one family with one code: their ids and the code."""
    books = [passport(n, **fields) for n in numbers]
    return books, pickup(*books)


def set_columns(model: type[db.Base], where: dict[str, Any], **values: Any) -> None:
    """Write these values to every row of the model that matches `where`."""
    db.current().write(lambda unit: unit.session.query(model).filter_by(**where).update(values))


def dead_delivery(pickup_id: int = 1, office_id: int = 1, **fields: Any) -> int:
    """A message about this pickup that nobody could deliver; `kind` is of its notice."""

    def build(unit: db.Unit) -> int:
        of = {"office_id": office_id, "created_at": unit.at}
        kind = fields.pop("kind", "ready")
        notice = Notice(pickup_id=pickup_id, kind=kind, facts={}, state="expanded", **of)
        unit.session.add(notice)
        unit.session.flush()
        row = {
            "notice_id": notice.id,
            "once": f"uji {notice.id}",
            "channel": "mail",
            "address": "contoh@surat.example",
            "first_name": "Contoh",
            "state": "dead",
            "tries": 3,
            "reason": "smtp 550 5.1.1",
            "due_at": unit.at,
            "ended_at": unit.at,
        }
        delivery = Delivery(**{**row, **of, **fields})
        unit.session.add(delivery)
        unit.session.flush()
        return delivery.id

    return db.current().write(build)
