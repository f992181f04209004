"""The outbox: a notice is a row of the transaction that causes it, so none is lost, and a rollback sends none."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ampera.db import Base, UtcDateTime
from ampera.sql.sealed import SealedText


class Notice(Base):
    """One notice to the applicants of a pickup. `facts` hold only counts, days, times and ids.

    `once` is unique, so that a repeated cause writes no second notice. `due_at` is the earliest moment to send.
    """

    __tablename__ = "notices"
    __table_args__ = (Index("ix_notices_state", "state", "id"), Index("ux_notices_once", "once", unique=True))

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    pickup_id: Mapped[int] = mapped_column(ForeignKey("pickups.id"), index=True)
    kind: Mapped[str]
    facts: Mapped[dict] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(default="waiting")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    once: Mapped[str | None]
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Delivery(Base):
    """The delivery of a notice to one address by one channel. `once` keeps it to one message per address.

    The state is waiting (until `due_at`), sending (claimed until `lease_until`), sent, delivered (reported by the
    channel), passed (to the next channel), dropped (no longer true) or dead (a person has to act).
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        Index("ix_deliveries_channel_due", "channel", "state", "due_at"),
        Index("ix_deliveries_office_state", "office_id", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"), index=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    once: Mapped[str] = mapped_column(unique=True)
    channel: Mapped[str]
    address: Mapped[str] = mapped_column(SealedText("deliveries.address"))
    first_name: Mapped[str]
    state: Mapped[str] = mapped_column(default="waiting")
    tries: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    claimed_by: Mapped[str | None]
    reason: Mapped[str | None]
    provider_id: Mapped[str | None] = mapped_column(index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class NoticeText(Base):
    """The office's own text for one kind of notice in one language. Without a row the default text is used."""

    __tablename__ = "notice_texts"
    __table_args__ = (UniqueConstraint("office_id", "kind", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    kind: Mapped[str]
    language: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LinkRequest(Base):
    """A request for a link by application number. `key` is the sealed input until the background task has opened it.

    Then `key` is a keyed hash of the number, which serves only to limit the requests for this number.
    """

    __tablename__ = "link_requests"
    __table_args__ = (Index("ix_link_requests_key_at", "key", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
