"""A badge names its owner at a tablet; the PIN is asked for all the same, and a badge alone opens nothing."""

import re

import pytest
import zxingcpp
from PIL import Image, ImageDraw
from sqlalchemy import select

from ampera import db
from ampera.accounts import service
from ampera.accounts.badges import service as badges
from ampera.accounts.badges.models import Badge
from ampera.accounts.badges.values import new_value, read_value
from ampera.accounts.models import AccountNotice
from ampera.accounts.pins import service as pins
from ampera.accounts.pins.numbers import MOST_MISSES
from ampera.security import token_hash
from tests import builders
from tests.accounts.test_factors import post
from tests.accounts.test_pins import OTHER_PIN, PIN, make_pin, switch, tablet, who_is_in  # noqa: F401
from tests.accounts.test_sign_in import log_in
from tests.conftest import on_both
from tests.handovers import steps as window
from tests.reports import paper
from tests.test_paper import assert_written

PROOF = {"proof": builders.PASSWORD}


def badge(login="officer.plg"):
    """A valid badge of this account, as a reader sends it."""
    value = new_value()
    badges.make(builders.actor("admin"), builders.staff(login).id, token_hash(value))
    return value


def by_badge(browser, read, pin=PIN):
    return post(browser, "/login/switch", badge=read, pin=pin)


def hash_of(login="officer.plg"):
    with db.reading() as session:
        return session.scalar(select(Badge.value_hash).where(Badge.staff_id == builders.staff(login).id))


def refused(answer):
    return answer.status_code == 422 and "Lencana ini tidak berlaku" in answer.text


@on_both
@pytest.mark.parametrize("prefix", ["", "]Q1", "\\000026"])
def test_badge_and_pin_change_the_officer(app, tablet, prefix):  # noqa: F811
    read = prefix + badge()
    assert by_badge(tablet, read, "000000").status_code == 401
    assert who_is_in(tablet) == "officer2.plg"
    assert by_badge(tablet, read.lower()).status_code == 302
    assert who_is_in(tablet) == "officer.plg"


def test_badge_alone_opens_nothing(app, tablet):  # noqa: F811
    value = badge()
    for pin in ("", value, OTHER_PIN):
        assert by_badge(tablet, value, pin).status_code == 401
    assert app.test_client().get("/lane", headers={"Authorization": f"Bearer {value}"}).status_code == 401
    for login in (value, "officer.plg"):
        assert log_in(app.test_client(), login, value).status_code == 401


def test_misses_with_a_badge_are_those_of_the_pin(tablet):  # noqa: F811
    value = badge()
    for _ in range(MOST_MISSES):
        assert by_badge(tablet, value, "000000").status_code == 401
    assert refused(by_badge(tablet, value)) and switch(tablet, "officer.plg", PIN).status_code == 422


@pytest.mark.parametrize(
    "change",
    [
        lambda who, value: badges.revoke(builders.actor("admin"), who.staff_id),
        lambda who, value: badge(),
        lambda who, value: service.set_active(builders.actor("admin"), who.staff_id, False),
        lambda who, value: service.reset_password(builders.actor("admin"), who.staff_id, "x"),
        lambda who, value: pins.remove(who, _device_of(who)),
    ],
    ids=["revoked", "replaced", "disabled", "reset", "no PIN here"],
)
def test_badge_that_does_not_count_here_is_refused_in_the_same_words(tablet, change):  # noqa: F811
    value, who = badge(), builders.actor("officer")
    change(who, value)
    answer, unknown = by_badge(tablet, value), by_badge(tablet, new_value())
    assert refused(answer) and refused(unknown)
    assert who_is_in(tablet) == "officer2.plg"


def _device_of(who):
    with db.reading() as session:
        return session.scalar(select(pins.DevicePin.device).where(pins.DevicePin.staff_id == who.staff_id))


def test_badge_of_another_office_opens_nothing_here(app, tablet):  # noqa: F811
    builders.office("JKT", "Kantor Imigrasi Contoh Jakarta")
    value = new_value()
    badges.make(builders.actor("admin", "JKT"), builders.staff("officer.jkt").id, token_hash(value))
    assert refused(by_badge(tablet, value))


@pytest.mark.parametrize("read", ["SAB" + "0" * 26, "LBP" + "0" * 25, "x" * 5000, "LBP" + "U" * 26])
def test_text_that_is_no_badge_is_refused(tablet, read):  # noqa: F811
    assert read_value(read) is None and refused(by_badge(tablet, read))


def test_badge_in_the_lane_is_no_pickup_code(sign_in):
    answer = window.scan(sign_in("officer"), badge()).get_json()
    assert (answer["verdict"], answer["visit"]) == ("malformed", None)


def test_printed_badge_replaces_the_earlier_one_and_the_owner_gets_a_notice(app):
    admin, before = app.test_client(), badge()
    log_in(admin, "admin.plg")
    owner = builders.staff("officer.plg").id
    answer = post(admin, f"/admin/accounts/{owner}/badge", **PROOF)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Cache-Control"] == "no-store"
    assert hash_of() not in (None, token_hash(before))
    assert_written(answer.data, builders.staff("officer.plg").name)
    assert token_hash(_qr_of(answer.data)) == hash_of()
    with db.reading() as session:
        noticed = session.scalars(select(AccountNotice.staff_id).where(AccountNotice.kind == "badge_made")).all()
    assert owner in noticed
    assert post(admin, f"/admin/accounts/{owner}/badge/revoke").status_code == 303 and hash_of() is None
    assert post(admin, f"/admin/accounts/{owner}/badge/revoke").status_code == 404


def test_own_badge_needs_a_fresh_password_and_revoking_needs_none(app, tablet):  # noqa: F811
    switch(tablet, "officer.plg", PIN)  # a session by PIN is not fresh
    assert post(tablet, "/account/badge").status_code == 403 and hash_of() is None
    assert post(tablet, "/account/badge", proof=builders.PASSWORD).mimetype == "application/pdf"
    assert "Berlaku" in tablet.get("/account/badge").text
    assert post(tablet, "/account/badge/revoke").status_code == 303 and hash_of() is None


def test_database_alone_makes_no_badge(tablet):  # noqa: F811
    badge()
    assert refused(by_badge(tablet, hash_of())) and re.fullmatch("[0-9a-f]{64}", hash_of())


def test_badge_of_a_disabled_account_is_not_printed(app):
    admin, owner = builders.actor("admin"), builders.staff("officer.plg").id
    service.set_active(admin, owner, False)
    assert badges.make(admin, owner, "h").status == 404


def _qr_of(document):
    """What a reader sees in the squares of the card."""
    picture = Image.new("L", (860, 540), 255)
    pen = ImageDraw.Draw(picture)
    for _, stream in paper.streams(document):
        for found in re.findall(rb"(-?[\d.]+) (-?[\d.]+) (-?[\d.]+) (-?[\d.]+) re f", stream):
            x, y, width, height = (float(number) / 72 * 254 for number in found)
            top = 540 - y if height < 0 else 540 - y - height
            pen.rectangle([round(x), round(top), round(x + width) - 1, round(top + abs(height)) - 1], 0)
    (code,) = zxingcpp.read_barcodes(picture)
    return code.text
