"""The meaning of WhatsApp's error codes for a message: temporary, permanent, or a pause of the whole channel.

Only the code is used: the text of an error may quote a number and is never stored. The codes are those of Meta's
page "Cloud API error codes".
"""

from ampera.notices.channels.base import Failed

TOKEN = "the access token in AMPERA_WHATSAPP_URL is refused or has expired"  # noqa: S105 - a sentence
TOO_MANY = "too many messages at once"
AGAIN = "WhatsApp has a disturbance"
TEMPLATE = "the template is not approved, paused or has other parameters than ampera_<kind> needs"

_TOKEN = {0: TOKEN, 3: TOKEN, 10: TOKEN, 190: TOKEN, 131005: TOKEN}
_PAUSE = {
    4: TOO_MANY,
    80007: TOO_MANY,
    130429: TOO_MANY,
    131048: "WhatsApp limits this number because messages were reported",
    368: "the WhatsApp account is restricted",
    131031: "the WhatsApp account is locked",
    131042: "the WhatsApp account has a payment problem",
    131057: "the WhatsApp account is in maintenance",
    133010: "the phone number is not registered at WhatsApp",
}
_AGAIN = {1: AGAIN, 2: AGAIN, 131000: AGAIN, 131016: AGAIN, 131056: "too many messages to this recipient at once"}
_NEVER = {
    33: "the phone number id in AMPERA_WHATSAPP_URL does not exist",
    100: "WhatsApp does not take this message or recipient",
    130472: "WhatsApp keeps this recipient out of an experiment",
    130497: "WhatsApp does not serve the recipient's country",
    131008: TEMPLATE,
    131009: TEMPLATE,
    131021: "the recipient is the sender",
    131026: "this number has no WhatsApp that takes the message",
    131030: "the recipient is not in the test number's list",
    131047: "WhatsApp takes only templates for this recipient",
    131049: "WhatsApp chose not to deliver it",
    131050: "the recipient wants no such messages",
    131051: "WhatsApp does not support this kind of message",
    131052: "WhatsApp could not read the picture",
    131053: "WhatsApp could not take the picture",
}
_PERMISSIONS, _TEMPLATES = range(200, 300), range(132000, 133000)


def failure(code: int | None, status: int = 400) -> Failed:
    """The failure for this error code. Without a code the HTTP status decides."""
    if code is None:
        return _by_status(status)
    if code in _TOKEN or code in _PERMISSIONS:
        return Failed(_with_code(code, TOKEN), is_down=True)
    if code in _PAUSE:
        return Failed(_with_code(code, _PAUSE[code]), is_down=True)
    if code in _AGAIN:
        return Failed(_with_code(code, _AGAIN[code]))
    if code in _TEMPLATES:
        return Failed(_with_code(code, TEMPLATE), is_permanent=True)
    if code in _NEVER:
        return Failed(_with_code(code, _NEVER[code]), is_permanent=True)
    by_status = _by_status(status)
    return Failed(_with_code(code, by_status.reason), by_status.is_permanent, by_status.is_down)


def _by_status(status: int) -> Failed:
    if status in (401, 403):
        return Failed(TOKEN, is_down=True)
    if status == 429:
        return Failed(TOO_MANY, is_down=True)
    if status >= 500 or status == 408:
        return Failed(AGAIN)
    return Failed("WhatsApp refused the message", is_permanent=True)


def _with_code(code: int, reason: str) -> str:
    return f"{reason} ({code})"
