"""The inventories have every file with cryptography, every address that the server connects to, and true bounds."""

import re
from base64 import urlsafe_b64decode
from math import floor, log2
from pathlib import Path

import pytest

from ampera.accounts import passwords
from ampera.accounts.factors import codes
from ampera.accounts.keys import limits as key_limits
from ampera.desk import api as search
from ampera.desk.shelves import api as shelves
from ampera.handovers import signatures
from ampera.handovers.receipts import views as receipts
from ampera.notices.channels.smtp import Limits
from ampera.notices.channels.whatsapp import channel
from ampera.notices.link_requests import service
from ampera.notices.link_requests import views as link_requests
from ampera.notices.webhook_views import MOST_BODY
from ampera.offices.options.defaults import DEFAULTS
from ampera.passports import fields
from ampera.passports.imports import intake_plan, jobs, reader_process, sheets
from ampera.passports.imports.views import UPLOADS
from ampera.passports.spreadsheets import package, table
from ampera.passports.spreadsheets.contacts import MAX_EMAIL
from ampera.pickups.views import PICTURES
from ampera.reports.register.views import MAX_PRINTED
from ampera.security import new_token
from ampera.serving import certificates, server, turns
from ampera.settings import DECLARED
from ampera.sql import engines
from ampera.visits.scan import application_queries
from ampera.web import limits, paper_tasks
from tests.house.test_arrows import ROOT

PROJECT = ROOT.parent
GUIDE = (PROJECT / "docs/guide/integrator.md").read_text("utf-8")
PAGE = (PROJECT / "docs/security/inventory.md").read_text("utf-8")
CRYPTOGRAPHY = re.compile(
    r"^\s*(?:import|from) (?:\w+, )*(?:hashlib|hmac|cryptography|argon2|pyrage|pyotp|itsdangerous|webauthn|ssl)\b",
    re.MULTILINE,
)
LINK = re.compile(r"\]\(\.\./\.\./(ampera/[\w/]+\.py)\)")
MB = 1024 * 1024


def section(heading):
    return PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]


def test_every_file_with_cryptography_is_listed():
    files = (path for path in ROOT.rglob("*.py") if "bench" not in path.parts)
    using = {str(path.relative_to(PROJECT)) for path in files if CRYPTOGRAPHY.search(path.read_text("utf-8"))}
    assert using == set(LINK.findall(section("Keys and algorithms")))


def test_policy_names_every_key_of_the_page():
    policy = (PROJECT / "docs/operate/keys.md").read_text("utf-8")
    keys = re.findall(r"^\| (`AMPERA_\w+`|key of TLS) \|", section("Keys and algorithms"), re.MULTILINE)
    assert len(keys) > 5 and not [key for key in keys if key not in policy]
    assert f"at most {key_limits.MOST_DAYS} days" in policy


def test_every_level_of_the_data_has_requirements():
    data, needs = section("Personal data").split("### What each level needs")
    levels = [re.findall(r"^\| (\w+) \|", part, re.MULTILINE)[1:] for part in (data, needs)]
    assert levels[0] == levels[1] and len(levels[0]) == 5
    cells = [line.split("|")[2:-1] for line in needs.splitlines() if line.startswith("| ")][1:]
    assert all(cell.strip() for row in cells for cell in row)


def test_every_secret_and_every_address_of_the_settings_is_listed():
    names = {f"AMPERA_{name.upper()}": declared.metadata["is_secret"] for name, declared in DECLARED.items()}
    unlisted = {name for name, is_secret in names.items() if (is_secret or name.endswith("_URL")) and name not in PAGE}
    assert unlisted == {"AMPERA_PUBLIC_URL", "AMPERA_WHATSAPP_VERIFY"}  # its own address; a word that opens nothing


@pytest.mark.parametrize(
    "bound",
    [
        f"{server.MAX_CONNECTIONS:,} connections",
        f"{MOST_BODY // MB} MB, 60 refused",
        f"{engines.CONNECT_SECONDS} s to connect; then 503",
        f"{Limits.connect:.0f} s to connect, {Limits.whole:.0f} s a message",
        f"{channel.CONNECT_SECONDS:.0f} s to connect, {channel.ANSWER_SECONDS:.0f} s an answer",
        f"{channel.MOST_ANSWER // 1024} KB of it",
        f"(P-256, {certificates.CERTIFICATE_DAYS} days)",
        f"{sheets.MAX_BYTES // MB} MB, {sheets.MAX_ROWS:,} rows, {table.MAX_COLUMNS} columns",
        f"unpacked {package.MAX_UNPACKED // MB} MB, {package.MAX_PARTS:,} parts",
        f"{reader_process.MEMORY // MB // 1024} GiB, {reader_process.CPU_SECONDS} s of processor",
        f"removed after {jobs.LIVES.seconds // 60} minutes",
        f"{signatures.MAX_BYTES:,} bytes, {signatures.MAX_PIXELS // 1_000_000} million pixels",
        f"{limits.BODY // MB} MB; {limits.STRANGER_BODY // 1024} KB of strangers",
        f"recovery codes ({floor(codes.RECOVERY_LENGTH * log2(len(passwords.ALPHABET)))} random bits",
        f"{8 * len(urlsafe_b64decode(new_token('x').rpartition('_x_')[2] + '=='))} random bits, stored as SHA-256",
        f"{limits.FORM_BODY // 1024} KB; {limits.STRANGER_BODY // 1024} KB of strangers",
        f"{paper_tasks.MOST_WAITING} may wait, {paper_tasks.PER_LINK.partition('/')[0]} a minute",
        f"{MAX_PRINTED:,} rows",
        f"one at a time of an address, {turns.IN_ALL} in all",
    ],
)
def test_bound_of_the_page_is_that_of_the_code(bound):
    assert bound in PAGE


@pytest.mark.parametrize(
    ("who", "bound"),
    [
        ("searches for a whole number", search.GUESSES_PER_MINUTE),
        ("lookups without a code", f"after {application_queries.MOST} different wrong ones"),
        ("rows of imports", f"{intake_plan.NUMBERS.most} an hour"),
        ("numbers at a rack", f"{shelves.UNKNOWN.most} an hour"),
        ("checks of receipts", receipts.CHECKS),
        ("uploads", UPLOADS),
        ("requests for a lost link", link_requests.ADDRESS_AN_HOUR),
        ("requests for a lost link", f"{link_requests.NUMBER_AN_HOUR.partition('/')[0]} for one application"),
        ("links that are sent for requests", f"after {service.A_DAY} requests a day"),
        ("wrong identities", f"{DEFAULTS['identity_tries']} (option"),
        ("pictures, papers", f"{PICTURES.partition('/')[0]}, {paper_tasks.PER_LINK.partition('/')[0]},"),
    ],
)
def test_limit_of_the_page_is_that_of_the_code(who, bound):
    (row,) = [line for line in PAGE.splitlines() if line.startswith("| a") and f"| {who}" in line]
    assert bound.replace("/minute", " a minute").replace("/hour", " an hour") in row


def test_period_of_the_page_is_that_of_a_new_office():
    page = section("Personal data")
    identity, contacts, messages = (DEFAULTS[f"keep_{kind}_days"] for kind in ("identity", "contacts", "messages"))
    assert f"old number {identity} days after the collection" in page
    assert f"| {contacts} days after the collection, {messages} after the message" in page


@pytest.mark.parametrize(
    ("field", "rule"),
    [
        ("holder_name", f"at most {fields.MAX_NAME} characters"),
        ("shelf", f"at most {fields.MAX_SHELF} characters"),
        ("email", f"at most {MAX_EMAIL} characters"),
        ("group", f"at most {fields.MAX_GROUP} characters"),
    ],
)
def test_rule_of_a_field_is_that_of_the_code(field, rule):
    (row,) = [line for line in GUIDE.splitlines() if line.startswith(f"| `{field}`")]
    assert rule in row


def test_every_field_of_a_book_has_a_rule():
    table_of_fields = GUIDE.split("## What a book must be\n")[1].split("\n\nTogether:")[0]
    assert set(re.findall(r"`(\w+)`", table_of_fields)) == set(fields.READERS)


def test_no_token_is_given_twice():
    assert len({new_token("session") for _ in range(10_000)}) == 10_000


def test_programs_that_connect_are_those_of_the_page():
    """A new library that opens connections needs a row of the first table."""
    connecting = re.compile(
        r"^\s*(?:import|from) (?:httpx|requests|urllib3|urllib\.request|smtplib|redis|apprise|http\.client)\b", re.M
    )
    product = (path for path in ROOT.rglob("*.py") if not {"bench", "simulate"} & {*path.parts})
    found = {Path(path).relative_to(ROOT).as_posix() for path in product if connecting.search(path.read_text("utf-8"))}
    assert found == {
        "accounts/directory/provider.py",
        "live/redis_client.py",
        "notices/channels/apprise.py",
        "notices/channels/smtp.py",
        "notices/channels/whatsapp/channel.py",
        "tools/upkeep/doctor.py",
        "tools/upkeep/outside_checks.py",
        "tools/upkeep/site_checks.py",
    }
