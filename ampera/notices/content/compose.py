"""Compose the message of a delivery: current code and link, in the texts of the office or the default texts."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ampera import clock
from ampera.notices.channels.base import Message
from ampera.notices.content import default_texts, email_html, facts
from ampera.notices.content.default_texts import STANDARD, Text
from ampera.notices.content.email_html import Part
from ampera.notices.content.template_rules import fields_in, fill
from ampera.notices.models import Delivery, Notice, NoticeText
from ampera.offices.models import Office
from ampera.offices.options.defaults import option
from ampera.pickups.codes import CodeKeys
from ampera.pickups.qr import picture as qr_picture
from ampera.pickups.queries import handout
from ampera.settings import Settings

Texts = Mapping[tuple[str, str], Text]
SAMPLE_TOKEN = "contoh-tautan"  # noqa: S105 - a placeholder in previews
SAMPLE_CODE = "SAB" + "0" * 26  # belongs to no pickup
SAMPLE_DAYS = 14


def compose(session: Session, settings: Settings, delivery: Delivery) -> Message | None:
    """The message in its current form; None when the notice is no longer true, or the key of its code is missing."""
    notice = session.get_one(Notice, delivery.notice_id)
    content = facts.content_of(session, notice)
    keys = CodeKeys.parse(settings.code_keys)
    if content is None or not keys.can_derive(content.subject.code):
        return None
    given = handout(keys, settings.site(), content.subject.code)
    office = content.subject.office
    languages = languages_of(office)
    values = {language: content.values(language, delivery.first_name, given.link) for language in languages}
    parts = _parts(notice.kind, languages, texts_of(session, office.id), values)
    picture = qr_picture.png(given.code) if content.with_qr else None
    return _message(notice.kind, parts, values[languages[0]], delivery.first_name, picture)


def texts_of(session: Session, office_id: int) -> dict[tuple[str, str], Text]:
    """Every kind in every language: the text of the office, else the default text."""
    rows = session.scalars(select(NoticeText).where(NoticeText.office_id == office_id))
    return {**STANDARD, **{(row.kind, row.language): Text(row.subject, row.body) for row in rows}}


def languages_of(office: Office) -> list[str]:
    """The languages of the office's messages, in their order."""
    return option(office.options, "notice_languages")


def preview(office: Office, site: str, kind: str, language: str, text: Text) -> Message:
    """The message that this text makes for an invented person."""
    values = sample_values(office, site, language)
    values |= {
        name: f"{{{name}}}" for name in fields_in(" ".join(text)) if name not in values
    }  # unknown fields stay visible
    part = Part(language, fill(text.subject, values), fill(text.body, values))
    picture = qr_picture.png(SAMPLE_CODE) if kind in facts.WITH_QR else None
    return _message(kind, [part], values, values["first_name"], picture)


def sample_values(office: Office, site: str, language: str) -> dict[str, str]:
    """An invented value for every field."""
    today = clock.today(office.timezone)
    tomorrow = clock.local(clock.now(), office.timezone).replace(hour=9, minute=0) + timedelta(days=1)
    name = facts.office_name(office, language)
    return {
        "first_name": "Contoh",
        "link": f"{site}/p/{SAMPLE_TOKEN}",
        "office": name,
        "books": "2",
        "documents": facts.documents_in_words(office.options, ["passport", "passport"], language),
        "contact": option(office.options, "contact") or name,
        **facts.days_in_words(today + timedelta(days=SAMPLE_DAYS), today),
        "slot": default_texts.slot(tomorrow, office.timezone, language),
        "time": default_texts.moment(clock.now(), office.timezone, language),
        "collector": default_texts.collector("family", language),
    }


def _parts(kind: str, languages: Sequence[str], texts: Texts, values: Mapping[str, Mapping[str, str]]) -> list[Part]:
    return [
        Part(
            language,
            fill(texts[kind, language].subject, values[language]),
            fill(texts[kind, language].body, values[language]),
        )
        for language in languages
    ]


def _message(
    kind: str, parts: Sequence[Part], values: dict[str, str], first_name: str, picture: bytes | None
) -> Message:
    link, office = values["link"], values["office"]
    return Message(
        kind=kind,
        language=parts[0].language,
        first_name=first_name,
        subject=email_html.subject(parts),
        text=email_html.text(parts, office),
        html=email_html.html(parts, office, link, has_qr=picture is not None),
        link=link,
        link_token=link.rpartition("/")[2],
        qr_png=picture,
        parameters=values,
        office=office,
    )
