"""Where WhatsApp tells what became of a message. Only what Meta signed is read; without the channel it is not there."""

from flask import Blueprint, Response, current_app, request
from flask_limiter.util import get_remote_address

from ampera import db
from ampera.errors import Problem, Refusal
from ampera.notices.channels.whatsapp import webhook_payload
from ampera.notices.channels.whatsapp.channel import NAME
from ampera.notices.delivery import receipts
from ampera.security import public, without_session
from ampera.settings import Settings
from ampera.web import limits
from ampera.web.limits import limiter

PATH = "/hooks/whatsapp"
MOST_BODY = 3 * 1024 * 1024  # bytes; Meta sends up to 3 MB

pages = Blueprint("whatsapp", __name__)


def _refused_only(response: Response) -> bool:
    """Meta may come as often as it likes; who cannot sign may not."""
    return response.status_code == 403


refusals = limiter.limit("60/minute", key_func=get_remote_address, deduct_when=_refused_only)


@pages.get(PATH)
@public
@refusals
def verify() -> Response:
    """Meta's question when the webhook is set up: who knows the word gets its challenge back."""
    settings = _settings()
    word = request.args.get("hub.verify_token", "")
    if request.args.get("hub.mode") != "subscribe" or not webhook_payload.is_word(word, settings.whatsapp_verify):
        raise Problem(Refusal.FORBIDDEN, 403)
    return Response(request.args.get("hub.challenge", "")[:200], mimetype="text/plain")


@pages.post(PATH)
@limits.body_up_to(MOST_BODY)
@without_session
@refusals
def hear() -> Response:
    """200 for everything that is signed, also for what is not known here: another answer makes Meta repeat it."""
    body, signature = request.get_data(), request.headers.get("X-Hub-Signature-256", "")
    if not webhook_payload.is_signed(body, signature, _settings().whatsapp_secret):
        raise Problem(Refusal.FORBIDDEN, 403)
    for news in webhook_payload.news_in(body):
        _hear(news)
    return Response("", mimetype="text/plain")


def _hear(news: webhook_payload.News) -> None:
    about = receipts.About(NAME, news.provider_id, news.key)
    with db.reading() as session:
        found = receipts.delivery_of(session, about)
    if found is None:
        return
    teller = receipts.teller(found, NAME)
    if news.state == webhook_payload.FAILED:
        receipts.failed(teller, found.delivery_id, about, news.reason)
    else:
        receipts.arrived(teller, found.delivery_id, about)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["ampera.settings"]
    if not settings.whatsapp_url:
        raise Problem(Refusal.NOT_FOUND, 404)
    return settings
