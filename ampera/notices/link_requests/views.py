"""'Find my pickup' on the front page. The answer to any readable input is the same redirect to the same page.

Number and birth date appear in no URL, session or log. Only unreadable input gets a message beside its field.
"""

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_limiter import RequestLimit
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from ampera import clock, db
from ampera.notices.link_requests import search_input, service
from ampera.notices.link_requests.availability import LINK, can_send
from ampera.notices.link_requests.search_input import SearchInput
from ampera.offices.models import Office
from ampera.security import public, token_hash, without_session
from ampera.web.limits import limiter, network

NUMBER_AN_HOUR = "10/hour"  # for one application number from one address
ADDRESS_AN_HOUR = "600/hour"  # of one address: the customers of a mobile network share one

pages = Blueprint("find", __name__)


@pages.get("/find")
@public
def show() -> str:
    """The form."""
    return _page()


def _too_often(_limit: RequestLimit) -> Response:
    return Response(_page(is_too_often=True), status=429)


def _is_taken(response: Response) -> bool:
    return response.status_code == 303


def _number_and_network() -> str:
    """The store of the counters gets a hash, never the number."""
    return token_hash(f"{search_input.application_no(request.form.get('number', ''))}|{network()}")


@pages.post("/find")
@without_session
@limiter.limit(ADDRESS_AN_HOUR, key_func=network, on_breach=_too_often, deduct_when=_is_taken)
@limiter.limit(NUMBER_AN_HOUR, key_func=_number_and_network, on_breach=_too_often, deduct_when=_is_taken)
def ask() -> BaseResponse | tuple[str, int]:
    """`number` and `born`: 303 to the page of confirmation; 422 only for an unreadable number or date."""
    if not _may_find(_office()):
        return redirect(url_for("find.show"), 303)
    number = search_input.application_no(request.form.get("number", ""))
    born = search_input.birth_date(request.form.get("born", ""), clock.today())
    if number is None or born is None:
        problems = {
            "number": "" if number else gettext("Nomor permohonan terdiri atas 8 sampai 20 angka."),
            "born": "" if born else gettext("Tulis tanggal lahir seperti 31-12-1990."),
        }
        return _page(problems, request.form), 422
    service.submit(SearchInput(number, born))
    return redirect(url_for("find.noted"), 303)


@pages.get("/find/noted")
@public
def noted() -> str:
    """The same page for every request; it reads no book."""
    return render_template("notices/find_noted.html", office=_office())


def _page(
    problems: dict[str, str] | None = None, values: dict[str, str] | None = None, is_too_often: bool = False
) -> str:
    """The form with the submitted `values`, so that they need not be typed again."""
    kept = {name: (values or {}).get(name, "")[:40] for name in ("number", "born")}
    office = _office()
    return render_template(
        "notices/find.html",
        office=office,
        may_find=_may_find(office),
        problems=problems or {},
        values=kept,
        is_too_often=is_too_often,
    )


def _office() -> Office | None:
    """The office whose name heads the page: the first that sends links, else the first. All offices are searched."""
    with db.reading() as session:
        offices = list(session.scalars(select(Office).order_by(Office.id)))
    return next(filter(_may_find, offices), offices[0] if offices else None)


def _may_find(office: Office | None) -> bool:
    return can_send(office, LINK, current_app.extensions["ampera.settings"])
