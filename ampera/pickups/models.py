"""Pickups and their codes. Codes and links are derived from a key, so the database keeps only their hashes."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ampera.db import Base, UtcDateTime


class Pickup(Base):
    """The right to collect one or several books with one code."""

    __tablename__ = "pickups"
    __table_args__ = (Index("ix_pickups_group", "office_id", "group_name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    group_name: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PickupCode(Base):
    """One generation of code, link and short code of a pickup. The state is current, revoked or used."""

    __tablename__ = "pickup_codes"
    __table_args__ = (
        UniqueConstraint("pickup_id", "generation"),
        Index(
            "ux_pickup_codes_current",
            "pickup_id",
            unique=True,
            sqlite_where=text("state = 'current'"),
            postgresql_where=text("state = 'current'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pickup_id: Mapped[int] = mapped_column(ForeignKey("pickups.id"))
    generation: Mapped[int]
    key_id: Mapped[str]
    nonce: Mapped[bytes] = mapped_column(LargeBinary)
    code_hash: Mapped[str] = mapped_column(unique=True)
    link_hash: Mapped[str] = mapped_column(unique=True)
    booking_code: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(default="current")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
