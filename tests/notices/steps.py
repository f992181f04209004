"""Steps of notices: the written notices, and the actions that cause them."""

from datetime import date
from typing import Any

from flask import current_app
from sqlalchemy import select, update

from ampera import clock, db
from ampera.notices.channels.base import Message
from ampera.notices.content.compose import compose
from ampera.notices.models import Delivery, Notice
from ampera.offices.models import Office
from ampera.passports.deadlines import collect_by
from ampera.passports.imports import intake_plan, intake_service
from ampera.passports.imports.row import checked
from ampera.passports.models import Passport
from ampera.pickups.codes import CodeKeys
from ampera.pickups.queries import handouts
from tests import builders


def notices(kind: str = "") -> list[Notice]:
    """The written notices of this kind (or all) in their order."""
    with db.reading() as session:
        found = session.scalars(select(Notice).order_by(Notice.id)).all()
    return [notice for notice in found if kind in ("", notice.kind)]


def kinds() -> list[str]:
    return [notice.kind for notice in notices()]


def delete_notices() -> None:
    """Delete the notices written so far."""
    db.current().write(lambda unit: unit.conn.execute(Notice.__table__.delete()))


def office_has(**options: Any) -> None:
    """Set options of the office without an event."""

    def change(unit: db.Unit) -> None:
        office = unit.session.get_one(Office, 1)
        unit.conn.execute(update(Office).where(Office.id == 1).values(options={**office.options, **options}))

    db.current().write(change)


def cells(n: int, **more: Any) -> dict[str, Any]:
    """The cells of a book in an imported file, with a unique e-mail address."""
    return {
        "application_no": f"88{n:014d}",
        "passport_no": f"X{n:07d}",
        "holder_name": f"Contoh{n} Sampel",
        "birth_date": "02-03-1990",
        "issued_on": clock.today().isoformat(),
        "shelf": "A-01",
        "email": f"contoh{n}@surat.example",
        **more,
    }


def taken_in(n: int) -> dict[str, str]:
    """The same book as the API takes it from another system: `builders` gives such numbers and papers too."""
    return {
        "application_no": f"99{n:014d}",
        "passport_no": f"X{n:07d}",
        "holder_name": f"Contoh Orang {n}",
        "birth_date": "1990-02-03",
        "issued_on": clock.today().isoformat(),
        "shelf": "C-01-01",
        "nik": f"167101030290{n:04d}",
        "email": f"contoh{n}@contoh.id",
    }


def take_in(*lines: dict[str, Any]) -> list[intake_plan.RowOutcome]:
    return intake_service.bring_in(builders.actor("desk"), list(checked(enumerate(lines, 2), clock.today())))


def book(passport_id: int) -> Passport:
    with db.reading() as session:
        return session.get_one(Passport, passport_id)


def composed(notice: Notice, first_name: str = "Contoh") -> Message | None:
    """The message that would be sent now for this notice."""
    with db.reading() as session:
        return compose(session, current_app.extensions["ampera.settings"], addressed(notice, first_name))


def addressed(notice: Notice, first_name: str = "Contoh") -> Delivery:
    return Delivery(notice_id=notice.id, office_id=notice.office_id, first_name=first_name)


def newest_message(kind: str) -> Message | None:
    """The message of the newest notice of this kind."""
    return composed(notices(kind)[-1])


def current_link(pickup_id: int) -> str:
    settings = current_app.extensions["ampera.settings"]
    with db.reading() as session:
        (given,) = handouts(session, CodeKeys.parse(settings.code_keys), settings.site(), [pickup_id])
    return given.link


def last_day(passport_id: int) -> date:
    found = book(passport_id)
    return collect_by(found.issued_on, {}, found.late_until)
