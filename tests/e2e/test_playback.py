"""The playback of *Journey log* in Chromium: it plays, stands still, and says the truth."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from dashboard.i18n.catalogue import LANGUAGES, Language, words
from tests.e2e.conftest import Overheard
from tests.e2e.hands import DAY_MS

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FRAMES = """async () => {
  let frames = 0;
  const start = performance.now();
  await new Promise((done) => {
    const tick = (now) => {
      frames += 1;
      now - start < 3000 ? requestAnimationFrame(tick) : done();
    };
    requestAnimationFrame(tick);
  });
  return frames / ((performance.now() - start) / 1000);
}"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_day_plays_and_its_numbers_are_the_tables(
    page: Page, server: str, overheard: Overheard, language: Language, record_property
) -> None:
    """Plays 41,831 passengers by keyboard, jumps, hands its time to the table: same numbers."""
    say = words(language)
    page.set_viewport_size({"width": 1440, "height": 1000})
    page.goto(f"{server}/journeys?scenario=sgn-t3-tet&lang={language}")
    player = page.locator(".st-key-playback")
    play, clock = player.locator("button.play"), player.locator(".clock")
    expect(play).to_contain_text(say("playback.play"), timeout=DAY_MS)
    expect(player.locator("canvas")).to_be_visible()
    assert len(player.locator("canvas").get_attribute("aria-label") or "") > 100
    begins = clock.inner_text()

    play.press("Space")
    expect(play).to_contain_text(say("playback.pause"))
    rate = page.evaluate(FRAMES)
    record_property("frames_per_s", round(rate, 1))
    print(f"playback: {rate:.1f} frames/s over 3 s")
    play.press("Space")
    expect(play).to_contain_text(say("playback.play"))
    assert clock.inner_text() > begins
    assert rate > 5

    time = player.locator("input.time")
    time.focus()
    stood = clock.inner_text()
    page.keyboard.press("ArrowRight")
    assert clock.inner_text() != stood
    player.locator("button.hand").click()
    at = clock.inner_text()
    expect(page).to_have_url(re.compile(f"at={at[:2]}(:|%3A){at[3:]}"), timeout=DAY_MS)
    shown = page.locator("img.drawing")
    sentences = player.locator(".told").inner_text()
    assert sentences.startswith(at)
    part = re.compile(re.sub(r"\\{\w+\\}", r"(.+?)", re.escape(say.sentences["log.alt_part"])))
    plain = [
        tuple(re.sub(r"[.,](?=\d{3})", "", cell) for cell in row) for row in part.findall(sentences)
    ]
    assert len(plain) == 8
    expect(shown).to_be_visible(timeout=DAY_MS)
    page.wait_for_timeout(1500)
    alt = shown.get_attribute("alt") or ""
    for station, *figures in plain:
        name = station.rpartition(". ")[2]
        told = {row[0].rpartition(". ")[2]: list(row[1:]) for row in part.findall(alt)}
        assert told[name] == figures

    assert overheard.hosts <= {urlsplit(server).netloc}
    faults = [each for each in overheard.complaints if "404" not in each]  # its own deep links
    assert faults == []


def test_little_motion_is_respected(page: Page, server: str) -> None:
    """Where motion is unwelcome the player turns pictures, and says so."""
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{server}/journeys?scenario=vca&lang=en")
    player = page.locator(".st-key-playback")
    expect(player.locator(".legend")).to_have_text(
        words("en")("playback.legend_still"), timeout=DAY_MS
    )
    clock = player.locator(".clock")
    before = clock.inner_text()

    player.locator("button.play").click()

    expect(clock).not_to_have_text(before, timeout=5000)
    assert player.locator(".told").inner_text() == ""
