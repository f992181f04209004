"""The badge of an account. A new print replaces the one before."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from ampera.db import Base, UtcDateTime


class Badge(Base):
    """`value_hash` is the hash of the random value in the QR."""

    __tablename__ = "badges"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    value_hash: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
