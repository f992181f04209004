"""A screen runs for days: thousands of states through the real page leave no elements, listeners or memory behind."""

from tests.browser.loudspeaker import Loudspeaker

WARM_UP = 300  # states after which the page has built what it keeps
LEAST_ALLOWED = 300_000  # bytes that the heap may differ by chance, whatever the number of states
PER_STATE = 50  # bytes; four days have some 200,000 states: 10 MB at most

# States of a busy day: other vehicles in every lane and window, calls, a full line, long and short messages.
DAY = """async ([from, count]) => {
    const { show } = await import(document.querySelector("script[src$='pages/board.js']").src);
    const office = document.querySelector(".board").dataset.office;
    const base = await (await fetch(`/api/v1/boards/${office}`)).json();
    const number = (n) => `${"ABP"[n % 3]}${String(n % 1000).padStart(3, "0")}`;
    for (let n = from; n < from + count; n++) {
        const at = new Date().toISOString(), states = ["called", "serving"];
        const lanes = base.lanes.map((lane, i) => ({ ...lane, windows: 1 + (i % 3), visits: Array.from(
            { length: (n + i) % 4 },
            (_, k) => ({ queue_no: number(n + i + k), state: states[(n + k) % 2], window: k + 1, since: at }),
        ) }));
        const call = (k) => ({ id: 100000 + n + k, queue_no: number(n + k), lane: lanes[0].number, window: 1, at });
        const announcements = Array.from({ length: n % 4 }, (_, k) => call(k));
        const next = Array.from({ length: n % 9 }, (_, k) => ({ queue_no: number(n + 10 + k), lane: 1, kind: "car" }));
        const line = { open: n % 5 > 0, reason: n % 5 ? null : "quota", opens_at: null, until: null };
        const message = "Siapkan kartu identitas. ".repeat(1 + (n % 6));
        const quiet = n % 50 < 25, revision = base.revision + n;
        show({ ...base, revision, at, lanes, announcements, next, line, message, quiet });
        if (n % 100 == 0) await new Promise(requestAnimationFrame);
    }
    show(base);
}"""


def test_thousands_of_states_leave_nothing_behind(place, pytestconfig):
    updates = pytestconfig.getoption("--updates")
    screen = Loudspeaker(place, place.enrol("--kind", "display")["link"])
    screen.page.evaluate(DAY, [0, WARM_UP])
    before = measured(screen)
    screen.page.evaluate(DAY, [WARM_UP, updates])
    after = measured(screen)
    grown = after["JSHeapUsedSize"] - before["JSHeapUsedSize"]
    print(f"{updates} states: elements {before['elements']} -> {after['elements']}, nodes {before['Nodes']:.0f} -> ")
    print(f"{after['Nodes']:.0f}, heap {before['JSHeapUsedSize'] / 1e6:.2f} MB {grown / 1e3:+.0f} kB")
    assert after["elements"] == before["elements"]
    assert after["Nodes"] <= before["Nodes"] + 20
    assert after["JSEventListeners"] <= before["JSEventListeners"] + 5
    assert grown < LEAST_ALLOWED + PER_STATE * updates
    assert screen.page.evaluate("JSON.stringify(localStorage).length") < 20_000


def measured(screen: Loudspeaker) -> dict[str, float]:
    """What is left after everything that nobody needs was collected, while the screen shows what it really should."""
    screen.page.wait_for_timeout(3000)
    probe = screen.context.new_cdp_session(screen.page)
    probe.send("Performance.enable")
    for _ in range(3):
        probe.send("HeapProfiler.collectGarbage")
    metrics = {metric["name"]: metric["value"] for metric in probe.send("Performance.getMetrics")["metrics"]}
    probe.detach()
    return {**metrics, "elements": screen.page.evaluate("document.querySelectorAll('*').length")}
