"""What a person types about somebody never gets into an address: addresses stay in histories and in logs of proxies."""

import re
from pathlib import Path

import pytest

from ampera.web.limits import limiter
from tests.house.test_arrows import ROOT
from tests.house.test_templates import TEMPLATES

FORMS = {"since", "until", "month"}  # fields of forms that are sent as an address
# What pages read from an address: days, kinds, places, numbers of the product's own rows, and agreed words. What a
# directory answers (code, error, iss, state) works once, in one browser.
READ = {
    "all", "book_id", "by", "choose", "code", "collector", "day", "download", "error", "hub.challenge",
    "hub.mode", "hub.verify_token", "iss", "kind", "lane", "lang", "month", "n", "next", "office", "officer",
    "only", "page", "point", "prove", "rack", "saved", "scale", "search", "show", "since", "site", "size",
    "state", "switch", "until", "window", "wrong",
}  # fmt: skip
OLD = {"q"}  # still answered for programs and bookmarks; no page makes such an address

NO_ADDRESS = ('method="post"', 'method="dialog"', 'method="{{ method }}"')  # the last one: day_views decides
FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
NAME = re.compile(r"""\bname="([^"]+)"|ui\.(?:field|select)\('(\w+)'""")
ARGUMENT = re.compile(
    r"""(?:request\.args|\bargs|\bgiven)\.get\(\s*"([^"]+)"|"([^"]+)" in request\.args|_number\("(\w+)\""""
)


def test_forms_that_become_addresses_have_only_harmless_fields():
    """A form that a script sends is `method="dialog"`: without the script it sends nothing, instead of an address."""
    wrong = []
    for path in sorted(TEMPLATES.rglob("*.html")):
        for attributes, content in FORM.findall(path.read_text()):
            names = {"".join(found) for found in NAME.findall(content)}
            if not any(method in attributes for method in NO_ADDRESS) and names - FORMS:
                wrong.append(f"{path.relative_to(TEMPLATES)}: {sorted(names - FORMS)}")
    assert not wrong, "\n".join(wrong)


def test_pages_read_only_harmless_names_from_an_address():
    found = {
        name: str(path.relative_to(ROOT))
        for path in Path(ROOT).rglob("*.py")
        if "request" in (text := path.read_text())
        for name in map("".join, ARGUMENT.findall(text))
        if path.name.endswith(("views.py", "api.py", "security.py", "languages.py"))
    }
    assert not {name: where for name, where in found.items() if name not in READ | OLD}
    assert "rack" in found and "q" in found


def test_api_reads_a_search_from_the_address_in_one_operation_only(client):
    spec = client.get("/api/v1/openapi.json").json
    found = {
        (path, parameter["name"])
        for path, operations in spec["paths"].items()
        for operation in operations.values()
        if isinstance(operation, dict)
        for parameter in operation.get("parameters", ())
        if parameter["in"] == "query" and parameter["name"] not in READ
    }
    assert {name for _, name in found} <= OLD and len(found) == 1, found


@pytest.mark.parametrize("name", ["templates", "static/js"])
def test_nothing_of_a_page_makes_an_address_with_a_search(name):
    folder = ROOT.parent / name
    files = [path for path in folder.rglob("*") if path.suffix in (".html", ".js")]
    assert not [path for path in files if re.search(r"[?&]q=|\bq=", path.read_text())]


def test_retry_link_and_language_link_leave_a_search_out(app, sign_in, monkeypatch):
    officer = sign_in("officer")
    assert "Rahasia" not in re.sub(r'value="[^"]*"', "", officer.get("/register?q=Rahasia&lane=1").text)
    pages = [officer.get("/register?q=X7654321&lane=1") for _ in range(31)]
    assert pages[-1].status_code == 429 and "X7654321" not in pages[-1].text and "lane=1" in pages[-1].text
    assert limiter.enabled
