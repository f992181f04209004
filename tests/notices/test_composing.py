"""A composed message shows the current state; a notice that is no longer true is not composed."""

from datetime import timedelta

from sqlalchemy import update

from ampera import clock, db
from ampera.bookings.events import BookingMade
from ampera.bookings.models import Booking
from ampera.notices.models import NoticeText
from ampera.offices.service import set_option
from ampera.passports import service as books
from ampera.passports import service as cancellations
from ampera.passports.models import Passport
from ampera.pickups import service as pickups
from tests import builders
from tests.conftest import on_both
from tests.handovers import steps as window
from tests.notices import steps
from tests.visits import steps as lane


def set_own_text(kind, subject, body):
    row = NoticeText(office_id=1, kind=kind, language="id", subject=subject, body=body, changed_at=clock.now())
    db.current().write(lambda unit: unit.session.add(row))


@on_both
def test_ready_message_has_first_name_last_day_and_the_link_on_a_separate_line(app):
    (done,) = steps.take_in(steps.cells(1, holder_name="Sari Rahasia Contoh"))
    message = steps.composed(steps.notices()[0], "Sari")
    link = steps.current_link(done.pickup_id)
    deadline = steps.last_day(done.passport_id)
    assert link in message.text.split("\n") and message.link == link
    assert message.text.count(f"{deadline:%d-%m-%Y}") == 2 and "Halo Sari, paspor siap" in message.text
    assert message.subject == "Siap diambil: paspor / Ready for collection: the passport"
    everything = repr(message) + message.text + message.html + repr(message.parameters)
    assert not any(secret in everything for secret in ("Rahasia", "X0000001", "8800000000000001", "02-03-1990"))
    assert message.qr_png.startswith(b"\x89PNG") and "cid:" in message.html
    assert (message.language, message.link_token) == ("id", link.rpartition("/")[2])


def test_office_chooses_languages_and_texts(app):
    steps.office_has(notice_languages=["en", "id"])
    set_own_text("ready", "Bukunya siap", "Untuk {first_name}, {books} buku:\n{link}")
    steps.take_in(steps.cells(1, group="K"), steps.cells(2, group="K"))
    message = steps.newest_message("ready")
    assert message.subject == "Ready for collection: 2 passports / Bukunya siap"
    assert "Untuk Contoh, 2 buku:" in message.text and message.language == "en"


def test_message_names_other_kinds_of_documents(app):
    steps.take_in(steps.cells(1, group="K"), steps.cells(2, group="K", kind="residence_permit"))
    assert "1 paspor dan 1 izin tinggal siap diambil" in steps.newest_message("ready").text


def test_ready_message_needs_a_collectable_book_and_a_code(app):
    (done,) = steps.take_in(steps.cells(1))
    books.hold(builders.actor("desk"), done.passport_id, "periksa")
    assert steps.newest_message("ready") is None
    books.release(builders.actor("desk"), done.passport_id, "cocok")
    assert steps.newest_message("ready") is not None
    pickups.revoke(builders.actor("desk"), done.pickup_id)
    assert steps.newest_message("ready") is None


def test_code_that_was_reissued_twice_is_sent_once(app):
    (done,) = steps.take_in(steps.cells(1))
    for _ in range(2):
        pickups.reissue(builders.actor("desk"), done.pickup_id)
    first, second = map(steps.composed, steps.notices("reissued"))
    assert first is None and second.link == steps.current_link(done.pickup_id)


def test_withdrawn_extension_is_not_sent(app):
    steps.take_in(steps.cells(1))
    until = (clock.today() + timedelta(days=60)).isoformat()
    set_option(builders.actor("admin"), "deadline_extended_until", until)
    assert f"{until[8:]}-{until[5:7]}-{until[:4]}" in steps.newest_message("extended").text
    set_option(builders.actor("admin"), "deadline_extended_until", None)
    assert steps.newest_message("extended") is None


def test_cancelled_message_has_no_reason_and_no_code(app):
    steps.office_has(contact="0711 000 000")
    (done,) = steps.take_in(steps.cells(1))
    cancellations.cancel(builders.actor("supervisor"), done.passport_id, "BA-77 dipalsukan", "e")
    message = steps.newest_message("cancelled")
    assert "0711 000 000" in message.text and message.qr_png is None
    assert "BA-77" not in message.text and "/p/" not in message.text


def test_collecting_message_has_the_time_and_the_contact(app, api):
    lane.vehicle(api("officer"), 1)
    at = clock.local(steps.notices("collecting")[0].created_at)
    message = steps.newest_message("collecting")
    assert f"{at:%d-%m-%Y %H.%M} WIB" in message.text and "Kantor Imigrasi Contoh Palembang" in message.text


def test_handover_replaces_the_collecting_message_until_a_void(app, api, sign_in):
    officer = api("officer")
    ids, code = builders.ready(1)
    visit = window.serving(officer, code)
    answer = officer.post("/api/v1/handovers", json=window.body(visit["id"], window.book(ids[0], 1)))
    message = steps.newest_message("collected")
    assert "pemohon sendiri" in message.text and "the applicant" in message.text and message.qr_png is None
    assert steps.newest_message("collecting") is None
    number = answer.get_json()["handovers"][0]["id"]
    void = {"reason": "salah", "shelf": "C-01", "book": "0001"}
    assert sign_in("supervisor").post(f"/api/v1/handovers/{number}/void", json=void).status_code == 200
    assert steps.newest_message("collected") is None and steps.newest_message("reissued") is not None


def test_undone_diversion_is_not_sent(app, api):
    officer = api("officer")
    visit = lane.vehicle(officer, 1)
    lane.moved(officer, visit, "divert")
    assert "loket dalam" in steps.newest_message("diverted").text
    lane.moved(officer, visit, "undo")
    assert steps.newest_message("diverted") is None


def test_booking_message_is_sent_only_for_the_current_slot(app):
    builders.ready(1)
    starts_at = (clock.now() + timedelta(days=2)).replace(minute=0, second=0, microsecond=0)
    booking = Booking(pickup_id=1, office_id=1, day=starts_at.date(), starts_at=starts_at, booked_at=clock.now())

    def book(unit):
        unit.session.add(booking)
        unit.emit(BookingMade(1, 1, starts_at, "car", 0))

    db.current().write(book)
    local = clock.local(starts_at)
    assert f"{local:%d-%m-%Y, %H.%M}–{local:%H}.15 WIB" in steps.newest_message("booked").text
    assert steps.newest_message("slot_reminder") is not None
    moved = update(Booking).values(starts_at=starts_at + timedelta(minutes=15), sequence=1)
    db.current().write(lambda unit: unit.conn.execute(moved))
    assert steps.newest_message("booked") is None and steps.newest_message("slot_reminder") is None


def test_overdue_book_is_not_sent_as_ready(app):
    steps.take_in(steps.cells(1))
    past = update(Passport).values(issued_on=clock.today() - timedelta(days=90))
    db.current().write(lambda unit: unit.conn.execute(past))
    assert steps.newest_message("ready") is None
