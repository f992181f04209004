"""Steps of people who sign in with a directory, and what the tests read of them."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from ampera import audit, clock, db
from ampera.accounts.directory import provider
from ampera.accounts.directory.models import DirectoryAccount
from ampera.accounts.models import SignIn, Staff
from ampera.settings import load
from tests.conftest import SECRETS
from tests.directories import Directory, Forger, settings_of


def use(app: Flask, directory: Directory | Forger, **more: str) -> None:
    """Let the app use this directory, of which it knows nothing yet."""
    provider.known_provider.cache_clear()
    wanted = settings_of(directory.issuer, **more)
    loaded = load(SECRETS | {f"AMPERA_{name}": value for name, value in wanted.items()}, make_secrets=False)
    changed = {name.lower(): getattr(loaded, name.lower()) for name in wanted}
    app.extensions["ampera.settings"] = replace(app.extensions["ampera.settings"], **changed)


def question(browser: FlaskClient, query: str = "") -> str:
    """Where the browser is sent to when it begins."""
    answer = browser.get(f"/login/oidc{query}")
    assert answer.status_code == 302, answer.text
    return answer.location


def asked(address: str) -> dict[str, str]:
    """The parameters of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def come_back(browser: FlaskClient, address: str) -> TestResponse:
    parts = urlsplit(address)
    return browser.get(f"{parts.path}?{parts.query}")


def enter(app: Flask, directory: Directory, subject: str, query: str = "") -> tuple[FlaskClient, TestResponse]:
    """This person signs in; gives the browser and the last answer."""
    browser = app.test_client()
    return browser, come_back(browser, directory.answer(question(browser, query), subject))


def forge(app: Flask, forger: Forger, **changed: str | None) -> tuple[FlaskClient, TestResponse]:
    """A sign-in whose answer is `changed`, with the token that the forger makes."""
    browser = app.test_client()
    return browser, come_back(browser, forger.answer(question(browser), **changed))


def times() -> dict[str, int]:
    """The times of a token that is made at the app's present time."""
    at = int(clock.now().timestamp())
    return {"iat": at, "exp": at + 300, "auth_time": at}


def staff_of(login: str) -> Staff | None:
    with db.reading() as session:
        return session.scalar(select(Staff).where(Staff.login == login))


def account_of(login: str) -> DirectoryAccount:
    with db.reading() as session:
        query = select(DirectoryAccount).join(Staff).where(Staff.login == login)
        return session.scalars(query).one()


def running(login: str) -> list[SignIn]:
    """The sessions of an account that have not ended."""
    with db.reading() as session:
        query = select(SignIn).join(Staff).where(Staff.login == login, SignIn.ended_at.is_(None))
        return list(session.scalars(query))


def history(action: str) -> list[audit.AuditEntry]:
    with db.reading() as session:
        return list(session.scalars(select(audit.AuditEntry).where(audit.AuditEntry.action == action)))


def is_inside(browser: FlaskClient) -> bool:
    return browser.get("/account").status_code == 200
