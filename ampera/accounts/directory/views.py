"""`/login/oidc`: to the directory and back, and the door at which the directory itself ends sessions.

What an attempt must match is in the session's cookie: an answer that another browser has asked for opens nothing here.
Its nonce is used up before the code is: an answer that comes again reaches nobody.
"""

from dataclasses import replace
from typing import Any

import structlog
from flask import Blueprint, jsonify, redirect, request, session, url_for
from werkzeug.wrappers import Response

from ampera import clock, db
from ampera.accounts import service as accounts_service
from ampera.accounts.authentication import Proved
from ampera.accounts.directory import attempts, service, tokens
from ampera.accounts.directory.attempts import Attempt, Client
from ampera.accounts.directory.claims import person_of, right_of
from ampera.accounts.directory.provider import Denied, Provider, Tokens, Unreachable, provider_of
from ampera.accounts.directory.queries import account_of, offices_by_code
from ampera.accounts.directory.refusals import DirectoryRefusal
from ampera.accounts.directory.service import directory_actor
from ampera.accounts.directory.tokens import TokenRefused
from ampera.accounts.factors.writes import DirectoryFactor
from ampera.accounts.service import Browser
from ampera.accounts.session_views import HOME, ask_for_factor, start
from ampera.accounts.tablets.browser_views import at_work_here, tablet_here
from ampera.accounts.views import login_page
from ampera.errors import Problem, Refusal, Refused
from ampera.security import current_actor, new_token, public, same_site_path, token_hash, without_session
from ampera.web import limits

ATTEMPT = "directory"  # in the session: an attempt that waits for the directory's answer
MAX_ANSWER = 4096  # characters of a code or a state
MAX_TOKEN = 16_384
FAILURES = ("server_error", "temporarily_unavailable")  # what a directory answers that is no refusal

log: structlog.stdlib.BoundLogger = structlog.get_logger()
pages = Blueprint("directory", __name__)
Page = str | Response | tuple[str, int]


@pages.get("/login/oidc")
@public
@limits.limiter.limit("300/minute", key_func=limits.network)
def begin() -> Page:
    """To the directory. `?prove=1`: the person who is signed in must sign in there again.

    So must anybody on a tablet, and in the place of somebody else: the colleague is still signed in at the directory.
    """
    provider, target = _provider(), request.args.get("next", "")
    try:
        address = provider.description().authorization
    except Unreachable as error:
        log.warning("the directory does not answer", why=str(error))
        return _refused(Refused(DirectoryRefusal.UNREACHABLE, 503), target)
    who = current_actor()
    is_proof = "prove" in request.args and who is not None and who.is_of_directory
    is_new = who is not None or tablet_here() is not None
    sign_in_id = who.sign_in_id if who and is_proof else None
    attempt = attempts.new_attempt(same_site_path(target, ""), clock.now(), sign_in_id, is_new)
    session[ATTEMPT] = list(attempt)
    settings = db.current_settings()
    client = Client(settings.oidc_client_id, settings.oidc_scopes, _way_back())
    return redirect(attempts.question(address, attempt, client))


@pages.get("/login/oidc/callback")
@public
@limits.limiter.limit("300/minute", key_func=limits.network)
def answer() -> Page:
    """The browser comes back from the directory, with a code or a refusal."""
    provider, attempt = _provider(), attempts.read(session.pop(ATTEMPT, None))
    if attempt is None or not _is_answer_to(attempt, provider):
        return _refused(Refused(DirectoryRefusal.REFUSED, 403), attempt.target if attempt else "")
    found = _redeemed(provider, attempt)
    if isinstance(found, Refused):
        return _refused(found, attempt.target)
    claims, given = found
    if not attempts.is_new_enough(attempt, claims):
        log.warning("directory sign-in refused", why="auth_time")
        return _refused(Refused(DirectoryRefusal.REFUSED, 403), attempt.target)
    done = _prove(claims, attempt) if attempt.sign_in_id else _enter(claims, given, attempt.target)
    return _refused(done, attempt.target) if isinstance(done, Refused) else done


@pages.post("/login/oidc/logout")
@without_session
@limits.limiter.limit("600/minute", key_func=limits.network)
def log_out() -> Any:
    """OpenID Connect Back-Channel Logout 1.0: the directory ends sessions of a person. The token is the proof."""
    provider, token = _provider(), request.form.get("logout_token", "")[:MAX_TOKEN]
    try:
        claims = provider.judged(lambda keys: tokens.logout_claims(token, keys, provider.audience, clock.now()))
    except Unreachable as error:
        log.warning("the directory does not answer", why=str(error))
        return _logged_out("temporarily_unavailable", 503)
    except TokenRefused as error:
        log.warning("logout token refused", why=str(error))
        return _logged_out("invalid_request", 400)
    if not service.spend(directory_actor(), "jti", claims["jti"]):
        log.warning("logout token refused", why="jti")
        return _logged_out("invalid_request", 400)
    service.log_out(directory_actor(), provider.audience.issuer, claims.get("sub"), claims.get("sid"))
    return _logged_out("", 200)


def _enter(claims: dict[str, Any], given: Tokens, target: str) -> Response | Refused:
    """The session of this person, or the question for our own second factor."""
    settings = db.current_settings()
    person = person_of(claims, settings.oidc_groups_claim, settings.directory_roles, settings.directory_factors)
    with db.reading() as reading:
        right = right_of(person.rights, offices_by_code(reading))
    if isinstance(right, DirectoryRefusal):
        service.refuse(directory_actor(), person, right)
        return Refused(right, 403)
    who = service.admit(directory_actor(right.office_id), person, right, given)
    if isinstance(who, Refused):
        return who
    proved, target = Proved(who, None, ""), target or HOME[who.role]
    if person.has_factor:
        proved = replace(proved, actor=replace(who, has_factor=True))
        return start(proved, target, DirectoryFactor(), Browser(directory_sid=person.sid))
    if who.has_factor and not isinstance(at_work_here(who), Refused):
        return ask_for_factor(proved, target, person.sid)
    return start(proved, target, None, Browser(directory_sid=person.sid))


def _prove(claims: dict[str, Any], attempt: Attempt) -> Response | Refused:
    """The session becomes fresh when the same person has signed in at the directory just now."""
    who = current_actor()
    if who is None or who.sign_in_id != attempt.sign_in_id:
        return Refused(DirectoryRefusal.REFUSED, 403)
    with db.reading() as reading:
        account = account_of(reading, claims["iss"], claims["sub"])
    if account is None or account.staff_id != who.staff_id:
        return Refused(DirectoryRefusal.OTHER_PERSON, 403)
    token = new_token("session")
    accounts_service.prove_again(who, token_hash(token))
    session["token"] = token
    return redirect(attempt.target or HOME[who.role])


def _redeemed(provider: Provider, attempt: Attempt) -> tuple[dict[str, Any], Tokens] | Refused:
    """The proved claims and the tokens for the code of this request."""
    refused, code = Refused(DirectoryRefusal.REFUSED, 403), request.args.get("code", "")
    if error := request.args.get("error", ""):
        return Refused(DirectoryRefusal.UNREACHABLE, 503) if error in FAILURES else refused
    if not 0 < len(code) <= MAX_ANSWER or not service.spend(directory_actor(), "nonce", attempt.nonce):
        return refused
    try:
        given = provider.redeem(code, attempt.verifier, _way_back())
        claims = provider.judged(
            lambda keys: tokens.id_claims(given.identity, keys, provider.audience, attempt.nonce, clock.now())
        )
    except Unreachable as error:
        log.warning("the directory does not answer", why=str(error))
        return Refused(DirectoryRefusal.UNREACHABLE, 503)
    except (Denied, TokenRefused) as error:
        log.warning("directory sign-in refused", why=str(error))
        return refused
    return claims, given


def _is_answer_to(attempt: Attempt, provider: Provider) -> bool:
    """Whether this request answers the attempt: its state, in time, and from this directory (RFC 9207)."""
    state, issuer = request.args.get("state", "")[:MAX_ANSWER], request.args.get("iss")
    if not attempts.is_answered(attempt, state, clock.now()):
        return False
    if issuer is None:
        return not _names_itself(provider)
    return issuer == provider.audience.issuer


def _names_itself(provider: Provider) -> bool:
    """Whether the directory has announced that it names itself in every answer: then one without a name is not its."""
    try:
        return provider.description().names_itself
    except Unreachable:
        return True


def _way_back() -> str:
    """The address of `answer`, as the directory has it in its list."""
    return db.current_settings().site(request.host_url) + url_for("directory.answer")


def _provider() -> Provider:
    """Raises Problem 404 where no directory is set up."""
    settings = db.current_settings()
    if not settings.oidc_issuer:
        raise Problem(Refusal.NOT_FOUND, 404)
    return provider_of(settings)


def _refused(refused: Refused, target: str) -> Page:
    return login_page(refused, "", target), refused.status


def _logged_out(error: str, status: int) -> Response:
    answer_ = jsonify({"error": error} if error else {})
    answer_.status_code = status
    answer_.headers["Cache-Control"] = "no-store"
    return answer_
