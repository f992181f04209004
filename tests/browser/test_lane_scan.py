"""Scans that come at an odd moment: without an answer, and while a window is open."""

import json

from playwright.sync_api import expect

from tests.browser.steps import SECONDS, scanned
from tests.browser.tablet import Tablet, family


def test_scan_without_an_answer_is_cancelled_and_repeated_with_the_same_id(demo_office):
    tablet = Tablet(demo_office, is_clocked=True)
    page = tablet.page
    _, code = family({})
    asked: list[dict] = []

    def refuse(route):
        if not asked:
            route.fetch()  # the server has let the vehicle in, the tablet does not know it
        asked.append(json.loads(route.request.post_data))
        route.fulfill(status=503)

    page.route("**/api/v1/scans", refuse)
    tablet.scan(code)
    amber, cancel = page.locator("[data-checking=true]"), page.locator("[data-act=cancel]")
    expect(amber).to_contain_text("Jangan serahkan dulu")
    expect(cancel).to_be_hidden()
    page.clock.run_for(6 * SECONDS)
    expect(amber).to_contain_text("Belum ada jawaban dari server")
    cancel.click()
    expect(amber).to_have_count(0)
    expect(page.locator("#scanner [data-refusal]")).to_contain_text("Pemindaian dibatalkan tanpa jawaban")
    page.unroute("**/api/v1/scans")
    with page.expect_request("**/api/v1/scans") as repeated:
        tablet.scan(code)
    expect(page.locator("[data-verdict=ok]")).to_be_visible()
    assert {scan["scan_id"] for scan in asked} == {json.loads(repeated.value.post_data)["scan_id"]}
    assert tablet.errors == []


def test_scan_in_the_window_waits_and_on_the_green_opens_the_next_verdict(window):
    (book,), code = family({})
    _, following = family({})
    window.serve(code)
    first = window.page.locator("#window [data-queue-no]").inner_text()
    refusal = window.page.locator("#window aside [data-slot=refusal]")
    scanned(window.page, following)
    expect(refusal).to_contain_text(f"Selesaikan {first} dulu")
    expect(window.row(0).locator("[data-slot=book]")).to_have_value("")
    window.collector("self")
    window.match(0, book)
    window.sign()
    window.hold()
    window.recorded()
    scanned(window.page, following)
    expect(window.page.locator("[data-verdict=ok]")).to_be_visible()
    expect(window.page.locator("#window")).to_be_hidden()
