"""`/login/oidc`: to the directory and back, and the door at which the directory itself ends sessions.

What an attempt must match is in the session's cookie: an answer that another browser has asked for opens nothing here.
Its nonce is used up before the code is: an answer that comes again reaches nobody.
"""

import hmac
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import structlog
from flask import Blueprint, jsonify, redirect, request, session, url_for
from werkzeug.wrappers import Response

from ampera import clock, db
from ampera.accounts import service as accounts_service
from ampera.accounts.authentication import Proved
from ampera.accounts.directory import service, tokens
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
ATTEMPT_LIVES = timedelta(minutes=10)
MAX_ANSWER = 4096  # characters of a code or a state
MAX_TOKEN = 16_384
MAX_AGE = timedelta(minutes=1)  # how long before the attempt a new sign-in at the directory may be: clocks differ
FAILURES = ("server_error", "temporarily_unavailable")  # what a directory answers that is no refusal

log: structlog.stdlib.BoundLogger = structlog.get_logger()
pages = Blueprint("directory", __name__)
Page = str | Response | tuple[str, int]


class Attempt(NamedTuple):
    """What an answer must match.

    With a `sign_in_id` the person of this session proves who it is again. `is_new`: the person must sign in at the
    directory now, even if the browser is still signed in there.
    """

    state: str
    nonce: str
    verifier: str
    target: str
    at: int
    sign_in_id: int | None
    is_new: bool


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
    attempt = _new_attempt(same_site_path(target, ""), who.sign_in_id if who and is_proof else None, is_new)
    session[ATTEMPT] = list(attempt)
    return redirect(_question(address, attempt))


@pages.get("/login/oidc/callback")
@public
@limits.limiter.limit("300/minute", key_func=limits.network)
def answer() -> Page:
    """The browser comes back from the directory, with a code or a refusal."""
    provider, attempt = _provider(), _attempt(session.pop(ATTEMPT, None))
    if attempt is None or not _is_answer_to(attempt, provider):
        return _refused(Refused(DirectoryRefusal.REFUSED, 403), attempt.target if attempt else "")
    found = _redeemed(provider, attempt)
    if isinstance(found, Refused):
        return _refused(found, attempt.target)
    claims, given = found
    if attempt.is_new and not _is_new(claims, attempt):
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


def _is_new(claims: dict[str, Any], attempt: Attempt) -> bool:
    """Whether the person has signed in at the directory since the attempt began."""
    at = claims.get("auth_time")
    return isinstance(at, int | float) and at >= attempt.at - MAX_AGE.total_seconds()


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
    age = clock.now() - datetime.fromtimestamp(attempt.at, clock.now().tzinfo)
    if not hmac.compare_digest(state.encode(), attempt.state.encode()) or not timedelta(0) <= age <= ATTEMPT_LIVES:
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


def _new_attempt(target: str, sign_in_id: int | None, is_new: bool) -> Attempt:
    from authlib.common.security import generate_token

    state, nonce, verifier = (generate_token(48) for _ in range(3))
    return Attempt(state, nonce, verifier, target, int(clock.now().timestamp()), sign_in_id, is_new)


def _question(address: str, attempt: Attempt) -> str:
    """The address that the browser goes to."""
    from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
    from authlib.oauth2.rfc7636 import create_s256_code_challenge

    settings = db.current_settings()
    more = {"prompt": "login", "max_age": "0"} if attempt.is_new else {}
    return prepare_grant_uri(
        address, settings.oidc_client_id, "code", _way_back(), settings.oidc_scopes, attempt.state, nonce=attempt.nonce,
        code_challenge=create_s256_code_challenge(attempt.verifier), code_challenge_method="S256", **more,
    )  # fmt: skip


def _way_back() -> str:
    """The address of `answer`, as the directory has it in its list."""
    return db.current_settings().site(request.host_url) + url_for("directory.answer")


def _attempt(kept: Any) -> Attempt | None:
    return Attempt(*kept) if isinstance(kept, list) and len(kept) == len(Attempt._fields) else None


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
