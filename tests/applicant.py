"""Fixtures and verbs of an applicant: a pickup of two ready books, the path of its page, and forms sent by a script.

A test module imports the fixtures that it uses: `from tests.applicant import code as code`.
"""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import builders
from tests.board import steps

JSON = {"Accept": "application/json"}


@pytest.fixture
def code(app: Flask) -> str:
    """The pickup code of pickup 1 with the ready books 1 and 2."""
    return builders.ready(1, 2)[1]


@pytest.fixture
def path(code: str) -> str:
    """The path of the applicant's page of pickup 1."""
    return f"/p/{steps.link(1)}"


def send(client: FlaskClient, path: str, form: dict[str, str], **headers: str) -> TestResponse:
    """Post a form as the script of the page does; 204 when the server accepted the form."""
    return client.post(path, data=form, headers=JSON | headers)
