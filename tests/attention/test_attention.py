"""`/attention`: each kind is counted, listed with its act, shown to who may act, and never to another office."""

import json

import pytest

from ampera import clock
from ampera.attention.cli import attention as command
from ampera.attention.kinds.registry import KINDS, kinds_of
from ampera.passports.models import Passport
from tests import builders
from tests.attention.planted import PLANTED
from tests.conftest import on_both
from tests.reports.test_access_looks import looks_now

ROLES = ("supervisor", "desk", "admin")


def counts(client):
    answer = client.get("/api/v1/attention")
    assert answer.status_code == 200, answer.get_json()
    return {kind["kind"]: kind["count"] for kind in answer.get_json()["kinds"]}


def waiting(client):
    return {name: count for name, count in counts(client).items() if count}


def test_every_kind_is_planted_by_these_tests():
    assert list(PLANTED) == [kind.name for kind in KINDS]
    assert {name: row[1] for name, row in PLANTED.items()} == {kind.name: kind.roles for kind in KINDS}


@on_both
def test_all_kinds_are_counted_on_both_databases(app, sign_in):
    for n, (plant, *_) in enumerate(PLANTED.values(), start=1):
        plant(app, 1, n)
    assert [waiting(sign_in(role)) for role in ROLES] == [
        {kind.name: 1 for kind in KINDS if role in kind.roles} for role in ROLES
    ]
    supervisor = sign_in("supervisor")
    for kind in kinds_of("supervisor"):
        assert supervisor.get(f"/attention?kind={kind.name}").text.count('class="need"') == 1, kind.name


@pytest.mark.parametrize("name", PLANTED)
def test_kind_is_counted_and_listed_for_who_may_act(app, sign_in, name):
    plant, roles, words, act = PLANTED[name]
    plant(app, 1)
    for role in ROLES:
        client = sign_in(role)
        assert waiting(client) == ({name: 1} if role in roles else {}), role
        page = client.get("/attention").text
        assert (words in page and act in page) == (role in roles), role
        assert ("<title>(1) Perlu perhatian" in page) == (role in roles), role
    assert client.get(f"/attention?kind={name}").status_code == 200


@pytest.mark.parametrize("name", [name for name in PLANTED if name != "proofs"])  # a backup is of the installation
def test_other_office_is_never_counted_nor_listed(app, sign_in, name):
    builders.office("MKS", "Kantor Imigrasi Contoh Makassar")
    plant, _, words, _ = PLANTED[name]
    plant(app, 2)
    for role in ROLES:
        client = sign_in(role)
        assert waiting(client) == {}, role
        assert words not in client.get(f"/attention?kind={name}").text, role
    assert waiting(builders.signed_in(app, PLANTED[name][1][0], "MKS")) == {name: 1}


def test_officer_has_no_such_page(sign_in):
    assert sign_in("officer").get("/attention").status_code == 403
    assert 'href="/attention"' not in sign_in("officer").get("/desk").text


@pytest.mark.parametrize("role", ROLES)
def test_empty_day_has_a_warm_sentence(sign_in, role):
    page = sign_in(role).get("/attention").text
    assert "Tidak ada yang menunggu Anda." in page and "<title>Perlu perhatian" in page
    assert all(str(kind.title) in page for kind in kinds_of(role))  # what the page watches


def test_address_of_another_roles_kind_opens_nothing(app, sign_in):
    builders.passport(1, locked_at=clock.now(), misses=3)
    page = sign_in("desk").get("/attention?kind=locked").text
    assert "Contoh Orang 1" not in page and "Tidak ada yang menunggu Anda." in page


def test_book_that_was_found_comes_back_to_the_list_with_a_word(app, sign_in):
    PLANTED["missing"][0](app, 1)
    desk = sign_in("desk")
    form = {"passport_id": "1", "act": "found", "next": "/attention?kind=missing"}
    answer = desk.post("/desk/picks", data=form)
    assert (answer.status_code, answer.location) == (303, "/attention?kind=missing")
    page = desk.get(answer.location).text
    assert "1 buku tercatat." in page and "Tidak ada lagi di daftar ini." in page


def test_message_is_sent_again_from_the_list(app, sign_in):
    PLANTED["messages"][0](app, 1)
    answer = sign_in("admin").post("/admin/notices/1/retry", data={"next": "/attention?kind=messages"})
    assert answer.location == "/attention?kind=messages"
    answer = sign_in("admin").post("/admin/notices/1/retry", data={"next": "//example.org"})
    assert answer.location == "/admin/notices#dead"


def test_long_list_has_pages(sign_in):
    for n in range(1, 53):
        builders.passport(n, state="held", held_reason="uji")
    supervisor = sign_in("supervisor")
    first, second = (supervisor.get(f"/attention?kind=held&page={page}").text for page in (1, 2))
    assert first.count('class="need"') == 50 and second.count('class="need"') == 2
    assert 'rel="next"' in first and 'rel="next"' not in second and 'rel="prev"' in second


def test_names_that_the_page_has_shown_are_recorded(app, sign_in):
    book = builders.passport(1, state="held", held_reason="uji")
    sign_in("supervisor").get("/attention")
    sign_in("supervisor").get("/attention?kind=calls")  # shows nobody
    (look,) = [look for look in looks_now() if look.kind == "attention"]
    assert look.people == (book,)


def test_command_counts_without_names(app):
    builders.passport(1, state="held", held_reason="uji")
    result = app.test_cli_runner().invoke(command, ["--json"])
    answer = json.loads(result.output)
    found = {row["kind"]: row["count"] for row in answer["kinds"]}
    assert (answer["office"], answer["total"], found["held"], "screens" in found) == ("PLG", 1, 1, False)
    lines = app.test_cli_runner().invoke(command, []).output
    assert "1 held" in lines and "Contoh" not in lines


def test_locked_book_that_was_cancelled_waits_for_nobody(sign_in):
    builders.passport(1, locked_at=clock.now(), misses=3)
    builders.set_columns(Passport, {"id": 1}, state="cancelled")
    assert waiting(sign_in("supervisor")) == {}
