"""The satisfaction survey, anonymous by its shape: counters of answers, and a mark that a handover was asked."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from ampera.db import Base


class SurveyCount(Base):
    """How many gave a score (1 to 4) to an element in a month (YYYY-MM) of an office. No single answer is kept."""

    __tablename__ = "survey_counts"

    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), primary_key=True)
    month: Mapped[str] = mapped_column(primary_key=True)
    element: Mapped[str] = mapped_column(primary_key=True)
    score: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int]


class SurveyMark(Base):
    """This handover (its key) has answered; nothing says when or what."""

    __tablename__ = "survey_marks"

    handover_key: Mapped[str] = mapped_column(ForeignKey("handover_keys.key"), primary_key=True)
