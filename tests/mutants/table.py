"""The planted bugs: what each one changes in one file of `ampera/`, and the tests that must notice it.

A bug is a slip that a change could really make: a dropped condition, a wrong comparison, a forgotten column.
"""

from typing import NamedTuple

LANE = ("tests/visits", "tests/test_promises.py", "tests/race", "tests/handovers")
WINDOW = ("tests/handovers", "tests/test_promises.py", "tests/race", "tests/visits")
HISTORY = ("tests/test_promises.py", "tests/handovers", "tests/reports", "tests/upkeep", "tests/test_kernel.py")
LOOKUPS = ("tests/visits/test_lookups.py",)
CODES = ("tests/pickups", "tests/visits", "tests/test_promises.py")
PACE = ("tests/board/test_pace.py", "tests/board/test_lane_checks.py")
WRITING = ("tests/sql/test_writer.py",)
ACCOUNTS = ("tests/accounts/test_factors.py", "tests/accounts/test_pins.py", "tests/accounts/test_sign_in.py")
TABLETS = ("tests/accounts/test_tablets.py",)
DIRECTORY = ("tests/accounts/test_directory_attacks.py", "tests/accounts/test_directory.py")
LEAVERS = ("tests/accounts/test_directory_leavers.py",)
SHELF = ("tests/passports", "tests/visits", "tests/test_promises.py")

VERDICTS = "visits/scan/verdicts.py"
EVIDENCE = "handovers/evidence.py"
ANSWERS = "handovers/answers.py"
HANDOVER = "handovers/service.py"
CASES = "handovers/cases.py"
WRITES = "handovers/writes.py"
VOID = "handovers/void_service.py"
CHECKLISTS = "handovers/collectors/checklists.py"
CLASS_REFUSALS = "handovers/collectors/class_refusals.py"
AUDIT = "audit.py"
PROOF = "tools/auditing/proof.py"


class Mutant(NamedTuple):
    """In `file`, `before` occurs once and becomes `after`; one of `tests` must fail."""

    name: str
    file: str
    before: str
    after: str
    tests: tuple[str, ...]


MUTANTS = (
    Mutant("parked-book-leaves", CASES, "if visit.parked_at:  #", "if visit.parked_at and visit.plate:  #", WINDOW),
    Mutant(
        "look-outlives-the-day",
        "visits/tasks.py",
        "values(plate=None, look=None)",
        "values(plate=None)",
        ("tests/visits/test_end_of_day.py",),
    ),
    Mutant(
        "look-stored-with-the-scan",
        "visits/cards.py",
        'kept.pop("look", None)',
        'kept.get("look", None)',
        ("tests/visits/test_looks.py", "tests/visits/test_end_of_day.py"),
    ),
    Mutant(
        "foreign-line-called-first",
        "visits/queue/places.py",
        "return lane_id if has_lines(options) else 0",
        "return 0",
        ("tests/visits/test_directions.py",),
    ),
    Mutant(
        "served-vehicle-not-counted-in-the-line",
        "visits/queue/queries.py",
        "Visit.state.in_(states.AT_LANE) | ((Visit.state",
        "(Visit.state == states.CALLED) | ((Visit.state",
        ("tests/visits/test_directions.py",),
    ),
    Mutant(
        "parked-vehicle-served",
        "visits/moves/common.py",
        "if visit.parked_at and not states.MOVES[move].is_for_parked:",
        "if visit.parked_at and states.MOVES[move].needs_claim and not states.MOVES[move].is_for_parked:",
        LANE,
    ),
    Mutant(
        "parked-vehicle-taken-at-once",
        "visits/moves/park_service.py",
        "if refusal := common.foreign_claim(unit, actor, visit):",
        "if visit.parked_at is None and (refusal := common.foreign_claim(unit, actor, visit)):",
        LANE,
    ),
    Mutant(
        "parked-without-new-lease",
        "visits/moves/park_service.py",
        '"claim_until": queries.lease_end(unit.at, visit.options),',
        '"claim_until": visit.claim_until,',
        LANE,
    ),
    Mutant("verdict-prefers-held", VERDICTS, '("ok", "overdue", "held",', '("ok", "held", "overdue",', LANE),
    Mutant(
        "verdict-ignores-replaced-code",
        VERDICTS,
        'if known.code_state != "current":',
        'if known.code_state == "none":',
        LANE,
    ),
    Mutant(
        "verdict-ignores-service-elsewhere",
        VERDICTS,
        "if known.has_visit and known.is_serving_elsewhere:",
        "if known.has_visit and not known.is_serving_elsewhere:",
        LANE,
    ),
    Mutant("verdict-ignores-lock", VERDICTS, "if known.is_locked:", "if known.is_locked and known.has_visit:", LANE),
    Mutant(
        "verdict-ignores-office",
        VERDICTS,
        "if not known.is_own_office:",
        "if not known.is_own_office and known.has_visit:",
        LANE,
    ),
    Mutant("verdict-ignores-hours", VERDICTS, '"ok" if known.is_open_now else "closed"', '"ok"', LANE),
    Mutant("verdict-of-no-books", VERDICTS, 'default="cancelled"', 'default="ok"', LANE),
    Mutant("overdue-book-is-ok", VERDICTS, '"overdue" if is_overdue else "ok"', '"ok"', LANE),
    Mutant(
        "birth-year-ignored",
        EVIDENCE,
        "typed.birth_date == holder.birth_date",
        "typed.birth_date.replace(year=2000) == holder.birth_date.replace(year=2000)",
        WINDOW,
    ),
    Mutant("first-nik-digits-compared", EVIDENCE, "holder.nik[-LAST:]", "holder.nik[:LAST]", WINDOW),
    Mutant("one-proof-of-two-suffices", EVIDENCE, "MATCH if all(compared)", "MATCH if any(compared)", WINDOW),
    Mutant(
        "foreigner-needs-no-document",
        EVIDENCE,
        "if not holder.nik and holder.document_no:\n        if",
        "if not holder.nik and holder.document_no and typed.document_last4:\n        if",
        WINDOW,
    ),
    Mutant(
        "foreigner-needs-no-birth-date",
        EVIDENCE,
        "(not holder.nik and typed.birth_date is None)",
        "(holder.nik and typed.birth_date is None and False)",
        WINDOW,
    ),
    Mutant(
        "any-tail-of-the-book-matches",
        EVIDENCE,
        "number[-LAST:] if len(given) == LAST else number",
        "number[-len(given) :]",
        WINDOW,
    ),
    Mutant(
        "empty-book-number-matches",
        EVIDENCE,
        "if not given:\n        return MISSING",
        "if not given:\n        return MATCH",
        WINDOW,
    ),
    Mutant("key-answers-another-body", ANSWERS, "stored.body_hash == body_hash", "stored.body_hash", WINDOW),
    Mutant(
        "key-of-another-office",
        ANSWERS,
        "if stored.status == RECORDED or stored.office_id != office_id:\n        return Refused",
        "if stored.status == RECORDED:\n        return Refused",
        WINDOW,
    ),
    Mutant(
        "lock-one-miss-late",
        "passports/models.py",
        "tries_left <= 1",
        "tries_left < 1",
        WINDOW,
    ),
    Mutant(
        "signature-never-required",
        HANDOVER,
        'if submission.signature or not option(case.options, "signature_required"):',
        'if submission.signature or option(case.options, "signature_required"):',
        WINDOW,
    ),
    Mutant(
        "checklist-ignored",
        CHECKLISTS,
        "if item not in capacity.shown",
        "if item in capacity.shown and False",
        WINDOW,
    ),
    Mutant(
        "books-of-others-for-self",
        CLASS_REFUSALS,
        "others = [n for n in own if not is_collectors[n]]",
        "others = [n for n in own[2:] if not is_collectors[n]]",
        WINDOW,
    ),
    Mutant(
        "own-book-named-as-another-person",
        CLASS_REFUSALS,
        "return not is_named or folded(name) == folded(book.holder_name)",
        "return not is_named or folded(name) != book.holder_name",
        WINDOW,
    ),
    Mutant("proxy-needs-no-name", CHECKLISTS, "if classes - {SELF}:", 'if "family" in classes:', WINDOW),
    Mutant(
        "all-rows-in-one-class",
        "handovers/submission.py",
        "kind=book.kind or default.kind",
        "kind=default.kind",
        WINDOW,
    ),
    Mutant(
        "foreign-officer-hands-over",
        CASES,
        "if visit.claim_staff_id != actor.staff_id:",
        "if visit.claim_staff_id is None:",
        WINDOW,
    ),
    Mutant(
        "locked-book-handed-over",
        CASES,
        "for n, book in enumerate(case.books) if book.locked_at]",
        "for n, book in enumerate(case.books) if book.locked_at and n]",
        WINDOW,
    ),
    Mutant(
        "officer-hands-over-overdue-book",
        CASES,
        'status == "overdue" and actor.role != "supervisor"',
        'status == "overdue" and actor.role == "desk"',
        WINDOW,
    ),
    Mutant("held-book-handed-over", CASES, 'status in ("held", "cancelled")', 'status == "cancelled"', WINDOW),
    Mutant(
        "handover-without-serving",
        CASES,
        "if visit.state != states.SERVING:",
        "if visit.state == states.WAITING:",
        WINDOW,
    ),
    Mutant(
        "book-taken-out-handed-over",
        CASES,
        "        VisitPickup.out_at.is_(None),\n        Passport.id.in_",
        "        Passport.id.in_",
        WINDOW,
    ),
    Mutant(
        "shelf-left-unconditionally",
        WRITES,
        '.where(Passport.id == bindparam("p"), Passport.state == "ready", Passport.locked_at.is_(None))',
        '.where(Passport.id == bindparam("p"))',
        WINDOW,
    ),
    Mutant(
        "visit-ends-with-books-left",
        WRITES,
        "if _LEFT_TO_GIVE.all(unit.conn, v=visit_id):",
        "if _LEFT_TO_GIVE.all(unit.conn, v=0):",
        WINDOW,
    ),
    Mutant("used-code-stays-current", WRITES, '.values(state="used")', '.values(state="current")', WINDOW),
    Mutant("misses-not-forgiven", WRITES, "misses=0, ", "", WINDOW),
    Mutant(
        "typed-name-recorded-for-self",
        WRITES,
        "book.holder_name if capacity.kind == SELF else name",
        "name",
        WINDOW,
    ),
    Mutant("typed-name-beside-own-book", CHECKLISTS, "if capacity.kind == SELF)", "if False)", WINDOW),
    Mutant("digest-without-collector", "handovers/digest.py", '    "collector_name",\n', "", WINDOW),
    Mutant(
        "same-officer-voids",
        VOID,
        "if row.officer_id == actor.staff_id:",
        "if row.officer_id == actor.staff_id and has_proved:",
        WINDOW,
    ),
    Mutant("old-sign-in-is-fresh", AUDIT, "FRESH = timedelta(minutes=10)", "FRESH = timedelta(days=10)", WINDOW),
    Mutant(
        "record-voided-twice",
        VOID,
        'update(Handover).where(Handover.id == bindparam("h"), Handover.voided_at.is_(None))',
        'update(Handover).where(Handover.id == bindparam("h"))',
        WINDOW,
    ),
    Mutant("audit-hash-without-details", AUDIT, '            row["details"],\n        )', "        )", HISTORY),
    Mutant("audit-hash-without-actor", AUDIT, '            row["actor"],\n', "", HISTORY),
    Mutant("proof-overlooks-missing-entry", PROOF, "if entry.seq != seq + 1:", "if entry.seq < seq:", HISTORY),
    Mutant(
        "proof-overlooks-changed-record",
        PROOF,
        'if recorded.get(row["id"]) != digest(row):',
        'if row["id"] not in recorded:',
        HISTORY,
    ),
    Mutant(
        "record-digest-without-copies",
        "handovers/digest.py",
        "for name in COLUMNS + COPIED + WAY)",
        "for name in COLUMNS + WAY)",
        ("tests/test_promises.py",),
    ),
    Mutant(
        "register-shows-the-name-of-today",
        "reports/register/queries.py",
        "            Handover.holder_name,\n            Handover.application_no,",
        "            Passport.holder_name,\n            Handover.application_no,",
        ("tests/history/test_upgrade.py",),
    ),
    Mutant(
        "chain-without-key",
        AUDIT,
        "link = keys.link(link_text(link, chain, seq, row))",
        "link = link_hash(link, chain, seq, row)",
        ("tests/history/test_chain.py",),
    ),
    Mutant(
        "cut-end-grows-again",
        AUDIT,
        "if not keys.is_head(chain, seq, link, mac):",
        "if not link:",
        ("tests/history/test_chain.py",),
    ),
    Mutant(
        "proof-overlooks-triggers",
        PROOF,
        "if wrong := immutability.missing(session.connection()):",
        "if wrong := [name for name in immutability.missing(session.connection()) if not name]:",
        ("tests/history/test_immutability.py",),
    ),
    Mutant(
        "checkpoint-of-a-stranger",
        "history/checkpoints.py",
        "if public != own and public not in pinned:",
        "if not public:",
        ("tests/history/test_checkpoints.py",),
    ),
    Mutant(
        "file-of-the-register-is-kept",
        "web/response_headers.py",
        'response.headers["Cache-Control"] = "no-store"',
        'response.headers.setdefault("Cache-Control", "no-store")',
        ("tests/access/test_caching.py",),
    ),
    Mutant(
        "officer-takes-any-day",
        "reports/register/views.py",
        'return actor().role == "supervisor" or filters.days',
        'return actor().role != "admin" or filters.days',
        ("tests/reports/test_register.py",),
    ),
    Mutant("letter-becomes-a-question-mark", "paper.py", 'f"[U+{ord(char):04X}]"', '"?"', ("tests/test_paper.py",)),
    Mutant(
        "story-of-the-whole-car",
        "desk/story_queries.py",
        'return book.id in details.get("passports", ())',
        "return True",
        ("tests/reports/test_story.py",),
    ),
    Mutant("proof-overlooks-checkpoint", PROOF, 'mark["hash"] != entry.hash', 'mark["hash"] == "none"', HISTORY),
    Mutant(
        "swapped-characters-pass",
        "pickups/codes.py",
        "total = _times_x(total ^ _VALUE[char])",
        "total = total ^ _VALUE[char]",
        CODES,
    ),
    Mutant(
        "new-generation-has-old-code",
        "pickups/codes.py",
        'of.generation.to_bytes(4, "big")',
        '(0).to_bytes(4, "big")',
        CODES,
    ),
    Mutant("link-is-the-code", "pickups/codes.py", "            purpose,\n", '            b"code",\n', CODES),
    Mutant(
        "any-role-opens-the-lock",
        "pickups/service.py",
        'if actor.role != "supervisor":',
        'if actor.role == "officer":',
        CODES,
    ),
    Mutant(
        "scan-id-answers-another-body",
        "visits/scan/service.py",
        "return lane.answer if lane.body_hash == body_hash else",
        "return lane.answer if lane.body_hash else",
        LANE,
    ),
    Mutant(
        "lookup-without-limit",
        "visits/scan/application_queries.py",
        ".scalar_one() >= MOST)",
        ".scalar_one() >= 10 * MOST)",
        LOOKUPS,
    ),
    Mutant(
        "lookup-answers-about-a-locked-book",
        "visits/scan/service.py",
        "unlocked = [book for book in books if not book.locked_at]",
        "unlocked = books",
        LOOKUPS,
    ),
    Mutant(
        "lookup-counts-no-miss-of-the-book",
        "visits/scan/service.py",
        "    if not fitting and not application_queries.was_asked(unit, context.actor.staff_id, mark):\n"
        "        _count_misses(unit, context, unlocked)\n",
        "",
        LOOKUPS,
    ),
    Mutant(
        "lookup-takes-one-of-several",
        "visits/scan/service.py",
        "if len(named) == 1 else None",
        "if named else None",
        LOOKUPS,
    ),
    Mutant(
        "birth-date-of-a-lookup-proves-the-holder",
        EVIDENCE,
        "if holder.nik and holder.is_looked_up and not typed.nik_last4:",
        "if False:",
        LOOKUPS,
    ),
    Mutant(
        "record-digest-without-way",
        "handovers/digest.py",
        "for name in COLUMNS + COPIED + WAY)",
        "for name in COLUMNS + COPIED)",
        ("tests/test_promises.py",),
    ),
    Mutant(
        "ended-lease-still-holds",
        "visits/queries.py",
        "claim_until is not None and claim_until > at",
        "claim_until is not None",
        LANE,
    ),
    Mutant(
        "claim-race-has-two-winners",
        "visits/moves/service.py",
        '        Visit.state == bindparam("s"),\n'
        '        (Visit.claim_staff_id == bindparam("c")) |'
        ' (Visit.claim_staff_id.is_(None)) & (bindparam("c") == 0),\n',
        '        (bindparam("s") != "") & (bindparam("c") >= 0),\n',
        LANE,
    ),
    Mutant(
        "one-call-too-many",
        "visits/moves/call_service.py",
        'visit.calls >= option(visit.options, "max_calls")',
        'visit.calls > option(visit.options, "max_calls")',
        LANE,
    ),
    Mutant(
        "proposer-confirms-a-correction",
        "passports/corrections/service.py",
        "actor.staff_id is None or row.proposed_by == actor.staff_id",
        "actor.staff_id is None",
        SHELF,
    ),
    Mutant(
        "import-changes-the-holder",
        "passports/imports/intake_plan.py",
        "plan.changed.append((book, kept))",
        "plan.changed.append((book, merged))",
        SHELF,
    ),
    Mutant(
        "typed-book-changes-a-known-one",
        "passports/imports/intake_plan.py",
        "if shelf.needs_new:",
        "if shelf.needs_new and book.state not in ON_SHELF:",
        SHELF,
    ),
    Mutant(
        "pace-counts-voided-records",
        "board/pace_queries.py",
        "    Handover.voided_at.is_(None),\n",
        "",
        PACE,
    ),
    Mutant(
        "pace-for-keys",
        "board/live.py",
        'actor.kind == "staff" and actor.role in SUPERVISOR',
        "actor.role is not None",
        PACE,
    ),
    Mutant(
        "screen-test-covers-a-vehicle",
        "board/queries.py",
        '"test": newest is None and lane.test_until',
        '"test": lane.test_until',
        PACE,
    ),
    Mutant("last-day-is-overdue", "passports/deadlines.py", "return today > last", "return today >= last", SHELF),
    Mutant("failed-job-stands", "sql/writer.py", '"ROLLBACK TO job"', '"SELECT 1"', WRITING),
    Mutant("failed-commit-counts", "sql/writer.py", "job.error = job.error or error", "job.is_done = True", WRITING),
    Mutant(
        "compiled-read-without-a-snapshot",
        "sql/compiled.py",
        "if not conn.in_transaction():",
        "if conn.closed:",
        ("tests/sql/test_compiled.py",),
    ),
    Mutant(
        "code-of-an-app-works-twice",
        "accounts/factors/writes.py",
        "AuthenticatorApp.id == app_id, AuthenticatorApp.staff_id == staff_id, AuthenticatorApp.last_step < step",
        "AuthenticatorApp.id == app_id, AuthenticatorApp.staff_id == staff_id",
        ACCOUNTS,
    ),
    Mutant(
        "password-alone-begins-a-session",
        "accounts/service.py",
        "if factor is None and unit.session.get_one(Staff, actor.staff_id).has_factor:",
        "if factor is None and actor.must_change:",
        ACCOUNTS,
    ),
    Mutant(
        "recovery-code-of-anybody",
        "accounts/factors/writes.py",
        "RecoveryCode.code_hash == code_hash, RecoveryCode.staff_id == staff_id, RecoveryCode.used_at.is_(None)",
        "RecoveryCode.code_hash == code_hash, RecoveryCode.staff_id == staff_id",
        ACCOUNTS,
    ),
    Mutant(
        "given-password-opens-two-sessions",
        "accounts/service.py",
        "values(given_until=Staff.created_at)",
        "values(given_until=Staff.given_until)",
        ACCOUNTS,
    ),
    Mutant(
        "pin-is-guessed-without-end",
        "accounts/pins/service.py",
        "works = (DevicePin.id == pin_id, DevicePin.misses < MOST_MISSES, DevicePin.expires_at > unit.at)",
        "works = (DevicePin.id == pin_id, DevicePin.expires_at > unit.at)",
        ACCOUNTS,
    ),
    Mutant(
        "pin-survives-the-access-of-its-owner",
        "accounts/writes.py",
        "    forget_pins(unit, staff.id)\n",
        "",
        ACCOUNTS,
    ),
    Mutant(
        "retention-takes-books-on-the-shelf",
        "retention/queries.py",
        'and_(Passport.state == "cancelled", Passport.updated_at < before)',
        "Passport.updated_at <= clock.now()",
        ("tests/retention",),
    ),
    Mutant(
        "look-of-another-office",
        "reports/access/queries.py",
        "        AuditEntry.chain == office.id,\n        AuditEntry.seq >=",
        "        AuditEntry.seq >=",
        ("tests/reports/test_access_looks.py",),
    ),
    Mutant(
        "session-of-a-tablet-in-any-browser",
        "accounts/queries.py",
        "if device and (device.revoked_at or not hmac.compare_digest(device.token_hash, tablet_hash)):",
        "if device and device.revoked_at:",
        TABLETS,
    ),
    Mutant(
        "revoked-tablet-keeps-the-sessions",
        "accounts/devices/service.py",
        "    _end_sessions(unit, device)\n    forget_pins_of_tablet(unit, device.id)\n",
        "    forget_pins_of_tablet(unit, device.id)\n",
        TABLETS,
    ),
    Mutant(
        "revoked-tablet-keeps-the-pins",
        "accounts/devices/service.py",
        "    forget_pins_of_tablet(unit, device.id)\n",
        "",
        TABLETS,
    ),
    Mutant(
        "tablet-as-a-display",
        "accounts/queries.py",
        "select(Device).where(Device.token_hash == token_hash, Device.kind == DISPLAY)",
        "select(Device).where(Device.token_hash == token_hash)",
        TABLETS,
    ),
    Mutant(
        "tablet-of-any-office",
        "accounts/tablets/browser_views.py",
        "    if here.office_id != who.office_id:\n        return Refused(AccountRefusal.TABLET_OF_OTHER_OFFICE, 403)\n",
        "",
        TABLETS,
    ),
    Mutant(
        "handover-at-the-gate",
        "handovers/api.py",
        '@api.post("/handovers")\n@only_at(*WINDOWS)\n',
        '@api.post("/handovers")\n',
        TABLETS,
    ),
    Mutant(
        "tablet-not-in-the-digest",
        "handovers/digest.py",
        "COVERED = COLUMNS + COPIED + WAY + TABLET",
        "COVERED = COLUMNS + COPIED + WAY",
        (*TABLETS, "tests/test_promises.py"),
    ),
    Mutant(
        "directory-answer-with-any-state",
        "accounts/directory/attempts.py",
        "hmac.compare_digest(state.encode(), attempt.state.encode()) and timedelta(0)",
        "timedelta(0)",
        DIRECTORY,
    ),
    Mutant(
        "directory-answer-again",
        "accounts/directory/views.py",
        ' or not service.spend(directory_actor(), "nonce", attempt.nonce)',
        "",
        DIRECTORY,
    ),
    Mutant(
        "directory-person-by-subject-alone",
        "accounts/directory/queries.py",
        "DirectoryAccount.issuer == issuer, DirectoryAccount.subject == subject)\n",
        "DirectoryAccount.subject == subject)\n",
        DIRECTORY,
    ),
    Mutant(
        "directory-account-with-a-passkey-alone",
        "accounts/factors/views.py",
        "    if owner.actor.is_of_directory and not found:",
        "    if False:",
        DIRECTORY,
    ),
    Mutant(
        "directory-trouble-as-a-refusal",
        "accounts/directory/tasks.py",
        "        if account.answered_at <= clock.now() - PATIENCE:\n",
        "        if True:\n",
        LEAVERS,
    ),
    Mutant(
        "leaver-with-a-pin",
        "accounts/directory/queries.py",
        "or_(has_session, has_pin)",
        "has_session",
        LEAVERS,
    ),
    Mutant(
        "logout-token-of-another-client",
        "accounts/directory/tokens.py",
        '    if audience.client_id not in _audiences(claims):\n        raise TokenRefused("aud")\n',
        "",
        LEAVERS,
    ),
)
