"""Accounts of a directory, and what may be used only once. The directory's tokens are sealed."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ampera.accounts.models import Staff
from ampera.db import Base, UtcDateTime


class DirectoryAccount(Base):
    """Which person of a directory an account is: the issuer and its name for the person, never a login or an address.

    `checked_at` is when the directory was last asked about the person, `answered_at` when it last said yes.
    `sealed_tokens` is what it is asked with, of the newest sign-in; None after a refusal.
    """

    __tablename__ = "directory_accounts"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), unique=True)
    issuer: Mapped[str]
    subject: Mapped[str]
    sealed_tokens: Mapped[str | None]
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    staff: Mapped[Staff] = relationship()


class DirectoryMark(Base):
    """The hash of a nonce or of a logout token's id that was used, kept as long as it could be used again."""

    __tablename__ = "directory_marks"

    key: Mapped[str] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
