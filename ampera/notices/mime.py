"""A message as e-mail: plain text and HTML with the code as an inline picture. UTF-8 throughout, nothing to track."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from ampera.notices.channels import QR_CID, Message


def mail(message: Message, sender: str, to: str, key: str, at: datetime) -> bytes:
    """The whole e-mail. Its Message-ID comes from `key`: whoever gets it twice can tell. ValueError for a bad address.

    `sender` is `ADDRESS` (then the office's name stands before it) or `NAME <ADDRESS>`.
    """
    name, address = parseaddr(sender)
    written = EmailMessage(SMTP)
    written["From"] = Address(_line(name or message.office), addr_spec=address)
    written["To"] = Address(_line(message.first_name), addr_spec=to)
    written["Subject"] = _line(message.subject)
    written["Date"] = format_datetime(at)
    written["Message-ID"] = message_id(key, address)
    written["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answer by machines
    written["X-Auto-Response-Suppress"] = "All"
    written.set_content(message.text)
    written.add_alternative(message.html, subtype="html")
    written["Content-Language"] = message.language  # last: setting a content forgets what was said of one
    if message.qr_png and (html := written.get_body(("html",))):
        html.add_related(message.qr_png, "image", "png", cid=f"<{QR_CID}>", disposition="inline", filename="qr.png")
    return written.as_bytes()


def message_id(key: str, address: str) -> str:
    return f"<{key[:40]}@{address.rpartition('@')[2]}>"


def _line(text: str) -> str:
    return " ".join(text.split())
