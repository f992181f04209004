"""The applicant's page, the pictures and the slip: what each state shows, and what no state reveals."""

import base64
import io
import re
from datetime import timedelta
from urllib.parse import urljoin

import pytest
import zxingcpp
from PIL import Image

from ampera import audit, clock, db
from ampera.offices.models import Office
from ampera.passports.models import Passport
from ampera.pickups import service
from ampera.pickups.models import PickupCode
from tests import builders
from tests.handovers import steps
from tests.pickups.steps import handout_of, pickup_of, take_in
from tests.reports import paper

NAMES = ("Putri Uji Coba", "Ahmad Contoh", "Sukarno")


@pytest.fixture
def family(app):
    """Three books of one family, and the handout of their pickup."""
    books = take_in(*["Keluarga Contoh"] * 3)
    for book, name in zip(books, NAMES, strict=True):
        builders.set_columns(Passport, {"id": book}, holder_name=name, phone="+6281200000001")
    return books, handout_of(app, pickup_of(books[0])[0])


@pytest.fixture
def path(family):
    return family[1].link.removeprefix("https://contoh.example")


def stage_of(response):
    return re.search(r'data-stage="(\w+)"', response.text)[1]


def qr_of(html):
    picture = re.search(r"data:image/png;base64,([^\"]+)", html)
    return picture and zxingcpp.read_barcode(Image.open(io.BytesIO(base64.b64decode(picture[1])))).text


def test_ready_pickup_shows_qr_short_code_and_deadline(client, family, path):
    response = client.get(path)
    assert response.status_code == 200
    assert stage_of(response) == "ready"
    assert qr_of(response.text) == family[1].code
    assert family[1].booking_code in response.text
    assert f"{clock.today() + timedelta(days=27):%d-%m-%Y}" in response.text or "hari lagi" in response.text
    assert all(name.split()[0] in response.text for name in NAMES)


def test_page_shows_nothing_personal_beyond_first_names(client, family, path):
    text = client.get(path).text
    for book in family[0]:
        with db.reading() as session:
            row = session.get_one(Passport, book)
        hidden = [row.nik, row.passport_no, row.application_no, row.phone, f"{row.birth_date:%d-%m-%Y}", row.shelf]
        assert not [value for value in hidden if value in text]
    assert "Uji Coba" not in text
    assert "Keluarga Contoh" not in text
    assert family[1].code not in text


def test_page_with_some_books_collected_counts_the_rest(client, family, path):
    builders.set_columns(Passport, {"id": family[0][1]}, state="collected")
    response = client.get(path)
    assert stage_of(response) == "ready"
    assert "2 dari 3 paspor" in response.text
    assert "Sudah diambil" in response.text


def test_page_with_all_books_collected_shows_no_code(client, family, path):
    builders.set_columns(Passport, {}, state="collected")
    builders.set_columns(PickupCode, {}, state="used")
    response = client.get(path)
    assert stage_of(response) == "collected"
    assert qr_of(response.text) is None
    assert family[1].booking_code not in response.text


@pytest.mark.parametrize(
    "trouble",
    [
        (Passport, {"state": "held", "held_reason": "foto diragukan"}),
        (Passport, {"misses": 3, "locked_at": audit.clock.now()}),
    ],
)
def test_blocked_pickup_points_inside_without_a_reason(client, family, path, trouble):
    model, values = trouble
    builders.set_columns(model, {}, **values)
    response = client.get(path)
    assert stage_of(response) == "inside"
    assert "Datang ke loket dalam" in response.text
    assert qr_of(response.text) is None
    for reason in ("foto diragukan", "dibatalkan", "ditahan", "terkunci", "Dibatalkan", "Perlu diperiksa"):
        assert reason not in response.text
    assert client.get(f"{path}/qr.png").status_code == 404


def test_cancelled_pickup_names_the_cancellation_and_shows_no_code(client, family, path):
    builders.set_columns(Passport, {}, state="cancelled")
    response = client.get(path)
    assert stage_of(response) == "cancelled"
    assert "Dibatalkan" in response.text and "surat pembatalan" in response.text
    assert qr_of(response.text) is None and "Parkirkan kendaraan" not in response.text


def test_overdue_pickup_keeps_the_code_for_the_supervisor(client, family, path):
    builders.set_columns(Passport, {}, issued_on=clock.today() - timedelta(days=40))
    response = client.get(path)
    assert stage_of(response) == "overdue"
    assert qr_of(response.text) == family[1].code


def test_deadline_extension_of_the_office_is_shown(client, family, path):
    builders.set_columns(Passport, {}, issued_on=clock.today() - timedelta(days=40))
    until = clock.today() + timedelta(days=2)
    builders.set_columns(Office, {}, options={"deadline_extended_until": until.isoformat()})
    response = client.get(path)
    assert stage_of(response) == "ready"
    assert f"{until:%d-%m-%Y}" in response.text


def test_replaced_link_shows_only_that_the_code_was_replaced(client, family, path):
    service.reissue(builders.actor("desk"), family[1].pickup_id)
    response = client.get(path)
    assert response.status_code == 410
    assert stage_of(response) == "revoked"
    assert "Kode sudah diganti" in response.text
    for hidden in (*(name.split()[0] for name in NAMES), family[1].booking_code, "Palembang", "data:image"):
        assert hidden not in response.text
    assert client.get(f"{path}/qr.png").status_code == 404
    assert client.get(f"{path}/slip.pdf").status_code == 404


def test_page_is_available_in_english(client, path):
    page = client.get(path, query_string={"lang": "en"})
    assert '<html lang="en"' in page.text


def test_unknown_link_is_a_friendly_404(client, app):
    for link in ("0" * 26, "x", "A" * 26, "%2e%2e", "0" * 500):
        response = client.get(f"/p/{link}")
        assert response.status_code == 404
        assert "Tautan ini tidak dikenal" in response.text or "tidak ditemukan" in response.text


def test_unknown_links_are_rate_limited_and_a_known_link_is_not(client, path):
    assert {client.get(path).status_code for _ in range(40)} == {200}
    answers = [client.get(f"/p/{n:026d}").status_code for n in range(40)]
    assert answers[:30] == [404] * 30
    assert answers[-1] == 429


def test_answers_behind_a_link_are_private(client, path):
    for name in ("", "/qr.png", "/qr.svg", "/slip.pdf"):
        headers = client.get(path + name).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Robots-Tag"].startswith("noindex")


def test_page_loads_nothing_from_other_sites(client, path):
    text = client.get(path).text
    assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', text)
    assert "<style" not in text
    assert " style=" not in text


def test_picture_can_be_saved_large_and_as_svg(client, family, path):
    saved = client.get(f"{path}/qr.png?download=1")
    assert saved.headers["Content-Disposition"] == 'attachment; filename="kode-pengambilan.png"'
    image = Image.open(io.BytesIO(saved.data))
    assert image.width >= 700
    assert zxingcpp.read_barcode(image).text == family[1].code
    assert client.get(f"{path}/qr.svg").mimetype == "image/svg+xml"
    assert Image.open(io.BytesIO(client.get(f"{path}/qr.png?scale=100000").data)).width <= 33 * 40
    assert client.get(f"{path}/qr.png?scale=x").status_code == 200


@pytest.mark.parametrize(("size", "status"), [("", 200), ("?size=a6", 200), ("?size=A4", 200), ("?size=a0", 422)])
def test_slip_comes_in_two_sizes(client, path, size, status):
    response = client.get(f"{path}/slip.pdf{size}")
    assert response.status_code == status
    assert response.data.startswith(b"%PDF-") == (status == 200)


def test_missing_key_answers_503_and_rotation_keeps_old_codes(app, client, api, family, path):
    settings = app.extensions["ampera.settings"]
    kept, fresh = settings.code_keys, "t2:" + "5a6b7c8d" * 8
    object.__setattr__(settings, "code_keys", fresh)
    assert client.get(path).status_code == 503
    assert api("desk").get(f"/api/v1/pickups/{family[1].pickup_id}").json["code"] is None

    object.__setattr__(settings, "code_keys", f"{fresh},{kept}")
    assert qr_of(client.get(path).text) == family[1].code
    service.reissue(builders.actor("desk"), family[1].pickup_id)
    with db.reading() as session:
        newest = session.query(PickupCode).filter_by(state="current").one()
    assert newest.key_id == "t2"


def shown(html):
    """The states of the vehicle that the page shows without scripts."""
    parts = re.findall(r'<(?:div|h1)[^>]* data-look="(\w+)[ \w]*"([^>]*)>', html)
    return [look for look, rest in parts if "hidden" not in rest]


def is_calling(html):
    return re.search(r'<main class="call-screen stack" id="call-screen">', html) is not None


def slots(html, name):
    return set(re.findall(rf'data-slot="{name}">([^<]*)<', html))


def test_page_without_scripts_shows_the_queue_and_refreshes(client, api, family, path):
    officer, at = api("officer"), lambda: client.get(path).text
    assert shown(at()) == ["ready"]
    # The refresh is slow before the visit, because the applicant may be filling in a form.
    assert '<noscript><meta http-equiv="refresh" content="90"></noscript>' in at()
    visit = steps.scan(officer, family[1].code).get_json()["visit"]
    assert shown(at()) == ["waiting"]
    assert '<noscript><meta http-equiv="refresh" content="15"></noscript>' in at()
    assert slots(at(), "queue_no") == {"A001"}
    assert "berikutnya" in slots(at(), "position") and "belum dapat diperkirakan" in slots(at(), "wait")
    officer.post(f"/api/v1/visits/{visit['id']}/call", json={"lane": 2})
    assert is_calling(at()) and slots(at(), "lane") == {"2"}
    with_code = client.get(f"{path}?qr=1").text
    assert not is_calling(with_code) and shown(with_code) == ["called"] and qr_of(with_code) == family[1].code
    officer.post(f"/api/v1/visits/{visit['id']}/serve", json={"lane": 2})
    assert shown(at()) == ["serving"] and not is_calling(at())


@pytest.mark.parametrize(
    ("move", "look", "words"),
    [
        ("no-show", "no_show", ("Nomor Anda terlewat.", "Tunjukkan kode ini lagi")),
        ("divert", "diverted", ("Silakan ke loket dalam",)),
        ("leave", "ready", ("Siap diambil",)),
    ],
)
def test_page_shows_the_end_of_a_visit_without_a_reason(client, api, family, path, move, look, words):
    officer = api("officer")
    visit = steps.scan(officer, family[1].code).get_json()["visit"]
    officer.post(f"/api/v1/visits/{visit['id']}/call", json={"lane": 2})
    officer.post(f"/api/v1/visits/{visit['id']}/{move}", json={"reason": "foto diragukan"})
    text = client.get(path).text
    assert shown(text) == [look]
    assert all(sentence in text for sentence in words)
    assert "foto diragukan" not in text


def test_page_offers_arrival_only_while_the_line_is_open(client, api, family, path):
    def offered():
        return 'id="arrival">' in client.get(path).text

    assert offered()
    visit = steps.scan(api("officer"), family[1].code).get_json()["visit"]
    assert not offered()
    api("officer").post(f"/api/v1/visits/{visit['id']}/leave", json={})
    assert offered()
    builders.set_columns(
        Office, {}, options={"closed_by_hand": {"since": "2026-01-01T00:00:00Z", "reason": "uji"}}, revision=99
    )
    assert not offered()
    assert re.search(r'<p data-reason="by_hand">', client.get(path).text)


def sent(client, path):
    """The number of bytes of the compressed answer."""
    with client.get(path, headers={"Accept-Encoding": "gzip"}) as response:
        return len(response.data)


def test_phone_loads_less_than_100_kilobytes(client, path):
    """The sum of page, styles, icons, typeface and scripts as sent, with the files for reading without a network."""
    addresses = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', client.get(path).text))
    waiting = list(addresses)
    while waiting:
        address = waiting.pop()
        if address.endswith(".js"):
            with client.get(address) as script:
                found = re.findall(r'(?:\bfrom|\bimport)[ (]*"(\.[^"]+)"', script.text)
            imported = {urljoin(address, name) for name in found}
            waiting += imported - addresses
            addresses |= imported
    assert any(address.endswith("socket.io.esm.min.js") for address in addresses)
    addresses |= {"/p/sw.js", f"{path}/manifest.webmanifest"}
    page = 2 * sent(client, path)  # the service worker loads the page again
    total = page + sum(sent(client, address) for address in addresses)
    assert total < 100_000


def test_brothers_have_different_names_on_the_page_and_in_the_letter(client, family, path):
    names = ("Muhammad Fauzi Contoh", "H. Muhammad Rizki Contoh", "Siti Contoh")
    for book, name in zip(family[0], names, strict=True):
        builders.set_columns(Passport, {"id": book}, holder_name=name)
    builders.set_columns(Passport, {"id": family[0][0]}, state="collected")
    page = client.get(path).text
    assert all(f"<div>{name}" in page for name in ("Muhammad F. C.", "Muhammad R. C.", "Siti"))
    letter = " ".join(paper.text(client.get(f"{path}/surat-kuasa.pdf").data).split())
    assert "Muhammad R. C., Siti" in letter
    assert "Fauzi" not in page + letter
