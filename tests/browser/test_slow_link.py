"""On a link where every answer takes six seconds the tablet works. All on the clock of the page."""

from playwright.sync_api import expect

from tests.browser.demo_office import DemoOffice
from tests.browser.steps import TABLET, pass_time_until
from tests.browser.tablet import Tablet, family, records

# Every answer is six seconds late, and a request that is given up before that hears nothing.
SLOW = """() => {
  const real = window.fetch.bind(window);
  window.fetch = (path, { signal, ...options } = {}) => new Promise((resolve, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason));
    const answer = real(path, options);
    setTimeout(() => resolve(answer), 6000);
  });
  AbortSignal.timeout = (ms) => {
    const ending = new AbortController();
    setTimeout(() => ending.abort(new DOMException("", "TimeoutError")), ms);
    return ending.signal;
  };
}"""


def test_vehicle_is_scanned_served_and_handed_over_on_a_slow_link(clocked_window: Tablet) -> None:
    window, page = clocked_window, clocked_window.page
    (book,), code = family({})
    page.evaluate(SLOW)
    window.scan(code)
    pass_time_until(page, page.locator("[data-checking=true] .is-late").is_visible)
    pass_time_until(page, page.locator("[data-verdict=ok]").is_visible)
    page.locator("[data-act=serve]").click()
    pass_time_until(page, page.locator("#late").is_visible)
    pass_time_until(page, window.pane("form").is_visible)
    expect(page.locator("#late")).to_be_hidden()
    window.collector("self")
    window.type_in(0, "identity", book.nik[-4:])
    window.type_in(0, "book", book.passport_no)
    pass_time_until(page, lambda: window.row(0).locator(".state--go").count() == 1)
    window.sign()
    window.hold()
    expect(window.pane("checking")).to_be_visible()
    pass_time_until(page, page.locator("[data-pane=recorded]").is_visible)
    assert len(records(book)) == 1


def test_officer_stops_waiting_for_an_act(clocked_window: Tablet) -> None:
    window, page = clocked_window, clocked_window.page
    _, code = family({})
    window.scan(code)
    expect(page.locator("[data-verdict=ok]")).to_be_visible()
    page.route("**/api/v1/visits/*/serve", lambda route: route.fulfill(status=503))
    page.locator("[data-act=serve]").click()
    pass_time_until(page, page.locator("#late").is_visible)
    expect(page.locator("#late")).to_contain_text("dtk")
    page.locator("#late button").click()
    expect(page.locator("#late")).to_be_hidden()
    expect(page.locator("#scanner [data-refusal]")).to_contain_text("mungkin sudah tercatat")
    page.unroute("**/api/v1/visits/*/serve")
    page.locator("[data-act=serve]").click()
    expect(window.pane("form")).to_be_visible()


def test_state_without_a_socket_stays_fresh_on_a_slow_link(demo_office: DemoOffice) -> None:
    page = demo_office.page("officer", is_clocked=True)
    page.set_viewport_size(TABLET)
    page.route("**/socket.io/**", lambda route: route.abort())
    page.route_web_socket("**/socket.io/**", lambda socket: socket.close())
    page.add_init_script(f"({SLOW})()")
    page.goto(f"{demo_office.server.url}/lane?lane=1&lang=id")
    link = page.locator("#link[data-key=connected]")
    pass_time_until(page, link.is_visible)
    for _ in range(15):
        page.clock.run_for(1000)
        expect(link).to_be_visible()
    expect(page.locator("#offline")).to_be_hidden()
    page.context.set_offline(True)
    page.close()
