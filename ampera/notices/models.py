"""The outbox: a message is a row of the transaction that caused it, so none is lost and none is sent for nothing."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from ampera.db import Base, UtcDateTime


class Notice(Base):
    """One message to the people of one pickup. `facts` never hold more than a first name, counts and times."""

    __tablename__ = "notices"
    __table_args__ = (Index("ix_notices_state", "state", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    pickup_id: Mapped[int] = mapped_column(ForeignKey("pickups.id"), index=True)
    kind: Mapped[str]
    facts: Mapped[dict] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(default="waiting")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
