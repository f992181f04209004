"""The tablet's small parts, each alone in a real browser; files come from `static/`, no server is needed."""

import base64
import io
from contextlib import contextmanager
from pathlib import Path

import pytest
import qrcode
from PIL import Image, ImageOps

from tests.chromium import film

STATIC = Path(__file__).parents[2] / "static"
TYPES = {".js": "text/javascript", ".wasm": "application/wasm", ".html": "text/html"}
ORIGIN = "http://localhost"
SECOND = 1000  # ms
LONG_ENOUGH = 4000  # ms for a button of three seconds
HELD = "SAB" + "7" * 26
HANGS = "self.postMessage({ ready: true }); self.onmessage = () => { for (;;); };"

# What a tablet's camera shows, read by the page's own reader.
READ = """async () => {
    document.body.innerHTML = "<video muted playsinline autoplay></video>";
    const video = document.querySelector("video");
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { width: 1280, height: 720 } });
    const { QrReader } = await import("/js/lane/qr-reader.js");
    window.problems = [];
    return new Promise((found) => {
        const reader = new QrReader(video, { onCode: found, onProblem: (key) => problems.push(key) });
        reader.load();
        reader.resume();
    });
}"""


@pytest.fixture
def page(browser):
    """An empty page that can import the project's modules; errors in it fail the test."""
    with blank_page(browser) as page:
        yield page


@contextmanager
def blank_page(browser):
    page = browser.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.route("**/*", _serve)
    page.goto(f"{ORIGIN}/blank.html")
    yield page
    page.close()
    assert errors == []


def _serve(route):
    path = STATIC / route.request.url.removeprefix(ORIGIN + "/")
    body = "<!doctype html><body>" if path.name == "blank.html" else path.read_bytes()
    route.fulfill(body=body, content_type=TYPES[path.suffix])


@pytest.fixture
def wedge(page):
    """A page with a wedge, a button and a field, whose keys come when the test says; `heard()` is what happened."""
    page.evaluate("""async () => {
        window.at = 0;
        Object.defineProperty(Event.prototype, "timeStamp", { get: () => window.at });
        document.body.innerHTML = `<button>b</button><input><input type=checkbox>
            <select><option>KTP<option>SIM</select><input id=plate data-wedge=keep><input id=scans data-wedge=scans>`;
        window.heard = [];
        document.querySelector("button").onclick = () => heard.push("click");
        const { listenToWedge } = await import("/js/lib/wedge.js");
        listenToWedge({ onCode: (code) => heard.push(code), isActive: () => true });
    }""")
    return lambda: page.evaluate("heard")


def _burst(page, text):
    """What a scanner types, half a second and more after the last scan."""
    page.evaluate("at += 600")
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def test_wedge_is_read_anywhere_and_presses_no_button(page, wedge):
    _burst(page, "]Q1\\000026SABCODE1")
    page.focus("button")
    _burst(page, "SABCODE22")
    page.keyboard.press("Enter")  # the line feed after the carriage return
    assert wedge() == ["]Q1\\000026SABCODE1", "SABCODE22"]


def test_fields_and_slow_hands_are_left_alone(page, wedge):
    page.focus("input")
    _burst(page, "X123456789")
    assert page.input_value("input") == "X123456789"
    page.focus("button")
    for key in ("1", "2", "Enter"):
        page.evaluate("at += 600")
        page.keyboard.press(key)
    assert wedge() == ["click"]


def test_scan_changes_no_tick_no_list_and_no_field_with_text(page, wedge):
    code = "SAB0123456789ABCDEFGHJKMNPQRS"
    page.fill("#plate", "BG 1234 XX")
    for place in ("[type=checkbox]", "select", "#plate", "#scans"):
        page.focus(place)
        _burst(page, code)
    page.focus("#scans")
    _burst(page, "X1234567")
    assert wedge() == [code] * 4 + ["X1234567"]
    values = page.evaluate("[...document.querySelectorAll('select, #plate, #scans')].map(({ value }) => value)")
    assert [*values, page.is_checked("[type=checkbox]")] == ["KTP", "BG 1234 XX", "", False]


@pytest.fixture
def hold(page):
    """A hold button of three seconds on a clock that can be turned; `happened()` tells what it said."""
    page.clock.install(time=0)
    page.clock.pause_at(SECOND)

    def build(mode="hold"):
        page.evaluate(
            """async (mode) => {
            const label = "<span data-label>idle</span>";
            document.body.innerHTML = `<button data-hold-ms=3000 data-hold-mode=${mode}>${label}</button>`;
            window.happened = [];
            const { HoldButton } = await import("/js/lib/hold-button.js");
            new HoldButton(document.querySelector("button"), {
                words: { held: "held", early: "early", confirm: "sure?" },
                onHeld: () => happened.push("done"),
                onEarly: (sentence) => happened.push(sentence),
            });
        }""",
            mode,
        )
        page.hover("button")
        return lambda: page.evaluate("happened")

    return build


def test_holding_long_enough_counts_once(page, hold):
    happened = hold()
    page.mouse.down()
    assert page.inner_text("button") == "held"
    page.clock.run_for(LONG_ENOUGH)
    page.mouse.up()
    page.clock.run_for(LONG_ENOUGH)
    assert happened() == ["done"]


@pytest.mark.parametrize("left", [None, "blur", "pagehide"])
def test_letting_go_early_records_nothing(page, hold, left):
    happened = hold()
    page.mouse.down()
    if left:
        page.evaluate(f"dispatchEvent(new Event('{left}'))")
    else:
        page.mouse.up()
    page.clock.run_for(LONG_ENOUGH)
    assert happened() == ["early"]


@pytest.mark.parametrize("key", ["Space", "Enter"])
def test_a_key_can_be_held_too(page, hold, key):
    happened = hold()
    page.focus("button")
    page.keyboard.down(key)
    page.clock.run_for(LONG_ENOUGH)
    page.keyboard.up(key)
    assert happened() == ["done"]


@pytest.mark.parametrize("mode", ["two-step", "hold"])
def test_who_can_only_click_confirms_with_a_second_click(page, hold, mode):
    happened = hold(mode)
    click = "document.querySelector('button').click()"  # as a screen reader does
    page.evaluate(click)
    assert (page.inner_text("button"), happened()) == ("sure?", [])
    page.evaluate(click)
    assert happened() == ["done"]


@pytest.fixture
def pad(page):
    """A signature pad of 600 by 104 px as `window.pad`; returns a function that draws a wave from x to x."""
    page.evaluate("""async () => {
        document.body.innerHTML = "<canvas></canvas>";
        document.querySelector("canvas").style.cssText = "width:600px;height:104px;border:2px solid";
        const { Signature } = await import("/js/lib/signature.js");
        window.pad = new Signature(document.querySelector("canvas"));
    }""")

    def draw(start, end, release=True):
        page.mouse.move(start, 60)
        page.mouse.down()
        for x in range(start, end + 1, 10):
            page.mouse.move(x, 60 + (x // 10 % 5) * 8)
        if release:
            page.mouse.up()

    return draw


def _ink(page) -> tuple[float, float]:
    """The left and right end of the ink in the picture that is sent, in parts of its width."""
    data = page.evaluate("pad.toDataURL()").partition(",")[2]
    with Image.open(io.BytesIO(base64.b64decode(data))) as picture:
        left, _, right, _ = ImageOps.invert(picture.convert("L")).getbbox()
        return left / picture.width, right / picture.width


def test_signature_is_a_small_picture_and_a_dot_is_none(page, pad):
    page.mouse.move(50, 50)
    page.mouse.down()
    page.mouse.up()
    assert page.evaluate("pad.isEmpty()")
    pad(50, 450)
    assert not page.evaluate("pad.isEmpty()")
    kind, picture = page.evaluate("pad.toDataURL()").split(",")
    assert kind == "data:image/png;base64"
    assert 1_000 < len(base64.b64decode(picture)) < 30_000
    page.evaluate("pad.clear()")
    assert page.evaluate("pad.isEmpty()")


def test_turned_pad_keeps_the_whole_signature(page, pad):
    pad(60, 560)
    before = _ink(page)
    page.evaluate("document.querySelector('canvas').style.width = '300px'")
    page.wait_for_function("document.querySelector('canvas').width < 400")
    assert _ink(page) == pytest.approx(before, abs=0.02)


POINTER = """([type, id, kind, x, y]) => {
    const canvas = document.querySelector("canvas");
    const target = type === "pointerdown" ? canvas : window;
    const buttons = ["pointerdown", "pointermove"].includes(type) ? 1 : 0;
    const more = { pointerId: id, pointerType: kind, clientX: x, clientY: y, pressure: 0.5, buttons };
    target.dispatchEvent(new PointerEvent(type, { bubbles: true, cancelable: true, ...more }));
}"""


def stroke(page, pointer, kind, start, end, last="pointerup"):
    """A stroke of a pen or a finger from x to x, which ends with the event `last`; None leaves it under way."""
    page.evaluate(POINTER, ["pointerdown", pointer, kind, start, 60])
    for x in range(start, end, 10):
        page.evaluate(POINTER, ["pointermove", pointer, kind, x, 60 + (x // 10 % 5) * 8])
    if last:
        page.evaluate(POINTER, [last, pointer, kind, end, 60])


RESIZED = """async () => {
    document.querySelector("canvas").style.width = "500px";
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    document.querySelector("canvas").style.width = "600px";
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
}"""


@pytest.mark.parametrize("is_resized", [False, True])
def test_pen_writes_although_a_palm_rested_first(page, pad, is_resized):
    stroke(page, 1, "touch", 500, 560, last=None)
    if is_resized:
        page.evaluate(RESIZED)
    stroke(page, 2, "pen", 60, 300)
    stroke(page, 1, "touch", 500, 560)
    assert not page.evaluate("pad.isEmpty()")
    left, right = _ink(page)
    assert left < 0.2 and right < 0.6


def test_palm_that_the_system_cancels_leaves_no_ink(page, pad):
    stroke(page, 1, "touch", 60, 400, last="pointercancel")
    assert page.evaluate("pad.isEmpty()")
    stroke(page, 2, "touch", 60, 300)
    assert not page.evaluate("pad.isEmpty()")


@pytest.mark.parametrize("leave", ["blur", "pagehide", "pointerup of the mouse was lost"])
def test_stroke_that_a_left_page_cut_off_stays_and_the_next_one_writes(page, pad, leave):
    pointer = ("mouse", 1) if "mouse" in leave else ("touch", 2)
    stroke(page, 1, pointer[0], 300, 400, last=None)
    page.evaluate(f"dispatchEvent(new Event('{leave}'))")
    stroke(page, pointer[1], pointer[0], 100, 200)
    left, right = _ink(page)
    assert left < 0.2 and right > 0.55


def test_signature_on_a_pad_that_became_small_is_still_one(page, pad):
    pad(300, 360)
    assert not page.evaluate("pad.isEmpty()")
    page.evaluate("document.querySelector('canvas').style.width = '150px'")
    page.wait_for_function("document.querySelector('canvas').width < 400")
    assert not page.evaluate("pad.isEmpty()")


def test_stroke_that_a_resize_cuts_off_is_a_change(page, pad):
    page.evaluate("""async () => {
        const { Signature } = await import("/js/lib/signature.js");
        window.heard = [];
        const canvas = document.querySelector("canvas");
        canvas.replaceWith(canvas.cloneNode());
        window.pad = new Signature(document.querySelector("canvas"), { onChange: () => heard.push(pad.isEmpty()) });
    }""")
    stroke(page, 1, "touch", 60, 400, last=None)
    page.evaluate(RESIZED)
    stroke(page, 1, "touch", 400, 400)
    assert page.evaluate("heard.at(-1)") is False


@pytest.mark.parametrize("act", ["pad.clear()", "document.querySelector('canvas').style.width = '500px'"])
def test_pad_draws_again_after_a_stroke_was_cut_off(page, pad, act):
    pad(60, 200, release=False)
    page.evaluate(f"async () => {{ {act}; await new Promise(requestAnimationFrame); }}")
    page.mouse.up()
    page.evaluate("pad.clear()")
    pad(60, 300)
    assert not page.evaluate("pad.isEmpty()")


@pytest.fixture
def held_code(tmp_path):
    """A film of a code that is held before the camera."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_Q, box_size=8)
    code.add_data(HELD)
    frame = Image.new("L", (1280, 720), 90)
    frame.paste(code.make_image().get_image(), (500, 220))
    return film(tmp_path / "camera.mjpeg", [frame] * 3)


def test_decoder_that_cannot_load_is_named_and_loaded_again(camera_browser, held_code):
    with blank_page(camera_browser(held_code)) as page:
        page.route("**/zxing-wasm/index.js", lambda route: route.abort(), times=1)
        assert page.evaluate(READ) == HELD
        assert page.evaluate("problems") == ["reader_failed", None]


def test_a_decoder_that_hangs_is_replaced(camera_browser, held_code):
    loaded = []

    def worker(route):
        loaded.append(1)
        return route.fulfill(body=HANGS, content_type="text/javascript") if len(loaded) == 1 else route.fallback()

    with blank_page(camera_browser(held_code)) as page:
        page.route("**/decode-worker.js", worker)
        text = page.evaluate(READ)
    assert text == HELD
    assert len(loaded) >= 2  # a busy machine may lose another one
