"""The office's pages: line, lanes and message for supervisors too; calendar and options for administrators only."""

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from ampera import clock, db
from ampera.audit import AuditEntry
from ampera.offices.calendar.admission import message_line
from ampera.offices.calendar.hours import Span
from ampera.offices.models import Lane, Office
from ampera.offices.options import forms
from ampera.offices.options import labels as options_labels
from ampera.offices.options.defaults import DEFAULTS, OPTIONS, option
from ampera.offices.options.validation import NUMBERS, is_option
from ampera.offices.queries import specials_of, week_of


def options() -> dict:
    with db.reading() as session:
        return session.get_one(Office, 1).options


def specials() -> list:
    with db.reading() as session:
        return list(specials_of(session, 1, clock.today()).values())


def lane(number: int) -> Lane:
    with db.reading() as session:
        return session.scalars(select(Lane).where(Lane.number == number)).one()


def typed(minutes: int) -> str:
    """So many minutes from now, as a browser sends the office's clock."""
    return f"{clock.local(clock.now() + timedelta(minutes=minutes)):%Y-%m-%dT%H:%M}"


def shown(page: str, row: str) -> dict[str, str]:
    """The fields that a browser sends for this row of a settings form."""
    part = re.search(rf'id="{row}-row".*?</li>', page, re.S)[0]
    fields = re.findall(r'<input(?![^>]*type="checkbox")[^>]*?name="([\w.]+)"[^>]*?value="([^"]*)"', part)
    fields += re.findall(r'<textarea[^>]*name="([\w.]+)"[^>]*>([^<]*)<', part)
    fields += [(name, "yes") for name in re.findall(r'name="([\w.]+)" value="yes" checked', part)]
    for name, choices in re.findall(r'<select[^>]*name="([\w.]+)"[^>]*>(.*?)</select>', part, re.S):
        fields += [(name, re.search(r'value="([^"]*)" selected', choices)[1])]
    return {name: html.unescape(value) for name, value in fields}


def whole(page: str) -> dict[str, str]:
    """The fields that a browser sends for all rows of a settings form."""
    rows = re.findall(r'id="((?:option|hours)-\w+)-row"', page)
    return {name: value for row in rows for name, value in shown(page, row).items()}


@pytest.mark.parametrize("role", ["supervisor", "admin"])
def test_lanes_and_message_are_changed_by_both(sign_in, role):
    who = sign_in(role)
    who.post("/admin/lanes/2/close")
    who.post("/admin/message", data={"message": "  Siapkan\n identitas.  "})
    assert not lane(2).is_open and option(options(), "message") == "Siapkan identitas."
    assert who.post("/admin/lanes/7/close").status_code == 404


@pytest.mark.parametrize("role", ["supervisor", "admin"])
def test_the_line_is_closed_and_opened_by_both(sign_in, client, role):
    who = sign_in(role)
    who.post("/admin/office/close", data={"reason": "Contoh: genset rusak", "until": typed(30)})
    assert options()["closed_by_hand"]["reason"] == "Contoh: genset rusak"
    assert "Contoh: genset rusak" in who.get("/admin/office").text
    public = client.get("/").text
    assert "Layanan sedang ditutup sampai" in public and "genset" not in public
    with clock.shift(timedelta(minutes=31)):
        assert "Layanan sedang ditutup" not in client.get("/").text  # it opened by itself
        assert "Tutup sementara" in who.get("/admin/office").text
    who.post("/admin/office/open")
    assert "closed_by_hand" not in options()
    with db.reading() as session:
        stored = session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("office.%"))).all()
    assert stored == ["office.closed", "office.opened"]


def test_a_closing_without_an_end_lasts_until_somebody_opens(sign_in, client):
    sign_in("supervisor").post("/admin/office/close", data={"reason": "Contoh: banjir", "until": ""})
    with clock.shift(timedelta(days=3)):
        assert "Layanan sedang ditutup" in client.get("/").text and "Dibuka lagi" not in client.get("/").text


def test_banner_replaces_the_standing_message_until_the_end(sign_in):
    who = sign_in("supervisor")
    who.post("/admin/message", data={"message": "Siapkan identitas."})
    who.post("/admin/notice", data={"message": "Uji  listrik.", "until": typed(60)})
    assert message_line(options(), clock.now()) == "Uji listrik."
    assert "Uji listrik." in who.get("/admin/office").text
    with clock.shift(timedelta(minutes=61)):
        assert message_line(options(), clock.now()) == "Siapkan identitas."
        assert "Uji listrik." not in who.get("/admin/office").text
    who.post("/admin/notice/drop")
    assert message_line(options(), clock.now()) == "Siapkan identitas."


def test_lanes_are_described_by_the_administrator(sign_in):
    admin = sign_in("admin")
    admin.post("/admin/lanes", data={"number": "3", "kind": "motorcycle", "name": "Motor", "windows": "2"})
    assert (lane(3).kind, lane(3).name, lane(3).windows, lane(3).site) == ("motorcycle", "Motor", 2, "")
    form = {"kind": "car", "name": " Jalur  mobil ", "site": "Mal Contoh", "windows": "9"}
    admin.post("/admin/lanes/3/set", data=form)
    assert (lane(3).kind, lane(3).name, lane(3).windows, lane(3).site) == ("car", "Jalur mobil", 9, "Mal Contoh")
    assert "Mal Contoh" in admin.get("/admin/office").text
    assert admin.post("/admin/lanes/7/set", data=form).status_code == 404


def test_hours_and_special_days_take_several_spans_and_a_quota(sign_in):
    admin = sign_in("admin")
    admin.post("/admin/hours/0", data={"hours": "08.00–12.00, 13:00 - 24:00"})
    admin.post("/admin/hours/6", data={})
    day = {
        "day": "2030-01-05",
        "title": "Layanan uji",
        "title_en": " Test  service",
        "hours": "08.00-10.00, 10.30-12.00",
        "quota": "100",
    }
    admin.post("/admin/special-days", data={"day": "2030-01-01", "title": "Tahun Baru (uji)", "hours": ""})
    admin.post("/admin/special-days", data=day)
    with db.reading() as session:
        week = week_of(session, 1)
    assert week[0] == [Span("08:00", "12:00"), Span("13:00", "24:00")] and 6 not in week
    holiday, service_day = specials()
    assert (holiday.title, holiday.spans, holiday.quota) == ("Tahun Baru (uji)", (), None)
    assert (service_day.spans, service_day.quota) == ((Span("08:00", "10:00"), Span("10:30", "12:00")), 100)
    page = admin.get("/admin/calendar?day=2030-01-05").text
    assert "Kuota 100: 60 dipesan, 40 datang langsung." in page and 'value="08.00–10.00, 10.30–12.00"' in page
    assert service_day.title_en == "Test service" and 'value="Test service"' in page and holiday.title_en == ""
    admin.post("/admin/special-days", data={**day, "quota": ""})
    assert [day.quota for day in specials()] == [None, None]
    assert admin.post("/admin/special-days/2030-01-01/drop").status_code == 303
    assert admin.post("/admin/special-days/2030-01-01/drop").status_code == 404


def test_the_calendar_shows_how_the_quota_is_split(sign_in):
    admin = sign_in("admin")
    admin.post("/admin/options/day_quota", data={"value": "80"})
    saved = admin.post("/admin/options/booked_share", data={"value": "25"})
    assert saved.location == "/admin/calendar?saved=booked_share#option-booked_share"
    page = admin.get(saved.location.partition("#")[0]).text
    assert "Kuota 80: 20 dipesan, 60 datang langsung." in page and "Tersimpan" in page
    admin.post("/admin/options/day_quota", data={"value": ""})
    assert options()["day_quota"] is None


def test_options_of_every_type_are_set(sign_in):
    admin = sign_in("admin")
    admin.post("/admin/options/identity_tries", data={"value": "4"})
    admin.post("/admin/options/signature_required", data={"value": "no"})
    admin.post("/admin/options/prefixes", data={"car": "c", "motorcycle": "M", "priority": "P", "mixed": "C"})
    admin.post("/admin/options/checklists", data={"self.payment": "yes", "family.identity": "yes"})
    admin.post("/admin/options/quiet_hours", data={"from": "22:00", "to": "06:00"})
    admin.post("/admin/options/rack_order", data={"value": "B, A-1"})
    admin.post("/admin/options/hold_mode", data={"value": "two-step"})
    admin.post("/admin/options/collection_limit", data={"value": "30 days"})
    admin.post("/admin/options/deadline_extended_until", data={"value": "2030-01-31"})
    stored = options()
    assert stored["identity_tries"] == 4 and stored["signature_required"] is False and stored["prefixes"]["car"] == "C"
    assert stored["checklists"] == {"self": ["payment"], "family": ["identity"], "proxy": []}
    assert stored["quiet_hours"] == ["22:00", "06:00"] and stored["rack_order"] == "B, A-1"
    assert (stored["hold_mode"], stored["collection_limit"]) == ("two-step", "30 days")
    assert stored["deadline_extended_until"] == "2030-01-31"
    page = admin.get("/admin/options").text
    assert 'value="22:00"' in page and 'value="B, A-1"' in page and 'value="2030-01-31"' in page
    admin.post("/admin/options/slot_capacity", data={"car": "3", "motorcycle": "9"})
    admin.post("/admin/options/notice_channels", data={"1": "mail", "2": "", "3": "whatsapp"})
    admin.post("/admin/options/reminder_days", data={"value": "10,3"})
    admin.post("/admin/options/notice_kinds", data={"ready": "yes", "link": "yes"})
    admin.post("/admin/options/directions", data={"value": "Gerbang selatan.\r\nIkuti garis kuning."})
    stored = options()
    assert stored["slot_capacity"] == {"car": 3, "motorcycle": 9} and stored["notice_channels"] == ["mail", "whatsapp"]
    assert stored["reminder_days"] == [10, 3] and stored["notice_kinds"] == ["ready", "link"]
    assert stored["directions"] == "Gerbang selatan.\nIkuti garis kuning."
    admin.post("/admin/options/quiet_hours", data={"from": "", "to": ""})
    assert options()["quiet_hours"] is None


def test_every_option_has_a_form_with_the_default(sign_in):
    """What a browser sends back unchanged is what the office had."""
    admin = sign_in("admin")
    page = admin.get("/admin/options").text + admin.get("/admin/calendar").text
    assert set(options_labels.OPTIONS) == set(DEFAULTS)
    for known in OPTIONS:
        if known.name in forms.OWN_FORMS:
            continue
        fields = forms.part(known.name, shown(page, f"option-{known.name}"))
        assert fields == forms.written(known.name, known.default), known.name
        assert is_option(known.name, forms.read(known.name, fields)), known.name
        if forms.shape(known.name) != "checklists":
            assert forms.read(known.name, fields) == known.default, known.name


@pytest.mark.parametrize(
    ("path", "form", "stored"),
    [
        ("/admin/options/identity_tries", {"value": "banyak"}, "Isi bilangan dari 1 sampai 10."),
        ("/admin/options/day_quota", {"value": "-1"}, "Isi bilangan dari 0 sampai 10000."),
        ("/admin/options/quiet_hours", {"from": "22:00", "to": ""}, "nilainya tidak sesuai"),
        ("/admin/options/rack_order", {"value": "A;B"}, "nilainya tidak sesuai"),
        ("/admin/hours/0", {"hours": "12.00-08.00"}, "Tulis jam layanan"),
        ("/admin/hours/0", {"hours": "pagi"}, "Tulis jam layanan"),
        ("/admin/special-days", {"day": "2030-01-01", "title": "xyz", "hours": "08-09,10-11"}, "Tulis jam layanan"),
        ("/admin/special-days", {"day": "2030-01-01", "title": "xyz", "quota": "banyak"}, "Kuota adalah bilangan"),
        ("/admin/special-days", {"day": "2030-01-01", "title": " ", "hours": "08.00-09.00"}, "Nama hari harus diisi."),
        ("/admin/special-days", {"day": "besok", "title": "xyz"}, "Tanggal ini tidak dapat dibaca."),
        ("/admin/lanes", {"number": "1", "kind": "car", "name": "xyz"}, "Nomor jalur ini sudah dipakai."),
        ("/admin/lanes", {"number": "x", "kind": "car", "name": "xyz"}, "Nomor jalur ini sudah dipakai."),
        ("/admin/lanes/1/set", {"windows": "10", "kind": "car", "name": "xyz"}, "1 sampai 9 loket"),
        ("/admin/lanes/1/set", {"kind": "kapal", "name": "xyz"}, "Jenis jalur ini tidak ada."),
        ("/admin/office/close", {"reason": " ", "until": ""}, "Alasan harus diisi."),
        ("/admin/office/close", {"reason": "xyz", "until": "2020-01-01T10:00"}, "Pilih waktu yang akan datang"),
        ("/admin/office/close", {"reason": "xyz", "until": "nanti"}, "Pilih waktu yang akan datang"),
        ("/admin/office/close", {"reason": "xyz", "until": "9999-12-31T23:59"}, "Pilih waktu yang akan datang"),
        ("/admin/notice", {"message": "xyz", "until": ""}, "Pilih waktu yang akan datang"),
        ("/admin/message", {"message": "x" * 161}, "paling banyak 160 huruf"),
    ],
)
def test_invalid_option_is_refused_beside_the_field_and_stays(sign_in, path, form, stored):
    admin = sign_in("admin")
    answer = admin.post(path, data=form)
    assert answer.status_code == 422
    row = re.sub(r"/admin/(hours|options)/(\w+)", r"\1-\2", path).replace("options-", "option-")
    own = re.search(rf'id="{row}-row".*?</li>|action="{path}">.*?</form>', answer.text, re.S)[0]
    assert re.search(r'<nav class="tabs".*?</nav>', answer.text, re.S)[0].count("aria-current") == 1
    assert stored in own and "autofocus" in own
    for name, value in form.items():
        assert not value.strip() or name == "kind" or f'value="{value}"' in own, (name, value)
    assert options() == {} and specials() == []


def test_options_with_a_separate_page_have_no_form_here(sign_in):
    admin = sign_in("admin")
    for name in ("colour", *forms.OWN_FORMS):
        assert admin.post(f"/admin/options/{name}", data={"value": "x"}).status_code == 404


def test_default_of_every_number_is_within_bounds(app):
    for known in OPTIONS:
        if isinstance(known.default, int) and not isinstance(known.default, bool):
            least, most = NUMBERS[known.name]
            assert least <= known.default <= most


def test_a_supervisor_sees_neither_calendar_nor_options(sign_in):
    page = sign_in("supervisor").get("/admin/office").text
    assert "/admin/calendar" not in page and "/admin/options" not in page and "/set" not in page
