"""The pages of bookings: choosing a slot, the applicant's page, the calendar file, the desk's day."""

import re
from datetime import UTC, timedelta

import icalendar
import pytest
from sqlalchemy import update

from ampera import clock, db
from ampera.passports.models import Passport
from tests import builders
from tests.bookings import steps
from tests.bookings.steps import MONDAY, at, book, booking, link_of, local, pickup, pickup_of
from tests.handovers.steps import scan

JSON = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
def early(app):
    with at("07:00"):
        steps.opens(slot_capacity={"car": 2, "motorcycle": 1})
        yield


@pytest.fixture
def pickup_id():
    return pickup(1)


@pytest.fixture
def path(pickup_id):
    return f"/p/{link_of(pickup_id)}"


def send(client, path, clock_time="10:15", kind="car", **more):
    form = {"kind": kind, "starts_at": local(clock_time).isoformat()}
    return client.post(f"{path}/booking", data=form, **more)


def calendar_of(client, path):
    answer = client.get(f"{path}/booking.ics")
    assert answer.status_code == 200 and answer.mimetype == "text/calendar"
    (event,) = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
    return event, answer.text


def test_page_offers_days_and_slots_with_the_places_left(client, path):
    book(pickup(2), "10:15")
    page = client.get(f"{path}/booking?day={MONDAY}&kind=car").text
    assert re.search(r"10\.15–10\.30</b>\s*<span>1 tempat", page)
    assert re.search(r"08\.00–08\.15</b>\s*<span>2 tempat", page)
    assert "12.00–12.15" not in page and "Selasa" in page
    book(pickup(3), "10:15")
    full = client.get(f"{path}/booking?day={MONDAY}&kind=car").text
    assert re.search(r"disabled>\s*<b class=\"num\">10\.15–10\.30</b>\s*<span>penuh", full)


def test_plain_form_books_and_redirects_to_the_page(client, path, pickup_id):
    answer = send(client, path)
    assert (answer.status_code, answer.location) == (303, f"{path}#booking")
    assert booking(pickup_id).starts_at == local("10:15")
    page = client.get(path).text
    assert "10.15–10.30 WIB" in page and "Senin, 30-11-2026" in page
    assert "10.00" in page and "10.45 WIB" in page
    assert "Pindahkan jadwal" in page and "Simpan ke kalender" in page


def test_script_gets_204_for_a_booking(client, path, pickup_id):
    assert send(client, path, headers=JSON).status_code == 204
    assert booking(pickup_id) is not None


def test_refused_booking_shows_the_slots_and_the_reason(client, path, pickup_id):
    for n in (2, 3):
        book(pickup(n), "10:15")
    answer = send(client, path)
    assert answer.status_code == 409
    assert "baru saja penuh" in answer.text and "10.30–10.45" in answer.text
    refused = send(client, path, headers=JSON)
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (409, "slot_full")
    assert booking(pickup_id) is None


def test_booking_is_moved_and_returned_by_forms(client, path, pickup_id):
    send(client, path)
    assert "Jadwal Anda sekarang" in client.get(f"{path}/booking").text
    send(client, path, "11:00", "motorcycle")
    assert (booking(pickup_id).starts_at, booking(pickup_id).kind) == (local("11:00"), "motorcycle")
    answer = client.post(f"{path}/booking", data={"kind": "withdraw"})
    assert answer.status_code == 303 and booking(pickup_id) is None
    assert "Pilih waktu" in client.get(path).text


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"kind": "boat", "starts_at": "2026-11-30T10:15:00+07:00"},
        {"kind": "car"},
        {"kind": "car", "starts_at": "2026-11-30T10:15:00"},
        {"kind": "car", "starts_at": "soon"},
    ],
)
def test_unreadable_form_is_refused(client, path, pickup_id, form):
    assert client.post(f"{path}/booking", data=form).status_code == 422
    assert booking(pickup_id) is None


def test_unknown_link_answers_404(client):
    for address in ("booking", "booking.ics"):
        assert client.get(f"/p/abc/{address}").status_code == 404
    assert client.post("/p/abc/booking", data={"kind": "withdraw"}).status_code == 404


def test_office_without_slots_shows_no_booking(client, path):
    steps.option("slots", False)
    assert 'id="booking"' not in client.get(path).text
    assert client.get(f"{path}/booking").status_code == 303
    assert send(client, path, headers=JSON).get_json()["error"]["code"] == "slots_off"


def test_page_of_an_office_that_requires_a_booking_mentions_the_requirement(client, path):
    assert "Tidak wajib" in client.get(path).text
    steps.option("slots_required", True)
    page = client.get(path).text
    assert "Tidak wajib" not in page and "hanya menerima kendaraan dengan jadwal" in page


def test_page_hides_booking_while_the_vehicle_is_in_the_queue(client, api):
    (book_id,), code = steps.ready(5)
    path = f"/p/{link_of(pickup_of(book_id))}"
    with at("10:00"):
        scan(api("officer"), code, 1)
        assert re.search(r'id="booking" data-look="ready" hidden', client.get(path).text)


def test_page_of_a_missed_slot_offers_another_slot(client, path):
    send(client, path, "08:00")
    with at("08:30"):
        assert "Pindahkan jadwal" in client.get(path).text
    with at("08:31"):
        page = client.get(path).text
    assert "sudah lewat" in page and "Pilih waktu" in page


def test_page_asks_to_move_a_booking_of_a_closed_slot(client, path):
    send(client, path)
    steps.option("closed_by_hand", {"since": clock.iso(clock.now()), "reason": "banjir contoh", "until": None})
    assert "tidak lagi melayani" in client.get(path).text


def test_page_without_a_slot_before_the_deadline_shows_the_deadline(client, path):
    db.current().write(lambda unit: unit.conn.execute(update(Passport).values(issued_on=MONDAY - timedelta(days=30))))
    with at("16:00"):
        assert "Belum ada waktu yang dapat dipesan sebelum 30-11-2026" in client.get(f"{path}/booking").text


def test_booking_page_in_english_is_not_indexed_or_cached(client, path):
    answer = client.get(f"{path}/booking?lang=en")
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Cache-Control"] == "no-store"


def test_calendar_file_contains_the_slot_and_nothing_personal(client, path, pickup_id):
    send(client, path)
    event, text = calendar_of(client, path)
    assert event.decoded("dtstart") == local("10:15").astimezone(UTC)
    assert event.decoded("dtend") == local("10:30").astimezone(UTC)
    assert event.decoded("sequence") == 0
    assert "DTSTART:20261130T031500Z" in text
    link, holder = path.rpartition("/")[2], "Contoh Orang"
    assert link not in text and holder not in text and "http" not in text.lower()
    assert str(event["location"]).startswith("Kantor Imigrasi Contoh Palembang")


def test_moved_booking_keeps_the_calendar_uid_with_a_higher_sequence(client, path):
    send(client, path)
    before, _ = calendar_of(client, path)
    send(client, path, "11:00")
    after, _ = calendar_of(client, path)
    assert after["uid"] == before["uid"]
    assert after.decoded("sequence") == 1 and after.decoded("dtstart") == local("11:00").astimezone(UTC)
    client.post(f"{path}/booking", data={"kind": "withdraw"})
    assert client.get(f"{path}/booking.ics").status_code == 404
    with at("07:01"):
        send(client, path)
        assert calendar_of(client, path)[0]["uid"] != before["uid"]


def test_calendar_file_of_an_office_in_another_zone_has_the_right_instant(client, path):
    def move_office(unit):
        unit.conn.exec_driver_sql("UPDATE offices SET timezone = 'Asia/Jayapura'")

    db.current().write(move_office)
    send(client, path, "10:15")  # 12:15 at the office: no slot
    page = client.get(f"{path}/booking").text
    assert "+09:00" in page
    (first,) = re.findall(r'value="(2026-11-30T13:00:00\+09:00)"', page)
    client.post(f"{path}/booking", data={"kind": "car", "starts_at": first})
    assert "DTSTART:20261130T040000Z" in calendar_of(client, path)[1]


def test_desk_page_lists_the_next_open_day_in_walking_order(sign_in):
    steps.option("rack_order", "B,A")
    tuesday = MONDAY + timedelta(days=1)
    for n, shelf in ((1, "A-01"), (2, "B-01")):
        book(pickup(n, shelf=shelf), "10:15", day=tuesday)
    book(pickup(3, shelf="A-09"), "08:00", "motorcycle", tuesday)
    page = sign_in("desk").get("/desk/bookings").text
    found = [page.index(word) for word in ("08.00–08.15", "A-09", "10.15–10.30", "B-01", "A-01")]
    assert found == sorted(found)
    assert "Contoh Orang 2" in page and "2 dari 2 mobil" in page and "1 dari 1 motor" in page
    assert "3 kendaraan" in page and "3 buku" in page


def test_desk_page_of_a_day_without_bookings_is_empty(sign_in):
    desk = sign_in("desk")
    assert "Belum ada jadwal" in desk.get("/desk/bookings").text
    assert desk.get("/desk/bookings?day=nonsense").status_code == 422
    assert desk.get(f"/desk/bookings?day={MONDAY}").status_code == 200


def test_desk_page_shows_only_the_own_office(sign_in, app):
    book(pickup(1), "10:15", day=MONDAY + timedelta(days=1))
    builders.office("JKT", "Kantor Contoh Lain", slots=True)
    assert "Contoh Orang 1" not in sign_in("desk", office="JKT").get("/desk/bookings").text


def test_desk_links_to_bookings_only_in_an_office_with_slots(sign_in):
    desk = sign_in("desk")
    assert "/desk/bookings" in desk.get("/desk").text
    steps.option("slots", False)
    assert "/desk/bookings" not in desk.get("/desk").text
