"""Bookings: choosing and moving a slot, the applicant's page with a booking, the desk's day, the mark at the lane."""

from datetime import datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

from playwright.sync_api import Page, expect

from ampera import clock
from ampera.bookings import service
from ampera.offices import service as offices
from tests.browser.demo_office import LONG_NAME, Town
from tests.browser.scenes.lane import at_lane
from tests.browser.scenes.table import ALL, DESK, scene
from tests.browser.steps import PHONE, TABLET, Window

NARROW = {"width": 360, "height": 740}
SMALL = {"car": 2, "motorcycle": 1}


def office(town: Town, **options: Any) -> None:
    """The office books windows of few places."""
    town.set(slots=True, slot_capacity=SMALL, **options)


def tomorrow(clock_time: str) -> datetime:
    """That time of tomorrow's day at the office."""
    now = clock.local(clock.now())
    return datetime.combine(now.date() + timedelta(days=1), time.fromisoformat(clock_time), now.tzinfo)


def soon() -> datetime:
    """The next window of today, or of tomorrow late in the evening; not one that begins before it can be booked."""
    now = clock.local(clock.now()).replace(second=0, microsecond=0) + timedelta(minutes=2)
    return now + timedelta(minutes=15 - now.minute % 15)


def books(town: Town, pickup: SimpleNamespace, starts_at: datetime, kind: str = "car") -> SimpleNamespace:
    assert service.book(town.applicant, pickup.id, starts_at, kind) == starts_at
    return pickup


def choosing(town: Town, pickup: SimpleNamespace, **query: str) -> Page:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return town.open(f"{pickup.link}/booking?{asked}")


@scene(PHONE, NARROW, TABLET)
def booking_choose(town: Town) -> Page:
    office(town)
    day = tomorrow("08:15").date().isoformat()
    for name, at in (("Contoh Jadwal A", "08:15"), ("Contoh Jadwal B", "08:15"), ("Contoh Jadwal C", "10:00")):
        books(town, town.books(name), tomorrow(at))
    return choosing(town, town.books("Contoh Memilih"), day=day, kind="car")


@scene(PHONE, NARROW)
def booking_move(town: Town) -> Page:
    office(town)
    pickup = books(town, town.books("Contoh Memindah"), tomorrow("10:15"), "motorcycle")
    return choosing(town, pickup)


@scene(PHONE, NARROW)
def booking_full(town: Town) -> Page:
    """Somebody else was faster: the sentence stands above the list, and the focus is on it."""
    office(town)
    day = tomorrow("10:15")
    page = choosing(town, town.books("Contoh Terlambat"), day=day.date().isoformat(), kind="motorcycle")
    books(town, town.books("Contoh Cepat"), day, "motorcycle")
    page.click(f"button[value='{day.isoformat()}']")
    expect(page.locator("#problem")).to_be_focused()
    return page


@scene(PHONE, NARROW)
def booking_nothing_left(town: Town) -> Page:
    office(town, day_quota=0)
    town.set(slots=True, slot_days=0, closed_by_hand={"since": "2026-01-01T00:00:00Z", "reason": "uji", "until": None})
    return choosing(town, town.books("Contoh Tanpa Waktu"))


@scene(PHONE, NARROW)
def pass_booked(town: Town) -> Page:
    office(town)
    return town.open(books(town, town.books("Contoh Terjadwal"), tomorrow("10:15")).link)


@scene(PHONE)
def pass_may_book(town: Town) -> Page:
    office(town)
    return town.open(town.books("Contoh Belum Terjadwal").link)


@scene(PHONE)
def pass_must_book(town: Town) -> Page:
    office(town, slots_required=True)
    return town.open(town.books("Contoh Harus Terjadwal").link)


@scene(PHONE)
def pass_booking_off(town: Town) -> Page:
    """The office closed the day after it was booked."""
    office(town)
    pickup = books(town, town.books("Contoh Tertutup"), tomorrow("10:15"))
    until = clock.iso(tomorrow("23:00"))
    town.set(slots=True, closed_by_hand={"since": clock.iso(clock.now()), "reason": "uji", "until": until})
    return town.open(pickup.link)


@scene(*DESK)
def admin_calendar_takes_windows(town: Town) -> Page:
    """A day that two vehicles have booked is closed; the answer says what becomes of them."""
    office(town)
    for name, at in (("Contoh Kena Satu", "08:15"), ("Contoh Kena Dua", "10:00")):
        books(town, town.books(name), tomorrow(at))
    day, page = tomorrow("08:15").date(), town.open("/admin/calendar", "admin")
    page.fill("#special-day [name=title]", "Libur contoh")
    page.fill("#special-day [name=day]", day.isoformat())
    page.click("#special-day button[type=submit]")
    expect(page.locator(".banner--wait")).to_contain_text("2")
    offices.drop_special_day(town.supervisor, day)
    return page


@scene(*ALL)
def desk_bookings(town: Town) -> Page:
    office(town, rack_order="C,A")
    books(town, town.books("Contoh Ayah", "Contoh Ibu", LONG_NAME, shelf="RAK-BELAKANG-02-17"), tomorrow("08:15"))
    books(town, town.books("Contoh Satu Jadwal", shelf="A-01-02"), tomorrow("08:15"))
    books(town, town.books("Contoh Motor", shelf="C-01-09"), tomorrow("10:00"), "motorcycle")
    return town.open(f"/desk/bookings?day={tomorrow('08:15').date()}", "desk")


@scene(*DESK)
def desk_bookings_empty(town: Town) -> Page:
    office(town)
    return town.open("/desk/bookings", "desk")


@scene(TABLET, PHONE)
def desk_booked_soon(town: Town) -> Page:
    """The pick list fetches for a window that begins soon, and names the one a vehicle came in."""
    office(town, slot_early_minutes=60)
    books(town, town.books("Contoh Segera", shelf="A-02-03"), soon())
    town.arrives(books(town, town.books("Contoh Sudah Datang", shelf="C-02-03"), soon()).code)
    page = town.open("/desk", "desk")
    expect(page.locator("#signal")).to_be_visible()
    expect(page.locator("#picks .pick")).to_have_count(2)
    return page


@scene(TABLET)
def lane_booked(town: Town) -> Page:
    office(town, slot_early_minutes=60)
    town.arrives(town.books("Contoh Langsung").code)
    called = town.arrives(books(town, town.books("Contoh Dipanggil Jadwal"), soon()).code)
    town.arrives(books(town, town.books("Contoh Menunggu Jadwal"), soon()).code)
    page = town.open("/lane?lane=1", "officer")
    expect(page.locator(f"[data-visit='{called['id']}']").first).to_be_visible()
    return page


@scene(TABLET)
def lane_needs_booking(town: Town) -> Page:
    office(town, slots_required=True)
    page = at_lane(town)
    Window(page).scan(town.books("Contoh Lain Tanpa Jadwal").code)
    expect(page.locator("[data-verdict=closed]")).to_be_visible()
    return page
