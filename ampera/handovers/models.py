"""The handover register (buku penyerahan, Permenkumham 8/2014 Pasal 23). Rows are written once and never deleted."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ampera.db import Base, UtcDateTime
from ampera.sql.sealed import SealedBytes

SIGNATURES = "signatures.png"  # what their pictures are sealed for
RECORDED = 201  # status of a key whose handover was written


class Signature(Base):
    """The collector's signature as drawn, apart from the record that carries its hash."""

    __tablename__ = "signatures"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str]
    png: Mapped[bytes] = mapped_column(SealedBytes(SIGNATURES))


class HandoverKey(Base):
    """An idempotency key with the answer its first request got (201), or with a counted mismatch (422).

    After a mismatch the same key may come with a corrected body; after a handover it may not.
    """

    __tablename__ = "handover_keys"

    key: Mapped[str] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    body_hash: Mapped[str]
    status: Mapped[int]
    answer: Mapped[dict] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Handover(Base):
    """One book given to one collector. A void only marks the row; at most one row lives per book.

    The row holds its own copies of names and numbers (`copies.py`): readers of the register take these, not the join.
    Triggers of the database refuse any other change than one void (`ampera.immutability`).
    """

    __tablename__ = "handovers"
    __table_args__ = (
        UniqueConstraint("office_id", "number"),
        Index(
            "ux_handovers_live",
            "passport_id",
            unique=True,
            sqlite_where=text("voided_at IS NULL"),
            postgresql_where=text("voided_at IS NULL"),
        ),
        Index("ix_handovers_office_at", "office_id", "at"),
        Index("ix_handovers_office_officer", "office_id", "officer_id"),
        Index("ix_handovers_key", "key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    number: Mapped[int]
    key: Mapped[str] = mapped_column(ForeignKey("handover_keys.key"))
    passport_id: Mapped[int] = mapped_column(ForeignKey("passports.id"))
    pickup_id: Mapped[int] = mapped_column(ForeignKey("pickups.id"))
    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id"), index=True)
    lane_id: Mapped[int] = mapped_column(ForeignKey("lanes.id"))
    officer_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    collector_class: Mapped[str]
    collector_name: Mapped[str]
    collector_document: Mapped[str | None]
    collector_last4: Mapped[str | None]
    shown: Mapped[list] = mapped_column(JSON)
    identity_by: Mapped[str]
    book_by: Mapped[str]
    signature_id: Mapped[int | None] = mapped_column(ForeignKey("signatures.id"))
    signature_sha256: Mapped[str | None]
    unsigned_reason: Mapped[str | None]
    holder_name: Mapped[str] = mapped_column(server_default=text("''"))
    application_no: Mapped[str] = mapped_column(server_default=text("''"))
    passport_no: Mapped[str] = mapped_column(server_default=text("''"))
    kind: Mapped[str] = mapped_column(server_default=text("''"))
    officer_name: Mapped[str] = mapped_column(server_default=text("''"))
    lane_number: Mapped[int] = mapped_column(server_default="0")
    office_name: Mapped[str] = mapped_column(server_default=text("''"))
    found_by: Mapped[str | None]
    device_id: Mapped[int | None] = mapped_column(ForeignKey("devices.id"))
    digest_version: Mapped[int] = mapped_column(server_default="1")
    voided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    voided_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    voided_by_name: Mapped[str | None]
    void_reason: Mapped[str | None]
    void_shelf: Mapped[str | None]
