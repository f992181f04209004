"""Checkpoints by mail: when one is sent, what it proves, and what the doctor says. The mail server is a real one."""

import dataclasses
from datetime import timedelta

import pytest
from sqlalchemy import update

from ampera import clock, db
from ampera.audit import AuditEntry
from ampera.history import checkpoint_mail, checkpoints
from ampera.notices.delivery import checkpoint_tasks
from ampera.settings import SettingsError
from ampera.tools.auditing import cli
from ampera.tools.upkeep import doctor, history_queries
from tests import intruder
from tests.conftest import settings_for
from tests.history.steps import entry, set_to
from tests.notices.mail_server import mail_server

MAILBOX = "arsip@contoh.id"


@pytest.fixture
def mailbox(app, monkeypatch, tmp_path):
    """The mailbox of the settings, at a real mail server."""
    with mail_server() as server:
        set_to(app, monkeypatch, checkpoint_mail=MAILBOX, mail_url=server.url, mail_from="Kantor <kirim@contoh.id>")
        yield server


def mail_now(after: timedelta = timedelta()) -> float:
    """One look of the worker that mails checkpoints; the seconds until the next look."""
    with clock.shift(after):
        return checkpoint_tasks.step(db.current_settings())


def attached(mail) -> tuple[str, str]:
    (part,) = mail.read.iter_attachments()
    return part.get_filename(), part.get_content().decode()


def test_mailed_checkpoint_proves_the_history_as_a_file_does(app, mailbox, tmp_path):
    entry()
    mail_now()
    (mail,) = mailbox.to(MAILBOX)
    name, content = attached(mail)
    assert name.startswith("ampera-checkpoint-") and f"--checkpoint {name}" in mail.read.get_body().get_content()
    (tmp_path / name).write_text(content)
    arguments = ["verify", "--json", "--checkpoint", str(tmp_path / name)]
    assert app.test_cli_runner().invoke(cli.audit, arguments).exit_code == 0
    intruder.change(update(AuditEntry).values(hash="0" * 64))
    assert app.test_cli_runner().invoke(cli.audit, arguments).exit_code == 1


def test_checkpoint_is_mailed_once_an_hour_and_only_when_the_history_has_grown(mailbox):
    mail_now()
    assert mailbox.mails == [], "there is no history yet"
    entry()
    for minutes in (0, 1, 61):
        mail_now(timedelta(minutes=minutes))
    assert len(mailbox.mails) == 1, "nothing has happened since"
    entry()
    mail_now(timedelta(minutes=59))
    assert len(mailbox.mails) == 1, "the hour is not over"
    mail_now(timedelta(minutes=61))
    assert len(mailbox.mails) == 2 and len({mail.id for mail in mailbox.mails}) == 2


def test_checkpoint_goes_to_a_new_mailbox_at_once(app, monkeypatch, mailbox):
    entry()
    mail_now()
    set_to(app, monkeypatch, checkpoint_mail="lain@contoh.id")
    mail_now()
    assert [mail.to for mail in mailbox.mails] == [MAILBOX, "lain@contoh.id"]


def test_refused_checkpoint_is_mailed_later(mailbox, capsys):
    entry()
    mailbox.rcpt = ["451 4.7.1 later"]
    assert mail_now() == checkpoint_tasks.AFTER_FAILURE_SECONDS and mailbox.mails == []
    assert not history_queries.mailed(db.current_settings())[0]
    assert mail_now() == checkpoint_tasks.LOOK_SECONDS and len(mailbox.mails) == 1


def test_two_processes_mail_one_checkpoint(mailbox):
    entry()
    with checkpoint_mail.alone(db.current_settings()) as is_alone:
        mail_now()
    assert is_alone and mailbox.mails == [], "the other process is sending"
    mail_now()
    mail_now()
    assert len(mailbox.mails) == 1


def test_instance_folder_that_cannot_be_written_costs_a_rest_and_no_flood(mailbox, monkeypatch):
    entry()

    def full(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkpoints, "store", full)
    assert mail_now() == checkpoint_tasks.AFTER_FAILURE_SECONDS


def test_doctor_reports_missing_old_and_contradicting_mails(mailbox):
    settings = db.current_settings()
    assert history_queries.mailed(settings)[0], "there is nothing to prove yet"
    entry()
    assert not history_queries.mailed(settings)[0], "missing"
    mail_now()
    assert history_queries.mailed(settings)[0]
    entry()
    with clock.shift(timedelta(hours=3, minutes=1)):
        assert not history_queries.mailed(settings)[0], "old"
    found = {finding.check: finding.ok for finding in doctor.examine(dataclasses.replace(settings, env="production"))}
    assert found["checkpoint mail"] and "checkpoints" not in found, "a mailbox is enough"
    intruder.change(update(AuditEntry).where(AuditEntry.seq == 1).values(hash="0" * 64))
    assert "rewritten" in history_queries.mailed(settings)[1]


@pytest.mark.parametrize(
    "values",
    [
        {"CHECKPOINT_MAIL": "arsip@contoh.id"},
        {"CHECKPOINT_MAIL": "arsip", "MAIL_URL": "smtp://127.0.0.1:25"},
        {"CHECKPOINT_MAIL": "a@contoh.id, b@contoh.id", "MAIL_URL": "smtp://127.0.0.1:25"},
        {"CHECKPOINT_MAIL": "Arsip <arsip@contoh.id>", "MAIL_URL": "smtp://127.0.0.1:25"},
    ],
    ids=["without a server", "no address", "two addresses", "with a name"],
)
def test_mailbox_that_gets_no_mail_is_refused_at_the_start(tmp_path, values):
    with pytest.raises(SettingsError, match="AMPERA_CHECKPOINT_MAIL"):
        settings_for(tmp_path, **values)


def test_server_with_a_mailbox_runs_the_worker_and_others_do_not(app, mailbox):
    assert checkpoint_tasks.prepare(db.current_settings())
    assert checkpoint_tasks.prepare(dataclasses.replace(db.current_settings(), checkpoint_mail="")) is None
