"""Bookings: choosing and moving a slot, the applicant's page with a booking, the desk's day, the mark at the lane."""

from datetime import datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

from playwright.sync_api import Page, expect

from ampera import clock
from ampera.bookings import service
from ampera.offices import service as offices
from tests.browser.demo_office import LONG_NAME, DemoOffice
from tests.browser.scenes.lane import at_lane
from tests.browser.scenes.table import ALL, DESK, scene
from tests.browser.steps import PHONE, TABLET, Window

NARROW = {"width": 360, "height": 740}
SMALL = {"car": 2, "motorcycle": 1}


def books_slots(office: DemoOffice, **options: Any) -> None:
    """The office books windows of few places."""
    office.set(slots=True, slot_capacity=SMALL, **options)


def tomorrow(clock_time: str) -> datetime:
    """That time of tomorrow's day at the office."""
    now = clock.local(clock.now())
    return datetime.combine(now.date() + timedelta(days=1), time.fromisoformat(clock_time), now.tzinfo)


def soon() -> datetime:
    """The next window of today, or of tomorrow late in the evening; not one that begins before it can be booked."""
    now = clock.local(clock.now()).replace(second=0, microsecond=0) + timedelta(minutes=2)
    return now + timedelta(minutes=15 - now.minute % 15)


def books(office: DemoOffice, pickup: SimpleNamespace, starts_at: datetime, kind: str = "car") -> SimpleNamespace:
    assert service.book(office.applicant, pickup.id, starts_at, kind) == starts_at
    return pickup


def choosing(office: DemoOffice, pickup: SimpleNamespace, **query: str) -> Page:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return office.open(f"{pickup.link}/booking?{asked}")


@scene(PHONE, NARROW, TABLET)
def booking_choose(office: DemoOffice) -> Page:
    books_slots(office)
    day = tomorrow("08:15").date().isoformat()
    for name, at in (("Contoh Jadwal A", "08:15"), ("Contoh Jadwal B", "08:15"), ("Contoh Jadwal C", "10:00")):
        books(office, office.books(name), tomorrow(at))
    return choosing(office, office.books("Contoh Memilih"), day=day, kind="car")


@scene(PHONE, NARROW)
def booking_move(office: DemoOffice) -> Page:
    books_slots(office)
    pickup = books(office, office.books("Contoh Memindah"), tomorrow("10:15"), "motorcycle")
    return choosing(office, pickup)


@scene(PHONE, NARROW)
def booking_full(office: DemoOffice) -> Page:
    """Somebody else was faster: the sentence stands above the list, and the focus is on it."""
    books_slots(office)
    day = tomorrow("10:15")
    page = choosing(office, office.books("Contoh Terlambat"), day=day.date().isoformat(), kind="motorcycle")
    books(office, office.books("Contoh Cepat"), day, "motorcycle")
    page.click(f"button[value='{day.isoformat()}']")
    expect(page.locator("#problem")).to_be_focused()
    return page


@scene(PHONE, NARROW)
def booking_nothing_left(office: DemoOffice) -> Page:
    books_slots(office, day_quota=0)
    office.set(
        slots=True, slot_days=0, closed_by_hand={"since": "2026-01-01T00:00:00Z", "reason": "uji", "until": None}
    )
    return choosing(office, office.books("Contoh Tanpa Waktu"))


@scene(PHONE, NARROW)
def pass_booked(office: DemoOffice) -> Page:
    books_slots(office)
    return office.open(books(office, office.books("Contoh Terjadwal"), tomorrow("10:15")).link)


@scene(PHONE)
def pass_may_book(office: DemoOffice) -> Page:
    books_slots(office)
    return office.open(office.books("Contoh Belum Terjadwal").link)


@scene(PHONE)
def pass_must_book(office: DemoOffice) -> Page:
    books_slots(office, slots_required=True)
    return office.open(office.books("Contoh Harus Terjadwal").link)


@scene(PHONE)
def pass_booking_off(office: DemoOffice) -> Page:
    """The office closed the day after it was booked."""
    books_slots(office)
    pickup = books(office, office.books("Contoh Tertutup"), tomorrow("10:15"))
    until = clock.iso(tomorrow("23:00"))
    office.set(slots=True, closed_by_hand={"since": clock.iso(clock.now()), "reason": "uji", "until": until})
    return office.open(pickup.link)


@scene(*DESK)
def admin_calendar_takes_windows(office: DemoOffice) -> Page:
    """A day that two vehicles have booked is closed; the answer says what becomes of them."""
    books_slots(office)
    for name, at in (("Contoh Kena Satu", "08:15"), ("Contoh Kena Dua", "10:00")):
        books(office, office.books(name), tomorrow(at))
    day, page = tomorrow("08:15").date(), office.open("/admin/calendar", "admin")
    page.fill("#special-day [name=title]", "Libur contoh")
    page.fill("#special-day [name=day]", day.isoformat())
    page.click("#special-day button[type=submit]")
    expect(page.locator(".banner--wait")).to_contain_text("2")
    offices.drop_special_day(office.supervisor, day)
    return page


@scene(*ALL)
def desk_bookings(office: DemoOffice) -> Page:
    books_slots(office, rack_order="C,A")
    books(office, office.books("Contoh Ayah", "Contoh Ibu", LONG_NAME, shelf="RAK-BELAKANG-02-17"), tomorrow("08:15"))
    books(office, office.books("Contoh Satu Jadwal", shelf="A-01-02"), tomorrow("08:15"))
    books(office, office.books("Contoh Motor", shelf="C-01-09"), tomorrow("10:00"), "motorcycle")
    return office.open(f"/desk/bookings?day={tomorrow('08:15').date()}", "desk")


@scene(*DESK)
def desk_bookings_empty(office: DemoOffice) -> Page:
    books_slots(office)
    return office.open("/desk/bookings", "desk")


@scene(TABLET, PHONE)
def desk_booked_soon(office: DemoOffice) -> Page:
    """The pick list fetches for a window that begins soon, and names the one a vehicle came in."""
    books_slots(office, slot_early_minutes=60)
    books(office, office.books("Contoh Segera", shelf="A-02-03"), soon())
    office.arrives(books(office, office.books("Contoh Sudah Datang", shelf="C-02-03"), soon()).code)
    page = office.open("/desk", "desk")
    expect(page.locator("#signal")).to_be_visible()
    expect(page.locator("#picks .pick")).to_have_count(2)
    return page


@scene(TABLET)
def lane_booked(office: DemoOffice) -> Page:
    books_slots(office, slot_early_minutes=60)
    office.arrives(office.books("Contoh Langsung").code)
    called = office.arrives(books(office, office.books("Contoh Dipanggil Jadwal"), soon()).code)
    office.arrives(books(office, office.books("Contoh Menunggu Jadwal"), soon()).code)
    page = office.open("/lane?lane=1", "officer")
    expect(page.locator(f"[data-visit='{called['id']}']").first).to_be_visible()
    return page


@scene(TABLET)
def lane_needs_booking(office: DemoOffice) -> Page:
    books_slots(office, slots_required=True)
    page = at_lane(office)
    Window(page).scan(office.books("Contoh Lain Tanpa Jadwal").code)
    expect(page.locator("[data-verdict=closed]")).to_be_visible()
    return page
