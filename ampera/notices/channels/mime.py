"""A message as e-mail: plain text and HTML, with the QR as an inline picture. UTF-8, without tracking.

Built from the classes of `email.mime`: `EmailMessage` parses its headers again and takes ten times as long.
"""

from datetime import datetime
from email.charset import QP, Charset
from email.header import Header
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.policy import SMTP, compat32
from email.utils import format_datetime, formataddr, parseaddr

from ampera.notices.channels.base import QR_CID, Message
from ampera.passports.email_address import is_email_address

UTF8 = Charset("utf-8")
UTF8.body_encoding = QP
POLICY = compat32.clone(linesep=SMTP.linesep)


def mail(message: Message, sender: str, to: str, key: str, at: datetime) -> bytes:
    """The complete e-mail. The Message-ID is derived from `key`, so that a repeated mail can be recognised.

    `sender` is `ADDRESS` (the office is then the display name) or `NAME <ADDRESS>`. Raises ValueError for a wrong `to`.
    """
    if not is_email_address(to, is_ascii=True):
        raise ValueError("not an address that every mail server takes")
    name, address = parseaddr(sender)
    html = _text(message.html, "html")
    written = MIMEMultipart("alternative", None, [_text(message.text, "plain"), _related(html, message.qr_png)])
    written["From"] = formataddr((_line(name or message.office), address))
    written["To"] = formataddr((_line(message.first_name), to))
    written["Subject"] = Header(_line(message.subject), None if message.subject.isascii() else "utf-8").encode()
    written["Date"] = format_datetime(at)
    written["Message-ID"] = message_id(key, address)
    written["Auto-Submitted"] = "auto-generated"  # RFC 3834: asks for no automatic replies
    written["X-Auto-Response-Suppress"] = "All"
    written["Content-Language"] = message.language
    return written.as_bytes(policy=POLICY)


def message_id(key: str, address: str) -> str:
    """The Message-ID of a delivery: its key at the domain of the sender."""
    return f"<{key[:40]}@{address.rpartition('@')[2]}>"


def _text(text: str, subtype: str) -> MIMENonMultipart:
    part = MIMENonMultipart("text", subtype)
    part.set_payload(text, UTF8)
    return part


def _related(html: MIMENonMultipart, png: bytes | None) -> MIMENonMultipart | MIMEMultipart:
    if not png:
        return html
    picture = MIMEImage(png, "png")
    picture["Content-ID"] = f"<{QR_CID}>"
    picture.add_header("Content-Disposition", "inline", filename="qr.png")
    return MIMEMultipart("related", None, [html, picture], type="text/html")


def _line(text: str) -> str:
    return " ".join(text.split())
