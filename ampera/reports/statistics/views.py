"""`/reports`: the figures of some days as numbers, drawings with a table behind each, and a CSV."""

import csv
import io

from flask import Blueprint, Response, render_template
from flask_babel import gettext

from ampera import clock, db, formats
from ampera.handovers.labels import COLLECTOR_CLASSES
from ampera.offices.models import Office
from ampera.offices.options.defaults import option
from ampera.offices.queries import office_card
from ampera.reports import day_views, days
from ampera.reports.spreadsheet_escape import safe
from ampera.reports.statistics import charts
from ampera.reports.statistics.lookup_queries import OfficerLookups, lookups_by_officer
from ampera.reports.statistics.queries import LONGEST, Figures, Span, figures
from ampera.security import ANYONE, actor, requires
from ampera.visits.labels import VISIT_STATES
from ampera.visits.scan.messages import VERDICT_TITLES

LONGEST_BY_DAY = 92  # days; a longer range is drawn by month

pages = Blueprint("reports", __name__)


@pages.get("/reports")
@requires(*ANYONE)
def reports() -> str | Response:
    office = _office()
    today = clock.today(office.timezone)
    asked = day_views.asked_days(today, LONGEST)
    if asked.problems:
        return day_views.page_of_problems(office, gettext("Laporan"), asked)
    found = db.long_read_in_thread(figures, office, asked.days, today)
    lookups = _lookups(office, found)
    now = f"{clock.local(clock.now(), office.timezone):%H}.00" if found.days.until == today else None
    hours = [f"{hour.hour:02d}.00" for hour in found.by_hour]
    return render_template(
        "reports/reports.html",
        office=office,
        found=found,
        today=today,
        ranges=days.presets(today),
        hours=charts.columns(list(zip(hours, (hour.books for hour in found.by_hour), strict=True)), now),
        times=charts.lines(hours, *([getattr(hour.whole, name) for hour in found.by_hour] for name in ("p50", "p90"))),
        by_day=charts.columns(_by_day_or_month(found)),
        months=found.by_month if _is_long(found) else None,
        classes=charts.rows([(str(COLLECTOR_CLASSES[name]), count) for name, count in found.by_class]),
        refused=charts.rows([(str(VERDICT_TITLES[name]), count) for name, count in found.refused]),
        shelf=charts.rows([(gettext("%(age)s hari", age=age), count) for age, count in found.shelf]),
        lookups=lookups,
        limit=option(office.options, "collection_limit"),
    )


@pages.get("/reports.csv")
@requires(*ANYONE)
def as_csv() -> Response:
    """Every figure as one line: section, what, number. Opens in a spreadsheet (UTF-8 with BOM, semicolons)."""
    office = _office()
    today = clock.today(office.timezone)
    found = db.long_read_in_thread(figures, office, day_views.days_or_problem(today, LONGEST), today)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([gettext("Bagian"), gettext("Rincian"), gettext("Jumlah")])
    rows = _rows(found) + _rows_of_lookups(_lookups(office, found))
    writer.writerows([safe(cell) for cell in row] for row in rows)
    name = f"laporan-{found.days.since}_{found.days.until}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response("\ufeff" + out.getvalue(), mimetype="text/csv", headers=headers)


def _rows(found: Figures) -> list[tuple[object, object, object]]:
    total, seconds = gettext("Ringkasan"), gettext("detik")
    rows: list[tuple[object, object, object]] = [
        (total, gettext("Dari tanggal"), formats.date(found.days.since)),
        (total, gettext("Sampai tanggal"), formats.date(found.days.until)),
        (total, gettext("Paspor diserahkan"), found.books),
        (total, gettext("Penyerahan dibatalkan"), found.voided),
        (total, gettext("Buku lewat batas waktu"), found.overdue),
    ]
    for title, span in _spans(found):
        rows.append((title, gettext("median, %(unit)s", unit=seconds), span.p50))
        rows.append((title, gettext("9 dari 10 kendaraan, %(unit)s", unit=seconds), span.p90))
        rows.append((title, gettext("kendaraan"), span.count))
    rows += [(gettext("Per hari"), formats.date(day), count) for day, count in found.by_day]
    rows += [(gettext("Per jam"), f"{hour.hour:02d}.00", hour.books) for hour in found.by_hour]
    rows += [(gettext("Pengambil"), COLLECTOR_CLASSES[name], count) for name, count in found.by_class]
    rows += [(gettext("Kunjungan"), VISIT_STATES[name], count) for name, count in found.visits.items()]
    rows += [(gettext("Pemindaian"), VERDICT_TITLES[name], count) for name, count in found.verdicts]
    rows += [(gettext("Di rak sejak terbit"), gettext("%(age)s hari", age=age), count) for age, count in found.shelf]
    return [(section, str(what), number) for section, what, number in rows]


def _lookups(office: Office, found: Figures) -> list[OfficerLookups]:
    """Only supervisors see what a named officer did."""
    if actor().role != "supervisor":
        return []
    return db.long_read_in_thread(lookups_by_officer, office.id, found.days.bounds(office.timezone))


def _rows_of_lookups(found: list[OfficerLookups]) -> list[tuple[object, object, object]]:
    rows: list[tuple[object, object, object]] = []
    for row in found:
        rows.append((gettext("Tanpa kode: pencarian"), row.name, row.lookups))
        rows.append((gettext("Tanpa kode: tidak ditemukan"), row.name, row.missed))
        rows.append((gettext("Tanpa kode: paspor diserahkan"), row.name, row.books))
    return rows


def _spans(found: Figures) -> tuple[tuple[str, Span], ...]:
    return (
        (gettext("Menunggu"), found.wait),
        (gettext("Dilayani"), found.service),
        (gettext("Pindai sampai serah terima"), found.whole),
    )


def _office() -> Office:
    with db.reading() as session:
        return office_card(session, actor().office_id or 0)


def _is_long(found: Figures) -> bool:
    return found.days.count > LONGEST_BY_DAY


def _by_day_or_month(found: Figures) -> list[tuple[str, int]]:
    if _is_long(found):
        return [(formats.month_short(first), count) for first, count in found.by_month]
    return [(formats.day_month(day), count) for day, count in found.by_day]
