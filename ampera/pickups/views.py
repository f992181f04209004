"""The QR pictures and the slip behind an applicant's unguessable link. The page itself is in the slice `applicant`.

These answers are never cached or indexed, and their URLs are never logged.
"""

from base64 import b64encode
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, current_app, request
from flask_babel import gettext

from ampera import db
from ampera.errors import Problem, Refusal
from ampera.languages import Bilingual, in_both
from ampera.offices import document_labels, filters, labels
from ampera.offices import queries as offices
from ampera.offices.queries import ServiceHours
from ampera.pickups import queries, stages
from ampera.pickups.codes import CodeKeys, printed
from ampera.pickups.qr import picture
from ampera.pickups.queries import Card, CardCode
from ampera.pickups.refusals import PickupRefusal
from ampera.security import public
from ampera.web import paper_tasks
from ampera.web.limits import per_link, unknown_links

if TYPE_CHECKING:
    from ampera.pickups.slip_pdf import Slip

DOWNLOAD_SCALE = 24
PICTURES = "60/minute"  # of one link: a family opens its page on many phones
PICTURE_NAME = "kode-pengambilan.png"

pages = Blueprint("pickups", __name__)


def keys() -> CodeKeys:
    """The code keys of this installation."""
    return CodeKeys.parse(current_app.extensions["ampera.settings"].code_keys)


def site() -> str:
    """The beginning of all URLs of this installation."""
    return current_app.extensions["ampera.settings"].site(request.host_url)


@pages.get("/p/<link>/qr.png")
@public
@per_link(PICTURES)
@unknown_links
def qr_png(link: str) -> Response:
    """`?scale=`: pixels per module. `?download=1`: a picture large enough to print, as a file."""
    code = _presentable(link)
    is_download = "download" in request.args
    scale = request.args.get("scale", DOWNLOAD_SCALE if is_download else picture.DEFAULT_SCALE, int)
    return _file(picture.png(keys().code(code), scale), "image/png", PICTURE_NAME if is_download else "")


@pages.get("/p/<link>/qr.svg")
@public
@per_link(PICTURES)
@unknown_links
def qr_svg(link: str) -> Response:
    """The QR as an SVG."""
    return _file(picture.svg(keys().code(_presentable(link))).encode(), "image/svg+xml")


@pages.get("/p/<link>/slip.pdf")
@public
@per_link(paper_tasks.PER_LINK)
@unknown_links
def slip_pdf(link: str) -> Response:
    """`?size=a6` (default) or `a4`."""
    from ampera.pickups import slip_pdf as pickups_slip_pdf  # imported late: it loads 20 MB of fonts and drawing

    size = request.args.get("size", "a6").lower()
    if size not in pickups_slip_pdf.SIZES:
        raise Problem(Refusal.INVALID, 422, {"size": gettext("a6 atau a4")})
    code = _presentable(link)
    with db.reading() as session:
        card = queries.card(session, code.pickup_id)
        content = _slip(card, code, offices.service_hours(session, card.office))
    made = paper_tasks.draw(f"slip {size}", content, lambda: pickups_slip_pdf.pdf(content, size))
    return _file(made, "application/pdf")


@pages.app_template_filter("printed")
def as_printed(booking_code: str) -> str:
    """The filter `printed`: a short code with its hyphen."""
    return printed(booking_code)


@pages.app_template_filter("qr_address")
def qr_address(code: str) -> str:
    """The picture as a data URL: a page that is saved or read offline keeps it."""
    return f"data:image/png;base64,{b64encode(picture.png(code)).decode()}"


def _found(link: str) -> tuple[Card, CardCode]:
    with db.reading() as session:
        code = queries.by_link(session, link)
        card = queries.card(session, code.pickup_id) if code else None
    if code is None or card is None:
        raise Problem(PickupRefusal.UNKNOWN_LINK, 404)
    if not keys().can_derive(code):
        raise Problem(Refusal.UNAVAILABLE, 503)
    return card, code


def _presentable(link: str) -> CardCode:
    """The generation of the link while an officer can use its QR; Problem 404 otherwise."""
    card, code = _found(link)
    if card.stage(code.state) not in stages.WITH_QR:
        raise Problem(Refusal.NOT_FOUND, 404)
    return code


def _file(content: bytes, mimetype: str, save_as: str = "") -> Response:
    response = Response(content, mimetype=mimetype)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    if save_as:
        response.headers["Content-Disposition"] = f'attachment; filename="{save_as}"'
    return response


def _slip(card: Card, code: CardCode, hours: ServiceHours) -> "Slip":
    """The slip in both languages, whatever language the reader chose."""
    from ampera.pickups.slip_pdf import Slip

    ready = [book for book in card.books if book.state == "ready"]
    kinds, options = [book.kind for book in ready], card.office.options
    bring = in_both(lambda: _bring(options, kinds))
    open_hours = in_both(lambda: [f"{labels.days(row)} {labels.spans(row.spans, hours.zone)}" for row in hours.week])
    documents = Bilingual(*in_both(lambda: filters.documents(kinds, options)))
    return Slip(
        office=card.office.name,
        address=card.office.address,
        first_name=ready[0].first_name,
        code=keys().code(code),
        booking_code=code.booking_code,
        books=len(ready),
        deadline=min(book.deadline for book in ready),
        bring=tuple(map(Bilingual, *bring)),
        hours=tuple(map(Bilingual, *open_hours)),
        documents=documents if set(kinds) != {document_labels.PASSPORT} else None,
    )


def _bring(options: dict[str, Any], kinds: list[str]) -> list[str]:
    """What each class of collector brings, and what these kinds of documents need in addition."""
    return [
        *(f"{line.who}: {line.what}" for line in labels.bring(options)),
        *(gettext("Bawa juga: %(what)s", what=line) for line in filters.bring_besides(kinds, options)),
    ]
