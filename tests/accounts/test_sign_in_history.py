"""The history has each sign-in, each refused one and the factor that was used, with the moment and the account."""

from sqlalchemy import select

from ampera import clock, db
from ampera.audit import AuditEntry
from tests import builders
from tests.accounts.test_factors import add_app, code_now, half_signed_in, log_in, post, send_code, wrong_code


def entries(login):
    """What the history says about this account: the action and its details."""
    about = f"staff:{builders.staff(login).id}"
    with db.reading() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.subject == about).order_by(AuditEntry.id)))


def test_history_has_every_sign_in_every_refusal_and_the_factor(app):
    add_app(app)
    before = clock.now()
    browser = half_signed_in(app)
    assert send_code(browser, wrong_code()).status_code == 401
    assert send_code(browser, code_now()).status_code == 302
    assert post(browser, "/logout").status_code == 302
    found = [entry for entry in entries("supervisor.plg") if entry.at >= before]
    actions = ["factor_asked", "factor_refused", "signed_in", "signed_out"]
    assert [entry.action for entry in found] == [f"staff.{action}" for action in actions]
    assert '"factor":"app"' in found[2].details
    assert log_in(app.test_client(), "officer.plg", "salah-sekali-12345").status_code == 401
    assert entries("officer.plg")[-1].action == "staff.sign_in_refused"
