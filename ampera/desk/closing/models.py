"""A service day that a supervisor has closed."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ampera.db import Base, UtcDateTime


class ClosedDay(Base):
    """The figures of one day as they were when it was closed, as JSON. A row never changes (`ampera/history`)."""

    __tablename__ = "closed_days"
    __table_args__ = (UniqueConstraint("office_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    day: Mapped[date]
    closed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    closed_by_name: Mapped[str]
    figures: Mapped[str]
