"""What a screen's loudspeaker plays, clip by clip: each call once, in order, whole, and silence when it must be."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from ampera import clock
from tests.browser.board_steps import WIDE, Place, expect_announced, shown
from tests.browser.loudspeaker import Loudspeaker
from tests.browser.steps import SECONDS

WHOLE, INDONESIAN = 15, 8  # clips of a call with four signs at a lane below ten; those up to the English
LONGEST_PAUSE = 0.7  # seconds of silence inside one announcement


def spelled(language: str, queue_no: str) -> list[str]:
    return [f"{language}/{sign}" for sign in queue_no.lower()]


def sentence(queue_no: str, lane: int) -> list[str]:
    """The clips of a whole announcement at a lane below ten."""
    indonesian = ["id/nomor-antrean", *spelled("id", queue_no), "id/silakan-menuju-jalur", f"id/{lane}"]
    english = ["en/queue-number", *spelled("en", queue_no), "en/please-proceed-to-lane", f"en/{lane}"]
    return ["chime", *indonesian, *english]


@pytest.fixture
def screen(place: Place) -> Iterator[Loudspeaker]:
    """A screen of the whole office that was opened after all earlier calls had been announced."""
    screen = Loudspeaker(place, place.enrol("--kind", "display")["link"])
    yield screen
    screen.context.close()


def call(place: Place, lane: int = 1) -> dict[str, Any]:
    visit = place.vehicle()
    place.move(visit, "call", lane)
    return visit


def test_a_call_is_a_chime_then_the_number_in_indonesian_then_in_english(place, screen):
    visit = call(place, 2)
    screen.wait_for(lambda: len(screen.clips) > INDONESIAN + 1, "not the first English clip")
    spoken = sentence(visit["queue_no"], 2)
    assert screen.names == spoken[: len(screen.names)]
    place.move(visit, "leave", 2)


@pytest.mark.proof
def test_a_call_is_a_chime_then_indonesian_then_english_without_gaps(place, screen):
    visit = call(place, 2)
    screen.wait_for(lambda: len(screen.clips) == WHOLE, "not the whole announcement")
    assert screen.names == sentence(visit["queue_no"], 2)
    ends = [at + length for _, at, length, *_ in screen.clips[:-1]]
    late = [n for n, end in enumerate(ends, 1) if screen.clips[n][3] > end]  # told to begin when it was silent already
    assert set(late) <= {1, INDONESIAN}, "clips are waited for after the chime and before the English only"
    pauses = [at - max(end, asked_at) for (_, at, _, asked_at, _), end in zip(screen.clips[1:], ends, strict=True)]
    assert all(-0.05 < pause < LONGEST_PAUSE for pause in pauses), pauses
    assert screen.page.evaluate("performance.getEntriesByName('chime').length") == 1
    assert screen.page.locator("body").get_attribute("data-spoken") == str(
        screen.page.evaluate("performance.getEntriesByName('chime')[0].detail")
    )
    place.move(visit, "leave", 2)


@pytest.mark.proof
def test_two_calls_in_one_second_are_both_spoken_one_after_the_other_across_a_reload(place, screen):
    first, second = call(place, 1), call(place, 2)
    screen.wait_for(lambda: screen.chimes == 1 and len(screen.clips) > 1, "the first call is silent")
    screen.page.reload()
    whole = sentence(second["queue_no"], 2)
    screen.wait_for(lambda: screen.chimes == 2 and screen.names[-WHOLE:] == whole, "the second call is not whole", 40)
    assert screen.names[:-WHOLE] == sentence(first["queue_no"], 1)[: len(screen.names) - WHOLE]
    assert len({spoken for name, *_, spoken in screen.clips if name == "chime"}) == 2
    screen.page.reload()
    place.server.terminate()
    place.server.start()
    expect(screen.page.locator("body")).to_have_attribute("data-stale", "false")
    screen.page.wait_for_timeout(3 * SECONDS)
    assert screen.chimes == 2, "spoken again after a restart"
    for visit, lane in ((first, 1), (second, 2)):
        place.move(visit, "leave", lane)


@pytest.mark.proof
def test_two_calls_that_come_together_follow_each_other(screen):
    calls = [{"id": 9001, "queue_no": "A701", "lane": 1}, {"id": 9002, "queue_no": "B702", "lane": 2}]
    state = screen.state(calls, ["A701", "B702"])
    rows = ["A701, silakan ke jalur 1to lane 1", "B702, silakan ke jalur 2to lane 2"]
    assert screen.show(state, state, state) == "".join(rows)
    screen.wait_for(lambda: len(screen.clips) == 2 * WHOLE, "not both calls")
    assert screen.names == sentence("A701", 1) + sentence("B702", 2)
    _, at, length, *_ = screen.clips[WHOLE - 1]
    assert screen.clips[WHOLE][1] >= at + length - 0.05, "the second call speaks into the first"


@pytest.mark.proof
def test_fresh_screen_speaks_no_earlier_call(place, screen):
    link = place.enrol("--kind", "display")["link"]
    visit = call(place)
    expect_announced(screen.page, visit["queue_no"])
    late = Loudspeaker(place, link)
    expect(shown(late.page, visit, "called")).to_be_visible()
    late.page.wait_for_timeout(3 * SECONDS)
    assert late.clips == [] and screen.chimes == 1
    late.context.close()
    place.move(visit, "leave")


@pytest.mark.proof
def test_hours_of_silence_are_silent_and_the_call_is_shown(place, screen):
    around = [f"{clock.local(clock.now() + timedelta(hours=hours)):%H:%M}" for hours in (-1, 1)]
    place.server.command("office", "set", "quiet_hours", json.dumps(around))
    expect(screen.page.locator("#sound-state")).to_contain_text("Jam hening")
    visit = call(place)
    expect_announced(screen.page, visit["queue_no"])
    screen.page.wait_for_timeout(1 * SECONDS)
    place.server.command("office", "set", "quiet_hours", "null")
    expect(screen.page.locator("#sound-state")).to_be_hidden()
    screen.page.wait_for_timeout(2 * SECONDS)
    assert screen.clips == []
    place.move(visit, "leave")


@pytest.mark.proof
def test_when_many_calls_wait_the_english_is_left_out(screen):
    numbers = [f"A80{n}" for n in range(5)]
    calls = [{"id": 9100 + n, "queue_no": number, "lane": 1} for n, number in enumerate(numbers)]
    screen.show(screen.state(calls, numbers))
    screen.wait_for(lambda: "en/please-proceed-to-lane" in screen.names, "not two calls", 40)
    second = screen.names.index("chime", 1)
    assert screen.names[:second] == sentence("A800", 1)[:INDONESIAN], "four others were waiting"
    assert screen.names[second:][:WHOLE] == sentence("A801", 1)[: len(screen.names) - second], "three others were"


def open_again(screen: Loudspeaker) -> None:
    """It is no fresh screen any more: calls from before its opening concern it. What it may say it says at once."""
    screen.page.reload()
    expect(screen.page.locator("body")).to_have_attribute("data-speaks", "true")
    expect(screen.page.locator("#sound")).to_be_hidden()


@pytest.mark.proof
def test_old_call_of_an_answered_vehicle_is_skipped(screen):
    old = "2020-01-01T00:00:00.000Z"
    screen.show(screen.state([{"id": 9201, "queue_no": "A900", "lane": 1, "at": old}], []))
    open_again(screen)
    half_a_minute_ago = screen.page.evaluate("new Date(Date.now() - 30000).toISOString()")
    calls = [
        {"id": 9202, "queue_no": "A901", "lane": 1, "at": half_a_minute_ago},
        {"id": 9203, "queue_no": "A902", "lane": 1, "at": half_a_minute_ago},
    ]
    screen.show(screen.state(calls, ["A902"]))
    screen.wait_for(lambda: len(screen.clips) == WHOLE, "the vehicle that is still called is not")
    screen.page.wait_for_timeout(1 * SECONDS)
    assert screen.names == sentence("A902", 1)


@pytest.mark.proof
def test_missed_standing_call_is_spoken_late(screen):
    screen.show(screen.state([{"id": 9300, "queue_no": "A909", "lane": 1, "at": "2020-01-01T00:00:00.000Z"}], []))
    open_again(screen)
    at = screen.page.evaluate("new Date(Date.now() - 25000).toISOString()")
    missed = {"id": 9301, "queue_no": "A910", "lane": 1, "window": 1, "at": at}
    for _ in range(3):
        screen.show(screen.state([], ["A910"], standing=[missed]))
    screen.wait_for(lambda: len(screen.clips) == WHOLE, "the call was lost")
    screen.page.wait_for_timeout(1 * SECONDS)
    assert screen.names == sentence("A910", 1)


@pytest.mark.proof
def test_a_window_is_named_where_the_lane_has_several(screen):
    state = screen.state([{"id": 9301, "queue_no": "P003", "lane": 1, "window": 2}], ["P003"])
    state["lanes"][0]["windows"] = 3
    assert "P003, silakan menuju jalur 1, loket 2" in screen.show(state)
    screen.wait_for(lambda: len(screen.clips) == WHOLE + 4, "not the whole call")
    whole = sentence("P003", 1)
    assert screen.names == [*whole[:INDONESIAN], "id/loket", "id/2", *whole[INDONESIAN:], "en/window", "en/2"]


def test_screen_without_permission_asks_and_speaks_after_one_touch(place, camera_browser):
    # Looking at a page is a gesture for Playwright's Chromium, and lasts: its right is fetched by another browser.
    entered = place.open(place.enrol("--kind", "display")["link"]).context
    context = camera_browser().new_context(viewport=WIDE, storage_state=entered.storage_state())
    entered.close()
    screen = Loudspeaker(place, f"{place.server.url}/board/{place.office}", context)
    expect(screen.page.locator("#sound-state")).to_contain_text("Suara belum diizinkan")
    screen.show(screen.state([{"id": 9401, "queue_no": "A931", "lane": 1}], ["A931"]))
    assert screen.clips == []
    screen.page.get_by_role("button", name="Nyalakan bunyi").click()
    expect(screen.page.locator("#sound")).to_be_hidden()
    expect(screen.page.locator("#sound-state")).to_be_hidden()
    screen.wait_for(lambda: len(screen.clips) >= INDONESIAN, "still silent")
    assert screen.names[:INDONESIAN] == sentence("A931", 1)[:INDONESIAN]


@pytest.mark.proof
def test_staff_page_speaks_only_after_the_button_at_a_separate_volume(place):
    state = place.demo.states["supervisor"]
    context = place.browser.new_context(viewport=WIDE, storage_state=state)
    staff = Loudspeaker(place, f"{place.server.url}/board/{place.office}", context, is_display=False)
    staff.show(staff.state([{"id": 9501, "queue_no": "A951", "lane": 1}], ["A951"]))
    staff.page.wait_for_timeout(1 * SECONDS)
    staff.page.get_by_role("button", name="Nyalakan bunyi").click()
    staff.page.get_by_label("Volume", exact=True).fill("20")
    staff.show(staff.state([{"id": 9502, "queue_no": "A952", "lane": 1}], ["A952"]))
    staff.wait_for(lambda: len(staff.clips) >= INDONESIAN, "silent after its button")
    assert staff.names[:INDONESIAN] == sentence("A952", 1)[:INDONESIAN]
    assert staff.page.evaluate("window.loudspeaker.gain.value") == pytest.approx(0.2)
    context.close()


def test_every_clip_can_be_decoded_and_sounds(place, screen):
    names = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.mp3"))
    measured = screen.page.evaluate(
        """async (names) => {
        const base = document.querySelector(".board").dataset.voice, context = new OfflineAudioContext(1, 1, 24000);
        return Promise.all(names.map(async (name) => {
            const clip = await context.decodeAudioData(await (await fetch(`${base}/${name}`)).arrayBuffer());
            const peak = clip.getChannelData(0).reduce((most, one) => Math.max(most, Math.abs(one)), 0);
            return [name, clip.duration, peak];
        }));
    }""",
        names,
    )
    assert len(measured) == len(names) > 100
    assert [clip for clip in measured if not (0.15 < clip[1] < 2.5 and 0.2 < clip[2] <= 1.05)] == []


FOLDER = Path(__file__).parents[2] / "static" / "voice"
