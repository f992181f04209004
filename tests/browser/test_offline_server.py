"""The kept page of an applicant while the server is away or does not answer, and when it is back."""

import os
import signal

import pytest
from playwright.sync_api import Error, expect

from tests.browser.applicant_steps import KEPT, age, fresh, seen_by_a_camera
from tests.browser.steps import SECONDS, SOON

RELOADS_AFTER = 5 * SECONDS  # a kept page asks whether the server is back


def test_kept_page_recovers_when_the_server_is_back(stoppable_office, kept_phone):
    page = kept_phone(stoppable_office.demo.pickups[0])
    stoppable_office.server.kill9()
    page.reload()
    expect(age(page)).to_be_visible()
    stoppable_office.server.start()
    page.clock.fast_forward(RELOADS_AFTER)
    expect(fresh(page)).to_be_visible(timeout=2 * SOON)  # half a minute after a try that was too slow it tries again
    expect(age(page)).to_be_hidden()
    expect(page.get_by_role("button", name="Saya berangkat")).to_be_enabled()


def test_a_server_that_does_not_answer_is_not_waited_for(stoppable_office, kept_phone):
    pickup = stoppable_office.demo.pickups[0]
    page = kept_phone(pickup)
    os.killpg(stoppable_office.server.process.pid, signal.SIGSTOP)
    try:
        page.reload()
        expect(age(page)).to_contain_text("Tersimpan")
        assert seen_by_a_camera(page) == [pickup["code"]]
    finally:
        os.killpg(stoppable_office.server.process.pid, signal.SIGCONT)


def test_replaced_code_is_shown_and_no_longer_kept(stoppable_office, kept_phone):
    pickup = stoppable_office.demo.pickups[0]
    page = kept_phone(pickup)
    stoppable_office.server.kill9()
    page.reload()
    assert seen_by_a_camera(page) == [pickup["code"]]
    page.goto("about:blank")  # the page would reload as soon as the server is there
    stoppable_office.server.start()
    with stoppable_office.client("supervisor") as staff:
        staff.post(f"/pickups/{pickup['pickup_id']}/codes").raise_for_status()
    page.goto(pickup["link"])
    expect(page.locator("h1:visible")).to_contain_text("Kode sudah diganti")
    assert page.evaluate(KEPT)["pages"] == []
    stoppable_office.server.kill9()
    with pytest.raises(Error, match="ERR_"):  # the browser's own page of a lost network, in place of ours
        page.reload()
    expect(page.get_by_text(pickup["booking_code"])).to_have_count(0)
    expect(page.locator("#main")).to_have_count(0)
