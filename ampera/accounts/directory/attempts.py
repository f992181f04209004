"""One attempt to sign in with a directory, and what its answer must match. A browser keeps it in its signed cookie."""

import hmac
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

LIVES = timedelta(minutes=10)
EARLIER = timedelta(minutes=1)  # how long before the attempt a new sign-in at the directory may be: clocks differ
SECRET_LENGTH = 48  # characters


class Client(NamedTuple):
    """How the directory knows this installation: its id, the scopes, and the address for answers."""

    client_id: str
    scopes: str
    way_back: str


class Attempt(NamedTuple):
    """`at` is when it began, in seconds.

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


def new_attempt(target: str, at: datetime, sign_in_id: int | None, is_new: bool) -> Attempt:
    from authlib.common.security import generate_token

    state, nonce, verifier = (generate_token(SECRET_LENGTH) for _ in range(3))
    return Attempt(state, nonce, verifier, target, int(at.timestamp()), sign_in_id, is_new)


def read(kept: Any) -> Attempt | None:
    """The attempt of a cookie; None when there is none."""
    return Attempt(*kept) if isinstance(kept, list) and len(kept) == len(Attempt._fields) else None


def question(address: str, attempt: Attempt, client: Client) -> str:
    """The address of the directory that the browser goes to."""
    from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
    from authlib.oauth2.rfc7636 import create_s256_code_challenge

    more = {"prompt": "login", "max_age": "0"} if attempt.is_new else {}
    return prepare_grant_uri(
        address, client.client_id, "code", client.way_back, client.scopes, attempt.state, nonce=attempt.nonce,
        code_challenge=create_s256_code_challenge(attempt.verifier), code_challenge_method="S256", **more,
    )  # fmt: skip


def is_answered(attempt: Attempt, state: str, at: datetime) -> bool:
    """Whether an answer with this state is one to the attempt, and in time."""
    age = at - datetime.fromtimestamp(attempt.at, UTC)
    return hmac.compare_digest(state.encode(), attempt.state.encode()) and timedelta(0) <= age <= LIVES


def is_new_enough(attempt: Attempt, claims: dict[str, Any]) -> bool:
    """Whether the person has signed in at the directory since the attempt began, where that is needed."""
    at = claims.get("auth_time")
    return not attempt.is_new or (isinstance(at, int | float) and at >= attempt.at - EARLIER.total_seconds())
