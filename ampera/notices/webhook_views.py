"""The webhook of WhatsApp: reports about messages. Only bodies signed by Meta are read; 404 without the channel."""

from flask import Blueprint, Response, current_app, request

from ampera import db
from ampera.errors import Problem, Refusal
from ampera.notices.channels.whatsapp import NAME, webhook_payload
from ampera.notices.delivery import receipt_service
from ampera.security import public, without_session
from ampera.settings import Settings
from ampera.web import limits
from ampera.web.limits import limiter, network

PATH = "/hooks/whatsapp"
MOST_BODY = 3 * 1024 * 1024  # bytes; Meta sends up to 3 MB

pages = Blueprint("whatsapp", __name__)


def _refused_only(response: Response) -> bool:
    """Only requests without a valid signature are rate-limited."""
    return response.status_code == 403


refusals = limiter.limit("60/minute", key_func=network, deduct_when=_refused_only)


@pages.get(PATH)
@public
@refusals
def verify() -> Response:
    """Meta sends this request when the webhook is set up. The right token gets the challenge back."""
    settings = _settings()
    token = request.args.get("hub.verify_token", "")
    if request.args.get("hub.mode") != "subscribe" or not webhook_payload.is_verify_token(
        token, settings.whatsapp_verify
    ):
        raise Problem(Refusal.FORBIDDEN, 403)
    return Response(request.args.get("hub.challenge", "")[:200], mimetype="text/plain")


@pages.post(PATH)
@limits.body_up_to(MOST_BODY)
@without_session
@refusals
def receive() -> Response:
    """200 for every signed body, also about unknown messages: any other status makes Meta repeat the request."""
    body, signature = request.get_data(), request.headers.get("X-Hub-Signature-256", "")
    if not webhook_payload.is_signed(body, signature, _settings().whatsapp_secret):
        raise Problem(Refusal.FORBIDDEN, 403)
    for update in webhook_payload.status_updates(body):
        _record(update)
    return Response("", mimetype="text/plain")


def _record(update: webhook_payload.StatusUpdate) -> None:
    message = receipt_service.MessageReference(NAME, update.provider_id, update.key)
    with db.reading() as session:
        delivery = receipt_service.delivery_of(session, message)
    if delivery is None:
        return
    channel = receipt_service.channel_actor(delivery, NAME)
    if update.state == webhook_payload.FAILED:
        receipt_service.record_failure(channel, delivery.delivery_id, message, update.reason)
    else:
        receipt_service.record_delivered(channel, delivery.delivery_id, message)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["ampera.settings"]
    if not settings.whatsapp_url:
        raise Problem(Refusal.NOT_FOUND, 404)
    return settings
