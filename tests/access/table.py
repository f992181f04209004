"""Who may use which endpoint. This table is the decision; the app is measured by it."""

from datetime import timedelta
from typing import Any, NamedTuple

from ampera import clock
from ampera.accounts.roles import ROLES
from tests import builders

PUBLIC, SCREEN = ("stranger", "display", *ROLES), ("display", *ROLES)
STAFF, LANE, DESK = ("supervisor", "desk", "officer"), ("supervisor", "officer"), ("supervisor", "desk")
SUPERVISOR, OFFICE, ADMIN = ("supervisor",), ("supervisor", "admin"), ("admin",)


class Row(NamedTuple):
    """Who may use an endpoint. `foreign` is the answer to others when the request names something of another office.

    `people`: only in a session, never with a key.
    `body` is a good JSON body or, for a page, form; "{name}" in it stands for the ids that paths take too.
    """

    who: tuple[str, ...]
    foreign: int | None = None
    body: Any = None
    people: bool = False


NEW = "kuda besi pagar biru"
REASON = {"reason": "uji coba"}
TOMORROW = (clock.today() + timedelta(days=1)).isoformat()
TABLE = {
    "static": Row(PUBLIC),
    "health.alive": Row(PUBLIC),
    "health.ready": Row(PUBLIC),
    "metrics.show": Row(PUBLIC),  # on this machine itself
    "serving.authority": Row(PUBLIC),
    "api-docs.openapi_json": Row(PUBLIC),
    "front.index": Row(PUBLIC),
    "find.show": Row(PUBLIC),
    "find.ask": Row(PUBLIC, body={"number": "9900000000000001", "born": "02-01-1990"}),
    "find.noted": Row(PUBLIC),
    "whatsapp.verify": Row(PUBLIC),  # any client with the agreed word, where WhatsApp is set up
    "whatsapp.receive": Row(PUBLIC, body={}),  # a caller that signs with the secret
    "applicant.page": Row(PUBLIC),
    "bookings.choose": Row(PUBLIC),
    "bookings.act": Row(PUBLIC, body={"kind": "withdraw"}),
    "bookings.calendar": Row(PUBLIC),
    "desk_bookings.prepared": Row(STAFF),
    "arrivals.signal": Row(PUBLIC, body={"kind": "leaving"}),
    "offline.worker": Row(PUBLIC),
    "offline.manifest": Row(PUBLIC),
    "announced.collector": Row(PUBLIC, body={"class": "self"}),
    "announced.letter": Row(PUBLIC),
    "pickups.qr_png": Row(PUBLIC),
    "pickups.qr_svg": Row(PUBLIC),
    "pickups.slip_pdf": Row(PUBLIC),
    "api_board.pickup": Row(PUBLIC),
    "accounts.login": Row(PUBLIC),
    "accounts.sign_in": Row(PUBLIC, body={"login": "officer.plg", "password": builders.PASSWORD}),
    "accounts.logout": Row(ROLES, people=True),
    "accounts.ask_again": Row(ROLES, people=True),
    "accounts.confirm": Row(ROLES, body={"password": builders.PASSWORD}, people=True),
    "accounts.account": Row(ROLES, people=True),
    "accounts.change_password": Row(ROLES, body={"old": builders.PASSWORD, "new": NEW, "again": NEW}, people=True),
    "accounts.end_other_sessions": Row(ROLES, people=True),
    "accounts.read_notices": Row(ROLES, people=True),
    "board.board": Row(PUBLIC, foreign=404),
    "enrol.front": Row(PUBLIC),
    "enrol.request_code": Row(PUBLIC, body={}),
    "enrol.collect": Row(PUBLIC, body={"secret": "rahasia"}),
    "enrol.enter": Row(PUBLIC, body={"token": "{token}"}),
    "voice.recording": Row(PUBLIC),
    "api_board.board": Row(SCREEN, foreign=404),
    "api_board.board_1": Row(SCREEN, foreign=404),
    "api_board.desk": Row(STAFF),
    "api_board.lane": Row(LANE),
    "lane.lane": Row(LANE),
    "picks.move": Row(STAFF, foreign=404, body={"passport_id": "{passport_id}", "act": "hand", "place": "1/1"}),
    "api_visits.scan": Row(LANE, body={"scan_id": "{uuid}", "lane": 1, "input": "{code}"}),
    "api_visits.validity": Row(LANE, foreign=404),
    "api_visits.visits": Row(STAFF),
    "api_picks.pick": Row(STAFF, foreign=404, body={"passport_ids": [2], "act": "hand"}),
    "api_visits.call_next": Row(LANE),
    "api_visits.move": Row(LANE, foreign=404, body={}),
    "api_visits.priority": Row(LANE, foreign=404, body={"reason": "elderly"}),
    "api_visits.vehicle": Row(LANE, foreign=404, body={"plate": "BG 1234 XX"}),
    "api_visits.take_out": Row(LANE, foreign=404),
    "api_offices.lane": Row(LANE),
    "api_offices.message": Row(OFFICE, body={"message": "Uji coba"}),
    "api_offices.close": Row(OFFICE, body={"reason": "uji coba"}),
    "api_offices.open_again": Row(OFFICE),
    "api_handovers.check": Row(LANE, foreign=404, body={"passport_id": "{passport_id}"}),
    "api_handovers.hand_over": Row(LANE, foreign=404, body="handover"),
    "api_handovers.recorded": Row(STAFF, foreign=404),
    "api_handovers.void": Row(
        SUPERVISOR, foreign=404, body={**REASON, "shelf": "C-01", "password": builders.PASSWORD}, people=True
    ),
    "api_finding.passports": Row(STAFF),
    "api_intake.take_in": Row(DESK, body={"passports": []}),
    "api_imports.begin": Row(DESK),
    "api_imports.progress": Row(DESK, foreign=404),
    "api_imports.confirm": Row(DESK, foreign=404),
    "api_imports.report": Row(DESK, foreign=404),
    "api_passports.hold": Row(DESK, foreign=404, body=REASON),
    "api_passports.release": Row(DESK, foreign=404, body=REASON),
    "api_passports.move": Row(DESK, foreign=404, body={"shelf": "C-01"}),
    "api_passports.cancel": Row(SUPERVISOR, foreign=404, body={"minutes": "BA-01", "ground": "e"}),
    "api_passports.allow_late": Row(SUPERVISOR, foreign=404, body={**REASON, "until": TOMORROW}),
    "api_pickups.pickup": Row(STAFF, foreign=404),
    "api_pickups.reissue": Row(DESK, foreign=404, body=REASON),
    "api_pickups.revoke": Row(DESK, foreign=404, body=REASON),
    "api_passports.unlock": Row(SUPERVISOR, foreign=404, body=REASON),
    "api_pickups.unlock": Row(SUPERVISOR, foreign=404, body=REASON),
    "desk.desk": Row(STAFF),
    "shelves.choose": Row(DESK),
    "shelves.check": Row(DESK, body={"rack": "C", "numbers": "X0000002", "act": "finish"}),
    "api_shelves.check": Row(DESK, body={"rack": "C", "numbers": ["X0000002"], "is_finished": True}),
    "desk.book_page": Row(STAFF, foreign=404),
    "books.act": Row(DESK, foreign=404, body={**REASON, "shelf": "C-01"}),
    "books.correct": Row(DESK, foreign=404, body={"phone": "", "email": ""}),
    "books.cancel": Row(SUPERVISOR, foreign=404, body={"minutes": "BA-01", "ground": "e"}),
    "books.allow_late": Row(SUPERVISOR, foreign=404, body={**REASON, "until": TOMORROW}),
    "imports.choose": Row(DESK),
    "imports.upload": Row(DESK),
    "imports.preview": Row(DESK, foreign=404),
    "imports.confirm": Row(DESK, foreign=404),
    "imports.report": Row(DESK, foreign=404),
    "imports.problems": Row(DESK, foreign=404),
    "imports.sample": Row(DESK),
    "receipts.receipt_pdf": Row(PUBLIC),
    "survey.answer": Row(PUBLIC, body={"overall": "4"}),
    "survey.report": Row(ROLES),
    "survey.as_csv": Row(ROLES),
    "receipts.check_page": Row(STAFF),
    "receipts.check": Row(STAFF, body={"code": "SABT"}),
    "register.register": Row(STAFF),
    "register.record": Row(STAFF, foreign=404),
    "register.signature": Row(STAFF, foreign=404),
    "register.on_paper": Row(STAFF),
    "register.as_sheet": Row(STAFF),
    "reports.reports": Row(ROLES),
    "reports.as_csv": Row(ROLES),
    "order.order": Row(OFFICE),
    "office_admin.admin": Row(OFFICE),
    "office_admin.office": Row(OFFICE),
    "office_admin.switch_lane": Row(OFFICE),
    "office_admin.set_message": Row(OFFICE, body={"message": "Uji coba"}),
    "office_admin.set_identity": Row(ADMIN, body={"name": "Kantor Contoh"}),
    "office_admin.close": Row(OFFICE, body={"reason": "uji coba"}),
    "office_admin.open_again": Row(OFFICE),
    "office_admin.set_banner": Row(OFFICE, body={"message": "Uji coba", "until": f"{TOMORROW}T10:00"}),
    "office_admin.drop_banner": Row(OFFICE),
    "office_admin.add_lane": Row(ADMIN),
    "office_admin.set_lane": Row(ADMIN, body={"kind": "mixed", "windows": "2"}),
    "office_calendar.calendar": Row(ADMIN),
    "office_calendar.set_hours": Row(ADMIN),
    "office_calendar.set_special_day": Row(ADMIN),
    "office_calendar.drop_special_day": Row(ADMIN),
    "notices.overview": Row(OFFICE),
    "notices.retry": Row(OFFICE, foreign=404),
    "notices.back": Row(OFFICE),
    "notices.retry_all": Row(OFFICE),
    "notices.test": Row(ADMIN, body={"address": "uji@surat.example"}),
    "notices.edit": Row(ADMIN),
    "notices.save": Row(ADMIN, body={"subject": "Uji", "body": "{link}"}),
    "notices.preview": Row(ADMIN, body={"subject": "Uji", "body": "{link}"}),
    "office_options.options": Row(ADMIN),
    "office_options.set_option": Row(ADMIN),
    "document_kinds.documents": Row(ADMIN),
    "document_kinds.add": Row(ADMIN, body={"name": "Kartu contoh", "name_en": "Sample card"}),
    "document_kinds.change": Row(ADMIN, body={"name": "Kartu contoh", "name_en": "Sample card"}),
    "document_kinds.drop": Row(ADMIN),
    "accounts_admin.accounts": Row(ADMIN),
    "accounts_admin.create": Row(ADMIN, people=True),
    "accounts_admin.ask": Row(ADMIN, foreign=404),
    "accounts_admin.change": Row(ADMIN, foreign=404, people=True),
    "api_screens.listed": Row(OFFICE),
    "screens.listed": Row(OFFICE),
    "screens.back": Row(OFFICE),
    "screens.confirm": Row(ADMIN, body={"code": "K7M-4QX", "name": "Layar uji", "place": "all"}),
    "screens.enrol": Row(ADMIN, body={"name": "Layar uji", "place": "all"}),
    "screens.change": Row(ADMIN, foreign=404, body={"name": "Layar uji", "place": "all"}),
    "screens.test": Row(OFFICE, foreign=404),
    "screens.revoke": Row(ADMIN, foreign=404),
    "accounts_admin.keys": Row(ADMIN),
    "accounts_admin.create_key": Row(ADMIN, people=True),
    "accounts_admin.ask_key": Row(ADMIN, foreign=404),
    "accounts_admin.revoke_key": Row(ADMIN, foreign=404, people=True),
}
