"""The end of a service day: its figures, the one act that writes them down, and what proves them later."""

import io
import json
import subprocess
from datetime import timedelta

import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import text

from ampera import audit, clock, db
from ampera.desk.closing import queries, service
from ampera.desk.closing.figures import read, written
from ampera.desk.closing.models import ClosedDay
from ampera.errors import Refused
from ampera.handovers import void_service
from ampera.handovers.models import Handover
from ampera.history import chain_keys, checkpoints
from ampera.offices.models import Office
from ampera.tools.auditing import cli
from ampera.visits.models import Visit
from tests import builders, intruder
from tests.conftest import SECRETS, on_both
from tests.handovers import steps
from tests.reports import paper


def give(officer, n: int) -> int:
    """Hand one book over; the id of its record."""
    (book,), code = builders.ready(n)
    visit = steps.serving(officer, code)
    answer = officer.post("/api/v1/handovers", json=steps.body(visit["id"], steps.book(book, n)))
    assert answer.status_code == 201, answer.get_json()
    return answer.get_json()["handovers"][0]["id"]


def void(record: int) -> None:
    with db.reading() as session:
        book = session.get_one(Handover, record).passport_no
    done = void_service.void(builders.actor("supervisor"), record, "uji coba", "B-02", book, has_proved=True)
    assert not isinstance(done, Refused)


@pytest.fixture
def day(app, api):
    """A day with three records, of which a supervisor voided the second; nobody is left in the queue."""
    officer = api("officer")
    for n in (1, 2, 3):
        give(officer, n)
    void(2)
    builders.ready(4)
    return clock.today()


def closed(day) -> ClosedDay:
    with db.reading() as session:
        return queries.closed_day(session, 1, day)


def close(day, role="supervisor", office="PLG"):
    return service.close(builders.actor(role, office), day)


def verified(app, *arguments: str) -> dict:
    return json.loads(app.test_cli_runner().invoke(cli.audit, ["verify", "--json", *arguments]).output)


@on_both
def test_supervisor_closes_the_day_once_and_the_figures_are_those_of_the_day(day, app, sign_in):
    browser = sign_in("supervisor")
    assert "Hari ini, belum ditutup" in browser.get("/reports/days").text
    address = f"/reports/days/{day.isoformat()}"
    assert "Tutup hari" in browser.get(address).text
    assert browser.post(address).status_code == 303
    found = read(closed(day).figures)
    assert (found.intake, found.handed_over, found.voided, found.vehicles) == (4, 3, 1, 3)
    assert (found.first_number, found.last_number, found.classes, found.visits) == (1, 3, {"self": 3}, {"done": 3})
    assert (found.on_shelf, found.scans, found.refused, found.unsigned, found.without_code) == (2, 3, 0, 0, 0)
    assert found.wait.count == found.service.count == 3
    page = browser.post(address)
    assert page.status_code == 409 and "sudah ditutup" in page.text
    assert "Petugas Contoh supervisor.plg" in browser.get("/reports/days").text


def test_figures_leave_out_what_other_days_have(day, app):
    tomorrow = day + timedelta(days=1)
    with db.reading() as session:
        found = queries.day_figures(session, session.get_one(Office, 1), tomorrow, day)
    assert (found.intake, found.handed_over, found.voided, found.vehicles, found.scans) == (0, 0, 0, 0, 0)
    assert (found.first_number, found.wait.p50, found.supervisor_calls, found.on_shelf) == (None, None, 0, 2)


def test_figures_survive_writing_and_reading(day, app):
    with db.reading() as session:
        found = queries.day_figures(session, session.get_one(Office, 1), day, day)
    assert read(written(found)) == found


def test_day_stays_open_while_a_vehicle_is_in_the_queue(day, api):
    _, code = builders.ready(5)
    steps.scan(api("officer"), code)
    assert close(day).code == "vehicles_still_here"
    assert closed(day) is None


def test_day_without_any_record_is_not_closed(app, sign_in):
    assert close(clock.today() - timedelta(days=400)).code == "nothing_to_close"
    assert close(clock.today()).code == "nothing_to_close"
    assert "tidak ada yang ditutup" in sign_in("supervisor").get(f"/reports/days/{clock.today()}").text


@pytest.mark.parametrize("role", ["officer", "desk", "admin"])
def test_only_a_supervisor_closes_a_day(app, role):
    assert close(clock.today(), role).code == "forbidden"


def test_day_in_the_future_is_refused(app):
    assert close(clock.today() + timedelta(days=1)).code == "day_in_the_future"


def test_day_of_another_office_stays_open(day, app):
    builders.office("JKT", "Kantor Imigrasi Contoh Jakarta")
    builders.passport(9, 2)
    close(day)
    with db.reading() as session:
        assert queries.closed_day(session, 2, day) is None
    assert close(day, office="JKT").day == day


def test_what_comes_after_the_closing_is_shown_and_the_figures_stay(day, api, sign_in):
    close(day)
    give(api("officer"), 6)
    address = f"/reports/days/{day.isoformat()}"
    assert "1 kendaraan, 1 penyerahan, 0 pembatalan" in sign_in("supervisor").get(address).text
    assert "1 kendaraan, 1 penyerahan" in paper.text(sign_in("admin").get(f"{address}/lembar-penutupan.pdf").data)
    assert read(closed(day).figures).handed_over == 3


def test_sheet_has_the_figures_and_a_checkpoint_that_proves_the_day(day, app, sign_in):
    builders.signed_in(app, "desk").post("/desk/shelves", data={"rack": "A", "numbers": "X0000009", "act": "finish"})
    close(day)
    answer = sign_in("supervisor").get(f"/reports/days/{day.isoformat()}/lembar-penutupan.pdf")
    assert answer.mimetype == "application/pdf"
    written_text = paper.text(answer.data)
    for expected in ("000001 – 000003", "Penyelia", "Mengetahui", "Petugas Contoh supervisor.plg"):
        assert expected in written_text
    assert paper.pages(answer.data) == 1
    (code,) = zxingcpp.read_barcodes(picture(answer.data))
    assert json.loads(code.text) == signed(day)
    assert verified(app, "--checkpoint", code.text)["ok"]
    assert signed(day)["key_id"] in written_text


def picture(pdf: bytes) -> Image.Image:
    """The first page, as somebody photographs it."""
    done = subprocess.run(["pdftoppm", "-r", "150", "-png", "-singlefile", "-"], input=pdf, capture_output=True)
    return Image.open(io.BytesIO(done.stdout))


def signed(day) -> dict:
    with db.reading() as session:
        return checkpoints.of_entry(queries.entry_of(session, closed(day)), db.current_settings().secret_key)


def test_history_rewritten_with_the_key_differs_from_the_sheet(day, app):
    close(day)
    checkpoint = checkpoints.short_text(signed(day))
    keys = chain_keys.chain_keys(SECRETS["AMPERA_CODE_KEYS"])
    one_more = {"uji": "lain"}
    intruder.rewrite(
        lambda details: {**details, **one_more} if "handover" in details else details,
        lambda *link: keys.link(audit.link_text(*link)),
        keys.head_mac,
    )
    assert verified(app)["ok"], "the chain alone cannot tell"
    assert "differs from the checkpoint" in verified(app, "--checkpoint", checkpoint)["reason"]


def test_checkpoint_of_another_installation_is_refused(day, app):
    close(day)
    foreign = {**signed(day), "at": "2020-01-01T00:00:00.000Z"}
    assert "did not sign" in verified(app, "--checkpoint", json.dumps(foreign))["reason"]
    missing = app.test_cli_runner().invoke(cli.audit, ["verify", "--checkpoint", "no-such-file.json"])
    assert missing.exit_code == 2 and "no such file" in missing.output


@on_both
@pytest.mark.parametrize(
    "change", ["UPDATE closed_days SET figures = '{}'", "DELETE FROM closed_days"], ids=["changed", "deleted"]
)
def test_closed_day_cannot_be_changed_and_a_change_is_found(day, app, change):
    close(day)
    assert verified(app)["ok"]
    with pytest.raises(Exception, match="keeps the history"), db.current().writer.begin() as conn:
        conn.execute(text(change))
    intruder.change(text(change))
    found = verified(app)
    assert not found["ok"] and found["first_bad"] == "closed_day:1"


def test_days_with_work_are_listed_newest_first(day, app, sign_in):
    close(day)
    yesterday = day - timedelta(days=1)
    builders.set_columns(Visit, {"id": 1}, day=yesterday, queue_no="A099")
    assert close(yesterday).day == yesterday
    page = sign_in("admin").get(f"/reports/days?month={day:%Y-%m}").text
    before = sign_in("admin").get(f"/reports/days?month={yesterday:%Y-%m}").text
    assert (page + before).index(f"/reports/days/{day}") < (page + before).rindex(f"/reports/days/{yesterday}")
    assert sign_in("admin").get("/reports/days?month=2026-99").status_code == 200
    assert "Tutup hari" not in sign_in("admin").get(f"/reports/days/{yesterday}").text


@pytest.mark.parametrize("text", ["2026-13-01", "1-1-2026", "besok", "0000-00-00", "2026-12-1"])
def test_address_without_a_day_is_not_found(app, sign_in, text):
    assert sign_in("supervisor").get(f"/reports/days/{text}").status_code == 404
