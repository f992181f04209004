"""What the doctor learns by trying: the mail server, Redis, the address that people open. No message is sent."""

import pytest

from ampera.tools.upkeep.outside_checks import examine_outside
from tests.conftest import settings_for
from tests.notices.mail_server import mail_server
from tests.services import free_port


def found(settings):
    return {finding.check: finding for finding in examine_outside(settings)}


def test_mail_server_is_asked_and_receives_no_message(app, tmp_path):
    with mail_server() as mails:
        settings = settings_for(tmp_path, MAIL_URL=mails.url, MAIL_FROM="kantor@contoh.id")
        assert found(settings)["mail"].ok
        assert mails.mails == [] and mails.connections == 1
    refused = found(settings)["mail"]
    assert not refused.ok and "AMPERA_MAIL_URL" in refused.text


def test_address_without_a_server_is_named(app, tmp_path):
    settings = settings_for(tmp_path, PUBLIC_URL=f"https://127.0.0.1:{free_port()}")
    findings = found(settings)
    assert not findings["certificate"].ok and "cannot be reached" in findings["certificate"].text
    assert not findings["site"].ok


@pytest.mark.proof
def test_redis_gives_a_message_back_and_a_stopped_one_is_named(app, tmp_path, new_redis):
    settings = settings_for(tmp_path, REDIS_URL=new_redis())
    assert found(settings)["redis news"].ok
    new_redis.stop()
    assert not found(settings)["redis news"].ok


@pytest.mark.proof
def test_certificate_that_no_browser_trusts_is_named(app, tmp_path, proxied):
    settings = settings_for(tmp_path, PUBLIC_URL=proxied["nginx"], PROXIES="1")
    findings = found(settings)
    assert not findings["certificate"].ok and "does not trust" in findings["certificate"].text


@pytest.mark.proof
def test_proxy_that_names_clients_is_well_and_a_missing_one_is_named(app, tmp_path, proxied, server):
    well = found(settings_for(tmp_path, PUBLIC_URL=proxied["caddy"], PROXIES="1"))
    assert well["site"].ok and well["proxy"].ok
    missing = found(settings_for(tmp_path, PUBLIC_URL=server.url, PROXIES="1"))
    assert not missing["proxy"].ok and "X-Forwarded-For" in missing["proxy"].text
