"""Which language a page has: the reader's choice, then the browser on applicants' pages, else Indonesian."""

import pytest


def language(client, path, wish, **more):
    page = client.get(path, headers={"Accept-Language": wish}, **more)
    return page, "en" if '<html lang="en"' in page.text else "id"


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        ("", "id"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("en-US,en;q=0.9,id;q=0.8", "en"),
        ("id-ID,id;q=0.9,en-US;q=0.8", "id"),
        ("in-ID", "id"),
        ("jv,en;q=0.5", "id"),
        ("ms-MY,en;q=0.9", "id"),
        ("nl-NL,nl;q=0.9,en;q=0.8", "en"),
        ("zh-CN", "id"),
        ("en;q=0, id", "id"),
        ("*", "id"),
        (";;;q=x,\x7f", "id"),
    ],
)
def test_front_page_follows_the_browser(client, wish, expected):
    assert language(client, "/", wish)[1] == expected


def test_choice_of_the_reader_is_stronger_than_the_browser(client):
    assert language(client, "/?lang=id", "en")[1] == "id"
    assert language(client, "/", "en")[1] == "id"


def test_public_page_varies_with_the_browser(client):
    assert "Accept-Language" in language(client, "/", "en")[0].headers["Vary"]


@pytest.mark.parametrize("path", ["/lane", "/register", "/desk"])
def test_staff_pages_are_indonesian_until_somebody_chooses(sign_in, path):
    assert language(sign_in("supervisor"), path, "en-US,en", follow_redirects=True)[1] == "id"
