"""What is sent is small: files for everybody, pages for strangers, and never a page with a session's token."""

import gzip

from ampera.settings import PROJECT
from ampera.web import assets

STYLE = f"{assets.address(PROJECT / 'static')}/css/base.css"
GZIP = {"Accept-Encoding": "gzip"}


def get(client, path, **headers):
    """The whole answer, its file closed."""
    with client.get(path, headers=headers) as response:
        response.get_data()
        return response


def test_file_is_packed_for_clients_that_can_unpack(client):
    plain = get(client, STYLE)
    packed = get(client, STYLE, **{"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data)
    assert "Accept-Encoding" in packed.vary
    assert "Accept-Encoding" in plain.vary


def test_unchanged_file_is_answered_with_304(client):
    packed = get(client, STYLE, **GZIP)
    again = get(client, STYLE, **GZIP, **{"If-None-Match": packed.headers["ETag"]})
    assert again.status_code == 304


def test_part_of_a_file_is_sent_unpacked(client):
    part = get(client, STYLE, **GZIP, **{"Range": "bytes=0-9"})
    assert (part.status_code, len(part.data)) == (206, 10)
    assert "Content-Encoding" not in part.headers


def test_what_is_packed_already_is_left_alone(client):
    font = get(client, STYLE.replace("css/base.css", "fonts/plus-jakarta-sans-var.woff2"), **GZIP)
    assert "Content-Encoding" not in font.headers


def test_pages_are_packed_for_strangers(client):
    page = get(client, "/", **GZIP)
    assert page.headers["Content-Encoding"] == "gzip"
    assert "Si Ampera Bertanjak" in gzip.decompress(page.data).decode()


def test_pages_with_a_token_are_not(client, sign_in):
    for page in (get(client, "/login", **GZIP), get(sign_in("desk"), "/", **GZIP)):
        assert page.status_code == 200
        assert "Content-Encoding" not in page.headers
