"""Who may act: staff, their sign-ins, enrolled devices and API keys. Secrets are stored as hashes only."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, false, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ampera.db import Base, UtcDateTime


class Staff(Base):
    """A member of one office's staff with one role (see `roles.py`).

    `must_change`: somebody else knows the password; it opens nothing but its own change.
    `given_until`: until when the password that somebody else has made opens a first session; it opens one only.
    `has_short_password`: it is strong enough beside a second factor only.
    An account of a directory (see `directory/`) has no password: its `password_hash` is empty, which nothing matches.
    """

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), index=True)
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    password_hash: Mapped[str]
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    must_change: Mapped[bool] = mapped_column(default=False, server_default=false())
    given_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    has_factor: Mapped[bool] = mapped_column(default=False, server_default=false())
    has_short_password: Mapped[bool] = mapped_column(default=False, server_default=false())

    @property
    def is_of_directory(self) -> bool:
        return not self.password_hash


class SignInTry(Base):
    """How often one account, browser or address (see `sign_in/tries.py`) missed, and until when it rests."""

    __tablename__ = "sign_in_tries"

    key: Mapped[str] = mapped_column(primary_key=True)
    misses: Mapped[int]
    since: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AccountNotice(Base):
    """What somebody did to an account, for a member of staff who must know it and has not read it yet."""

    __tablename__ = "account_notices"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    about_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    kind: Mapped[str]
    by_name: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    about: Mapped[Staff] = relationship(foreign_keys=[about_id])


class SignIn(Base):
    """One signed-in browser. Ending it here ends it everywhere; the cookie holds a token, the table its hash.

    With a `device_id` it works on this tablet only. `factor` is the kind of the second factor that began it (see
    `factors/writes.py`); None for a password alone. `directory_sid` is how a directory names the session there.
    """

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    proved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    factor: Mapped[str | None]
    device_id: Mapped[int | None] = mapped_column(ForeignKey("devices.id"), index=True)
    directory_sid: Mapped[str | None] = mapped_column(index=True)
    staff: Mapped[Staff] = relationship()


class Device(Base):
    """An enrolled display or tablet of one office; `kind` tells which (`display`, or one of `devices/kinds.py`).

    A display shows the office, one site of it or one lane, and can change nothing. `speaks` and `volume` (0-100) are
    about its loudspeaker; `tested_at` is when somebody last asked to hear it. On a tablet staff sign in; `version` is
    that of the pages at the last sign-in, and it locks after `lock_minutes` without a touch (0 is never).
    """

    __tablename__ = "devices"

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), index=True)
    lane_id: Mapped[int | None] = mapped_column(ForeignKey("lanes.id"))
    kind: Mapped[str]
    name: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    site: Mapped[str] = mapped_column(default="", server_default=text("''"))
    speaks: Mapped[bool] = mapped_column(default=True, server_default=true())
    volume: Mapped[int] = mapped_column(default=80, server_default="80")
    tested_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[str | None]
    lock_minutes: Mapped[int] = mapped_column(default=5, server_default="5")


class Enrolment(Base):
    """A screen or tablet that shows a one-time code and waits for an administrator; its secret collects the token once.

    `network` is where it asked from: no network may use up the codes of all.
    """

    __tablename__ = "enrolments"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    secret_hash: Mapped[str] = mapped_column(unique=True)
    network: Mapped[str] = mapped_column(default="", server_default=text("''"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    office_id: Mapped[int | None] = mapped_column(ForeignKey("offices.id"))
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    device_id: Mapped[int | None] = mapped_column(ForeignKey("devices.id"))


class ApiKey(Base):
    """A key for another system. It acts as one member of staff, in one role, until its end.

    `scopes` and `networks` limit it further, each separated by spaces; None is no limit. Keys of older versions have
    no end.
    """

    __tablename__ = "api_keys"
    __table_args__ = (Index("ix_api_keys_staff", "staff_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(unique=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    role: Mapped[str]
    name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    scopes: Mapped[str | None]
    networks: Mapped[str | None]
    staff: Mapped[Staff] = relationship()
