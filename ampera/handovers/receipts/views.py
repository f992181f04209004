"""Receipts: the PDF behind the applicant's link, and the page where staff check a receipt that is shown to them.

A link names no handover: the receipts of its pickup are counted from the newest back. A check code is never in a URL.
"""

from flask import Blueprint, Response, current_app, render_template, request

from ampera import db, formats
from ampera.errors import Problem, Refusal
from ampera.handovers.receipts import service
from ampera.handovers.receipts.check_code import printed as grouped
from ampera.handovers.receipts.queries import receipts_of
from ampera.languages import LANGUAGES, Bilingual
from ampera.offices import document_labels, labels
from ampera.offices.models import Office
from ampera.pickups import queries
from ampera.pickups.codes import CodeKeys
from ampera.security import STAFF, actor, public, requires
from ampera.web import paper_tasks
from ampera.web.limits import limiter, per_link, unknown_links

CHECKS = "30/minute"  # of one officer: more than a queue of receipts needs, too few for guessing codes
MOST_TYPED = 512

pages = Blueprint("receipts", __name__)


@pages.get("/p/<link>/receipt.pdf")
@public
@per_link(paper_tasks.PER_LINK)
@unknown_links
def receipt_pdf(link: str) -> Response:
    """`?n=` counts from the newest receipt (0) back, for a pickup that was collected in parts."""
    from ampera.handovers.receipts import pdf as receipt_pdf  # here, because it loads 20 MB of fonts and drawing

    n = request.args.get("n", 0, type=int)
    with db.reading() as session:
        card = queries.card_behind(session, link)
        found = receipts_of(session, card.pickup_id, _keys())
    if n not in range(len(found)):
        raise Problem(Refusal.NOT_FOUND, 404)
    paper = receipt_pdf.Paper(
        found[n],
        receipt_pdf.ReceiptHeader(
            card.office.name, card.office.address, formats.date_time_zone(found[n].at, card.office.timezone)
        ),
        {
            kind: Bilingual(*(document_labels.name(card.office.options, kind, language) for language in LANGUAGES))
            for kind in {item.kind for item in found[n].items}
        },
    )
    response = Response(paper_tasks.draw("receipt", paper, lambda: receipt_pdf.pdf(paper)), mimetype="application/pdf")
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Content-Disposition"] = 'inline; filename="tanda-terima.pdf"'
    return response


@pages.get("/register/check")
@requires(*STAFF)
def check_page() -> str:
    return _page()


@pages.post("/register/check")
@requires(*STAFF)
@limiter.limit(CHECKS)
def check() -> str:
    """`code` was scanned or typed. The answer is only on the page; every check is audited."""
    typed = request.form.get("code", "").replace("\0", "")[:MOST_TYPED]
    return _page(service.check(actor(), typed))


@pages.app_template_filter("grouped")
def as_grouped(code: str) -> str:
    return grouped(code)


def _keys() -> CodeKeys:
    return CodeKeys.parse(current_app.extensions["ampera.settings"].code_keys)


def _page(checked: service.Checked | None = None) -> str:
    with db.reading() as session:
        office = session.get_one(Office, actor().office_id)
    return render_template("handovers/check.html", office=office, checked=checked, classes=labels.CLASSES)
