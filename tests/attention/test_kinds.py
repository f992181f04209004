"""When something begins and ceases to need a person: the edges of each kind."""

import os
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ampera import audit, clock, db
from ampera.accounts.devices import service as device_service
from ampera.attention.live import prepare
from ampera.board.screens import registry
from ampera.history import checkpoint_mail, lateness
from ampera.installation import last_backup
from ampera.offices.models import OpeningHours
from ampera.passports.deadlines import collect_by, first_in_time, is_overdue
from ampera.passports.exceptions import queries
from ampera.tools.upkeep.doctor import examine
from tests import builders
from tests.attention.planted import PLANTED, screens
from tests.attention.test_attention import waiting
from tests.conftest import settings_for
from tests.visits import steps

DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
LIMITS = st.sampled_from(["1 month", "2 months", "12 months", "1 day", "30 days", "60 days"])


@given(issued_on=DAYS, today=DAYS, limit=LIMITS, extended=st.none() | DAYS)
def test_whole_list_and_one_book_agree_about_the_last_day(issued_on, today, limit, extended):
    options = {"collection_limit": limit, "deadline_extended_until": extended and extended.isoformat()}
    assert (issued_on < first_in_time(today, options)) == is_overdue(collect_by(issued_on, options), today)


def test_overdue_books_are_counted_by_days_without_permitted_books(app):
    today = clock.today()
    for n, days in enumerate((10, 35, 45, 90), start=1):
        builders.passport(n, issued_on=today - timedelta(days=days))
    builders.passport(5, issued_on=today - timedelta(days=90), late_until=today)
    builders.passport(6, issued_on=today - timedelta(days=90), late_until=today - timedelta(days=1))
    with db.reading() as session:
        given = session, 1, {"collection_limit": "30 days"}, today
        assert [queries.overdue_count(*given, days=days) for days in (0, 7, 30)] == [4, 2, 1]
        assert [book.id for book in queries.overdue(*given, limit=10)] == [4, 6, 3, 2]


def test_list_of_overdue_books_names_the_parts(sign_in):
    for n, days in enumerate((35, 50), start=1):
        builders.passport(n, issued_on=clock.today() - timedelta(days=days))
    page = sign_in("supervisor").get("/attention").text
    assert "sampai 7 hari" in page and "8 sampai 30 hari" in page and "lebih dari 30 hari" not in page


@pytest.mark.parametrize(("hours_ago", "count"), [(47, 0), (49, 1), (80, 1)])
def test_request_is_due_in_the_last_day(app, sign_in, hours_ago, count):
    began = clock.now()
    with clock.freeze(began - timedelta(hours=hours_ago) + timedelta(days=2.5)):
        PLANTED["requests"][0](app, 1)
    assert sum(waiting(sign_in("supervisor")).values()) == count


def test_screen_may_be_silent_while_the_office_is_closed(app, sign_in):
    screens(app, 1)
    assert waiting(sign_in("admin")) == {"screens": 1}
    steps.option("silent_screen_minutes", 20)
    assert waiting(sign_in("admin")) == {}
    steps.option("silent_screen_minutes", 1)
    builders.set_columns(OpeningHours, {"office_id": 1}, opens="00:00", closes="00:00")
    assert waiting(sign_in("admin")) == {}


def test_screen_that_shows_the_board_is_not_silent(app, sign_in):
    screens(app, 1)
    registry.of_app(app.extensions).seen(1, 0)
    assert waiting(sign_in("supervisor")) == {}


def test_revoked_tablet_needs_nobody(app, sign_in):
    PLANTED["tablets"][0](app, 1)
    device_service.revoke_device(builders.actor("admin"), 1)
    assert waiting(sign_in("admin")) == {}


def test_page_and_doctor_agree_about_a_late_backup(app, tmp_path):
    def verdicts(hours):
        note = tmp_path / last_backup.NOTE
        note.touch()
        moment = clock.now().timestamp() - hours * 3600
        os.utime(note, (moment, moment))
        settings = settings_for(tmp_path, BACKUP_LATE_HOURS="48")
        (finding,) = [found for found in examine(settings) if found.check == "backup"]
        return last_backup.is_late(settings), not finding.ok

    assert (verdicts(47), verdicts(49)) == ((False, False), (True, True))


def test_checkpoint_is_late_once_the_history_has_grown_and_time_has_passed(app, tmp_path):
    settings = settings_for(tmp_path, CHECKPOINT_DIR=str(tmp_path), CHECKPOINT_LATE_MINUTES="20")
    began = clock.now()

    def late(minutes):
        with clock.freeze(began + timedelta(minutes=minutes)), db.reading() as session:
            return [found.place for found in lateness.late(session, settings)]

    builders.signed_in(app, "desk")
    assert late(0) == ["folder"]  # none yet
    with clock.freeze(began), db.reading() as session:
        lateness.checkpoints.write(session, settings.secret_key, tmp_path)
    assert late(60) == []
    builders.signed_in(app, "desk")
    assert (late(19), late(21)) == ([], ["folder"])
    assert lateness.LATEST_MAIL > checkpoint_mail.EVERY


def test_unusual_look_waits_until_another_supervisor_has_opened_the_account(app, sign_in):
    plant, *_ = PLANTED["unusual"]
    plant(app, 1)
    who = builders.staff("desk.plg").id
    supervisor = sign_in("supervisor")
    assert waiting(supervisor) == {"unusual": 1}
    audit.note_access(builders.actor("desk"), "access.viewed", f"staff:{who}", _today())
    assert waiting(supervisor) == {"unusual": 1}  # nobody clears the own row
    supervisor.get(f"/reports/access/{who}")
    assert waiting(supervisor) == {}
    audit.note_access(builders.actor("desk"), "passport.viewed", "passport:1", {})
    with clock.freeze(clock.now() + timedelta(days=1)):
        prepare()
        assert waiting(builders.signed_in(app, "supervisor2")) == {"unusual": 1}  # more was read after the look


def _today():
    return {"since": clock.today(), "until": clock.today(), "rows": 1}


def test_bounds_of_the_office_decide_what_is_unusual(app, sign_in):
    steps.option("unusual_times", 6)
    PLANTED["unusual"][0](app, 1)
    assert waiting(sign_in("supervisor")) == {}


def test_news_has_the_counts_of_the_role_alone(app, sign_in, listen):
    builders.office("MKS", "Kantor Imigrasi Contoh Makassar")
    supervisor, desk = (listen("/attention", browser=sign_in(role)) for role in ("supervisor", "desk"))
    abroad = listen("/attention", browser=builders.signed_in(app, "supervisor", "MKS"))
    assert supervisor.newest()["total"] == desk.newest()["total"] == 0
    book = builders.passport(1)
    assert sign_in("desk").post(f"/desk/books/{book}/hold", data={"reason": "uji"}).status_code == 303
    assert supervisor.newest(lambda state: state["total"] == 1)["kinds"][0] == {"kind": "calls", "count": 0}
    assert {kind["kind"] for kind in desk.newest(lambda state: state["total"] == 1)["kinds"]} == {"missing", "held"}
    assert abroad.newest()["total"] == 0


def test_officer_receives_nothing(sign_in, listen):
    assert not listen("/attention", browser=sign_in("officer")).is_listening
