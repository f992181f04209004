"""Whether an office can send a kind of notice, such as a link on request."""

from ampera.notices.channels import registry
from ampera.notices.delivery.recipient_queries import order_of
from ampera.offices.models import Office
from ampera.offices.options.defaults import option
from ampera.settings import Settings

LINK, READY = "link", "ready"  # kinds of notices


def can_send(office: Office | None, kind: str, settings: Settings) -> bool:
    """The office sends this kind of notice, and at least one of its channels is set up."""
    if office is None or kind not in option(office.options, "notice_kinds"):
        return False
    return bool(order_of(office.options, registry.available(settings)))
