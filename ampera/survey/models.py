"""The tables of the survey. They keep counters of answers and a mark per handover, so that answers are anonymous."""

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
    """A handover (its key) has an answer. Neither the time nor the answer is kept."""

    __tablename__ = "survey_marks"

    handover_key: Mapped[str] = mapped_column(ForeignKey("handover_keys.key"), primary_key=True)
