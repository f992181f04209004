"""A request of a person about the own data, from its reception to the answer."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from ampera.db import Base, UtcDateTime
from ampera.sql.sealed import SealedText

ACCESS, CORRECTION, OBJECTION = KINDS = ("access", "correction", "objection")
WAYS = ("counter", "letter", "message")
GRANTED, REFUSED = OUTCOMES = ("granted", "refused")


class PersonRequest(Base):
    """What was asked about the data of one book's holder. Without `outcome` the clock of 3 x 24 hours runs.

    `asked` and `answer` are the words of people; they become empty some time after the answer (`ampera/retention`).
    `correction_id` is the decided proposal that answered a request for a correction.
    """

    __tablename__ = "person_requests"
    __table_args__ = (
        Index("ix_person_requests_office_answered", "office_id", "answered_at"),
        Index("ix_person_requests_passport", "passport_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    passport_id: Mapped[int] = mapped_column(ForeignKey("passports.id"))
    kind: Mapped[str]
    way: Mapped[str]
    asked: Mapped[str] = mapped_column(SealedText("person_requests.asked"))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    noted_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None]
    answer: Mapped[str] = mapped_column(SealedText("person_requests.answer"), default="")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    correction_id: Mapped[int | None] = mapped_column(ForeignKey("corrections.id"))
