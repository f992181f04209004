"""The PIN of one account on one browser. Its hash covers the browser's own secret: the table alone opens nothing."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ampera.accounts.models import Staff
from ampera.db import Base, UtcDateTime


class DevicePin(Base):
    """`signed_in_at` is the full sign-in that the PIN was made in: sessions that it begins count from then.

    `device` names the browser, `tablet_id` the enrolled tablet that it is, if it is one.
    """

    __tablename__ = "device_pins"
    __table_args__ = (UniqueConstraint("device", "staff_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    device: Mapped[str]
    pin_hash: Mapped[str]
    signed_in_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    misses: Mapped[int] = mapped_column(default=0)
    tablet_id: Mapped[int | None] = mapped_column(ForeignKey("devices.id"))
    staff: Mapped[Staff] = relationship()
